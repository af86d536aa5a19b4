"""Rules on distance and access, worked out by hand on the town of the examples."""

from dataclasses import replace
from random import Random

import pandas as pd
import pytest

from optimizer.audit.stored import sentence
from optimizer.city.plan import Plan
from optimizer.constraints.backup_counter import BackupCounter
from optimizer.constraints.coverage_share import CoverageShare
from optimizer.constraints.nearest_open import NearestOpen
from optimizer.constraints.no_worse_than_today import NoWorseThanToday
from optimizer.constraints.travel_limit import TravelLimit
from optimizer.model.build import build
from optimizer.model.example import town, town_open_longer, town_plan, town_plan_open_longer
from optimizer.model.instance import Constraint, Instance
from optimizer.model.random_city import city
from optimizer.model.random_plan import perturbed, sound_plan, within_columns
from optimizer.model.where import Where


def passes(entry: Constraint, plan: Plan, instance: Instance) -> bool:
    """Return the verdict on a plan, after making sure that rows and check agree on it."""
    model = build(instance, [entry])
    values = model.encode(plan)
    by_rows = values is not None and not model.program.broken(values)
    by_check = entry.readings(instance, plan).violations.empty
    assert by_rows == by_check
    return bool(by_check)


def actual(entry: Constraint, plan: Plan, *key: object, instance: Instance | None = None) -> int:
    """Return what the check measured for one key."""
    return int(entry.readings(instance or town(), plan).table.loc[key, "actual"])


def aged(**residents65: int) -> Instance:
    """Return the town (8000 residents a district) with other numbers of residents aged 65+."""
    ages = pd.Series(residents65).reindex(town().districts.index, fill_value=2000)
    return replace(town(), districts=town().districts.assign(residents65=ages))


def test_travel_limit_is_the_last_metre_allowed() -> None:
    """D3 goes 3000 m for welfare in 2017, the longest way of the plan: 3000 pass and 2999 do not."""
    assert passes(TravelLimit(id="x", metres=3000), town_plan(), town())
    assert not passes(TravelLimit(id="x", metres=2999), town_plan(), town())
    elsewhere = Where(districts=("D1", "D2", "D4"))
    assert passes(TravelLimit(id="x", metres=2999, where=elsewhere), town_plan(), town())


def test_travel_limit_can_be_for_old_districts_only() -> None:
    """With 2400 of 8000 residents aged 65+ a district has 30 %: concerned at 30, not at 31."""
    city = aged(D3=2400)
    for share, concerned in ((30, True), (31, False)):
        entry = TravelLimit(id="x", metres=2999, share65=share, where=Where(districts=("D3",)))
        assert passes(entry, town_plan(), city) != concerned
    districts = TravelLimit(id="x", metres=1, share65=30).check(city, town_plan()).table
    assert set(districts.index.get_level_values("district")) == {"D3"}


def test_travel_limit_needs_both_shares_and_some_district() -> None:
    """1000 of 8000 aged 75+ are 12.5 %; a share that no district reaches is refused, not ignored."""
    entry = TravelLimit(id="x", metres=1, share65=25, share75=13)
    (problem,) = entry.problems(town())
    assert problem.column == "constraint.x" and "share75=13" in problem.value
    assert entry.check(town(), town_plan()).table.empty
    assert TravelLimit(id="x", metres=1, share65=25, share75=12).problems(town()) == []


def test_coverage_counts_cases_within_reach() -> None:
    """Welfare in 2018 has three equal districts; with D1 sent 6000 m away two of three are 66.6 %."""
    plan = town_plan().with_assignment("D1", "welfare", 2018, "B2")
    where = Where(services=("welfare",), periods=(2018,))
    for per_cent, verdict in ((66, True), (67, False)):
        entry = CoverageShare(id="x", metres=2500, per_cent=per_cent, where=where)
        assert passes(entry, plan, town()) == verdict
        assert actual(entry, plan, "welfare", 2018) == 66


