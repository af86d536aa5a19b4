"""Rules on fairness, by numbers worked out by hand and by the formulas of the literature."""

from dataclasses import replace
from fractions import Fraction
from math import ceil
from random import Random

import numpy as np
import pandas as pd
import pytest

from optimizer.city.plan import Plan
from optimizer.city.weights import assigned_links, weights
from optimizer.constraints import registry
from optimizer.model.build import build
from optimizer.model.example import town, town_plan
from optimizer.model.instance import Constraint, Instance
from optimizer.model.random_city import city
from optimizer.model.random_plan import perturbed, sound_plan, within_columns
from optimizer.model.where import Where

REGISTRATION = ("registration",)


def entry(name: str, **values: object) -> Constraint:
    """An entry of the constraint `name`."""
    return registry()[name](id=name, **values)


def holds(rule: Constraint, plan: Plan, instance: Instance | None = None) -> bool:
    """Whether `plan` keeps `rule`; rows and check must say the same."""
    instance = instance or town()
    model = build(instance, [rule])
    values = model.encode(plan)
    kept = rule.readings(instance, plan).violations.empty
    assert kept == (values is not None and not model.program.broken(values))
    return kept


def measured(rule: Constraint, plan: Plan, instance: Instance | None = None) -> dict[object, int]:
    """The actual values of the readings, by key."""
    return dict(rule.readings(instance or town(), plan).table["actual"])


def drawn(seed: int) -> tuple[Instance, list[Plan]]:
    """A random city and some plans for it."""
    instance, random = city(seed), Random(seed)
    plan = sound_plan(instance, random)
    plans = [plan, perturbed(plan, instance, random), perturbed(plan, instance, random)]
    model = build(instance, [])
    return instance, [within_columns(p, model) for p in plans]


# --- ward_parity -------------------------------------------------------------------------------


def test_ward_parity_by_hand() -> None:
    """Ward A goes 900 m on average, the city 825 m: 109.09 %, told as 110."""
    plan = town_plan()
    # registration: A has D1 500, D2 1500, D3 700 m, mean 900; B has D4 600 m; city 3300 / 4 = 825
    rule = entry("ward_parity", per_cent=110, services=REGISTRATION)
    assert measured(rule, plan)["A", 2017] == 110 and measured(rule, plan)["B", 2017] == 73
    assert holds(rule, plan)
    assert not holds(entry("ward_parity", per_cent=109, services=REGISTRATION), plan)


def test_means_of_wards_are_rounded_up() -> None:
    """Means of 900.33 m and 825.25 m are taken as 901 m and 826 m: 109.08 %, told as 110."""
    cells = town().travel.copy()
    cells.loc[("D3", "B1"), "metres"] = 701
    near = replace(town(), travel=cells)
    rule = entry("ward_parity", per_cent=110, services=REGISTRATION)
    assert measured(rule, town_plan(), near)["A", 2018] == 110  # 901 / 826 = 1.0908
    assert holds(rule, town_plan(), near)


def test_ward_parity_counts_the_group() -> None:
    """With all older residents in D2, ward A goes 1500 m and so does nobody else."""
    older = town().districts.assign(residents75=[0, 700, 0, 300])
    grey = replace(town(), districts=older)
    rule = entry("ward_parity", per_cent=120, services=REGISTRATION, group="residents75")
    # city: (700 x 1500 + 300 x 600) / 1000 = 1230; A 1500 = 121.95 %, B 600 = 48.8 %
    assert measured(rule, town_plan(), grey)["A", 2017] == 122
    assert not holds(rule, town_plan(), grey)


def test_all_wards_below_the_mean_is_refused() -> None:
    """Less than 100 % makes sense for named wards only."""
    assert entry("ward_parity", per_cent=99).problems(town())
    assert not entry("ward_parity", per_cent=100).problems(town())
    assert not entry("ward_parity", per_cent=99, where=Where(wards=("B",))).problems(town())


# --- ede_limit ---------------------------------------------------------------------------------


def test_ede_by_hand() -> None:
    """Ways of 500, 1500, 700 and 600 m are as good as 911.5 m for everybody, told as 912."""
    # kappa = 3300 / 3,350,000; exp(kappa m) = 1.6365, 4.3825, 1.9928, 1.8059, mean 2.4544;
    # ln of it 0.89789, by kappa 911.5 m. In felt metres 646 + 3434 + 1008 + 818 = 5906, and
    # F(911) = 1475 < 5906 / 4 = 1476.5 <= F(912)
    rule = entry("ede_limit", metres=912, services=REGISTRATION)
    assert measured(rule, town_plan()) == {(2017,): 912, (2018,): 912}
    assert holds(rule, town_plan())
    assert not holds(entry("ede_limit", metres=911, services=REGISTRATION), town_plan())


