"""A smallest set of rules that cannot hold together: entries first, then their keys.

QuickXplain (Junker, AAAI 2004) over groups of rows: it asks about halves, so that a conflict of k
out of n groups takes about k log(n / k) questions instead of n.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from optimizer.city.plan import Plan
from optimizer.explain.infeasible.feasibility import Key, Possible, Unit
from optimizer.explain.infeasible.part import part_of
from optimizer.model.instance import Constraint, Instance
from optimizer.solver.engines.capability import DEFAULT
from optimizer.solver.engines.child import Engine
from optimizer.solver.solve import first_interrupt_sets

Item = TypeVar("Item")

WITHOUT_BACKGROUND = 0.25
"""Share of the time that is kept for telling which background rules take part."""

FEW = 12
"""Keys of a conflict not proved minimal that are still told one by one, instead of whole entries."""


@dataclass(frozen=True)
class Member:
    """An entry of a conflict and the keys at which it takes part; no keys where all of it does.

    needed: whether it was proved that the other members can hold without this entry.
    """

    entry: Constraint
    keys: tuple[Key, ...]
    needed: bool

    def to_json(self) -> dict[str, object]:
        """Return id, type, keys (label -> value) and what may be done about it, as plain data."""
        return {
            "id": self.entry.id,
            "type": self.entry.type_name(),
            "keys": [dict(zip(self.entry.key, map(_plain, key), strict=True)) for key in self.keys],
            "protected": self.entry.protected,
            "source": list(self.entry.source),
            "needed": self.needed,
        }


@dataclass(frozen=True, eq=False)
class Conflict:
    """What is known of whether the rules of an instance can hold together.

    status: "feasible" (a plan exists), "infeasible" (proved; `members` cannot hold together with
    the background), or "unknown" (time ran out before either). minimal: every member, key by key,
    was proved to be needed. background: always-on rules that take part; they are never at fault
    alone unless `members` is empty, when no plan of the city exists whatever the entries say;
    background_proved: without any one of them the members were proved to hold.
    """

    instance: Instance
    status: Literal["feasible", "infeasible", "unknown"]
    members: tuple[Member, ...] = ()
    minimal: bool = False
    background: tuple[Constraint, ...] = ()
    background_proved: bool = False
    questions: int = 0
    seconds: float = 0.0

    def to_json(self) -> dict[str, object]:
        """Return the conflict as plain data."""
        return {
            "status": self.status,
            "minimal": self.minimal,
            "members": [member.to_json() for member in self.members],
            "background": [entry.id for entry in self.background],
            "background_minimal": self.background_proved,
            "questions": self.questions,
        }


def find_conflict(
    instance: Instance,
    time_limit: float = 60,
    engine: str = DEFAULT,
    known: bool = False,
    near: Sequence[str] = (),
    plan: Plan | None = None,
) -> Conflict:
    """Return a minimal set of stated entries, and of their keys, that no plan can keep together.

    known: infeasibility is proved already, and not proved once more. near: districts where the
    conflict is likely to show, the likeliest first. plan: one that keeps many of the entries.
    Raises EngineError.
    """
    started = time.monotonic()
    with Engine(engine) as child, first_interrupt_sets(child.stop):
        possible = Possible(instance, child, started + time_limit * (1 - WITHOUT_BACKGROUND))
        if plan is not None:
            possible.learn(plan)
        found = conflict_of(possible, known, started + time_limit, near)
    return found


def conflict_of(
    possible: Possible, known: bool, deadline: float, near: Sequence[str] = ()
) -> Conflict:
    """Return what is found of the instance of `possible`, with the engine that it has at hand.

    deadline: until when background rules are told; that of `possible` holds for all before.
    """
    started = time.monotonic()
    every = possible.all_units()
    answer = False if known else possible.ask(every)
    if answer is not False:
        status: Literal["feasible", "unknown"] = "unknown" if answer is None else "feasible"
        return Conflict(possible.instance, status, questions=possible.questions)
    part = part_of(possible, near)
    units = None if part is None else _smallest_keys(part)[0]
    if units is not None and possible.ask(units) is False:
        units, minimal = smallest(possible, units)
    else:
        part = None
        units, minimal = _smallest_keys(possible)
    if possible.ask(units) is True:  # an earlier "impossible", ours or the engine's, was wrong
        return Conflict(possible.instance, "feasible", questions=possible.questions)
    possible.deadline = deadline
    background, proved = _background(possible, units, part)
    return Conflict(
        possible.instance,
        "infeasible",
        _members(possible, units),
        minimal,
        background,
        proved,
        possible.questions,
        time.monotonic() - started,
    )


def _smallest_keys(possible: Possible) -> tuple[list[Unit], bool]:
    """Return a smallest conflict among the entries, narrowed to keys where time allows."""
    units, minimal = smallest(possible, possible.all_units())
    if units and not possible.late:
        keyed, minimal = smallest(possible, possible.keys(number for number, _ in units))
        units = keyed if minimal or len(keyed) <= FEW else units
    return units, minimal


def smallest(possible: Possible, units: Sequence[Unit]) -> tuple[list[Unit], bool]:
    """Return a part of `units`, which no plan keeps, that no plan keeps either, and whether it was
    proved of each that the others can be kept.
    """
    found = quickxplain(list(units), lambda some: possible.ask(some) is False)
    return found, all(possible.ask([u for u in found if u != unit]) is True for unit in found)


def quickxplain(items: list[Item], fails: Callable[[list[Item]], bool]) -> list[Item]:
    """Return a minimal part of `items` that fails; all of them are known to.

    fails: whether a part is proved impossible. Where it says no for want of a proof, the result
    still fails but may not be minimal.
    """
    if not items or fails([]):
        return []

    def shrink(held: list[Item], fresh: bool, rest: list[Item]) -> list[Item]:
        if fresh and fails(held):
            return []
        if len(rest) == 1:
            return rest
        left, right = rest[: len(rest) // 2], rest[len(rest) // 2 :]
        second = shrink(held + left, True, right)
        first = shrink(held + second, bool(second), left)
        return first + second

    return shrink([], False, items)


def _background(
    possible: Possible, units: Sequence[Unit], part: Possible | None
) -> tuple[tuple[Constraint, ...], bool]:
    """Return the always-on rules that clash with `units`, and whether none of them can be missed.

    part: where they are looked for first.
    """
    every = list(range(len(possible.background)))

    def fails(some: list[int]) -> bool:
        return possible.ask_background(some, units) is False

    def needed(some: list[int]) -> bool:
        rest = ([m for m in some if m != n] for n in some)
        return all(possible.ask_background(numbers, units) is True for numbers in rest)

    if part is not None:
        part.deadline = possible.deadline
        guess = quickxplain(every, lambda some: part.ask_background(some, units) is False)
        if fails(guess) and needed(guess):
            return tuple(possible.background[number] for number in guess), True
    found = quickxplain(every, fails)
    return tuple(possible.background[number] for number in found), needed(found)


def _members(possible: Possible, units: Sequence[Unit]) -> tuple[Member, ...]:
    members = []
    for number in sorted({number for number, _ in units}):
        keys = tuple(key for n, key in units if n == number and key is not None)
        others = [unit for unit in units if unit[0] != number]
        needed = possible.ask(others) is True
        members.append(Member(possible.entries[number], keys, needed))
    return tuple(members)


def _plain(value: object) -> object:
    return value if isinstance(value, str) else int(value)  # type: ignore[call-overload]
