"""Territory by hand: whole areas of exchange rooms, connected areas, ward boundaries."""

from dataclasses import replace
from fractions import Fraction
from itertools import chain, combinations
from random import Random

import pandas as pd
import pytest

from optimizer.audit.verify import verify
from optimizer.city.adjacency import Area, beside, flows
from optimizer.city.baseline import baseline
from optimizer.city.plan import Plan
from optimizer.constraints import registry
from optimizer.model.build import build
from optimizer.model.example import town, town_plan
from optimizer.model.instance import Constraint, Instance, out_of_bounds
from optimizer.model.program import Program
from optimizer.model.where import Where
from optimizer.objectives.staff_cost import StaffCost
from optimizer.solver.solve import SolveSettings, solve

ALWAYS = tuple(rule(id=name) for name, rule in registry().items() if rule.always)


def entry(name: str, **values: object) -> Constraint:
    return registry()[name](**{"id": name, **values})


def bordering(*pairs: str) -> Instance:
    """The town with borders such as "D1-D2"."""
    borders = {(a, b) for a, b in (pair.split("-") for pair in pairs)}
    return replace(town(), neighbours=frozenset(borders | {(b, a) for a, b in borders}))


def actual(rule: Constraint, plan: Plan, *key: object, instance: Instance) -> int:
    """What is read for one key, once the rows have been asked whether they say the same."""
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
    return int(found.table.loc[key, "actual"])


def test_a_room_is_whole_if_one_counter_is_named() -> None:
    """R1 is D1 and D2, R2 is D3 and D4: W1 and B2 for registrations, B1 and W2."""
    rule = entry("whole_rooms")
    for key, counters in {
        ("R1", "registration", 2017): 2,
        ("R2", "registration", 2018): 2,
        ("R2", "certificate_card", 2017): 1,  # S1 for both
        ("R1", "certificate_card", 2017): 2,  # S1 and P2
        ("R2", "welfare", 2018): 1,  # only D3 asks for it
    }.items():
        assert actual(rule, town_plan(), *key, instance=town()) == counters


def test_who_has_no_counter_is_not_with_the_others() -> None:
    """A district without a counter parts its room; a room in which nobody has one is not parted."""
    rule = entry("whole_rooms", services=("registration",))
    plan = town_plan().with_assignment("D2", "registration", 2017, "W1")
    key = ("R1", "registration", 2017)
    assert actual(rule, plan, *key, instance=town()) == 1
    one = plan.without_assignment("D1", "registration", 2017)
    assert actual(rule, one, *key, instance=town()) == 2
    none = one.without_assignment("D2", "registration", 2017)
    assert actual(rule, none, *key, instance=town()) == 1


def test_whole_rooms_can_be_solved() -> None:
    """Every room goes to one counter for registrations, which the cheapest plan alone does not do."""
    rules = (*ALWAYS, entry("whole_rooms", services=("registration", "certificate_counter")))
    city = replace(town(), entries=rules, objectives=(StaffCost(),))
    plan = solve(city, SolveSettings(gap=Fraction(0), time_limit=20)).plan
    assert plan is not None and verify(city, plan).violations == 0
    assert len(rules[-1].readings(town(), town_plan()).violations) > 0


CHAIN = bordering("D1-D2", "D2-D3", "D3-D4")


def test_parts_are_counted_beyond_the_first() -> None:
    """In the chain D1 - D2 - D3 - D4, W1 takes the welfare of D1 and D3, B2 that of D2."""
    rule = entry("contiguous_area")
    assert actual(rule, town_plan(), "W1", "welfare", 2017, instance=CHAIN) == 1
    assert actual(rule, town_plan(), "B2", "welfare", 2017, instance=CHAIN) == 0
    joined = town_plan().with_assignment("D2", "welfare", 2017, "W1")
    assert actual(rule, joined, "W1", "welfare", 2017, instance=CHAIN) == 0
    near = bordering("D1-D3", "D2-D3", "D3-D4")
    assert actual(rule, town_plan(), "W1", "welfare", 2017, instance=near) == 0