def test_ede_without_aversion_is_the_mean() -> None:
    """With aversion 0 the equivalent of 3300 / 4 = 825 m is the mean."""
    rule = entry("ede_limit", metres=825, aversion=0, services=REGISTRATION)
    assert measured(rule, town_plan()) == {(2017,): 825, (2018,): 825}
    assert holds(rule, town_plan())
    assert not holds(rule.model_copy(update={"metres": 824}), town_plan())


def test_ede_rises_with_aversion() -> None:
    """The more a long way weighs, the longer the equivalent, up to the longest way."""
    found = [
        measured(entry("ede_limit", metres=0, aversion=a, services=REGISTRATION), town_plan())
        for a in (0, 50, 100, 200, 300)
    ]
    years = [reading[(2017,)] for reading in found]
    assert years == sorted(set(years)) and years[0] == 825 and years[-1] < 1500


def test_links_that_break_the_equivalent_alone_become_no_columns() -> None:
    """One district of four cannot go 6000 m where all together may feel as much as 4 x 1500 m."""
    plain, ruled = (
        build(town(), rules).program.columns["assign"].index
        for rules in ([], [entry("ede_limit", metres=1500, services=REGISTRATION)])
    )
    gone = plain.difference(ruled)
    assert ("D1", "registration", "B2", 2017) in gone
    assert ("D1", "registration", "B1", 2017) not in gone  # 2500 m can be made up for
    assert {service for _, service, _, _ in gone} == set(REGISTRATION)


def test_an_equivalent_that_cannot_be_measured_is_refused() -> None:
    """No ways to a service, or a limit beyond what is told apart, are told when loading."""
    nobody = replace(town(), demand=town().demand * 0)
    assert entry("ede_limit", metres=1000).problems(nobody)
    assert entry("ede_limit", metres=10**7).problems(town())
    assert not entry("ede_limit", metres=3000).problems(town())


# --- cvar_limit --------------------------------------------------------------------------------


def test_cvar_by_hand() -> None:
    """The worst 30 % of 4000 cases are the 1000 of 1500 m and 200 of the 1000 of 700 m."""
    rule = entry("cvar_limit", metres=1367, per_cent=30, services=REGISTRATION)
    # (1000 x 1500 + 200 x 700) / 1200 = 1,640,000 / 1200 = 1366.67
    assert measured(rule, town_plan()) == {(2017,): 1367, (2018,): 1367}
    assert holds(rule, town_plan())
    assert not holds(rule.model_copy(update={"metres": 1366}), town_plan())


def test_cvar_of_all_is_the_mean_and_of_few_the_worst() -> None:
    """100 % is everybody, 1 % of 4000 cases are 40 of those with the longest way."""
    for per_cent, metres in ((100, 825), (1, 1500), (25, 1500)):
        rule = entry("cvar_limit", metres=9999, per_cent=per_cent, services=REGISTRATION)
        assert measured(rule, town_plan()) == {(2017,): metres, (2018,): metres}


@pytest.mark.parametrize("seed", range(10))
def test_cvar_is_the_minimum_of_rockafellar_and_uryasev(seed: int) -> None:
    """The reading is the least of level + mean excess over the share, over all levels."""
    instance, plans = drawn(seed)
    for plan, per_cent in zip(plans, (5, 33, 80), strict=True):
        rule = entry("cvar_limit", metres=0, per_cent=per_cent)
        found, whole = measured(rule, plan, instance), weights(instance, "cases")
        for t, weight in whole.groupby("period").sum().items():
            table = assigned_links(instance, plan, "cases")
            table = table[table["period"] == t]
            count = ceil(Fraction(per_cent * int(weight), 100))
            pairs = list(zip(table["weight"].tolist(), table["metres"].tolist(), strict=True))
            levels = [0, *(m for _, m in pairs)]
            least = min(
                level + Fraction(sum(w * max(m - level, 0) for w, m in pairs), count)
                for level in levels
            )
            assert found[(t,)] == ceil(least)


# --- spread_limit ------------------------------------------------------------------------------


def test_spread_by_hand() -> None:
    """Only D2 is beyond the mean of 825 m, by 675 m: 168.75 m for each of four."""
    rule = entry("spread_limit", metres=169, services=REGISTRATION)
    assert measured(rule, town_plan()) == {(2017,): 169, (2018,): 169}
    assert holds(rule, town_plan())
    assert not holds(rule.model_copy(update={"metres": 168}), town_plan())


@pytest.mark.parametrize("seed", range(10))
def test_spread_is_half_the_mean_deviation_to_two_metres(seed: int) -> None:
    """Rounding the mean and the result moves the measure by less than a metre each."""
    instance, plans = drawn(seed)
    rule = entry("spread_limit", metres=0)
    for plan in plans:
        found, table = measured(rule, plan, instance), assigned_links(instance, plan, "cases")
        everybody = weights(instance, "cases").groupby("period").sum()
        for t, part in table.groupby("period"):
            if part["weight"].sum() < everybody[t]:
                continue  # the formula knows no missing ways
            mean = np.average(part["metres"], weights=part["weight"])
            half = np.average((part["metres"] - mean).abs(), weights=part["weight"]) / 2
            assert half - 1 <= found[(t,)] < half + 1 + 1e-6


