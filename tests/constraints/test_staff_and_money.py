"""Staff and money by hand: capacity, teams, swings, headcount, workload and budget."""

from dataclasses import replace
from fractions import Fraction

import pandas as pd
import pytest

from optimizer.audit.verify import verify
from optimizer.city.city import Extension
from optimizer.city.plan import Plan
from optimizer.constraints import registry
from optimizer.model.build import build
from optimizer.model.example import town, town_plan
from optimizer.model.instance import Constraint, Instance
from optimizer.model.program import Program
from optimizer.model.readings import Readings
from optimizer.model.where import Where
from optimizer.objectives.staff_cost import StaffCost
from optimizer.solver.solve import SolveSettings, solve

ALWAYS = tuple(rule(id=name) for name, rule in registry().items() if rule.always)


def entry(name: str, **values: object) -> Constraint:
    return registry()[name](**{"id": name, **values})


def with_capacity(**cases: int) -> Instance:
    """The town in which some points take only so many cases a year."""
    points = town().points.copy()
    for point, most in cases.items():
        points.loc[point, "capacity"] = most
    return replace(town(), points=points)


def readings(rule: Constraint, plan: Plan, instance: Instance = town()) -> Readings:  # noqa: B008
    """What the check reads, once the rows have been asked whether they say the same."""
    found = rule.readings(instance, plan)
    model = build(instance, [rule])
    values = model.encode(plan)
    assert values is not None
    broken: set[object] = set()
    for rows in [rows for name, rows in model.program.rows if name == rule.id]:
        at = [rows.index.names.index(label) for label in rule.key]
        labels = [label for _, label in Program(rows=[("", rows)]).broken(values)]
        broken |= {tuple(label[n] for n in at) for label in labels}
    assert broken == set(found.violations.index.to_flat_index())
    return found


def row(rule: Constraint, plan: Plan, *key: object, instance: Instance = town()) -> list[int]:  # noqa: B008
    """Actual, limit and margin for one key."""
    return list(readings(rule, plan, instance).table.loc[key])


def test_capacity_counts_cases_not_minutes() -> None:
    """P2 takes 2,000 cards and 4,000 certificates of D2: 6,000 cases a year, exactly its capacity."""
    rule, city = entry("capacity"), with_capacity(P2=6000)
    assert row(rule, town_plan(), "P2", 2017, instance=city) == [6000, 6000, 0]
    tight = with_capacity(P2=5999)
    assert row(rule, town_plan(), "P2", 2018, instance=tight) == [6000, 5999, -1]


def test_capacity_may_count_some_services_only() -> None:
    """Of the 6,000 cases at P2, 2,000 are certificates by card."""
    rule = entry("capacity", services=("certificate_card",))
    assert row(rule, town_plan(), "P2", 2017, instance=with_capacity(P2=2000)) == [2000, 2000, 0]


def test_a_closed_point_takes_nothing_and_an_unlimited_one_has_no_reading() -> None:
    """P2 closed has the limit 0; points without a capacity are not read."""
    rule, city = entry("capacity"), with_capacity(P2=9000)
    shut = town_plan().with_mode("P2", 2018, "closed")
    assert row(rule, shut, "P2", 2018, instance=city) == [6000, 0, -6000]
    table = rule.readings(city, town_plan()).table
    assert set(table.index) == {("P2", 2017), ("P2", 2018)}


def test_capacity_needs_a_point_that_has_one() -> None:
    """An entry that can limit nothing is refused, with the column that is missing."""
    (problem,) = entry("capacity").problems(town())
    assert problem.file == "points.csv" and problem.column == "capacity"
    assert entry("capacity").problems(with_capacity(P2=1)) == []


def test_a_capacity_moves_a_service_elsewhere() -> None:
    """With room for 3,999 cases at P2, the 4,000 certificates of D2 go elsewhere; cards still fit."""
    rules = (*ALWAYS, entry("capacity"))
    city = replace(with_capacity(P2=3999), entries=rules, objectives=(StaffCost(),))
    plan = solve(city, SolveSettings(gap=Fraction(0), time_limit=20)).plan
    assert plan is not None and verify(city, plan).violations == 0
    assert (plan.assignments.xs("certificate_counter", level="service").loc["D2"] != "P2").all()


def test_teams_are_whole() -> None:
    """Three persons at B2 are one team of two and one person more; a team of three has none over."""
    assert row(entry("staff_steps", persons=2), town_plan(), "B2", 2017) == [1, 0, -1]
    assert row(entry("staff_steps", persons=3), town_plan(), "B2", 2017) == [0, 0, 0]
    assert row(entry("staff_steps", persons=1), town_plan(), "W1", 2018) == [0, 0, 0]


def test_a_team_is_no_larger_than_a_crew() -> None:
    """The largest crew of the town is three: a team of four is refused, one of three is not."""
    assert [p.value for p in entry("staff_steps", persons=4).problems(town())] == ["4"]
    assert entry("staff_steps", persons=3).problems(town()) == []