def test_coverage_weighs_a_group() -> None:
    """If 4000 of 10000 older residents live in D1, sending D1 away leaves 60 %, but 75 % of cases."""
    city = aged(D1=4000)
    plan = town_plan().with_assignment("D1", "registration", 2017, "B2")
    for group, share in (("residents65", 60), ("residents", 75), ("cases", 75)):
        entry = CoverageShare(id="x", metres=2500, per_cent=61, group=group)
        assert actual(entry, plan, "registration", 2017, instance=city) == share
        mine = CoverageShare(
            id="x",
            metres=2500,
            per_cent=61,
            group=group,
            where=Where(services=("registration",)),
        )
        assert passes(mine, plan, city) == (share >= 61)


def test_a_share_of_nobody_is_whole() -> None:
    """Where a group lives nowhere, nobody is uncovered."""
    nobody = replace(town(), districts=town().districts.assign(residents75=0))
    entry = CoverageShare(id="x", metres=1, per_cent=100, group="residents75")
    assert passes(entry, town_plan(), nobody)
    assert set(entry.check(nobody, town_plan()).table["actual"]) == {100}


def test_full_coverage_is_the_travel_limit() -> None:
    """Covering 100 % of the cases within a distance is the same as sending nobody further (LSCP)."""
    verdicts = []
    for seed in range(8):
        instance = city(seed)
        plan = sound_plan(instance, Random(seed))
        if len(plan.assignments) < len(instance.links.groupby(["district", "service", "period"])):
            continue  # coverage also objects to districts that are sent nowhere
        for metres in (1000, 5000, 9000):
            verdicts.append(passes(TravelLimit(id="x", metres=metres), plan, instance))
            all_near = CoverageShare(id="x", metres=metres, per_cent=100)
            assert passes(all_near, plan, instance) == verdicts[-1]
    assert set(verdicts) == {True, False}


def test_coverage_is_told_with_the_group_in_words() -> None:
    """The sentence says whose share it is, in the reader's language, not by its id."""
    entry = CoverageShare(id="x", metres=2500, per_cent=80, group="residents65")
    row = entry.readings(town(), town_plan()).tightest()
    assert "of the residents aged 65 or more within 2500 m" in sentence(town(), entry, row, "en")
    assert "65歳以上の住民のうち2500m以内" in sentence(town(), entry, row, "ja")


def test_nearest_open_lets_equals_be_equal() -> None:
    """With B1 and W1 both 500 m from D1 either will do; a metre more and B1 is second."""
    plan = town_plan().with_assignment("D1", "registration", 2017, "B1")
    for metres, verdict in ((500, True), (501, False)):
        assert passes(NearestOpen(id="x"), plan, moved("B1", metres)) == verdict


def test_nearest_open_looks_into_the_ward_where_the_service_does() -> None:
    """A nearer office in the next ward counts for registrations, and not for ward-bound welfare."""
    readings = NearestOpen(id="x").check(moved("W2", 400), town_plan()).violations
    keys = {
        ("D1", service, t)
        for service in ("certificate_counter", "registration")
        for t in (2017, 2018)
    }
    assert set(readings.index) == keys
    assert set(readings["actual"]) == {100}


def moved(point: str, metres: int) -> Instance:
    """Return the town with `point` at `metres` from D1."""
    travel = town().travel.copy()
    travel.loc[("D1", point), "metres"] = metres
    return replace(town(), travel=travel)


def test_backup_counters_are_counted_by_mode_and_ward() -> None:
    """Within 4500 m of D1 registration has W1 and B1, since 2018 the agency X1 too; welfare in the
    ward has W1 and, once B1 is a general branch, B1; D4 has one ward office of its own ward.
    """
    entry, plan = BackupCounter(id="x", metres=4500), town_plan()
    assert actual(entry, plan, "D1", "registration", 2017) == 2
    assert actual(entry, plan, "D1", "registration", 2018) == 3
    assert actual(entry, plan, "D1", "welfare", 2017) == 1
    assert actual(entry, plan, "D1", "welfare", 2018) == 2
    assert actual(entry, plan, "D4", "welfare", 2017) == 1
    assert ("D4", "welfare", 2018) not in entry.check(town(), plan).table.index  # no demand
    bound = Where(services=("welfare",), periods=(2018,))
    assert passes(BackupCounter(id="x", metres=4500, where=bound), plan, town())
    assert not passes(BackupCounter(id="x", metres=4500, counters=3, where=bound), plan, town())


