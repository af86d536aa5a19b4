"""Saboteurs of stored plans, with three ways of covering the traces.

careless: the plan's tables are altered and nothing else. signed: the hashes are recorded anew.
published: every number is computed anew from the forged plan, too, so that only the rules object.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

import pandas as pd

from optimizer.city.plan import Plan
from optimizer.model.build import build
from tests.sabotage.attempt import Attempt
from tests.sabotage.stored import Stored, found_out, publish, sign, with_staff, write_plan

WAYS = ("published", "signed", "careless")
NO_PLAN = ("negative persons", "state it twice")
"""What cannot be measured at all, so that nobody could publish numbers of it."""

Saboteur = Callable[[Plan, Stored, Random], Plan | None]


def attempts(stored: Stored, each: int, seed: int) -> Iterator[Attempt]:
    """Try every counterexample `each` times in each way."""
    model = build(stored.instance)
    for first, (name, counterexample) in enumerate(COUNTEREXAMPLES.items(), seed):
        random = Random(f"{name} {seed}")
        for number in range(first, first + each):
            forged = counterexample(stored.plan, stored, random)
            if forged is None:
                continue
            way = WAYS[number % len(WAYS)]
            if way == "published" and name in NO_PLAN:
                continue
            values = model.encode(forged)
            if way == "published" and values is not None and not model.program.broken(values):
                continue  # a plan that keeps every row, with true numbers, is no lie
            yield _tried(stored, name, way, forged)


def _tried(stored: Stored, name: str, way: str, forged: Plan) -> Attempt:
    with stored.copy() as solution:
        write_plan(solution, forged)
        if way == "published":
            publish(solution, stored.instance, forged)
        if way != "careless":
            sign(solution)
        audit, told = found_out(stored.city, solution)
    rules = () if audit is None else tuple(
        dict.fromkeys(e.type_name() for e, r in audit.audit.readings if len(r.violations))
    )  # fmt: skip
    killed = bool(told) and (way != "published" or audit is None or bool(rules))
    return Attempt(f"plan, {way}", name, killed, rules, told)


def _other_point(plan: Plan, stored: Stored, random: Random) -> Plan:
    key = random.choice(list(plan.assignments.index))
    others = [p for p in stored.instance.points.index if p != plan.assignments[key]]
    return plan.with_assignment(*key, random.choice(others))


def _closed_point(plan: Plan, stored: Stored, random: Random) -> Plan | None:
    closed = [key for key, mode in plan.modes.items() if mode == "closed"]
    if not closed:
        return None
    point, period = random.choice(closed)
    keys = [key for key in plan.assignments.index if key[2] == period]
    return plan.with_assignment(*random.choice(keys), point)


def _shave(plan: Plan, stored: Stored, random: Random) -> Plan:
    key = random.choice([key for key, persons in plan.staff.items() if persons])
    return with_staff(plan, {key: plan.staff[key] - 1})


def _shave_everywhere(plan: Plan, stored: Stored, random: Random) -> Plan:
    point, _ = random.choice([key for key, persons in plan.staff.items() if persons])
    less = {key: max(n - 1, 0) for key, n in plan.staff.items() if key[0] == point}
    return with_staff(plan, less)


def _idle_person(plan: Plan, stored: Stored, random: Random) -> Plan:
    key = random.choice(list(plan.staff.index))
    return with_staff(plan, {key: plan.staff[key] + 1})


def _skip_stage(plan: Plan, stored: Stored, random: Random) -> Plan | None:
    """Close a branch in its first year without its time as a corner."""
    branches = stored.instance.points.query("kind == 'branch'").index
    point = random.choice(list(branches))
    for period in stored.instance.planned:
        plan = plan.with_mode(point, period, "closed")
    return plan


def _reopen(plan: Plan, stored: Stored, random: Random) -> Plan:
    """Give a point today's mode in the last year whatever was before, or close it in the first."""
    points = stored.instance.points
    changed = [p for p in points.index if plan.modes[p, plan.modes.index[-1][1]] != points["mode_today"][p]]  # fmt: skip
    point, last = random.choice(changed or list(points.index)), stored.instance.planned[-1]
    return plan.with_mode(point, last, points["mode_today"][point])


