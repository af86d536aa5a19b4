"""What ruled out every other counter and mode: each is replayed with its entries left out."""

from dataclasses import replace
from random import Random

import pandas as pd
import pytest

from optimizer.audit.verify import Audit, verify
from optimizer.base.errors import InputError
from optimizer.city.plan import Plan
from optimizer.constraints import registry
from optimizer.explain.why.alternatives import NO_WAYS, Judge
from optimizer.explain.why.clones import ONE_DISTRICT, Way, alone
from optimizer.explain.why.names import find, find_modes
from optimizer.explain.why.why import Why, why_district, why_point
from optimizer.model.build import build
from optimizer.model.example import town, town_open_longer, town_plan, town_plan_open_longer
from optimizer.model.instance import Instance
from optimizer.model.random_city import city
from optimizer.model.random_plan import entry_for
from optimizer.objectives.staff_cost import StaffCost
from tests.brute import Brute
from tests.tiny import tiny, with_entries

SEEDS = (8, 11, 41, 46, 51)
ASKED = ("no_worse_than_today", "plausible_counters", "staff_conserved", "community_spread",
         "travel_limit", "steady_counter", "allowed_modes", "open_count")  # fmt: skip


def the_town() -> Audit:
    """The town under many rules that its plan keeps."""
    entries = [registry()[name].examples().entry for name in ASKED if name != "allowed_modes"]
    instance = replace(with_entries(town(), *entries), objectives=(StaffCost(),))
    audit = verify(instance, town_plan())
    kept = {entry.id for entry, readings in audit.readings if readings.violations.empty}
    entries = [entry for entry in instance.entries if entry.id in kept]
    return verify(replace(instance, entries=tuple(entries)), town_plan())


def tiny_audit(seed: int, *names: str) -> Audit:
    """A tiny city under `names` as far as it has a plan, and its best plan."""
    drawn = [_entry(name, seed) for name in names]
    entries = [entry for entry in drawn if entry is not None]
    instance = replace(with_entries(tiny(seed), *entries), objectives=(StaffCost(),))
    best = Brute(replace(instance, entries=())).best(build(instance))
    if best is None and names:
        return tiny_audit(seed, *names[:-1])
    assert best is not None
    return verify(instance, best[1])


def _entry(name: str, seed: int):
    entry = entry_for(registry()[name], tiny(seed), Random(f"{name} {seed}"))
    return None if entry.problems(tiny(seed)) else entry


def everything(audit: Audit) -> list[Why]:
    """Why of every district and point."""
    instance = audit.instance
    return [
        *(why_district(audit, district) for district in instance.districts.index),
        *(why_point(audit, point) for point in instance.points.index),
    ]


AUDITS = {"town": the_town} | {
    f"tiny {seed}": lambda seed=seed: tiny_audit(seed, "travel_limit", "plausible_counters")
    for seed in SEEDS
}


@pytest.mark.parametrize("name", AUDITS)
def test_without_the_named_entries_every_alternative_stands(name: str) -> None:
    """The entries named are those that the changed plan newly breaks, no more and no fewer; with
    them left out of the city it breaks none. One that nothing rules out costs what the tables say.
    """
    audit = AUDITS[name]()
    before = {entry.id: len(readings.violations) for entry, readings in audit.readings}
    assert not any(before.values())
    counted = {True: 0, False: 0}
    for found in everything(audit):
        for alternative in [a for c in found.choices for a in c.alternatives]:
            after = verify(audit.instance, alternative.plan)
            broken = {e.id for e, readings in after.readings if len(readings.violations)}
            named = {ruling.entry.id for ruling in alternative.rulings}
            assert broken == named
            kept = tuple(e for e in audit.instance.entries if e.id not in named)
            assert verify(replace(audit.instance, entries=kept), alternative.plan).violations == 0
            counted[alternative.possible] += 1
            if alternative.possible:
                cost = after.values["staff_cost"] - audit.values["staff_cost"]
                assert alternative.cost == cost
            else:
                assert alternative.cost is None
    assert counted[False]


def test_every_counter_with_a_travel_figure_is_an_alternative() -> None:
    """Of a district all points with a travel figure are told for every service and year of the
    plan; of a point every mode of its kind for every year; the changed plan differs in just that.
    """
    audit = the_town()
    plan, instance = audit.plan, audit.instance
    for district in instance.districts.index:
        found = why_district(audit, district)
        reached = set(instance.travel.loc[district].index)
        keys = {(district, c.service, t) for c in found.choices for t in c.periods}
        assert keys == {key for key in plan.assignments.index if key[0] == district}
        for choice in found.choices:
            assert {a.value for a in choice.alternatives} | {choice.value} == reached
            for a in choice.alternatives:
                changed = plan.assignments.index[plan.assignments != a.plan.assignments]
                assert set(changed) == {(district, choice.service, t) for t in choice.periods}
                assert set(a.plan.assignments[changed]) == {a.value}
                assert a.plan.modes.equals(plan.modes)
            ways = [a.metres for a in choice.alternatives]
            assert ways == sorted(ways)
    found = why_point(audit, "B1")
    assert [c.periods for c in found.choices] == [(t,) for t in instance.planned]
    for choice in found.choices:
        modes = {a.value for a in choice.alternatives} | {choice.value}
        assert modes == set(instance.kinds["branch"])
        for a in choice.alternatives:
            changed = plan.modes.index[plan.modes != a.plan.modes]
            assert list(changed) == [("B1", *choice.periods)]


