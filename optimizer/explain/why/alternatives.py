"""A plan with one decision changed: which entries then break, and what it would cost.

The change is local: everything else stays as it is, except that the staff of the counters
concerned follow their work and mode, and persons freed or needed go to or come from community
support. Nothing is solved.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from optimizer.audit.verify import Audit
from optimizer.city.plan import Plan
from optimizer.constraints.enough_staff import EnoughStaff
from optimizer.explain.robust.firm import MODES_ALONE
from optimizer.model.instance import Constraint, Instance, completed
from optimizer.model.readings import Readings

Where = tuple[str, int]
"""A point and a year."""

COMMUNITY = "community_staff"

NO_WAYS = MODES_ALONE | {
    "community_spread",
    "headcount_path",
    "hours_where_run",
    "minimum_crew",
    "no_staff_when_closed",
    "one_function",
    "open_count",
    "staff_conserved",
    "staff_steps",
    "ward_pace",
}
"""Constraints that do not look at where districts are sent."""

Changes = tuple[tuple[str, int, int, int], ...]
"""Point, year, persons before and after."""


@dataclass(frozen=True, eq=False)
class Ruling:
    """An entry that rules an alternative out.

    broken: its readings that are beyond the limit and were not, or less so, in the plan: index the
    key of the entry, columns actual, limit, margin, the worst first. always: whether the entry
    rules the alternative out whatever else is decided (its `forbids` says so); otherwise it does
    as the rest of the plan stands.
    """

    entry: Constraint
    broken: pd.DataFrame
    always: bool = False

    def to_json(self) -> dict[str, object]:
        """Return the ruling as plain data."""
        rows = self.broken.reset_index().to_dict("records")
        return {
            "id": self.entry.id,
            "type": self.entry.type_name(),
            "source": list(self.entry.source),
            "whatever_else": self.always,
            "readings": [{str(k): _plain(v) for k, v in row.items()} for row in rows],
        }


@dataclass(frozen=True, eq=False)
class Alternative:
    """Another value of a decision: a point for a district, a mode for a point.

    rulings: what rules it out; empty if nothing does. cost: difference of the first objective to
    the plan, with everything else as it is; None where it is ruled out. staff: point, year,
    persons before and after, where they follow. metres: of a point for a district. plan: the
    changed plan that all this was measured on.
    """

    value: str
    periods: tuple[int, ...]
    rulings: tuple[Ruling, ...]
    cost: int | None
    staff: Changes
    plan: Plan = field(repr=False)
    metres: int | None = None

    @property
    def possible(self) -> bool:
        """Whether no entry rules it out, everything else being as it is."""
        return not self.rulings

    def to_json(self) -> dict[str, object]:
        """Return the alternative as plain data."""
        names = ("point", "period", "before", "after")
        return {
            "value": self.value,
            "periods": list(self.periods),
            "metres": self.metres,
            "possible": self.possible,
            "cost_difference": self.cost,
            "staff": [dict(zip(names, row, strict=True)) for row in self.staff],
            "ruled_out_by": [ruling.to_json() for ruling in self.rulings],
        }


@dataclass(frozen=True, eq=False)
class Judge:
    """Measures changed plans of one audit beside its own plan."""

    audit: Audit
    _by_staff: dict[Changes, list[Ruling]] = field(default_factory=dict)
    _spread: dict[Changes, pd.Series] = field(default_factory=dict)

    @property
    def instance(self) -> Instance:
        """The instance."""
        return self.audit.instance

    @cached_property
    def value(self) -> int:
        """The first objective of the plan."""
        return self.audit.values[self.instance.objectives[0].id]

    def cost(self, plan: Plan) -> int:
        """Return how much dearer `plan` is."""
        return self.instance.objectives[0].value(self.instance, plan) - self.value

    def rulings(self, plan: Plan) -> list[Ruling]:
        """Return the entries that break in `plan` and do not in the plan."""
        return self._rulings(plan, self.audit.readings)

    def rulings_of_way(self, plan: Plan, known: Collection[str], staff: Changes) -> list[Ruling]:
        """Return the same of a `plan` that differs in the counters of a district and in `staff`
        alone, without entries of the types `known`.
        """
        rest = [(e, r) for e, r in self.audit.readings if e.type_name() not in known]
        blind = [(e, r) for e, r in rest if e.type_name() in NO_WAYS]
        if staff not in self._by_staff:
            self._by_staff[staff] = self._rulings(plan, blind if staff else [])
        others = [(e, r) for e, r in rest if e.type_name() not in NO_WAYS]
        return [*self._by_staff[staff], *self._rulings(plan, others)]

    def _rulings(self, plan: Plan, entries: Iterable[tuple[Constraint, Readings]]) -> list[Ruling]:
        found = []
        for entry, before in entries:
            broken = newly_broken(before.table, entry.readings(self.instance, plan).table)
            if len(broken):
                found.append(Ruling(entry, broken))
        return found

    @cached_property
    def minutes(self) -> pd.Series:
        """Minutes of work of the plan, index (point, period)."""
        return self.audit.plan.minutes(self.instance)

    @cached_property
    def _reserve(self) -> pd.Series:
        """The reserve in per cent that a counter must keep, index (point, period)."""
        index = self.audit.plan.modes.index
        most = np.zeros(len(index), dtype=np.int64)
        for entry in self.instance.entries:
            if isinstance(entry, EnoughStaff):
                here = entry.where.mask(self.instance, index)
                most = np.maximum(most, np.where(here, entry.reserve, 0))
        return pd.Series(most, index=index)

    def need(self, where: Where, mode: str, minutes: int) -> int:
        """Return the fewest persons for `minutes` of work in a `mode`, as crew and reserve ask."""
        instance = self.instance
        if mode not in instance.city_modes or where[0] not in instance.staffed_points:
            return 0
        work = -(-minutes * (100 + int(self._reserve[where])) // 100)
        person = instance.person_minutes
        if instance.extension is not None:
            person += int(self.audit.plan.extended(instance)[where]) * instance.extension.minutes
        return max(int(instance.modes["crew"][mode]), -(-work // person))

    def following(self, plan: Plan, work: dict[Where, int]) -> tuple[Plan, Changes]:
        """Return `plan` with the staff at the counters of `work` (their minutes) following their
        work and mode, and who changed: point, year, persons before and after.

        Where less is needed than before as many persons leave; where more is, as many come as are
        short. The plan's own reserve beyond that stays. Who leaves goes to community support.
        """
        changes = []
        for where, minutes in work.items():
            persons = int(self.audit.plan.staff.get(where, 0))
            old = self.need(where, self.audit.plan.modes[where], int(self.minutes[where]))
            new = self.need(where, plan.modes[where], minutes)
            run = plan.modes[where] in self.instance.city_modes
            after = max(new, persons - max(old - new, 0)) if run else 0
            if after != persons:
                changes.append((*where, persons, after))
                plan = plan.with_staff(*where, after)
                plan = _community(plan, where[1], persons - after)
        return self._settled(plan, tuple(changes)), tuple(changes)

    def _settled(self, plan: Plan, staff: Changes) -> Plan:
        """Return `plan` with what entries settle by a formula. The community staff of the rooms
        follow from who moved alone.
        """
        entries = [
            e for e in self.instance.entries if type(e).completes is not Constraint.completes
        ]
        spreads = [e for e in entries if e.type_name() == "community_spread"]
        if staff and spreads:
            if staff not in self._spread:
                done = completed(self.instance, spreads, plan)
                self._spread[staff] = done.extra[COMMUNITY]
            plan = replace(plan, extra={**plan.extra, COMMUNITY: self._spread[staff]})
        return completed(self.instance, [e for e in entries if e not in spreads], plan)


def newly_broken(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `after` beyond their limit, and further than `before`, the worst first."""
    low = after["margin"].to_numpy() < 0
    if not low.any():
        return after.iloc[:0]
    beyond = after[low]
    was = before["margin"][before["margin"].to_numpy() < 0]
    if len(was):  # the plan itself breaks the rule somewhere
        beyond = beyond[beyond["margin"] < was.reindex(beyond.index).fillna(0)]
    return beyond.sort_values("margin", kind="stable")


def _community(plan: Plan, period: int, freed: int) -> Plan:
    """Return `plan` with `freed` persons more in community support in `period` (fewer, if below
    0), at the rooms with most of them. A plan that tells nothing of it is left alone.
    """
    if COMMUNITY not in plan.extra:
        return plan
    posts = plan.extra[COMMUNITY].copy()
    here = posts[posts.index.get_level_values("period") == period].sort_values(kind="stable")
    for room in here.index[::-1]:
        moved = max(freed, -int(posts[room]))
        posts[room] += moved
        freed -= moved
        if freed == 0:
            break
    return replace(plan, extra={**plan.extra, COMMUNITY: posts})


def _plain(value: object) -> object:
    return value if isinstance(value, str) else int(value)  # type: ignore[call-overload]
