"""Queries: what they cost, or that no plan keeps them, by looking at all plans of tiny cities."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest

from optimizer.audit.verify import Audit, verify
from optimizer.base.errors import InputError
from optimizer.base.words import LANGUAGES
from optimizer.city.plan import Plan
from optimizer.constraints import registry
from optimizer.explain.infeasible.feasibility import narrowed
from optimizer.explain.why.difference import Difference
from optimizer.explain.why.neighbourhood import between
from optimizer.explain.why.query_language import ID, Query, read_query
from optimizer.explain.why.query_solver import Asker
from optimizer.explain.why.why_not import WhyNot, why_not
from optimizer.model.build import build
from optimizer.model.instance import Instance
from optimizer.model.outcome import Outcome, Stage
from optimizer.model.random_plan import entry_for
from optimizer.objectives.staff_cost import StaffCost
from optimizer.report.answers.why_not import why_not_report
from optimizer.solver.solve import Solution
from tests.brute import Brute
from tests.tiny import tiny, with_entries

SEEDS = (8, 11, 41, 46, 51)
EACH = 9
"""Queries asked of a city."""


@pytest.fixture(scope="module")
def asker() -> Iterator[Asker]:
    """One engine for all queries."""
    with Asker() as one:
        yield one


def audit_of(seed: int, *names: str) -> tuple[Brute, Audit]:
    """A tiny city under `names`, as far as it has a plan, and its best plan."""
    drawn = [entry_for(registry()[name], tiny(seed), Random(f"{name} {seed}")) for name in names]
    entries = [entry for entry in drawn if not entry.problems(tiny(seed))]
    instance = replace(with_entries(tiny(seed), *entries), objectives=(StaffCost(),))
    brute = Brute(replace(instance, entries=()))
    best = brute.best(build(instance))
    if best is None:
        return audit_of(seed, *names[:-1])
    return brute, verify(instance, best[1])


def queries(audit: Audit, random: Random) -> list[str]:
    """Some of everything that can be asked of the city, and a person more wherever one works."""
    instance, staff = audit.instance, audit.plan.staff
    more = [f"{p}.staff>=2@{t}" for p, t in staff.index[staff == 1]]
    years, points = instance.planned, instance.points.index
    asked = [
        f"{p}={m}@{t}" for p in points for m in instance.kinds[instance.points["kind"][p]]
        for t in years
    ]  # fmt: skip
    asked += [f"{p}.staff{sign}{n}@{t}" for p in points for t in years
              for sign in ("=", ">=", "<=") for n in (0, 1, 2)]  # fmt: skip
    wards = sorted({*instance.districts["ward"], *instance.points["ward"]} - {""})
    asked += [f"counters({w}){sign}{n}" for w in wards for sign in (">=", "<=") for n in (0, 1, 2)]
    ways = [
        f"{d}/{s}={p}@{t}"
        for (d, s, t), cases in instance.demand.items()
        if cases > 0 and t != instance.today
        for p in points
    ]
    return [
        *more[:2],
        *random.sample(asked, min(EACH, len(asked))),
        *random.sample(ways, min(4, len(ways))),
    ]


def with_query(instance: Instance, ask: Query) -> Instance:
    return replace(instance, entries=(*instance.entries, ask.entry))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_cost_is_that_of_the_best_of_all_plans(seed: int, asker: Asker) -> None:
    """A query that no plan keeps is told as impossible, any other with its exact extra cost."""
    brute, audit = audit_of(seed, "travel_limit", "budget", "plausible_counters")
    base, seen = audit.values["staff_cost"], set()
    for text in queries(audit, Random(seed)):
        ask = read_query(audit.instance, text)
        best = brute.best(build(with_query(audit.instance, ask)))
        found = why_not(audit, ask, asker, None, 20)
        seen.add(found.verdict)
        if best is None:
            assert found.verdict == "impossible" or found.beyond, text
            assert found.beyond or _right_conflict(brute, found), text
            continue
        extra = best[0][0] - base
        kept = ask.entry.readings(audit.instance, audit.plan).violations.empty
        assert found.verdict == ("adopted" if kept else "costs"), text
        assert (found.least, found.attained) == (extra, extra), text
        if found.comparison is not None:
            plan = found.comparison.other.audit.plan
            assert not verify(with_query(audit.instance, ask), plan).violations
        for lang in LANGUAGES:
            assert "{" not in " ".join(why_not_report(found, lang).headline)
    assert "adopted" in seen and len(seen) > 1


def _right_conflict(brute: Brute, found: WhyNot) -> bool:
    """Whether no plan keeps the members, key by key, and some plan keeps all but any one."""
    conflict, instance = found.conflict, found.instance
    assert conflict is not None and conflict.status == "infeasible" and conflict.minimal
    units = [(m.entry, key) for m in conflict.members for key in m.keys or (None,)]
    always = [kind(id=name) for name, kind in registry().items() if kind.always]

    def some_plan(kept: list) -> bool:
        entries = {entry.id: entry for entry, _ in kept}
        part = [
            narrowed(e, None if any(k is None for f, k in kept if f.id == i) else
                     [k for f, k in kept if f.id == i])
            for i, e in entries.items()
        ]  # fmt: skip
        return brute.best(build(replace(instance, entries=(*always, *part)))) is not None

    assert any(entry.id == ID for entry, _ in units) or not some_plan([])
    fewer = ([u for u in units if u != unit] for unit in units)
    return not some_plan(units) and all(map(some_plan, fewer))


class Lying(Asker):
    """Answers with a plan that breaks rules, or with none, whatever is asked."""

    def __init__(self, plan: Plan | None, bound: int | None, interrupted: bool = False) -> None:
        super().__init__()
        self.answer = plan, bound, interrupted

    def quick(self, *_: object) -> tuple[None, bool]:
        return None, False

    def solve(self, city: Instance, start: Plan, seconds: float, *_: object) -> Solution:
        plan, bound, interrupted = self.answer
        value = None if plan is None else city.objectives[0].value(city, plan)
        stage = Stage("staff_cost", "no_plan" if plan is None else "feasible", value, bound, 0.0)
        if interrupted:
            self.stop.set()
        return Solution(city, plan, Outcome("stub", "0", (stage,)), interrupted, 0.0)


def _another_query(audit: Audit) -> Query:
    """A query that the plan does not keep, and that nothing rules out at once."""
    point, period = next(iter(audit.plan.staff[audit.plan.staff > 0].index))
    return read_query(
        audit.instance, f"{point}.staff>={audit.plan.staff[point, period] + 1}@{period}"
    )


def test_what_is_not_proved_is_unknown() -> None:
    """A plan that breaks the rules is no answer; without one, only the bound is told."""
    _, audit = audit_of(8)
    ask = _another_query(audit)
    broken = audit.plan.with_staff(*audit.plan.staff.index[0], 99)
    with Lying(broken, None) as liar:
        found = why_not(audit, ask, liar, None, 5)
    assert (found.verdict, found.attained, found.least) == ("unknown", None, None)
    base = audit.values["staff_cost"]
    with Lying(None, base + 7, interrupted=True) as silent:
        found = why_not(audit, ask, silent, None, 5)
    assert (found.verdict, found.least, found.interrupted) == ("unknown", 7, True)
    told = " ".join(why_not_report(found, "en").headline)
    assert "Not known" in told and "at least +7 yen" in told and "Stopped" in told


def test_a_plan_that_breaks_rules_is_refused(asker: Asker) -> None:
    """There is nothing to compare a query with."""
    _, audit = audit_of(8)
    broken = audit.plan.with_staff(*audit.plan.staff.index[0], 99)
    ask = _another_query(audit)
    bad = verify(audit.instance, replace(broken, modes=broken.modes.iloc[:0]))
    assert bad.violations
    with pytest.raises(InputError, match="breaks"):
        why_not(bad, ask, asker)


def test_more_staff_than_the_program_looks_at_is_not_called_impossible(asker: Asker) -> None:
    """That no plan was looked for is said."""
    _, audit = audit_of(8)
    point, period = next(iter(audit.plan.staff[audit.plan.staff > 0].index))
    found = why_not(audit, read_query(audit.instance, f"{point}.staff>=900000@{period}"), asker)
    assert found.verdict == "unknown" and found.beyond


def test_what_the_query_does_not_need_stays(asker: Asker) -> None:
    """The plan told differs from the base no more than any plan as cheap that either decides."""
    for seed in SEEDS:
        brute, audit = audit_of(seed)
        for text in queries(audit, Random(seed))[:4]:
            ask = read_query(audit.instance, text)
            found = why_not(audit, ask, asker, None, 20)
            if found.comparison is None:
                continue
            plan, objectives = (
                found.comparison.other.audit.plan,
                (StaffCost(), Difference.to(audit.plan)),
            )
            part = between(with_query(audit.instance, ask), audit.plan, plan)
            best = brute.best(build(replace(part, objectives=objectives)))
            assert best is not None
            assert best[0] == tuple(o.value(audit.instance, plan) for o in objectives), text
