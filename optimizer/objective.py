"""What an objective is, and where objectives are found; the twin of `constraint.py`."""

import importlib
import pkgutil
from abc import ABC, abstractmethod
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from optimizer.algebra import Affine
from optimizer.errors import Problem
from optimizer.instance import Instance
from optimizer.plan import Plan
from optimizer.words import LANGUAGES, Text

if TYPE_CHECKING:
    from optimizer.build import Decisions as Decisions
else:  # Only a name for annotations: valuing a plan must not load what builds a program.
    Decisions = object


class Objective(BaseModel, ABC):
    """One quantity to be minimised.

    id: what values and stages are found by; its type unless stated. Two objectives of one type
    need ids of their own.
    slack: how much later objectives may worsen it, in its own unit.
    share: the part of the remaining time, in per cent, that its solve may take.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(min_length=1)] = ""
    slack: Annotated[int, Field(ge=0)] = 0
    share: Annotated[int, Field(ge=1, le=100)] = 100

    name: ClassVar[Text]
    unit: ClassVar[str]

    @model_validator(mode="before")
    @classmethod
    def _default_id(cls, values: Any) -> Any:
        return {"id": cls.type_name(), **values} if isinstance(values, dict) else values

    @property
    def title(self) -> Text:
        """What people call this objective with its parameters."""
        return self.name

    @property
    def heading(self) -> Text:
        """The title, and the id where it says more than the type."""
        if self.id == self.type_name():
            return self.title
        return Text(*(f"{self.title.say(lang)} [{self.id}]" for lang in LANGUAGES))

    @property
    def measure(self) -> str:
        """The unit of the value, which may depend on the parameters."""
        return self.unit

    def problems(self, instance: Instance) -> list[Problem]:
        """Return what this objective needs of the instance and does not find: ids, for a start."""
        known = {"kinds of point": list(instance.kinds), "services": list(instance.services.index)}
        found = []
        for name, field in self.parameters().items():
            what, place = field.description or "", f"objective.{self.id}.{name}"
            ids = getattr(self, name) if what in known else ()
            found += [unknown(what, i, known[what], place) for i in ids if i not in known[what]]
        return found

    @classmethod
    def example(cls) -> "Objective":
        """Return one as an instance could state it; for kinds that need parameters, with some."""
        return cls()

    @abstractmethod
    def terms(self, instance: Instance, x: Decisions) -> Affine:
        """Return the value as one labelled expression (a single row) over the decisions.

        Columns that it derives are named by what they are, parameters included, and asked for
        once: another objective, or a part of a sum, may have the same.
        """

    @abstractmethod
    def value(self, instance: Instance, plan: Plan) -> int:
        """Return the value of a plan, from the raw tables."""

    @classmethod
    def type_name(cls) -> str:
        """Return the `type` under which instance.toml names this objective."""
        return cls.__module__.rpartition(".")[2]

    @classmethod
    def parameters(cls) -> dict[str, Any]:
        """Return the objective's own parameters: name -> pydantic field."""
        common = Objective.model_fields
        return {name: f for name, f in cls.model_fields.items() if name not in common}


def unknown(what: str, value: str, known: list[str], place: str) -> Problem:
    """Return the problem that `value` at `place` is none of `known`."""
    kind = {"kinds of point": Text("kind", "種別"), "services": Text("service", "業務")}[what]
    message = Text(f"no such {kind.en}", f"該当する{kind.ja}がない")
    listed = ", ".join(known)
    remedy = Text(f"one of: {listed}", f"次のいずれか: {listed}")
    return Problem(message, remedy, "instance.toml", None, place, value)


@cache
def registry() -> dict[str, type[Objective]]:
    """Return every known objective, by type name, sorted."""
    import optimizer.objectives as folder

    rules = {}
    for module in pkgutil.iter_modules(folder.__path__):
        code = importlib.import_module(f"{folder.__name__}.{module.name}")
        (rules[module.name],) = [
            value
            for value in vars(code).values()
            if isinstance(value, type)
            and issubclass(value, Objective)
            and value.__module__ == code.__name__  # one may be made of another
        ]
    return dict(sorted(rules.items()))
