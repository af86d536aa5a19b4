"""Prices of rules against the values of all plans of tiny cities, as checks alone judge them."""

from dataclasses import asdict, replace
from fractions import Fraction
from functools import cache
from random import Random

import pytest

import optimizer
from optimizer.base.errors import InputError
from optimizer.city.plan import Plan
from optimizer.constraints import registry
from optimizer.explain.infeasible import limits
from optimizer.explain.infeasible.limits import altered, stated, widened
from optimizer.explain.price.price import Solve, price, priceable
from optimizer.explain.price.prices import Known, Price, Prices, verdict
from optimizer.model.build import build
from optimizer.model.example import town
from optimizer.model.instance import Instance
from optimizer.objectives.staff_cost import StaffCost
from optimizer.solver import solve as solving
from optimizer.solver.solve import Solution
from tests.brute import Brute
from tests.explain.infeasible.clashes import rule
from tests.tiny import tiny, tiny_entry, with_entries

pytestmark = pytest.mark.usefixtures("one_engine")

CASES = [
    (8, "yearly_pace", "nearest_open", 33),
    (51, "ward_pace", "workload_balance", 240),
    (8, "budget", "closes_with", 136),
    (51, "no_worse_than_today", "staff_conserved", 624),
    (8, "headcount_path", "closes_with", 47),
    (46, "coverage_share", "workload_balance", 58),
]
"""Cities under two entries of which one at least costs something, and the seed of the draw."""


@cache
def city(seed: int, first: str, second: str, draw: int) -> Instance:
    base, random = replace(tiny(seed), objectives=(StaffCost(),)), Random(draw)
    entries = [tiny_entry(name, base, random) for name in (first, second)]
    assert all(entries)
    return with_entries(base, *entries)


def exactly(instance: Instance, start: Plan, seconds: float) -> Solution:
    return solving.solve(instance, solving.SolveSettings(Fraction(0), 60), start=start)


@cache
def best_plan(case: tuple[int, str, str, int]) -> Plan:
    plan = solving.solve(city(*case), solving.SolveSettings(Fraction(0), 60)).plan
    assert plan is not None
    return plan


@cache
def brute(seed: int) -> Brute:
    return Brute(replace(tiny(seed), objectives=(StaffCost(),)))


@cache
def least(case: tuple[int, str, str, int], name: str = "", limit: int | None = None) -> int | None:
    """The least value of all plans with the entry so changed; None if there is none."""
    whole = city(*case)
    changed = [altered(whole, e, limit) for e in whole.entries if e.id == name] or [whole]
    best = brute(case[0]).best(build(changed[0]))
    return None if best is None else best[0][0]


def truth(case: tuple[int, str, str, int], name: str, limit: int | None) -> int | None:
    """What the least value rises by if the entry gets that limit; None if no plan is left."""
    changed, now = least(case, name, limit), least(case)
    assert now is not None
    return None if changed is None else changed - now


def contains(case: tuple[int, str, str, int], name: str, price: Price) -> bool:
    """Whether the true price lies in the interval."""
    rise = truth(case, name, price.limit)
    if rise is None or price.verdict == "impossible":
        return rise is None and (price.verdict == "impossible" or price.most is None)
    true = rise if price.change == "tighter" else -rise
    return (price.least or 0) <= true and (price.most is None or true <= price.most)


@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(map(str, case)))
def test_prices_are_those_of_all_plans(case: tuple[int, str, str, int]) -> None:
    """With exact solves every price is one number, the true one, or no plan is left, truly."""
    instance = city(*case)
    found = price(instance, best_plan(case), exactly, priceable(instance))
    assert found.value == found.bound == found.best
    assert len(found.priced) == 2 and found.priced[0].order >= found.priced[1].order
    assert found.priced[0].prices[0].least > 0
    for one in found.priced:
        for told in one.prices:
            assert told.verdict in ("proved", "impossible"), told
            assert contains(case, one.entry.id, told), told