def test_a_swing_is_read_where_the_mode_stays() -> None:
    """W1 goes from 3 to 2 persons; B1 from 2 to 3 but becomes another branch; 2017 is not read."""
    rule = entry("steady_staff", persons=0)
    assert row(rule, town_plan(), "W1", 2018) == [1, 0, -1]
    assert row(rule, town_plan(), "B1", 2018) == [0, 0, 0]
    assert set(rule.readings(town(), town_plan()).table.index.get_level_values("period")) == {2018}


def test_today_counts_only_if_the_entry_says_so() -> None:
    """Today's derived staff of W2 is 3, in 2017 it is 2."""
    rule = entry("steady_staff", persons=0, from_today=True)
    assert row(rule, town_plan(), "W2", 2017) == [1, 0, -1]
    assert row(rule, town_plan(), "W1", 2017) == [0, 0, 0]
    only = entry("steady_staff", persons=0, from_today=True, where=Where(points=("B2",)))
    assert readings(only, town_plan()).violations.empty


def test_the_headcount_falls_by_so_many_persons() -> None:
    """Today 4 in community support and 2 + 3 + 3 + 3 + 1 + 1 at counters: 17 in all, 13 at counters.
    In 2017 12 are at counters and 5 in community support, in 2018 11 and 6.
    """
    assert row(entry("headcount_path"), town_plan(), 2017) == [17, 17, 0]
    assert row(entry("headcount_path", fewer=1), town_plan(), 2018) == [17, 16, -1]
    counters = entry("headcount_path", counters_only=True, fewer=2)
    assert row(counters, town_plan(), 2017) == [12, 11, -1]
    assert row(counters, town_plan(), 2018) == [11, 11, 0]


def test_a_path_has_a_step_for_each_year() -> None:
    """One person fewer at the counters in 2017, two in 2018: two entries, each for its year."""
    first = entry("headcount_path", counters_only=True, fewer=1, where=Where(periods=(2017,)))
    second = entry("headcount_path", counters_only=True, fewer=2, where=Where(periods=(2018,)))
    for rule in (first, second):
        assert len(rule.readings(town(), town_plan()).table) == 1
        assert readings(rule, town_plan()).violations.empty


def test_work_is_set_beside_the_nearer_bound() -> None:
    """W1 in 2017: 110,000 min of work for 3 x 50,000 min: 73.3 %; the bounds are 75,000 and 135,000."""
    rule = entry("workload_balance", least_per_cent=50, most_per_cent=90)
    assert row(rule, town_plan(), "W1", 2017) == [110000, 135000, 25000]
    # B2: 50,000 min for 150,000 min, a third
    assert row(rule, town_plan(), "B2", 2017) == [50000, 75000, -25000]
    # 2018: 90,000 min for 100,000 min, exactly 90 %
    assert row(rule, town_plan(), "W1", 2018) == [90000, 90000, 0]


def test_bounds_of_work_are_exact_to_the_minute() -> None:
    """A third of 150,000 min is 33.3 %: least 33 % (49,500 min) holds, 34 % (51,000 min) does not."""
    assert row(entry("workload_balance", least_per_cent=33), town_plan(), "B2", 2018)[2] == 500
    assert row(entry("workload_balance", least_per_cent=34), town_plan(), "B2", 2018)[2] == -1000


def test_longer_hours_count_as_time() -> None:
    """With 25,000 min more for each of three persons, B2 has 225,000 min, of which 20 % are 45,000."""
    longer = replace(town(), extension=Extension(25_000, 0))
    staffed = town_plan().staff.index.get_level_values("point").isin(town().staffed_points)
    chosen = pd.Series(0, index=town_plan().staff.index[staffed])
    chosen["B2", 2017] = 1
    plan = replace(town_plan(), extra={**town_plan().extra, "extended": chosen})
    rule = entry("workload_balance", least_per_cent=20)
    assert row(rule, plan, "B2", 2017, instance=longer) == [50000, 45000, 5000]
    assert row(rule, plan, "B2", 2018, instance=longer) == [50000, 30000, 20000]


def test_a_partner_is_free_of_the_balance() -> None:
    """P2 and the agency X1 have no staff, whatever they do; contradicting bounds are refused."""
    rule = entry("workload_balance", least_per_cent=0, most_per_cent=100)
    table = rule.readings(town(), town_plan()).table
    assert "P2" not in table.index.get_level_values("point")
    assert ("X1", 2018) not in table.index and ("X1", 2017) in table.index
    wrong = entry("workload_balance", least_per_cent=60, most_per_cent=50)
    assert [problem.value for problem in wrong.problems(town())] == ["60"]


