"""Smallest changes of limits that let the rules of an instance hold together.

A repair must touch every conflict. So the search is a tree (Reiter, Artificial Intelligence 32,
1987): relax one entry of a conflict, look for the next conflict, and so on, fewest entries first.
The limits that were relaxed are then moved back, one after the other, as far as they go.
"""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any, Literal

from optimizer.audit.verify import verify
from optimizer.city.plan import Plan
from optimizer.explain.infeasible.beyond import residents_beyond
from optimizer.explain.infeasible.conflict import quickxplain
from optimizer.explain.infeasible.feasibility import Possible
from optimizer.explain.infeasible.flex import FIXED, changed, farthest, reach
from optimizer.explain.infeasible.limits import unit
from optimizer.model.instance import Constraint, Instance
from optimizer.solver.engines.capability import DEFAULT
from optimizer.solver.engines.child import Engine
from optimizer.solver.solve import Solution, SolveSettings, first_interrupt_sets, solve

MOST_ENTRIES = 4
"""Entries that a repair may touch: longer ones help nobody decide."""


@dataclass(frozen=True)
class LimitChange:
    """Your value -> suggested value of the limit of an entry; without limit, the entry is left out.

    least: whether a smaller change was proved not to be enough, the other changes given.
    residents: of districts with a reading beyond your value in the repaired plan.
    """

    entry: Constraint
    value: int | None
    suggested: int | None
    least: bool
    residents: int = 0

    @property
    def text(self) -> str:
        """The change as an instance takes it."""
        if self.suggested is None:
            return f"drop {self.entry.id}"
        return f"set constraint.{self.entry.id}.{self.entry.limit}={self.suggested}"

    def to_json(self) -> dict[str, object]:
        """Return the change as plain data."""
        return {
            "id": self.entry.id,
            "type": self.entry.type_name(),
            "limit": None if self.suggested is None else self.entry.limit,
            "unit": unit(self.entry) if self.entry.limit else self.entry.unit,
            "value": self.value,
            "suggested": self.suggested,
            "least": self.least,
            "residents_affected": self.residents,
            "change": self.text,
        }


@dataclass(frozen=True, eq=False)
class Repair:
    """Changes under which a plan exists, and that plan: solved again and found without violation."""

    changes: tuple[LimitChange, ...]
    instance: Instance
    solution: Solution

    @property
    def plan(self) -> Plan:
        """The plan under the changed limits."""
        assert self.solution.plan is not None  # a repair without a plan is never made
        return self.solution.plan

    def to_json(self) -> dict[str, object]:
        """Return changes, value and proved bound of the first objective, as plain data."""
        stages = self.solution.outcome.stages
        return {
            "changes": [change.to_json() for change in self.changes],
            "objective": stages[0].objective if stages else None,
            "value": stages[0].value if stages else None,
            "bound": stages[0].bound if stages else None,
        }


@dataclass(frozen=True)
class Repairs:
    """What was found. status: "feasible" (nothing to repair), "repaired", "none" (proved: no
    change within flex is enough), "unknown" (no repair, time ran out). complete: there is no
    further repair that shares no entry with these, of at most MOST_ENTRIES entries.
    """

    status: Literal["feasible", "repaired", "none", "unknown"]
    repairs: tuple[Repair, ...] = ()
    complete: bool = False

    def to_json(self) -> dict[str, object]:
        """Return the repairs as plain data."""
        return {
            "status": self.status,
            "complete": self.complete,
            "repairs": [repair.to_json() for repair in self.repairs],
        }


def find_repairs(
    instance: Instance,
    count: int = 2,
    time_limit: float = 120,
    engine: str = DEFAULT,
    tell: Callable[[str], None] = lambda text: None,
) -> Repairs:
    """Return up to `count` repairs that share no entry, those with the fewest entries first.

    tell: called with the ids of the entries being relaxed, joined. Raises EngineError.
    """
    started = time.monotonic()
    with Engine(engine) as child, first_interrupt_sets(child.stop):
        search = _Search(instance, child, started + time_limit, tell)
        if search.possible({}) is True:
            return Repairs("feasible")
        found: list[Repair] = []
        used: set[int] = set()
        complete = False
        while len(found) < count and not complete:
            share = (started + time_limit - time.monotonic()) / (count - len(found))
            search.deadline = time.monotonic() + share * 0.7
            chosen = search.smallest(used)
            if chosen is None:
                complete = not search.unsure
                break
            used |= set(chosen)
            changes = search.tightened(chosen)
            left = max(started + time_limit - time.monotonic(), 2)
            made = _made(instance, changes, left / (count - len(found)), engine)
            if made is not None:
                found.append(made)
    if found:
        return Repairs("repaired", tuple(found), complete)
    return Repairs("none" if complete else "unknown", (), complete)