def test_in_no_plan_is_said_of_forbidden_links_alone() -> None:
    """An alternative is ruled out whatever else is decided just if its link is no column."""
    audit = the_town()
    columns = set(build(audit.instance).decisions.assign.index)
    for district in audit.instance.districts.index:
        for choice in why_district(audit, district).choices:
            for a in choice.alternatives:
                links = {(district, choice.service, a.value, t) for t in choice.periods}
                always = any(ruling.always for ruling in a.rulings)
                assert always == bool(links - columns)


def test_staff_follow_the_work() -> None:
    """Where a district leaves, nobody who is still needed goes; where it comes, enough come."""
    audit = the_town()
    followed = 0
    for found in everything(audit):
        for a in [a for c in found.choices for a in c.alternatives]:
            differ = audit.plan.staff != a.plan.staff
            told = {(point, period) for point, period, _, _ in a.staff}
            assert set(audit.plan.staff.index[differ]) == told
            followed += len(told)
            open_ = {(p, t) for p, t in told if a.plan.modes[p, t] in audit.instance.city_modes}
            for entry, readings in verify(audit.instance, a.plan).readings:
                if entry.type_name() in ("enough_staff", "minimum_crew"):
                    assert not open_ & set(readings.violations.index)
    assert followed


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("name", sorted(ONE_DISTRICT))
def test_rules_about_one_district_look_at_no_other(name: str, seed: int) -> None:
    """Their readings in a city of copies of a district are those of the whole city, whatever
    the counters of the others are.
    """
    random = Random(seed)
    instance = city(seed)
    entry = entry_for(registry()[name], instance, random)
    plan = _random_plan(instance, random)
    audit = verify(replace(instance, entries=(entry,)), plan)
    district = random.choice(sorted(instance.districts.index))
    keys = [key for key in plan.assignments.index if key[0] == district]
    ways = [
        Way(district, service, (period,), point)
        for _, service, period in keys
        for point in instance.travel.loc[district].index
    ]
    for way, found in zip(ways, alone(audit, ways), strict=True):
        whole = Judge(audit).rulings(way.made(plan))
        assert [r.broken.to_dict() for r in found] == [r.broken.to_dict() for r in whole]


@pytest.mark.parametrize("name", sorted(NO_WAYS))
def test_rules_that_do_not_look_at_ways_need_none(name: str) -> None:
    """Their readings are the same on a plan that has no assignments to be read."""

    class NoWays(Plan):
        def __getattribute__(self, part: str) -> object:
            assert part not in ("assignments", "served", "minutes"), part
            return super().__getattribute__(part)

    example = registry()[name].examples()
    whole = example.accepted
    blind = NoWays(whole.modes, whole.assignments, whole.staff, whole.extra)
    readings = example.entry.readings(example.instance, blind).table
    assert readings.equals(example.entry.readings(example.instance, whole).table)


def _random_plan(instance: Instance, random: Random) -> Plan:
    modes = {
        (p, t): random.choice(instance.kinds[instance.points["kind"][p]])
        for p in instance.points.index
        for t in instance.planned
    }
    wanted = instance.demand[instance.demand > 0].index
    sent = {
        (d, s, t): random.choice(sorted(instance.travel.loc[d].index))
        for d, s, t in wanted
        if t != instance.today
    }
    named = pd.Series(modes, dtype=object).rename_axis(["point", "period"]).sort_index()
    ways = pd.Series(sent, dtype=object).rename_axis(["district", "service", "period"])
    return Plan(named, ways.sort_index(), pd.Series(0, index=named.index))


def test_longer_hours_count_for_the_staff_that_follow() -> None:
    """Where a counter is open longer, fewer come for the same work."""
    instance = replace(with_entries(town_open_longer()), objectives=(StaffCost(),))
    audit = verify(instance, town_plan_open_longer())
    for found in everything(audit):
        for a in [a for c in found.choices for a in c.alternatives if a.possible]:
            assert verify(instance, a.plan).violations == 0


def test_names_are_found_and_near_ones_listed() -> None:
    """An id or a name is enough, in any width; unknown and ambiguous ones name what is near."""
    instance = town()
    assert find(instance, "district", "D1") == find(instance, "district", "district 1") == "D1"
    assert find(instance, "point", "ｗ1") == "W1"
    with pytest.raises(InputError, match=r"near names: .*D1"):
        find(instance, "district", "distrikt 1", "--district")
    same = replace(instance, points=instance.points.assign(name="counter"))
    with pytest.raises(InputError, match=r"give the id: .*B1"):
        find(same, "point", "counter")
    assert find(same, "point", "B1") == "B1"
    assert find_modes(instance, "B1", "branch") == ("general_branch", "plain_branch")
    assert find_modes(instance, "B1", "closed|service_corner") == ("service_corner", "closed")
    with pytest.raises(InputError, match=r"one of: annex, agency"):
        find_modes(instance, "X1", "branch")


def test_the_data_are_plain_and_cite_the_policy() -> None:
    """JSON holds ints, texts and lists; every sentence named by an entry told of is there."""
    import json

    from optimizer.report.answers.why import why_data, why_report

    audit = the_town()
    for found in everything(audit):
        data = json.loads(json.dumps(why_data(found)))
        assert data["objective"] == "staff_cost" and data["decisions"]
        for lang in ("en", "ja"):
            report = why_report(found, lang)
            assert report.headline and report.tables
            texts = [cell for table in report.tables for row in table.rows for cell in row]
            assert not any("{" in text for text in texts)