def test_where_is_about_the_ward_of_the_counter() -> None:
    """An entry for ward A reads W1, and its rows cover the district D4 of ward B that is sent there."""
    rule = entry("contiguous_area", where=Where(wards=("A",)))
    plan = town_plan().with_assignment("D4", "registration", 2017, "W1")
    assert actual(rule, plan, "W1", "registration", 2017, instance=CHAIN) == 1
    assert "W2" not in rule.readings(CHAIN, plan).table.index.get_level_values("point")


def test_three_apart_are_two_too_many() -> None:
    """Without any border D1, D2 and D3 are three parts."""
    plan = town_plan().with_assignment("D2", "welfare", 2017, "W1")
    rule = entry("contiguous_area", services=("welfare",))
    assert actual(rule, plan, "W1", "welfare", 2017, instance=town()) == 2


def test_an_island_may_lie_apart_and_may_be_passed() -> None:
    """D3 as an island of W1 is no enclave; but two others are not joined by an island that is
    somebody else's, only by one of the same area.
    """
    rule = entry("contiguous_area", apart=("D3",))
    assert actual(rule, town_plan(), "W1", "welfare", 2017, instance=CHAIN) == 0
    between = entry("contiguous_area", apart=("D2",))
    assert actual(between, town_plan(), "W1", "welfare", 2017, instance=CHAIN) == 1
    joined = town_plan().with_assignment("D2", "welfare", 2017, "W1")
    assert actual(between, joined, "W1", "welfare", 2017, instance=CHAIN) == 0


def test_a_district_without_demand_parts_nobody() -> None:
    """If nobody in D2 asks for welfare, D1 and D3 hang together through it."""
    demand = town().demand.copy()
    demand.loc[("D2", "welfare", 2017)] = 0
    quiet = replace(CHAIN, demand=demand)
    plan = town_plan().without_assignment("D2", "welfare", 2017)
    assert actual(entry("contiguous_area"), plan, "W1", "welfare", 2017, instance=quiet) == 0


def test_flow_counts_the_districts_behind_each_step() -> None:
    """From the root D1 of a star with a tail, two steps carry 1 and one carries 2."""
    borders = beside(bordering("D1-D2", "D1-D3", "D3-D4"))
    area = Area.of(borders, ["D1", "D2", "D3", "D4"], [])
    assert area.flows() == {("D1", "D2"): 1, ("D1", "D3"): 2, ("D3", "D4"): 1}
    passed = Area.of(borders, ["D1", "D4"], ["D3"])
    assert passed.roots == ["D1"] and passed.flows() == {("D1", "D3"): 1, ("D3", "D4"): 1}
    key = ("W1", "welfare", 2017)
    assert flows({key: passed})[(*key, "D3", "D4")] == 1
    assert Area.of(borders, [], ["D1"]).roots == []


def test_every_set_of_districts_of_a_random_map() -> None:
    """Parts are those of a graph library's definition: districts that reach one another, by powers
    of the adjacency matrix.
    """
    names = [f"E{n}" for n in range(6)]
    for seed in range(5):
        pairs = [p for p in combinations(names, 2) if Random(f"{seed} {p}").random() < 0.4]
        borders = {d: [b for p in pairs for b in p if d in p and b != d] for d in names}
        for own in chain.from_iterable(combinations(names, n) for n in range(1, 7)):
            near = pd.DataFrame(
                [[int(a == b or b in borders[a]) for b in own] for a in own], own, own
            )
            reach = near
            for _ in own:
                reach = (reach @ near).clip(upper=1)
            assert len(Area.of(borders, own, []).roots) == len(reach.drop_duplicates())


@pytest.mark.parametrize("apart", [(), ("D3",)])
def test_a_connected_plan_is_found_where_the_cheapest_is_not(apart: tuple[str, ...]) -> None:
    """The solver cannot cheat with the columns that carry the flow: what it finds is connected."""
    rules = (*ALWAYS, entry("contiguous_area", apart=apart))
    city = replace(CHAIN, entries=rules, objectives=(StaffCost(),))
    cheapest = solve(
        replace(city, entries=ALWAYS), SolveSettings(gap=Fraction(0), time_limit=20)
    ).plan
    found = solve(city, SolveSettings(gap=Fraction(0), time_limit=30)).plan
    assert cheapest is not None and verify(city, cheapest).violations > 0
    assert found is not None and verify(city, found).violations == 0