class _Search:
    """The tree of relaxed entries, named by their number in the instance.

    A relaxed entry has a value of its limit, or None where it is left out.
    """

    def __init__(
        self, instance: Instance, engine: Engine, deadline: float, tell: Callable[[str], None]
    ) -> None:
        self.instance, self.engine, self.deadline, self.tell = instance, engine, deadline, tell
        self.unsure = False

    def asker(self, relaxed: dict[int, int | None]) -> Possible:
        entries = changed(self.instance, relaxed)
        instance = replace(self.instance, entries=entries)
        return Possible(instance, self.engine, self.deadline)

    def possible(self, relaxed: dict[int, int | None]) -> bool | None:
        asker = self.asker(relaxed)
        answer = asker.ask(asker.all_units())
        self.unsure |= answer is None
        return answer

    def smallest(self, banned: Collection[int]) -> list[int] | None:
        """Return the fewest entries, none of them `banned`, whose relaxation leaves a plan."""
        self.unsure = False
        level: list[tuple[int, ...]] = [()]
        for _ in range(MOST_ENTRIES + 1):
            deeper: dict[tuple[int, ...], None] = {}
            for chosen in level:
                relaxed = {n: farthest(self.instance.entries[n]) for n in chosen}
                self.tell(" + ".join(self.instance.entries[n].id for n in chosen))
                asker = self.asker(relaxed)
                answer = asker.ask(asker.all_units())
                if answer is True:
                    return list(chosen)
                if answer is None:
                    self.unsure = True
                    continue
                for n in self._touching(asker):
                    if n not in banned and n not in chosen:
                        deeper[tuple(sorted((*chosen, n)))] = None
            level = sorted(deeper, key=self._left_out)
        self.unsure |= bool(level)
        return None

    def _left_out(self, chosen: tuple[int, ...]) -> int:
        """Return how many of the entries have no limit to move: leaving out is the last resort."""
        return sum(self.instance.entries[n].limit is None for n in chosen)

    def _touching(self, asker: Possible) -> list[int]:
        """Return the entries of a conflict that may be relaxed."""
        units = quickxplain(asker.all_units(), lambda some: asker.ask(some) is False)
        ids = {asker.entries[number].id for number, _ in units}
        return [
            n
            for n, entry in enumerate(self.instance.entries)
            if entry.id in ids and farthest(entry) is not FIXED
        ]

    def tightened(self, chosen: list[int]) -> list[LimitChange]:
        """Return the smallest changes of the `chosen` entries, one after the other."""
        relaxed: dict[int, Any] = {n: farthest(self.instance.entries[n]) for n in chosen}
        changes = []
        for n in chosen:
            entry = self.instance.entries[n]
            if entry.limit is None:
                changes.append(LimitChange(entry, None, None, True))
                continue
            relaxed[n], least = self._nearest(n, relaxed)
            changes.append(LimitChange(entry, getattr(entry, entry.limit), relaxed[n], least))
        return changes

    def _nearest(self, number: int, relaxed: dict[int, Any]) -> tuple[int | None, bool]:
        """Return the value nearest to yours that leaves a plan, and whether that is proved."""
        entry = self.instance.entries[number]
        assert entry.limit is not None
        yours, sign = int(getattr(entry, entry.limit)), 1 if entry.widens == "up" else -1
        most = reach(entry)
        beyond, enough = 0, most if relaxed[number] is not None else None
        step = 1
        while enough is None:  # double until it is enough
            step = min(step, most)
            if self.possible({**relaxed, number: yours + sign * step}) is True:
                enough = step
            elif step == most:
                return None, False
            else:
                beyond, step = step, step * 4
        proved = True
        while enough - beyond > 1:
            middle = (beyond + enough) // 2
            answer = self.possible({**relaxed, number: yours + sign * middle})
            if answer is True:
                enough = middle
            else:
                beyond, proved = middle, proved and answer is False
        return yours + sign * enough, proved


def _made(
    instance: Instance, changes: list[LimitChange], seconds: float, engine: str
) -> Repair | None:
    """Solve the changed instance, verify the plan, and measure what it does; None without a plan."""
    number = {entry.id: n for n, entry in enumerate(instance.entries)}
    relaxed = {number[c.entry.id]: c.suggested for c in changes}
    repaired = replace(instance, entries=changed(instance, relaxed))
    solution = solve(repaired, SolveSettings(time_limit=max(seconds, 1), engine=engine))
    if solution.plan is None or verify(repaired, solution.plan).violations:
        return None
    told = tuple(
        replace(c, residents=residents_beyond(instance, c.entry, solution.plan)) for c in changes
    )
    return Repair(told, repaired, solution)
