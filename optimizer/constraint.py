"""What a constraint is, and where constraints are found.

A constraint is one file in `optimizer/constraints/` (or a class behind an entry point of the
group `optimizer.constraints`). The name of the file is its `type` in instance.toml.
"""

import importlib
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, NamedTuple

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from optimizer.errors import Problem
from optimizer.instance import Instance
from optimizer.plan import Plan
from optimizer.reading import Readings
from optimizer.words import Words

if TYPE_CHECKING:
    from optimizer.algebra import Rows as Rows
    from optimizer.build import Decisions as Decisions
else:  # Only names for annotations: checking a plan must not load what builds a program.
    Rows = Decisions = object

Metres = Annotated[int, Field(strict=True, ge=0, le=10**9, description="m")]
Count = Annotated[int, Field(strict=True, ge=0, le=10**9, description="count")]
Percent = Annotated[int, Field(strict=True, ge=0, le=10**4, description="%")]
Cases = Annotated[int, Field(strict=True, ge=0, le=10**9, description="cases")]
Residents = Annotated[int, Field(strict=True, ge=0, le=10**9, description="residents")]
Persons = Annotated[int, Field(strict=True, ge=0, le=10**6, description="persons")]
Yen = Annotated[int, Field(strict=True, ge=0, le=10**13, description="yen")]
Group = Annotated[
    Literal["cases", "residents", "residents65", "residents75"], Field(description="group")
]
People = Annotated[Literal["residents", "residents65", "residents75"], Field(description="group")]
YesNo = Annotated[bool, Field(strict=True, description="true or false")]
DistrictIds = Annotated[tuple[str, ...], Field(description="district ids")]
EntryIds = Annotated[tuple[str, ...], Field(description="constraint ids")]
PointIds = Annotated[tuple[str, ...], Field(description="point ids")]
KindIds = Annotated[tuple[str, ...], Field(description="kinds of point")]
ModeIds = Annotated[tuple[str, ...], Field(description="modes")]
ServiceIds = Annotated[tuple[str, ...], Field(description="services")]
Period = Annotated[int, Field(strict=True, description="period")]

REFERENCES = {
    "district ids": "district",
    "constraint ids": "entry",
    "point ids": "point",
    "kinds of point": "kind",
    "modes": "mode",
    "services": "service",
    "period": "period",
}


class Where(BaseModel):
    """Which keys an entry applies to; an empty list means all."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    districts: tuple[str, ...] = ()
    wards: tuple[str, ...] = ()
    rooms: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    periods: tuple[int, ...] = ()

    #           field -> the labels it can look at; the first that a key has is the one
    LABELS: ClassVar[dict[str, tuple[str, ...]]] = {
        "districts": ("district",),
        "wards": ("ward", "district", "point"),
        "rooms": ("room", "district"),
        "points": ("point",),
        "kinds": ("point",),
        "services": ("service",),
        "periods": ("period",),
    }

    def mask(self, instance: Instance, keys: pd.MultiIndex | pd.DataFrame) -> np.ndarray:
        """Return which of `keys` (an index or a table with label columns) the entry applies to."""
        chosen = np.ones(len(keys), dtype=bool)
        names = keys.columns if isinstance(keys, pd.DataFrame) else keys.names
        for field, labels in self.LABELS.items():
            wanted = getattr(self, field)
            if not wanted:
                continue
            label = next(label for label in labels if label in names)
            values = keys[label] if isinstance(keys, pd.DataFrame) else keys.get_level_values(label)
            table = {"district": instance.districts, "point": instance.points}.get(label)
            if table is not None and field.removesuffix("s") in table:
                values = values.map(table[field.removesuffix("s")])
            chosen &= np.asarray(values.isin(list(wanted)))
        return chosen


class Examples(NamedTuple):
    """A plan the constraint accepts and named plans that it must catch, on `instance`."""

    instance: Instance
    entry: "Constraint"
    accepted: Plan
    saboteurs: Mapping[str, Plan]


class Constraint(BaseModel, ABC):
    """One rule: its parameters, its rows for the solver, its check for the auditor, its words.

    limit: the parameter that is the limit of an entry, which a repair may move; None where the
    rule holds or not. widens: whether a larger or a smaller value of it lets more plans pass.
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
        """Return a plan the constraint accepts and at least two saboteurs it must catch."""

    def readings(self, instance: Instance, plan: Plan) -> Readings:
        """Return `check` limited to the keys the entry applies to."""
        table = self.check(instance, plan).table
        return Readings(table[self.where.mask(instance, table.index)])

    @classmethod
    def type_name(cls) -> str:
        """Return the `type` under which instance.toml names this constraint."""
        return next(name for name, rule in registry().items() if rule is cls)

    @classmethod
    def parameters(cls) -> dict[str, Any]:
        """Return the constraint's own parameters: name -> pydantic field."""
        common = Constraint.model_fields
        return {name: f for name, f in cls.model_fields.items() if name not in common}

    def values(self) -> dict[str, Any]:
        """Return the values of the constraint's own parameters."""
        return {name: getattr(self, name) for name in self.parameters()}


def forbidden(instance: Instance, entries: Iterable[Constraint], links: pd.DataFrame) -> np.ndarray:
    """Return which of `links` some entry rules out alone, where it applies."""
    ruled_out = np.zeros(len(links), dtype=bool)
    for entry in entries:
        mine = entry.forbids(instance, links)
        if mine is not None:
            ruled_out |= np.asarray(mine) & entry.where.mask(instance, links)
    return ruled_out


def completed(instance: Instance, entries: Iterable[Constraint], plan: Plan) -> Plan:
    """Return `plan` with what the entries settle by a formula, one after the other."""
    for entry in entries:
        plan = entry.completes(instance, plan)
    return plan


@cache
def registry() -> dict[str, type[Constraint]]:
    """Return every known constraint, by type name, sorted: this package's, then entry points'."""
    import optimizer.constraints as folder

    found = {
        module.name: importlib.import_module(f"{folder.__name__}.{module.name}")
        for module in pkgutil.iter_modules(folder.__path__)
    }
    rules = {name: _rule_in(module) for name, module in found.items()}
    for entry in entry_points(group="optimizer.constraints"):
        if entry.name in rules:
            raise TypeError(f"two constraints are called {entry.name}; one is {entry.value}")
        rules[entry.name] = entry.load()
    return dict(sorted(rules.items()))


def _rule_in(module: Any) -> type[Constraint]:
    rules = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Constraint) and value is not Constraint
    ]
    if len(rules) != 1:
        raise TypeError(f"{module.__name__} must hold exactly one constraint, has {len(rules)}")
    return rules[0]
