"""Sites and stages by hand: how long, how many, after whom, from which volume on, in which mode."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from optimizer.city.plan import Plan
from optimizer.city.years import period_before, years_between
from optimizer.constraints import registry
from optimizer.files.instance_folder import read_instance
from optimizer.model.build import build
from optimizer.model.example import town, town_plan
from optimizer.model.instance import Constraint, Instance
from optimizer.model.where import Where

LONGER = replace(town(), periods=town().periods.assign(years=[1, 2, 1]))
"""The town in which 2017 stands for two years."""


def entry(name: str, **values: object) -> Constraint:
    return registry()[name](id=name, **values)


def reading(rule: Constraint, plan: Plan, *key: object, instance: Instance = town()) -> list[int]:  # noqa: B008
    """Actual, limit and margin for one key, after the rows have been asked whether they agree."""
    readings = rule.readings(instance, plan)
    model = build(instance, [rule])
    broken = {label for _, label in model.program.broken(model.encode(plan))}
    assert bool(broken) == (not readings.violations.empty)
    return list(readings.table.loc[key])


def test_years_count_from_beginning_to_beginning() -> None:
    """A period of two years lies between its own beginning and that of the next."""
    assert years_between(LONGER, 2016, 2018) == 3
    assert years_between(LONGER, 2017, 2018) == 2
    assert years_between(LONGER, 2018, 2018) == 0
    assert [period_before(LONGER, 2018, years) for years in range(5)] == [
        2018,
        2017,
        2017,
        2016,
        None,
    ]


def test_a_stay_is_counted_in_years_not_periods() -> None:
    """A corner that closes after one period of two years has stayed two years."""
    plan = town_plan().with_mode("B2", 2017, "service_corner").with_mode("B2", 2018, "closed")
    key = ("B2", 2017)
    assert reading(entry("minimum_stay", years=2), plan, *key, instance=LONGER) == [2, 2, 0]
    assert reading(entry("minimum_stay", years=3), plan, *key, instance=LONGER) == [2, 3, -1]
    assert reading(entry("minimum_stay", years=2), plan, *key) == [1, 2, -1]


def test_the_end_of_the_plan_cuts_no_stay_short() -> None:
    """What changes in the last period, or never, has kept what was asked."""
    rule = entry("minimum_stay", years=5)
    assert reading(rule, town_plan(), "B1", 2018) == [5, 5, 0]
    assert reading(rule, town_plan(), "W1", 2017) == [5, 5, 0]


def test_a_stay_may_be_asked_of_some_modes_only() -> None:
    """A corner may close at once where only post offices have to stay."""
    plan = town_plan().with_mode("B2", 2017, "service_corner").with_mode("B2", 2018, "closed")
    rule = entry("minimum_stay", years=2, modes=("post_office",))
    assert reading(rule, plan, "B2", 2017) == [2, 2, 0]
    assert reading(rule, plan.with_mode("P2", 2018, "closed"), "P2", 2017) == [1, 2, -1]


def test_changes_are_counted_by_ward() -> None:
    """B1 and the annex X1 of ward A change in 2018, nothing in 2017, and B has no such points."""
    rule = entry("ward_pace", changes=1, kinds=("branch", "annex"))
    assert reading(rule, town_plan(), "A", 2018) == [2, 1, -1]
    assert reading(rule, town_plan(), "A", 2017) == [0, 1, 1]
    assert set(rule.readings(town(), town_plan()).table.index) == {("A", 2017), ("A", 2018)}


def test_the_pace_of_a_ward_needs_points_in_wards() -> None:
    """Stores lie in no ward, so a pace by ward for them is refused and names the store."""
    assert entry("ward_pace", changes=1).problems(town()) == []
    (problem,) = entry("ward_pace", changes=1, kinds=("store",)).problems(town())
    assert (problem.file, problem.column, problem.value) == ("points.csv", "ward", "S1")


def linked_plan() -> Plan:
    """B1 a corner from 2017 on; in 2018 B2 becomes one and the plaza closes."""
    plan = town_plan().with_mode("B1", 2017, "service_corner")
    plan = plan.with_mode("B1", 2018, "service_corner").with_mode("Z1", 2018, "closed")
    return plan.with_mode("B2", 2018, "service_corner")


@pytest.mark.parametrize(
    ("after", "years_later", "waiting"),
    [(("B1", "B2"), 0, 0), (("B1", "B2"), 1, 1), (("B1",), 1, 0), (("B1", "B2"), 2, 2)],
)
def test_how_long_a_counter_waits(after: tuple[str, ...], years_later: int, waiting: int) -> None:
    """At the same time, a year later or two: B2 goes in the year of the plaza, B1 a year before."""
    rule = entry("linked_changes", points=("Z1",), after=after, years_later=years_later)
    assert reading(rule, linked_plan(), "Z1", 2018) == [waiting, 0, -waiting]
    assert reading(rule, linked_plan(), "Z1", 2017) == [0, 0, 0]


def test_what_is_wound_down_today_keeps_nobody_waiting() -> None:
    """Today's modes stand for all that was before, however many years are asked."""
    today = town().points["mode_today"].replace({"plain_branch": "service_corner"})
    early = replace(town(), points=town().points.assign(mode_today=today))
    plan = linked_plan().with_mode("B2", 2018, "general_branch")
    rule = entry("linked_changes", points=("Z1",), after=("B1",), years_later=9)
    assert reading(rule, plan, "Z1", 2018, instance=early) == [0, 0, 0]
    assert reading(rule, plan, "Z1", 2018) == [1, 0, -1]


