"""What an objective is, and where objectives are found; the twin of `constraint.py`."""

import importlib
import pkgutil
from abc import ABC, abstractmethod
from functools import cache
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from optimizer.algebra import Affine
from optimizer.errors import Problem
from optimizer.instance import Instance
from optimizer.plan import Plan
from optimizer.words import Text

if TYPE_CHECKING:
    from optimizer.build import Decisions as Decisions
else:  # Only a name for annotations: valuing a plan must not load what builds a program.
    Decisions = object


class Objective(BaseModel, ABC):
    """One quantity to be minimised.

    slack: how much later objectives may worsen it, in its own unit.
    share: the part of the remaining time, in per cent, that its solve may take.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    slack: Annotated[int, Field(ge=0)] = 0
    share: Annotated[int, Field(ge=1, le=100)] = 100

    name: ClassVar[Text]
    unit: ClassVar[str]

    @property
    def title(self) -> Text:
        """What people call this objective with its parameters."""
        return self.name

    def problems(self, instance: Instance) -> list[Problem]:
        """Return what this objective needs of the instance and does not find."""
        return []

    @classmethod
    def example(cls) -> "Objective":
        """Return one as an instance could state it; for kinds that need parameters, with some."""
        return cls()

    @abstractmethod
    def terms(self, instance: Instance, x: Decisions) -> Affine:
        """Return the value as one labelled expression (a single row) over the decisions."""

    @abstractmethod
    def value(self, instance: Instance, plan: Plan) -> int:
        """Return the value of a plan, from the raw tables."""

    @classmethod
    def type_name(cls) -> str:
        """Return the `type` under which instance.toml names this objective."""
        return cls.__module__.rpartition(".")[2]


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