def test_a_district_without_borders_must_be_named() -> None:
    """Without neighbours.csv every district is told; an island is excused by its name."""
    rule = entry("contiguous_area")
    assert {p.value for p in rule.problems(town())} == {"D1", "D2", "D3", "D4"}
    island = bordering("D1-D2", "D2-D3")
    assert [p.value for p in rule.problems(island)] == ["D4"]
    assert entry("contiguous_area", apart=("D4",)).problems(island) == []


BORDER = replace(town(), districts=town().districts.assign(ward="A"))
"""The town in which D4 belongs to ward A, though W2 of ward B is much nearer."""


def test_an_entry_binds_more_services_where_it_applies() -> None:
    """Registrations bound in 2018 only: D4 may go to W2 (600 m) in 2017 but not in 2018."""
    rule = entry("within_ward", services=("registration",), where=Where(periods=(2018,)))
    found = rule.readings(BORDER, town_plan()).violations
    assert list(found.index) == [("D4", "registration", 2018)]
    gone = set(build(BORDER, []).decisions.assign.index) - set(
        build(BORDER, [rule]).decisions.assign.index
    )
    assert ("D4", "registration", "W2", 2018) in gone
    assert ("D4", "registration", "W2", 2017) not in gone
    assert ("D4", "welfare", "W2", 2018) not in gone  # nobody asks for it
    assert ("D3", "welfare", "W2", 2018) in gone  # marked in the service itself


def test_a_counter_out_of_bounds_is_not_the_nearest() -> None:
    """D4 sent to B1 (3,500 m) passes W2 (600 m), which it may not use once registrations are bound."""
    plausible = entry("plausible_counters", metres=2000)
    bound = entry("within_ward", services=("registration",), where=Where(periods=(2018,)))
    city = replace(BORDER, entries=(bound, plausible))
    plan = town_plan().with_assignment("D4", "registration", 2018, "B1")
    key = ("D4", "registration", 2018)
    for instance, beyond in ((BORDER, 2900), (city, 0)):
        assert plausible.readings(instance, plan).table.loc[key, "actual"] == beyond
        links = set(build(instance, [plausible]).decisions.assign.index)
        assert ((*key[:2], "B1", 2018) in links) == (beyond == 0)
    backup = entry("backup_counter", metres=3500, counters=1)
    assert backup.readings(BORDER, plan).table.loc[key, "actual"] == 2
    assert backup.readings(city, plan).table.loc[key, "actual"] == 1


def test_what_an_entry_binds_does_not_change_today() -> None:
    """Today's baseline follows the mark of the service: D4 is derived to use W2 for registrations."""
    bound = entry("within_ward", services=("registration",))
    city = replace(BORDER, entries=(bound,))
    assert baseline(city).assignments["D4", "registration", 2016] == "W2"
    crossing = out_of_bounds(city, city.links)
    assert set(city.links.loc[crossing, "service"]) == {"registration", "welfare"}


@pytest.mark.parametrize("name", ["whole_rooms", "contiguous_area", "within_ward"])
def test_odd_plans_are_read_all_the_same(name: str) -> None:
    """Nobody sent anywhere, somebody sent where no way is known or without demand."""
    rule, plan = entry(name), town_plan()
    nobody = replace(plan, assignments=plan.assignments.iloc[:0])
    assert rule.readings(CHAIN, nobody).violations.empty
    before = set(rule.readings(CHAIN, plan).violations.index)
    lost = plan.with_assignment("D2", "certificate_card", 2017, "S1")
    assert len(rule.readings(CHAIN, lost).table)
    idle = plan.with_assignment("D4", "welfare", 2018, "W2")
    assert set(rule.readings(CHAIN, idle).violations.index) == before