def test_a_counter_that_waits_for_itself_is_refused() -> None:
    """Lists that share a counter, or are empty, say nothing that could be kept."""
    for points, after in [(("B1",), ("B1", "B2")), ((), ("B1",)), (("B1",), ())]:
        assert entry("linked_changes", points=points, after=after).problems(town())
    assert not entry("linked_changes", points=("Z1",), after=("B1",)).problems(town())


def test_the_volume_before_a_move_is_that_of_the_plan() -> None:
    """B1 has 7,000 cases today and, with D3's counter certificates and registrations, 5,000 in 2017."""
    rule = entry("trigger_volume", cases=6000)
    assert reading(rule, town_plan().with_mode("B1", 2017, "service_corner"), "B1", 2017) == [
        7000,
        6000,
        -1000,
    ]
    assert reading(rule, town_plan().with_mode("B1", 2018, "service_corner"), "B1", 2018) == [
        5000,
        6000,
        1000,
    ]
    assert reading(rule, town_plan(), "B1", 2018) == [0, 6000, 6000]


def test_a_volume_may_be_of_some_services() -> None:
    """Of the 5,000 cases of B1 in 2017, 1,000 are registrations."""
    rule = entry("trigger_volume", cases=999, services=("registration",))
    plan = town_plan().with_mode("B1", 2018, "service_corner")
    assert reading(rule, plan, "B1", 2018) == [1000, 999, -1]


@pytest.mark.parametrize(("per_cent", "actual"), [(28, 28), (29, 28), (20, 20)])
def test_a_fall_is_rounded_down_and_counted_up_to_the_limit(per_cent: int, actual: int) -> None:
    """From 7,000 to 5,000 cases is a fall of 28.57 %: enough for 28, not for 29."""
    plan = town_plan().with_mode("B1", 2018, "service_corner")
    rule = entry("trigger_fall", per_cent=per_cent)
    assert reading(rule, plan, "B1", 2018) == [actual, per_cent, actual - per_cent]


def test_a_fall_needs_enough_years_behind_it() -> None:
    """In 2018 only one year of volumes lies behind, or none before 2017."""
    plan = town_plan().with_mode("B2", 2018, "service_corner")
    assert reading(entry("trigger_fall", per_cent=30, years=1), plan, "B2", 2018) == [30, 30, 0]
    assert reading(entry("trigger_fall", per_cent=30, years=2), plan, "B2", 2018) == [0, 30, -30]