#       2017: 1.8 million of fees, 0.4 of moves, 33.2 of running cost, 84 of wages (12 x 7)
#       2018: 1.8, 2.5 (B1 2.0, X1 0.5), 32.8 and 77
@pytest.mark.parametrize(
    ("items", "since_start", "spent"),
    [
        ((), False, [119_400_000, 114_100_000]),
        ((), True, [119_400_000, 233_500_000]),
        (("moving",), False, [400_000, 2_500_000]),
        (("moving",), True, [400_000, 2_900_000]),
        (("fees", "running"), False, [35_000_000, 34_600_000]),
        (("wages",), True, [84_000_000, 161_000_000]),
    ],
)
def test_a_budget_by_hand(items: tuple[str, ...], since_start: bool, spent: list[int]) -> None:
    """What is counted, by year or since the start; one yen less than it takes is too little."""
    values = {"items": items, "since_start": since_start}
    for period, yen in zip((2017, 2018), spent, strict=True):
        assert row(entry("budget", yen=yen, **values), town_plan(), period) == [yen, yen, 0]
        assert row(entry("budget", yen=yen - 1, **values), town_plan(), period)[2] == -1


def test_a_period_of_two_years_is_paid_twice_but_moves_once() -> None:
    """With 2017 standing for two years its wages double and its moves do not."""
    longer = replace(town(), periods=town().periods.assign(years=[1, 2, 1]))
    wages = entry("budget", yen=0, items=("wages",))
    assert row(wages, town_plan(), 2017, instance=longer)[0] == 168_000_000
    moves = entry("budget", yen=0, items=("moving",))
    assert row(moves, town_plan(), 2017, instance=longer)[0] == 400_000


def test_longer_hours_are_an_item_where_they_are_offered() -> None:
    """Without an offer nothing is spent on them, and no budget for them can be passed."""
    rule = entry("budget", yen=0, items=("hours",))
    assert row(rule, town_plan(), 2017) == [0, 0, 0]
    longer = replace(town(), extension=Extension(25_000, 300_000))
    chosen = pd.Series(
        1, index=pd.MultiIndex.from_tuples([("B2", 2017)], names=["point", "period"])
    )
    plan = replace(town_plan(), extra={**town_plan().extra, "extended": chosen})
    assert row(rule, plan, 2017, instance=longer) == [300_000, 0, -300_000]


def test_an_item_is_named_once() -> None:
    """Naming an item twice is refused, for it would not count twice."""
    rule = entry("budget", yen=1, items=("fees", "moving", "fees"))
    assert [problem.value for problem in rule.problems(town())] == ["fees"]


def test_several_budgets_and_the_objective_share_columns() -> None:
    """Fees that depend on the mode are carried by one block of columns, however often they count."""
    modes = town().modes.copy()
    modes.loc["agency", "fee"] = 500
    kinds = {**town().kinds, "annex": ("annex", "agency", "post_office")}
    rules = (entry("budget", yen=10**9), entry("budget", id="fees", yen=10**6, items=("fees",)))
    city = replace(town(), modes=modes, kinds=kinds, objectives=(StaffCost(),))
    model = build(city, rules)
    values = model.encode(town_plan())
    assert values is not None
    assert [name for name in model.decisions.derived if "paid" in name] == ["paid"]
    assert {name for name, _ in model.program.broken(values)} == {"fees"}


def test_a_budget_for_moves_holds_when_solved() -> None:
    """Two post offices' worth of moves (400,000 yen) are allowed: neither branch nor annex changes."""
    rules = (*ALWAYS, entry("budget", yen=400_000, items=("moving",), since_start=True))
    city = replace(town(), entries=rules, objectives=(StaffCost(),))
    free = solve(replace(city, entries=ALWAYS), SolveSettings(gap=Fraction(0), time_limit=20)).plan
    plan = solve(city, SolveSettings(gap=Fraction(0), time_limit=20)).plan
    assert free is not None and plan is not None
    assert verify(city, plan).violations == 0 and verify(city, free).violations > 0


RULES = {
    "capacity": {},
    "staff_steps": {"persons": 2},
    "steady_staff": {"persons": 1, "from_today": True},
    "headcount_path": {},
    "workload_balance": {"least_per_cent": 10},
    "budget": {"yen": 10**6},
}


@pytest.mark.parametrize("name", RULES)
def test_odd_plans_are_read_all_the_same(name: str) -> None:
    """A plan that sends nobody anywhere, has nobody at work or leaves a staffed year out."""
    rule, city = entry(name, **RULES[name]), with_capacity(P2=100)
    plan = town_plan()
    for odd in (
        replace(plan, assignments=plan.assignments.iloc[:0]),
        replace(plan, staff=plan.staff.iloc[:0], extra={}),
        plan.with_assignment("D2", "certificate_card", 2017, "S1"),  # no way known
        plan.with_assignment("D4", "welfare", 2018, "W2"),  # no demand
    ):
        assert len(rule.readings(city, odd).table)