# --- no value of the derived columns makes a broken rule hold -------------------------------------


@pytest.mark.parametrize(
    ("rule", "column"),
    [
        (entry("cvar_limit", metres=1366, per_cent=30, services=REGISTRATION), "level"),
        (entry("spread_limit", metres=168, services=REGISTRATION), "mean"),
    ],
    ids=["cvar_limit", "spread_limit"],
)
def test_no_derived_value_rescues_a_broken_rule(rule: Constraint, column: str) -> None:
    """Whatever level or mean an engine chooses, a plan one metre beyond the limit breaks a row."""
    model = build(town(), [rule])
    values = model.encode(town_plan())
    base = model.program.columns[f"{rule.id} {column}"]
    (excess,) = (
        model.program.columns[name]
        for name in model.decisions.derived
        if name in (f"{rule.id} beyond", f"{rule.id} above")
    )
    served = town_plan().served(town()).set_index(["district", "service", "period"])["metres"]
    metres = served.reindex(excess.index).to_numpy()
    for level in range(0, 3001):
        values[base.first : base.first + len(base.index)] = level
        values[excess.first : excess.first + len(excess.index)] = np.maximum(metres - level, 0)
        assert model.program.broken(values)


# --- counter_changes ----------------------------------------------------------------------------


def test_counter_changes_by_hand() -> None:
    """A store for a year and the old counter again are two changes for the 8000 of the district."""
    back = town_plan().with_assignment("D1", "certificate_card", 2018, "W1")
    rule = entry("counter_changes", residents=7999)
    assert measured(rule, back)[("certificate_card",)] == 8000
    assert not holds(rule, back)
    assert holds(entry("counter_changes", residents=8000), back)
    # between 2017 and 2018 alone it is one change
    assert holds(entry("counter_changes", residents=0, from_today=False), back)


def test_times_say_how_many_changes_are_free() -> None:
    """With none free, all four districts that get a store or a post office count."""
    rule = entry("counter_changes", residents=0, times=0, group="residents65")
    assert measured(rule, town_plan())[("certificate_card",)] == 4 * 2000
    assert measured(rule, town_plan())[("registration",)] == 0
    assert holds(entry("counter_changes", residents=0, times=2), town_plan())


def test_a_year_without_demand_is_skipped() -> None:
    """Without registrations of D1 in 2017, 2018 is compared with today."""
    demand = town().demand.copy()
    demand["D1", "registration", 2017] = 0
    gap = replace(town(), demand=demand)
    plan = town_plan().without_assignment("D1", "registration", 2017)
    moved = plan.with_assignment("D1", "registration", 2018, "B1")
    rule = entry("counter_changes", residents=0, times=0, where=Where(services=REGISTRATION))
    assert holds(rule, plan, gap)
    assert not holds(rule, moved, gap)


# --- steady_counter -----------------------------------------------------------------------------


def test_coming_back_to_a_counter_that_was_closed_is_allowed() -> None:
    """D2 leaves the post office of today for a year: allowed if it was closed, else not."""
    points = town().points.copy()
    points.loc["P2", "mode_today"] = "post_office"
    opened = replace(town(), points=points)
    away = town_plan().with_assignment("D2", "certificate_counter", 2017, "B2")
    rule = entry("steady_counter", where=Where(services=("certificate_counter",)))
    assert holds(rule, town_plan(), opened)
    assert not holds(rule, away, opened)
    assert holds(rule, away.with_mode("P2", 2017, "closed"), opened)


def test_moving_on_is_no_coming_back() -> None:
    """Two changes to ever new counters are none of this rule's business."""
    plan = town_plan().with_assignment("D1", "registration", 2017, "B1")
    rule = entry("steady_counter")
    assert holds(rule, plan.with_assignment("D1", "registration", 2018, "B2"))
    assert not holds(rule, plan)  # W1, B1, W1
    assert holds(rule, plan.with_assignment("D1", "registration", 2018, "B1"))


# --- all ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ward_parity", "ede_limit", "cvar_limit", "spread_limit"])
def test_odd_plans_are_measured(name: str) -> None:
    """A way without a figure counts as far, one without demand or without a counter as nothing."""
    rule = registry()[name].examples().entry
    rule = rule.model_copy(update={"services": ()})
    far = town_plan().with_assignment("D2", "certificate_card", 2017, "S1")
    assert not rule.readings(town(), far).violations.empty
    idle = town_plan().with_assignment("D4", "welfare", 2018, "W2")
    pd.testing.assert_frame_equal(
        rule.readings(town(), idle).table, rule.readings(town(), town_plan()).table
    )
    nobody = replace(town_plan(), assignments=town_plan().assignments.iloc[:0])
    assert (rule.readings(town(), nobody).table["actual"] == 0).all()
