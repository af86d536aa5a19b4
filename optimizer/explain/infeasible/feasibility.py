"""Whether a plan exists under some of the rules of an instance, asked of an engine again and again."""

import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from pydantic import ConfigDict

from optimizer.city.city import City
from optimizer.city.plan import Plan
from optimizer.constraints import registry
from optimizer.model.build import Model, build
from optimizer.model.instance import Constraint, Instance
from optimizer.model.program import Matrix
from optimizer.model.where import Where
from optimizer.solver.engines.child import Engine
from optimizer.solver.engines.job import Settings

Key = tuple[object, ...]
Unit = tuple[int, Key | None]
"""A group of rows: the number of an entry and one of its keys, or None for all that it has."""

PATIENCE = 0.4
"""Share of the time left that one question may take."""

NEAREST = 6
"""Links of a district, service and period among which a plan is looked for first."""

CONTEXT = ("within_ward",)
"""Rules that say what others mean ("nearest" is nearest within bounds): their rows come and go, but
the others go on looking at them, so that fewer rules never ask for more.
"""


class Only(Where):
    """A `where` narrowed to some keys of its entry, so that rows, links and readings all follow."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    keys: pd.MultiIndex

    def mask(self, city: City, keys: pd.MultiIndex | pd.DataFrame) -> np.ndarray:
        """Return which of `keys` the entry applies to and are among `self.keys`."""
        chosen = super().mask(city, keys)
        table = keys if isinstance(keys, pd.DataFrame) else keys.to_frame(index=False)
        shared = [name for name in self.keys.names if name in table]
        if not shared:  # rows that belong to no key stand and fall with the entry
            return np.asarray(chosen)
        mine = _projected(self.keys.to_frame(index=False), shared)
        inside: np.ndarray = chosen & np.asarray(_projected(table, shared).isin(mine))
        return inside


@dataclass
class Possible:
    """Asks whether a plan keeps the background and a chosen part of the blamable rules.

    entries: the stated rules, which can be blamed; background: the rules that every plan keeps.
    Units name entries by their number in `entries`. deadline: of `time.monotonic`; a question that
    is not answered until then is answered with None. `questions` counts those put to the engine. known: plans learnt.
    """

    instance: Instance
    engine: Engine
    deadline: float
    questions: int = 0
    known: list[Plan] = field(default_factory=list)
    _broken: list[frozenset[Unit]] = field(default_factory=list)
    _impossible: list[frozenset[Unit]] = field(default_factory=list)

    @cached_property
    def entries(self) -> list[Constraint]:
        """The entries that somebody stated."""
        return [entry for entry in self.instance.entries if not automatic(entry)]

    @cached_property
    def background(self) -> list[Constraint]:
        """Every always-on rule that the instance has in some form, as it stands by itself."""
        there = {type(entry) for entry in self.instance.entries}
        return [r(id=name) for name, r in registry().items() if r.always and r in there]

    @property
    def late(self) -> bool:
        """Whether the time is up, or somebody asked to stop."""
        return time.monotonic() > self.deadline or self.engine.stop.is_set()

    def all_units(self) -> list[Unit]:
        """All stated entries, whole, in their order."""
        return [(number, None) for number in range(len(self.entries))]

    def learn(self, plan: Plan) -> None:
        """Take `plan`, if it keeps the background, for an answer to all questions that it answers."""
        if all(r.readings(self.instance, plan).violations.empty for r in self.background):
            self.known.append(plan)
            self._broken.append(self._violated(plan))

    def ask(self, units: Collection[Unit]) -> bool | None:
        """Return whether some plan keeps the background and `units`; None if nobody knows.

        Yes rests on a plan, no on the proof of the engine. A plan that was found before and
        keeps these units too answers without another solve, as does a smaller impossible set.
        """
        chosen = frozenset(units)
        if any(self._keeps(broken, chosen) for broken in self._broken):
            return True
        if any(known <= chosen for known in self._impossible):
            return False
        if self.late:
            return None
        model = self._model([*self.background, *self._narrowed(chosen)])
        values, status = self.solve(model)
        if values is not None:
            self._broken.append(self._violated(model.decode(values)))
            return True
        if status == "infeasible":
            self._impossible.append(chosen)
        return False if status == "infeasible" else None

    def ask_background(self, background: Iterable[int], units: Collection[Unit]) -> bool | None:
        """Return whether some plan keeps `units` and the background rules with these numbers."""
        if self.late:
            return None
        held = [self.background[number] for number in sorted(background)]
        values, status = self.solve(self._model([*held, *self._narrowed(frozenset(units))]))
        return True if values is not None else False if status == "infeasible" else None

    def solve(self, model: Model) -> tuple[np.ndarray | None, str]:
        """Return any column values that keep all rows, and the status."""
        matrix = model.program.matrix(model.decisions.mode.sum() * 0)
        if beyond_bounds(matrix):
            return None, "infeasible"
        self.questions += 1
        left = max((self.deadline - time.monotonic()) * PATIENCE, 0.1)
        settings = Settings(left, gap=0.0)
        near = nearby(model, matrix)
        if near is not None and not beyond_bounds(near):
            answer = self.engine.run(near, replace(settings, time_limit=left * PATIENCE))
            if answer.values is not None:
                return answer.values, answer.status
        answer = self.engine.run(matrix, settings, until=lambda: self.late)
        return answer.values, answer.status

    def keys(self, numbers: Iterable[int]) -> list[Unit]:
        """Return a unit for every key that rows or ruled-out links of these entries carry."""
        instance = replace(self.instance, entries=tuple(self.background))
        links = instance.links
        found: list[Unit] = []
        for number in numbers:
            entry = self.entries[number]
            names = list(entry.key)
            model = build(replace(instance, entries=(*self.background, entry)), self.background)
            tables = [
                rows.select(entry.where.mask(instance, rows.index)).index.to_frame(index=False)
                for rows in entry.rows(model.instance, model.decisions)
            ]
            lost = entry.forbids(instance, links)
            if lost is not None:
                tables.append(links[np.asarray(lost) & entry.where.mask(instance, links)])
            keyed = [_projected(table, names) for table in tables if set(names) <= set(table)]
            every = sorted({key for index in keyed for key in index})
            found += [(number, tuple(key)) for key in every] or [(number, None)]
        return found

    def _model(self, entries: list[Constraint]) -> Model:
        there = (*entries, *(e for e in self.entries if e.type_name() in CONTEXT))
        return build(replace(self.instance, entries=there, objectives=()), entries)

    def _narrowed(self, units: frozenset[Unit]) -> list[Constraint]:
        keys: dict[int, list[Key] | None] = {}
        for number, key in sorted(units, key=repr):
            some = keys.setdefault(number, [])
            keys[number] = None if key is None or some is None else [*some, key]
        return [narrowed(self.entries[n], some) for n, some in sorted(keys.items())]

    def _violated(self, plan: Plan) -> frozenset[Unit]:
        return frozenset(
            (number, tuple(key) if isinstance(key, tuple) else (key,))
            for number, entry in enumerate(self.entries)
            for key in entry.readings(self.instance, plan).violations.index
        )

    @staticmethod
    def _keeps(broken: frozenset[Unit], chosen: frozenset[Unit]) -> bool:
        whole = {number for number, key in chosen if key is None}
        return not (broken & chosen) and not any(number in whole for number, _ in broken)


def narrowed(entry: Constraint, keys: list[Key] | None) -> Constraint:
    """Return `entry` for these of its keys alone; for all of them with None."""
    if keys is None:
        return entry
    index = pd.MultiIndex.from_tuples(keys, names=list(entry.key))
    stated: dict[str, Any] = {name: getattr(entry.where, name) for name in Where.model_fields}
    return entry.model_copy(update={"where": Only.model_construct(**stated, keys=index)})


def nearby(model: Model, matrix: Matrix) -> Matrix | None:
    """Return the program without the links beyond the NEAREST of their district, service and
    period, or None where that leaves as many. A plan of it is one of the whole program.
    """
    links = model.decisions.links
    rank = links.groupby(["district", "service", "period"])["metres"].rank("first")
    far = np.flatnonzero(rank.to_numpy() > NEAREST)
    if len(far) < len(links) / 2:
        return None
    upper = matrix.upper.copy()
    upper[model.program.columns["assign"].first + far] = 0
    return matrix._replace(upper=upper)


def beyond_bounds(matrix: Matrix) -> bool:
    """Return whether the bounds of the columns alone leave some row without a solution."""
    low, high = matrix.lower[matrix.column], matrix.upper[matrix.column]
    up = matrix.coefficient > 0
    least = np.zeros(len(matrix.row_lower), dtype=np.int64)
    most = least.copy()
    np.add.at(least, matrix.row, matrix.coefficient * np.where(up, low, high))
    np.add.at(most, matrix.row, matrix.coefficient * np.where(up, high, low))
    return bool(((least > matrix.row_upper) | (most < matrix.row_lower)).any())


def automatic(entry: Constraint) -> bool:
    """Whether nobody stated the entry: an always-on rule as the loader adds it."""
    return entry.always and entry == type(entry)(id=entry.type_name())


def _projected(table: pd.DataFrame, names: list[str]) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(table[names])
