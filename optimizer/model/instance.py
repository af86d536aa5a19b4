"""An instance, and the two kinds of things that make it more than a city: each is defined by the others.

A constraint is one file in `optimizer/constraints/` (or a class behind an entry point of the
group `optimizer.constraints`). The name of the file is its `type` in instance.toml. An objective is
one file in `optimizer/objectives/`.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, NamedTuple

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, model_validator

from optimizer.base.errors import Problem
from optimizer.base.words import LANGUAGES, Text, Words
from optimizer.city.city import City
from optimizer.city.plan import Plan
from optimizer.model.algebra import Affine
from optimizer.model.readings import Readings
from optimizer.model.where import Where

if TYPE_CHECKING:
    from optimizer.model.algebra import Rows as Rows
    from optimizer.model.decisions import Decisions as Decisions
else:  # Only names for annotations: checking a plan must not load what builds a program.
    Rows = Decisions = object


@dataclass(frozen=True, eq=False, kw_only=True)
class Instance(City):
    """A city with its active constraints and its objectives in their order.

    changes: what was changed of the files, as texts. fingerprint: of what was read, with them.
    """

    entries: tuple["Constraint", ...]
    objectives: tuple["Objective", ...]
    changes: tuple[str, ...] = ()
    fingerprint: str = ""


class Examples(NamedTuple):
    """A plan the constraint accepts and named plans that it must catch, on `instance`."""

    instance: Instance
    entry: "Constraint"
    accepted: Plan
    counterexamples: Mapping[str, Plan]


class Constraint(BaseModel, ABC):
    """One rule: its parameters, its rows for the solver, its check for the auditor, its words.

    limit: the parameter that is the limit of an entry, which a repair may move; None where the
    rule holds or not. widens: whether a larger or a smaller value of it lets more plans pass.
    out_of_bounds: whether the links that it forbids are ones that nobody may use, such as those across
    a closed boundary; other rules then do not count them as near. registered: the name of the
    entry point, where that is not the name of the file.
    Of an entry: protected, a repair may not touch it; flex, how far a repair may move the limit,
    in the limit's unit, None for any distance.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    id: str
    where: Where = Where()
    source: tuple[str, ...] = ()
    assumed: Annotated[tuple[str, ...], Field(exclude=True)] = ()
    protected: Annotated[bool, Field(strict=True)] = False
    flex: Annotated[int, Field(strict=True, ge=0)] | None = None

    key: ClassVar[tuple[str, ...]]
    words: ClassVar[Words]
    unit: ClassVar[str] = ""
    always: ClassVar[bool] = False
    limit: ClassVar[str | None] = None
    widens: ClassVar[Literal["up", "down"]] = "up"
    out_of_bounds: ClassVar[bool] = False
    registered: ClassVar[str] = ""

    def forbids(self, instance: Instance, links: pd.DataFrame) -> np.ndarray | None:
        """Return which links this constraint rules out alone, whatever else is decided.

        links: columns district, service, point, period, metres, cases. Such links never become
        columns of the program, which keeps it small.
        """
        return None

    def problems(self, instance: Instance) -> list[Problem]:
        """Return what this entry needs of the instance and does not find."""
        return []

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        """Return labelled rows over the decisions `x`, for the solver; all carry `key`."""
        return []

    def completes(self, instance: Instance, plan: Plan) -> Plan:
        """Return `plan` with what this rule settles by a formula once all else is decided.

        For decisions that nothing else looks at, so that the solver need not get them right.
        """
        return plan

    @abstractmethod
    def check(self, instance: Instance, plan: Plan) -> Readings:
        """Return a reading for every key, from the raw tables and the plan alone."""

    @classmethod
    @abstractmethod
    def examples(cls) -> Examples:
        """Return a plan the constraint accepts and at least two counterexamples it must catch."""

    def readings(self, instance: Instance, plan: Plan) -> Readings:
        """Return `check` limited to the keys the entry applies to."""
        table = self.check(instance, plan).table
        return Readings(table[self.where.mask(instance, table.index)])

    @classmethod
    def type_name(cls) -> str:
        """Return the `type` under which instance.toml names this constraint: the name of its file,
        or of its entry point.
        """
        return cls.__dict__.get("registered") or cls.__module__.rpartition(".")[2]

    @classmethod
    def parameters(cls) -> dict[str, Any]:
        """Return the constraint's own parameters: name -> pydantic field."""
        common = Constraint.model_fields
        return {name: f for name, f in cls.model_fields.items() if name not in common}

    def values(self) -> dict[str, Any]:
        """Return the values of the constraint's own parameters."""
        return {name: getattr(self, name) for name in self.parameters()}


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


def forbidden(instance: Instance, entries: Iterable[Constraint], links: pd.DataFrame) -> np.ndarray:
    """Return which of `links` some entry rules out alone, where it applies."""
    ruled_out = np.zeros(len(links), dtype=bool)
    for entry in entries:
        mine = entry.forbids(instance, links)
        if mine is not None:
            ruled_out |= np.asarray(mine) & entry.where.mask(instance, links)
    return ruled_out


def out_of_bounds(instance: Instance, links: pd.DataFrame) -> np.ndarray:
    """Return which of `links` nobody may use: those across the ward boundary of a bound service, in
    all periods, today's baseline included; and those that an entry puts out of bounds.

    links: columns district, service, point, period.
    """
    closing = [entry for entry in instance.entries if entry.out_of_bounds]
    beyond: np.ndarray = instance.outside_ward(links) | forbidden(instance, closing, links)
    return beyond


def completed(instance: Instance, entries: Iterable[Constraint], plan: Plan) -> Plan:
    """Return `plan` with what the entries settle by a formula, one after the other."""
    for entry in entries:
        plan = entry.completes(instance, plan)
    return plan


def unknown(what: str, value: str, known: list[str], place: str) -> Problem:
    """Return the problem that `value` at `place` is none of `known`."""
    kind = {"kinds of point": Text("kind", "種別"), "services": Text("service", "業務")}[what]
    message = Text(f"no such {kind.en}", f"該当する{kind.ja}がない")
    listed = ", ".join(known)
    remedy = Text(f"one of: {listed}", f"次のいずれか: {listed}")
    return Problem(message, remedy, "instance.toml", None, place, value)