def weak(slack: int, finds: bool) -> Solve:
    """A solve with a bound too low by `slack`, and no better plan unless it `finds`."""

    def solve(instance: Instance, start: Plan, seconds: float) -> Solution:
        solution = exactly(instance, start, seconds)
        stage = solution.outcome.stages[0]
        if stage.status == "infeasible":
            return solution
        bound = None if stage.bound is None else stage.bound - slack
        stage = replace(stage, bound=bound, status="feasible")
        outcome = replace(solution.outcome, stages=(stage,))
        return replace(solution, plan=solution.plan if finds else start, outcome=outcome)

    return solve


@pytest.mark.parametrize("case", CASES[:2], ids=lambda case: "-".join(map(str, case)))
@pytest.mark.parametrize("finds", [True, False])
def test_intervals_contain_the_truth(case: tuple[int, str, str, int], finds: bool) -> None:
    """Also of a plan with a gap, by solves with a gap: what is told is wider, never wrong."""
    instance, plan = city(*case), best_plan(case)
    now = instance.objectives[0].value(instance, plan)
    for slack in (1, 10**7):
        solve = weak(slack, finds)
        found = price(instance, plan, solve, priceable(instance), now - slack)
        for one in found.priced:
            for told in one.prices:
                assert contains(case, one.entry.id, told), (slack, told)
                if told.verdict in ("between", "at least", "proved"):
                    assert told.least > 0 or told.most == 0


@pytest.mark.parametrize("case", CASES[1:3], ids=lambda case: "-".join(map(str, case)))
def test_ranges_are_those_of_all_plans(case: tuple[int, str, str, int]) -> None:
    """The least value is the same at the last limit that holds and another at the first that does not."""
    instance = city(*case)
    found = price(instance, best_plan(case), exactly, priceable(instance), ranges=True)
    told = [one for one in found.priced if one.wider is not None]
    assert told
    for one in told:
        for side in (one.tighter, one.wider):
            assert truth(case, one.entry.id, side.holds) == 0
            if side.changes is not None:
                assert truth(case, one.entry.id, side.changes) != 0
            if side.ends:
                far = 10**14 if side is one.wider else -(10**14)
                end = widened(one.entry, stated(one.entry), far)
                assert end is None or truth(case, one.entry.id, end) == 0


def test_without_time_nothing_is_known() -> None:
    """Nothing is solved; what leaving out saves is unknown, what the plan keeps anyway is told."""
    instance, plan = city(*CASES[0]), best_plan(CASES[0])
    found = price(instance, plan, _never, priceable(instance), left=lambda: 0)
    for one in found.priced:
        assert one.prices[0].verdict == "unknown" and one.prices[0].most is None
    assert found.known == () and found.bound is None


def _never(instance: Instance, start: Plan, seconds: float) -> Solution:
    raise AssertionError


def test_a_run_that_is_resumed_solves_nothing_twice() -> None:
    """What was answered is not asked again, unless there is more time for it now."""
    instance, plan = city(*CASES[2]), best_plan(CASES[2])
    kept: list[Prices] = []
    asked: list[float] = []

    def interrupted(city: Instance, start: Plan, seconds: float) -> Solution:
        asked.append(seconds)
        return replace(weak(10**6, True)(city, start, seconds), interrupted=len(asked) == 2)

    first = price(instance, plan, interrupted, priceable(instance), 1, keep=kept.append)
    assert first.interrupted and len(asked) == 2 and kept[-1].known == first.known
    known = [Known(**asdict(answer)) for answer in first.known]
    more = price(instance, plan, weak(10**6, True), priceable(instance), 1, known=known)
    assert len(more.known) > len(known) and not more.interrupted
    same = price(instance, plan, _never, priceable(instance), 1, known=more.known)
    assert [one.to_json(2) for one in same.priced] == [one.to_json(2) for one in more.priced]
    with pytest.raises(AssertionError):
        price(instance, plan, _never, priceable(instance), 1, each=99, known=more.known)


def test_a_better_plan_that_keeps_the_rules_is_no_saving() -> None:
    """Of a poor plan with a proved bound nothing that it could save by itself is put to a rule."""
    case = CASES[0]
    instance, plan = city(*case), best_plan(case)
    (point, period), persons = next((k, n) for k, n in plan.staff.items() if n > 0)
    poor = plan.with_staff(point, period, persons + 1)
    best = instance.objectives[0].value(instance, plan)
    entries = priceable(instance, ["nearest_open asked"])
    found = price(instance, poor, exactly, entries, best)
    (told,) = found.priced[0].prices
    assert found.best == best < found.value
    assert (told.least, told.most) == (0, 0) and told.attained == found.value - best


