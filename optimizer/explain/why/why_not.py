"""Why a plan does not do what is asked: it is forced, solved again from the plan, and compared.

The extra cost of the first objective is an interval: what is proved to be the least, and what a
plan was found for. With v the value of the plan,

    least = max(bound of the forced instance, bound of the instance) - v
    attained = value of the plan found for the forced instance - v

since forcing can only leave fewer plans, every bound of the instance bounds the forced one too.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from optimizer.audit.verify import Audit, verify
from optimizer.base.errors import refuse
from optimizer.base.words import Text
from optimizer.city.plan import Plan
from optimizer.constraints.sent_to import SentTo
from optimizer.constraints.staff_between import StaffBetween
from optimizer.explain.compare.compare import Comparison, Side, compare
from optimizer.explain.infeasible.conflict import Conflict
from optimizer.explain.infeasible.feasibility import automatic
from optimizer.explain.robust.cost_cap import capped
from optimizer.explain.robust.firm import MODES_ALONE
from optimizer.explain.why.difference import Difference
from optimizer.explain.why.neighbourhood import around, between, near_districts, near_points, toward
from optimizer.explain.why.query_language import Query
from optimizer.explain.why.query_solver import Asker
from optimizer.model.build import build
from optimizer.model.instance import Constraint, Instance, forbidden
from optimizer.model.outcome import Outcome
from optimizer.solver.known_bounds import KnownBound

Verdict = Literal["adopted", "costs", "impossible", "unknown"]

FOR_LIKENESS = 0.2
"""Share of the time in which as much as possible is decided as in the plan, at the cost found."""

FOR_CONFLICT = 8.0
"""Seconds that a conflict may take at least."""

NEAR_ENOUGH = Fraction(3, 100)
"""The gap at which that search ends."""

NEAR = ((5, 0.3), (9, 0.2))
"""Points around the query that are decided anew in search of a first plan, and the share of the time
that it may take, one after the other until there is a plan."""


@dataclass(frozen=True, eq=False)
class WhyNot:
    """What came of a query.

    verdict: "adopted", the plan does it; "costs", a plan that does was found; "impossible", it is
    proved that none does; "unknown" otherwise. base: value of the first objective of the plan.
    least, attained: extra value (see above), None where nothing is proved, or found. unproved: how
    much of the base the plan's own proof leaves open, None if unknown. comparison: of the plan
    with the one found. conflict: why it is impossible. beyond: the staff asked for is more than
    the program looks at.
    """

    ask: Query
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
        """The instance, without the query."""
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
    ask: Query,
    asker: Asker,
    outcome: Outcome | None = None,
    time_limit: float = 10,
    proved: Sequence[KnownBound] = (),
) -> WhyNot:
    """Return what `ask` would change of the plan of `audit`, or why no plan can do it.

    outcome: what was claimed of the plan, for its bound. proved: what is sure to be so. time_limit: seconds for all solves; a
    conflict may take as many as are left, but FOR_CONFLICT at least. Raises InputError if the plan
    breaks a rule.
    """
    if audit.violations:
        raise refuse(
            Text("the plan breaks constraints", "計画が制約に違反している"),
            Text("see `optimizer verify`", "`optimizer verify` で確かめる"),
        )
    instance, plan = audit.instance, audit.plan
    until = time.monotonic() + time_limit
    base = audit.values[instance.objectives[0].id]
    bound = Side("base", audit, outcome).least.bound
    found = WhyNot(ask, audit, "unknown", base, unproved=None if bound is None else base - bound)
    if ask.entry.readings(instance, plan).violations.empty:
        return replace(found, verdict="adopted", least=0, attained=0)
    city = forced(instance, ask)
    if beyond_program(city, ask):
        return replace(found, beyond=True)
    for query in (*_years(ask.entry), ask.entry):
        clash = ruled_out(instance, query, asker, time_limit / 5)
        if clash is not None:
            return _impossible(found, (*clash, query), asker, until)
    start = _around(city, audit, ask, asker, time_limit)
    seconds = (until - time.monotonic()) * (1 - FOR_LIKENESS)
    solution = asker.solve(city, start, seconds, proved)
    found = replace(found, interrupted=solution.interrupted)
    stage = solution.outcome.stages[0]
    if stage.status == "infeasible":
        return _impossible(found, city.entries, asker, until)
    bounds = [b for b in (stage.bound, bound) if b is not None]
    found = replace(found, least=max(bounds) - base if bounds else None)
    if solution.plan is None:
        return found
    liker = _liker(city, audit, solution.plan, asker, max(until - time.monotonic(), 1))
    return _compared(found, city, liker, outcome)


def _liker(city: Instance, audit: Audit, plan: Plan, asker: Asker, seconds: float) -> Plan:
    """Return a plan of `city` no dearer than `plan` that is as like as can be to that of `audit`;
    where the two agree, nothing is decided anew.
    """
    if asker.stop.is_set():
        return plan
    most = city.objectives[0].value(city, plan)
    part = replace(
        between(capped(city, most), audit.plan, plan), objectives=(Difference.to(audit.plan),)
    )
    found, _ = asker.quick(part, Fraction(0), seconds)
    return plan if found is None else found


def _around(city: Instance, audit: Audit, ask: Query, asker: Asker, seconds: float) -> Plan:
    """Return a plan of `city` that differs from the plan near the query alone, if one is found; else
    the modes to begin with.
    """
    start = toward(audit.instance, audit.plan, ask.entry)
    points = near_points(audit.instance, audit.plan, ask.entry)
    for count, share in NEAR:
        if len(points) <= count or asker.stop.is_set():
            break
        part = around(city, start, points[:count], audit.plan)
        plan, _ = asker.quick(part, NEAR_ENOUGH, seconds * share)
        if plan is not None:
            return plan
    return start


def _years(query: Constraint) -> list[Constraint]:
    """Return the query for each of its years alone, if there are several; they are sooner proved
    impossible, and what forbids them forbids the whole.
    """
    years = query.where.periods
    if len(years) < 2:
        return []
    wheres = [query.where.model_copy(update={"periods": (year,)}) for year in years]
    return [query.model_copy(update={"where": where}) for where in wheres]


def _impossible(
    found: WhyNot, entries: tuple[Constraint, ...], asker: Asker, until: float
) -> WhyNot:
    """Return the answer that no plan keeps `entries`, the last of which is the query, and which of
    them clash.
    """
    instance, plan, query = found.instance, found.audit.plan, entries[-1]
    until = max(until, time.monotonic() + FOR_CONFLICT)
    whole = replace(instance, entries=entries)
    alone = replace(instance, entries=(*(e for e in entries if automatic(e)), query))
    near = near_points(instance, plan, query)[: NEAR[0][0]]
    part = around(alone, toward(instance, plan, query), near, plan)
    other, _ = asker.quick(part, Fraction(1), FOR_CONFLICT / 4)
    plans = [plan] if other is None else [plan, other]
    districts = near_districts(instance, plan, query)
    conflict = asker.conflict(whole, plans, districts, until - time.monotonic())
    if conflict.status == "feasible":  # what was called impossible has a plan: nothing is claimed
        return found
    return replace(found, verdict="impossible", conflict=conflict)


def _compared(found: WhyNot, city: Instance, plan: Plan, outcome: Outcome | None) -> WhyNot:
    """Return the answer with a plan of the forced city, which is trusted only after its own audit."""
    audit = found.audit
    other = verify(replace(city, objectives=audit.instance.objectives), plan)
    if other.violations:
        return found
    difference = compare(Side("base", audit, outcome), Side("query", other))
    attained = other.values[audit.instance.objectives[0].id] - found.base
    return replace(found, verdict="costs", attained=attained, comparison=difference)


def forced(instance: Instance, ask: Query) -> Instance:
    """Return `instance` with the query as an entry; its first objective alone is minimised."""
    first = instance.objectives[0].model_copy(update={"share": 100, "slack": 0})
    return replace(instance, entries=(*instance.entries, ask.entry), objectives=(first,))


def beyond_program(city: Instance, ask: Query) -> bool:
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


def ruled_out(
    instance: Instance, query: Constraint, asker: Asker, seconds: float
) -> tuple[Constraint, ...] | None:
    """Return the always-on rules and a few others that no plan can keep together with `query`, if
    that is proved fast.

    These are the rules that look at modes alone, which need no demand, or one that rules out the
    way that is asked for whatever else is decided. A number of staff is only looked at later.
    """
    always = tuple(entry for entry in instance.entries if entry.always)
    if isinstance(query, SentTo):
        links = instance.links
        links = links[query.where.mask(instance, links) & (links["point"] == query.point)]
        asked = len(query.where.services) * len(query.where.periods)
        if len(links) < asked:
            return always
        others = (entry for entry in instance.entries if not entry.always)
        sets = (always, *((*always, entry) for entry in others))
        return next((some for some in sets if forbidden(instance, some, links).any()), None)
    kept = tuple(e for e in instance.entries if e.always or e.type_name() in MODES_ALONE)
    alone = tuple(e for e in kept if e.type_name() in MODES_ALONE)
    if not isinstance(query, StaffBetween):  # without demand nobody would be counted on
        alone = (*alone, query)
    today = instance.demand.index.get_level_values("period") == instance.today
    objectives = instance.objectives[:1]
    demand = instance.demand[today]
    small = replace(instance, entries=alone, demand=demand, objectives=objectives)
    return kept if asker.quick(small, Fraction(1), seconds)[1] else None
