"""Why a plan does not do what is asked: it is forced, solved again from the plan, and compared.

The extra cost of the first objective is an interval: what is proved to be the least, and what a
plan was found for. With v the value of the plan,

    least = max(bound of the forced instance, bound of the instance) - v
    attained = value of the plan found for the forced instance - v

since forcing can only leave fewer plans, every bound of the instance bounds the forced one too.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from optimizer.build import build
from optimizer.errors import refuse
from optimizer.explain.around import around, near_districts, near_points
from optimizer.explain.asks import Ask
from optimizer.explain.compare import Comparison, Side, compare
from optimizer.explain.conflict import Conflict
from optimizer.explain.wishes import Difference, StaffBetween
from optimizer.instance import Instance
from optimizer.outcome import Outcome
from optimizer.plan import Plan
from optimizer.solving import Solution
from optimizer.verifying import Audit, verify
from optimizer.words import Text

Verdict = Literal["adopted", "costs", "impossible", "unknown"]

Solve = Callable[[Instance, Plan | None, float], Solution]
"""Solves an instance, from a plan to begin with, for at most so many seconds."""

Explain = Callable[[Instance, list[str]], Conflict]
"""Finds the conflict of an instance that has no plan; districts where it is likely to show."""

FOR_COST = 70
"""Per cent of the time for the cost; in the rest as little as possible is decided otherwise."""

NEAR = ((5, 0.3), (9, 0.2))
"""Points around the wish that are decided anew in search of a first plan, and the share of the time
that it may take, one after the other until there is a plan."""


@dataclass(frozen=True, eq=False)
class WhyNot:
    """What came of a wish.

    verdict: "adopted", the plan does it; "costs", a plan that does was found; "impossible", it is
    proved that none does; "unknown" otherwise. base: value of the first objective of the plan.
    least, attained: extra value (see above), None where nothing is proved, or found. unproved: how
    much of the base the plan's own proof leaves open, None if unknown. comparison: of the plan
    with the one found. conflict: why it is impossible. beyond: the staff asked for is more than
    the program looks at.
    """

    ask: Ask
    audit: Audit
    verdict: Verdict
    base: int
    least: int | None = None
    attained: int | None = None
    unproved: int | None = None
    comparison: Comparison | None = None
    conflict: Conflict | None = None
    beyond: bool = False
    interrupted: bool = False

    @property
    def instance(self) -> Instance:
        """The instance, without the wish."""
        return self.audit.instance

    def to_json(self) -> dict[str, object]:
        """Return the answer as plain data."""
        objective = self.instance.objectives[0]
        return {
            "ask": self.ask.text,
            "ask_en": self.ask.words.en,
            "ask_ja": self.ask.words.ja,
            "verdict": self.verdict,
            "objective": objective.id,
            "unit": objective.measure,
            "base": self.base,
            "base_unproved": self.unproved,
            "extra_least": self.least,
            "extra_attained": self.attained,
            "comparison": self.comparison and self.comparison.to_json(),
            "conflict": self.conflict and self.conflict.to_json(),
            "interrupted": self.interrupted,
        }


def why_not(
    audit: Audit,
    ask: Ask,
    solve: Solve,
    explain: Explain,
    outcome: Outcome | None = None,
    time_limit: float = 10,
) -> WhyNot:
    """Return what `ask` would change of the plan of `audit`, or why no plan can do it.

    outcome: what was claimed of the plan, for its bound. time_limit: seconds for all solves, the
    conflict aside. Raises InputError if the plan breaks a rule.
    """
    if audit.violations:
        raise refuse(
            Text("the plan breaks constraints", "計画が制約に違反している"),
            Text("see `optimizer verify`", "`optimizer verify` で確かめる"),
        )
    instance, plan = audit.instance, audit.plan
    base = audit.values[instance.objectives[0].id]
    bound = Side("base", audit, outcome).least.bound
    unproved = None if bound is None else base - bound
    if ask.entry.readings(instance, plan).violations.empty:
        return WhyNot(ask, audit, "adopted", base, 0, 0, unproved)
    city = forced(instance, plan, ask)
    if beyond_program(city, ask):
        return WhyNot(ask, audit, "unknown", base, unproved=unproved, beyond=True)
    solution = _solved(city, audit, ask, solve, time_limit)
    found = WhyNot(ask, audit, "unknown", base, unproved=unproved, interrupted=solution.interrupted)
    stage = solution.outcome.stages[0]
    if stage.status == "infeasible":
        whole = replace(city, objectives=instance.objectives)
        conflict = explain(whole, near_districts(instance, plan, ask.entry))
        return replace(found, verdict="impossible", conflict=conflict)
    bounds = [b for b in (stage.bound, bound) if b is not None]
    found = replace(found, least=max(bounds) - base if bounds else None)
    return _compared(found, city, solution.plan, outcome)


def _solved(city: Instance, audit: Audit, ask: Ask, solve: Solve, seconds: float) -> Solution:
    """Return a solution of the forced city: first around the wish, then, from there, of all."""
    started = time.monotonic()
    start = toward(audit.instance, audit.plan, ask)
    points = near_points(audit.instance, audit.plan, ask.entry)
    for count, share in NEAR:
        if len(points) <= count:
            break
        part = around(city, start, points[:count], audit.plan)
        solution = solve(part, start, seconds * share)
        if solution.plan is not None:
            start = solution.plan
        if solution.plan is not None or solution.interrupted:
            break
    return solve(city, start, max(seconds - (time.monotonic() - started), 1))


def _compared(found: WhyNot, city: Instance, plan: Plan | None, outcome: Outcome | None) -> WhyNot:
    """Return the answer with a plan of the forced city, which is trusted only after its own audit."""
    if plan is None:
        return found
    audit = found.audit
    other = verify(replace(city, objectives=audit.instance.objectives), plan)
    if other.violations:
        return found
    difference = compare(Side("base", audit, outcome), Side("wish", other))
    attained = other.values[audit.instance.objectives[0].id] - found.base
    return replace(found, verdict="costs", attained=attained, comparison=difference)


def forced(instance: Instance, plan: Plan, ask: Ask) -> Instance:
    """Return `instance` with the wish as an entry; its first objective, then the least difference
    to `plan`, are what is minimised.
    """
    first = instance.objectives[0].model_copy(update={"share": FOR_COST, "slack": 0})
    entries = (*instance.entries, ask.entry)
    return replace(instance, entries=entries, objectives=(first, Difference.to(plan)))


def beyond_program(city: Instance, ask: Ask) -> bool:
    """Return whether more staff is asked for than the program looks at: twice what all work needs.

    A plan could have as many; that the program has none proves nothing.
    """
    if not isinstance(ask.entry, StaffBetween):
        return False
    without = replace(city, entries=city.entries[:-1], objectives=())
    most = build(without).decisions.most_staff
    where = ask.entry.where
    asked = [(p, t) for p in where.points for t in where.periods if (p, t) in most.index]
    return any(int(most[label]) < ask.entry.least for label in asked)


def toward(instance: Instance, plan: Plan, ask: Ask) -> Plan:
    """Return `plan` with modes as asked for, and as few others as legal steps need; a start."""
    modes = getattr(ask.entry, "modes", None)
    if modes is None:
        return plan
    (point,) = ask.entry.where.points
    kinds = instance.kinds[instance.points["kind"][point]]
    #       mode -> (years that differ, the modes up to now)
    paths: dict[str, tuple[int, tuple[str, ...]]] = {instance.points["mode_today"][point]: (0, ())}
    for period in instance.planned:
        allowed = modes if period in ask.entry.where.periods else kinds
        further: dict[str, tuple[int, tuple[str, ...]]] = {}
        for last, (count, path) in paths.items():
            for mode in allowed:
                if mode != last and (last, mode) not in instance.moves:
                    continue
                now = count + (mode != plan.modes[point, period])
                if mode not in further or now < further[mode][0]:
                    further[mode] = now, (*path, mode)
        paths = further
    if not paths:
        return plan
    _, best = min(paths.values())
    for period, mode in zip(instance.planned, best, strict=True):
        plan = plan.with_mode(point, period, mode)
    return plan