def test_a_district_without_any_counter_in_reach_has_none() -> None:
    """Nothing within a metre is a reading of 0 and a row that cannot hold, not a missing key."""
    entry = BackupCounter(id="x", metres=1, counters=1)
    assert not passes(entry, town_plan(), town())
    table = entry.check(town(), town_plan()).table
    assert len(table) == 4 * 4 * 2 - 1 and set(table["actual"]) == {0}


def test_without_easements_no_worse_is_links_alone() -> None:
    """The plain rule adds no row and no column, and forbids what is over its metres beyond today."""
    entry = NoWorseThanToday(id="x", metres=2000)
    model = build(town(), [entry])
    assert entry.rows(town(), model.decisions) == []
    links = town().links
    own = links[(links["district"] == "D1") & (links["service"] == "registration")]
    forbidden = own[entry.forbids(town(), own)]
    assert set(forbidden["point"]) == {"B2", "W2", "P2", "X1"}  # today W1, 500 m; B1 is 2500 m


def test_an_easement_counts_when_it_is_there_and_near() -> None:
    """D1 may go 6000 m to B2 once X1, 4000 m away, is an agency: from 2018, and within 4000 m."""
    for period, within, verdict in ((2018, 4000, True), (2017, 4000, False), (2018, 3999, False)):
        entry = NoWorseThanToday(id="x", metres=2000, eased_by=("agency",), eased_within=within)
        plan = town_plan().with_assignment("D1", "registration", period, "B2")
        assert passes(entry, plan, town()) == verdict
        assert actual(entry, plan, "D1", "registration", period) == (0 if verdict else 5500)


def test_longer_hours_ease_the_way_to_that_counter_alone() -> None:
    """D3 goes 4000 m instead of 700 m: eased at W2 while that has longer hours, not at B2."""
    entry = NoWorseThanToday(id="x", metres=2000, eased_by_hours=True)
    plan = town_plan_open_longer()
    to_ward_office = plan.with_assignment("D3", "registration", 2017, "W2")
    assert passes(entry, to_ward_office, town_open_longer())
    shorter = to_ward_office.with_extra("extended", ("W2", 2017), 0)
    assert not passes(entry, shorter, town_open_longer())
    to_branch = plan.with_assignment("D3", "registration", 2017, "B2")
    assert not passes(entry, to_branch, town_open_longer())


def test_a_way_without_a_travel_figure_is_never_eased() -> None:
    """D2 has no way to the store S1, whatever stands nearby."""
    entry = NoWorseThanToday(id="x", metres=0, eased_by=("post_office",), eased_within=300)
    plan = town_plan().with_assignment("D2", "certificate_card", 2017, "S1")
    assert not passes(entry, plan, town())


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"eased_by": ("agency",)}, "belong together"),
        ({"eased_within": 500}, "belong together"),
        ({"eased_by_hours": True}, "no longer opening hours"),
    ],
)
def test_an_easement_that_can_never_count_is_refused(values: dict, told: str) -> None:
    """Half an easement, or longer hours that nobody offers, is a fault and not silently nothing."""
    (problem,) = NoWorseThanToday(id="x", metres=1, **values).problems(town())
    assert told in problem.say("en") and problem.file == "instance.toml"


def test_rows_and_check_agree_on_eased_ways() -> None:
    """On random cities, with limits tight enough that easements matter, rows and check agree, and
    each kind of easement turns some verdict.
    """
    easings = [
        {"eased_by": ("agency", "post_office", "store"), "eased_within": 9000},
        {"eased_by_hours": True},
        {"eased_by": ("post_office",), "eased_within": 6000, "eased_by_hours": True},
    ]
    turned = [0] * len(easings)
    for seed in range(12):
        instance, random = city(seed), Random(seed)
        model = build(instance, [])
        plan = sound_plan(instance, random)
        for number, values in enumerate(easings):
            if values.get("eased_by_hours") and instance.extension is None:
                continue
            spoilt = within_columns(perturbed(plan, instance, random), model)
            plain = NoWorseThanToday(id="x", metres=0)
            eased = NoWorseThanToday(id="x", metres=0, **values)
            for entry in (plain, eased):
                passes(entry, spoilt, instance)
            turned[number] += len(plain.readings(instance, spoilt).violations) - len(
                eased.readings(instance, spoilt).violations
            )
    assert min(turned) > 0, turned