def test_residents_are_those_beyond_the_limit() -> None:
    """Without the limit D2 goes further than it allows; a tighter one is for whom the plan leaves
    beyond it. Who is meant is named.
    """
    near = rule("travel_limit", "near", {"districts": ("D2",)}, metres=2000)
    always = [kind(id=name) for name, kind in registry().items() if kind.always]
    instance = replace(town(), entries=(*always, near), objectives=(StaffCost(),))
    plan = solving.solve(instance, solving.SolveSettings(Fraction(0), 60)).plan
    found = price(instance, plan, exactly, [near], step=600)
    out, wider, tighter = found.priced[0].prices
    assert out.least > 0 and (out.districts, out.residents) == (("D2",), 8000)
    assert (wider.limit, tighter.limit) == (2600, 1400)
    assert (tighter.districts, tighter.residents) == (("D2",), 8000)


def test_a_refuted_bound_is_refused() -> None:
    """A stored bound above the value of a plan cannot be true, and no price rests on it."""
    instance, plan = city(*CASES[0]), best_plan(CASES[0])
    value = instance.objectives[0].value(instance, plan)
    with pytest.raises(InputError, match="below what is proved"):
        price(instance, plan, exactly, priceable(instance), value + 1)


def test_which_entries_are_priced() -> None:
    """All that were stated; a protected one only by its id; others are refused, as is a bad plan."""
    near = rule("travel_limit", "near", metres=9000, protected=True)
    pace = rule("yearly_pace", "pace", changes=4)
    instance = with_entries(replace(tiny(8), objectives=(StaffCost(),)), near, pace)
    assert [e.id for e in priceable(instance)] == ["pace"]
    assert [e.id for e in priceable(instance, ["near"])] == ["near"]
    with pytest.raises(InputError):
        priceable(instance, ["one_mode"])
    city_, plan = city(*CASES[0]), best_plan(CASES[0])
    empty = replace(plan, staff=plan.staff * 0)
    with pytest.raises(InputError, match="breaks"):
        price(city_, empty, exactly, priceable(city_))


def test_steps_follow_the_unit_of_the_limit() -> None:
    """500 m, one change, one per cent – of a reserve too, whose readings are in minutes."""
    steps = {
        rule("travel_limit", "a", metres=9000): 500,
        rule("yearly_pace", "b", changes=4): 1,
        rule("enough_staff", "c", reserve=10): 1,
        rule("budget", "d", yen=12_345): 123,
    }
    for entry, step in steps.items():
        assert limits.step_of(entry) == step
    reserve = rule("enough_staff", "c", reserve=10)
    assert limits.unit(reserve) == "%" and limits.widened(reserve, 10, 1) == 9
    assert limits.widened(reserve, 0, 5) is None


@pytest.mark.parametrize(
    ("interval", "told"),
    [
        ((5, 5), "proved"),
        ((0, 0), "proved"),
        ((5, 9), "between"),
        ((0, 9), "open"),
        ((-3, 9), "open"),
        ((None, 9), "open"),
        ((5, None), "at least"),
        ((0, None), "unknown"),
        ((None, None), "unknown"),
    ],
)
def test_verdicts(interval: tuple[int | None, int | None], told: str) -> None:
    """A price is only told where 0 is ruled out."""
    assert verdict(*interval) == told


def test_per_year_is_rounded_outwards() -> None:
    """The interval of a year holds that of all years divided."""
    assert Price("left out", None, "between", 7, 10).per_year(4) == (1, 3)


def test_the_verb_of_the_library() -> None:
    """`optimizer.price` is the verb behind the command."""
    case = CASES[0]
    found = optimizer.price(city(*case), best_plan(case), ["yearly_pace asked"], solve_limit=20)
    assert [one.entry.id for one in found.priced] == ["yearly_pace asked"]
    assert contains(case, "yearly_pace asked", found.priced[0].prices[0])