def _any_mode(plan: Plan, stored: Stored, random: Random) -> Plan:
    key = random.choice(list(plan.modes.index))
    modes = [m for m in stored.instance.modes.index if m != plan.modes[key]]
    return plan.with_mode(*key, random.choice(modes))


def _swap_years(plan: Plan, stored: Stored, random: Random) -> Plan | None:
    """Exchange what a point is, and who works there, between two years in which it differs."""
    planned = stored.instance.planned
    pairs = [
        (point, a, b)
        for point in stored.instance.points.index
        for a in planned
        for b in planned
        if a < b and plan.modes[point, a] != plan.modes[point, b]
    ]
    if not pairs:
        return None
    point, a, b = random.choice(pairs)
    modes = {t: plan.modes[point, t] for t in (a, b)}
    plan = plan.with_mode(point, a, modes[b]).with_mode(point, b, modes[a])
    return with_staff(plan, {(point, a): plan.staff[point, b], (point, b): plan.staff[point, a]})


def _swap_staff(plan: Plan, stored: Stored, random: Random) -> Plan | None:
    """Exchange the staff of two counters of a year."""
    period = random.choice(stored.instance.planned)
    staff = plan.staff.xs(period, level="period")
    pairs = [(a, b) for a in staff.index for b in staff.index if staff[a] < staff[b]]
    a, b = random.choice(pairs)
    return with_staff(plan, {(a, period): int(staff[b]), (b, period): int(staff[a])})


def _forget(plan: Plan, stored: Stored, random: Random) -> Plan:
    return plan.without_assignment(*random.choice(list(plan.assignments.index)))


def _forget_point(plan: Plan, stored: Stored, random: Random) -> Plan:
    """Leave out what becomes of a point in a year."""
    return replace(plan, modes=plan.modes.drop(random.choice(list(plan.modes.index))))


def _community(plan: Plan, stored: Stored, random: Random) -> Plan:
    """Send one person more, or fewer, to an exchange room than there is."""
    key = random.choice(list(plan.extra["community_staff"].index))
    now = int(plan.extra["community_staff"][key])
    return plan.with_extra("community_staff", key, now + random.choice([1, -1] if now else [1]))


def _nobody(plan: Plan, stored: Stored, random: Random) -> Plan:
    """Leave out a whole decision that a constraint asked for."""
    name = random.choice(list(plan.extra))
    return replace(plan, extra={n: part for n, part in plan.extra.items() if n != name})


def _negative(plan: Plan, stored: Stored, random: Random) -> Plan:
    return with_staff(plan, {random.choice(list(plan.staff.index)): -random.randint(1, 9)})


def _twice(plan: Plan, stored: Stored, random: Random) -> Plan:
    """State an assignment a second time, to another point."""
    key = random.choice(list(plan.assignments.index))
    more = pd.Series([random.choice(list(stored.instance.points.index))], index=pd.MultiIndex.from_tuples([key], names=plan.assignments.index.names))  # fmt: skip
    return replace(plan, assignments=pd.concat([plan.assignments, more]))


COUNTEREXAMPLES: dict[str, Saboteur] = {
    "move a district": _other_point,
    "send it to a closed point": _closed_point,
    "shave one person": _shave,
    "shave a counter in all years": _shave_everywhere,
    "add an idle person": _idle_person,
    "skip a stage": _skip_stage,
    "go back": _reopen,
    "another mode": _any_mode,
    "swap two years": _swap_years,
    "swap two counters' staff": _swap_staff,
    "forget an assignment": _forget,
    "forget a point": _forget_point,
    "community staff by one": _community,
    "leave out a decision": _nobody,
    "negative persons": _negative,
    "state it twice": _twice,
}