def test_a_volume_that_rose_has_not_fallen_and_nothing_has() -> None:
    """Without welfare today, welfare in 2017 is a rise; without any, there is nothing left to lose."""
    quiet = town().demand.copy()
    quiet.loc[["D2"], ["welfare"], 2016] = 0
    rose = replace(town(), demand=quiet)
    plan = town_plan().with_mode("B2", 2018, "service_corner")
    rule = entry("trigger_fall", per_cent=30, services=("welfare",))
    assert reading(rule, plan, "B2", 2018, instance=rose) == [0, 30, -30]
    nothing = plan.without_assignment("D2", "welfare", 2017)
    assert reading(rule, nothing, "B2", 2018, instance=rose) == [30, 30, 0]


def test_a_count_is_set_beside_the_nearer_bound() -> None:
    """The town runs two branches, an annex and a plaza; in 2018 the annex is an agency, still open."""
    kinds = ("branch", "annex", "plaza")
    for least, most, expected in [
        (1, 5, [4, 5, 1]),
        (3, 9, [4, 3, 1]),
        (4, 4, [4, 4, 0]),
        (5, 9, [4, 5, -1]),
        (0, 3, [4, 3, -1]),
    ]:
        rule = entry("open_count", kinds=kinds, least=least, most=most)
        assert reading(rule, town_plan(), 2018) == expected
    staffed = entry("open_count", kinds=kinds, modes=("annex", "plaza"), least=2, most=2)
    assert reading(staffed, town_plan(), 2017) == [2, 2, 0]
    assert reading(staffed, town_plan(), 2018) == [1, 2, -1]


def test_bounds_that_cross_are_refused() -> None:
    """At least three and at most two is no number."""
    assert entry("open_count", kinds=("branch",), least=3, most=2).problems(town())
    assert not entry("open_count", kinds=("branch",), least=2, most=2).problems(town())


USES = {
    "keep": (
        'modes = ["general_branch", "plain_branch"]\nwhere = { points = ["B07"] }',
        {"B07": {"general_branch", "plain_branch"}},
        [2017, 2018, 2019, 2020],
    ),
    "forbid": (
        'modes = ["general_branch", "plain_branch", "service_corner"]\n'
        'where = { kinds = ["branch"], wards = ["北区"] }',
        {p: {"general_branch", "plain_branch", "service_corner"} for p in ("B12", "B13", "B14")},
        [2017, 2018, 2019, 2020],
    ),
    "fix": (
        'modes = ["service_corner"]\nwhere = { points = ["B08"], periods = [2018, 2019] }',
        {"B08": {"service_corner"}},
        [2018, 2019],
    ),
}


@pytest.mark.parametrize("use", USES)
def test_modes_are_kept_forbidden_and_fixed_in_the_file(folder: Path, use: str) -> None:
    """One entry of instance.toml says which points have which modes in which years."""
    text, allowed, periods = USES[use]
    file = folder / "instance.toml"
    stated = f'\n[[constraint]]\ntype = "allowed_modes"\nid = "stated"\n{text}\n'
    file.write_text(file.read_text(encoding="utf-8") + stated, encoding="utf-8")
    instance = read_instance(folder)
    (rule,) = [e for e in instance.entries if e.id == "stated"]
    everywhere = pd.MultiIndex.from_product(
        [instance.points.index, instance.planned], names=["point", "period"]
    )
    none = pd.Series(dtype=object)
    for mode in instance.kinds["branch"]:
        plan = Plan(pd.Series(mode, index=everywhere), none, none)
        found = rule.readings(instance, plan).violations.index
        assert set(found) == {
            (p, t) for p, modes in allowed.items() if mode not in modes for t in periods
        }
    (rows,) = [rows for name, rows in build(instance, [rule]).program.rows if name == "stated"]
    assert set(rows.index) == {(p, t) for p in allowed for t in periods}


def test_where_limits_the_points_that_wait() -> None:
    """An entry may hold in some years only."""
    rule = registry()["linked_changes"](
        id="late", points=("Z1",), after=("B1",), where=Where(periods=(2017,))
    )
    plan = town_plan().with_mode("Z1", 2018, "closed")
    assert rule.readings(town(), plan).violations.empty
    assert not rule.readings(town(), plan.with_mode("Z1", 2017, "closed")).violations.empty
