"""Comparing plans: what differs, and what each change causes, against the enumeration of all plans."""

from dataclasses import replace
from fractions import Fraction
from itertools import combinations, permutations

import pytest

from optimizer.audit.changed import between, changes
from optimizer.audit.verify import verify
from optimizer.base.errors import InputError
from optimizer.city.plan import Plan
from optimizer.constraints.minimum_crew import MinimumCrew
from optimizer.constraints.open_count import OpenCount
from optimizer.constraints.travel_limit import TravelLimit
from optimizer.explain.compare.attribution import MOST, Least, attribute, needed
from optimizer.explain.compare.compare import Side, attribution, compare
from optimizer.model.build import build
from optimizer.model.example import town, town_plan
from optimizer.model.instance import Instance
from optimizer.model.outcome import Outcome, Stage
from optimizer.objectives.staff_cost import StaffCost
from optimizer.objectives.travel import Travel
from optimizer.solver import solve as solving
from optimizer.solver.solve import Solution
from tests.brute import Brute
from tests.tiny import tiny, with_entries

SEEDS = (8, 11)
"""In the first some changes leave no plan at all, in the second all have one."""


def exactly(city: Instance, start: Plan | None) -> Solution:
    """Solve to the end."""
    return solving.solve(city, solving.SolveSettings(gap=Fraction(0), time_limit=60), start=start)


def least_of_all(city: Instance) -> int | None:
    """The least cost of all plans, as checks alone judge them; None if none is accepted."""
    best = Brute(city).best(build(city))
    return None if best is None else best[0][0]


def scenario(seed: int) -> tuple[Instance, Instance]:
    """A tiny city, and the same with dearer staff, other crews and a limit on ways."""
    base = replace(tiny(seed), objectives=(StaffCost(),))
    metres = int(base.travel["metres"].median())
    first = with_entries(base)
    crews = base.modes.assign(crew=base.modes["crew"].clip(upper=1))
    dear = replace(base, wage=base.wage * 2, modes=crews)
    return first, with_entries(dear, TravelLimit(id="near", metres=metres))


def test_every_change_is_told_and_can_be_made_alone() -> None:
    """Entries added, dropped and altered, numbers and columns are changes; all of them give the other city."""
    city = replace(town(), entries=(TravelLimit(id="far", metres=9000), MinimumCrew(id="crew")))
    other = replace(
        city,
        entries=(
            TravelLimit(id="far", metres=7000),
            OpenCount(id="few", most=3, kinds=("branch",), modes=("closed",)),
        ),
        wage=city.wage + 1,
        modes=city.modes.assign(crew=city.modes["crew"] + 1),
        demand=city.demand * 2,
    )
    found = changes(city, other)
    told = {(c.kind, c.id) for c in found}
    entries = {("entry", "far"), ("entry", "crew"), ("entry", "few")}
    assert told == entries | {
        ("number", "wage"),
        ("column", "modes.crew"),
        ("column", "demand.cases"),
    }
    assert changes(city, city) == ()
    for size in range(len(found) + 1):
        for made in combinations(found, size):
            middle = between(city, other, found, made)
            assert set(changes(city, middle)) == set(made)
            assert {c.id for c in changes(middle, other)} == {c.id for c in found} - {
                c.id for c in made
            }


def test_other_places_are_one_change() -> None:
    """A point less changes points and travel together, because neither can be changed alone."""
    city = town()
    points = city.points.drop("Z1")
    travel = city.travel[city.travel.index.get_level_values("point") != "Z1"]
    found = changes(city, replace(city, points=points, travel=travel))
    assert [c.id for c in found] == ["places"] and found[0].before == "Z1"


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("method", ["ordered", "shapley"])
@pytest.mark.usefixtures("one_engine")
def test_shares_are_those_of_all_plans(seed: int, method: str) -> None:
    """What each change causes is what enumeration gives, exactly, for orders and for Shapley."""
    first, other = scenario(seed)
    found = changes(first, other)
    cities = {
        made: between(first, other, found, [found[i] for i in sorted(made)])
        for made in needed("shapley", len(found))
    }
    least = {made: least_of_all(city) for made, city in cities.items()}
    ends = [_known(first), _known(other)]
    result = attribute(first, other, found, (ends[0], ends[1]), method, exactly)
    for i, share in enumerate(result.shares):
        orders = (
            [tuple(range(len(found)))]
            if method == "ordered"
            else list(permutations(range(len(found))))
        )
        parts = []
        for order in orders:
            before = frozenset(order[: order.index(i)])
            parts.append((least[before | {i}], least[before]))
        if any(n is None for pair in parts for n in pair):
            assert share.impossible and share.attained is None
            continue
        mean = Fraction(sum(a - b for a, b in parts), len(parts))
        assert (share.attained, share.least, share.most) == (mean, mean, mean)
    if None not in least.values():
        whole = least[frozenset(range(len(found)))] - least[frozenset()]
        assert sum(share.attained for share in result.shares) == whole


def _known(city: Instance) -> Least:
    solution = exactly(city, None)
    stage = solution.outcome.stages[0]
    return Least(stage.value, stage.bound, solution.plan, stage.status == "infeasible")


def test_what_is_not_proved_is_an_interval() -> None:
    """Bounds below the values widen the shares outward; without a plan in between nothing is told."""
    city = replace(town(), objectives=(StaffCost(),))
    other = replace(city, wage=city.wage * 2, person_minutes=city.person_minutes * 2)
    found = changes(city, other)
    ends = (Least(100, 90), Least(200, 150))

    def half(instance: Instance, start: Plan | None) -> Solution:
        plan = town_plan()
        value = StaffCost().value(instance, plan)
        outcome = Outcome("", "", (Stage("staff_cost", "feasible", value, value - 30, 0),))
        return Solution(instance, plan, outcome, False, 0)

    made = attribute(city, other, found, ends, "ordered", half)
    middle = StaffCost().value(between(city, other, found, found[:1]), town_plan())
    one, two = made.shares
    assert (one.least, one.attained, one.most) == (middle - 30 - 100, middle - 100, middle - 90)
    assert (two.least, two.attained, two.most) == (150 - middle, 200 - middle, 230 - middle)

    def nothing(instance: Instance, start: Plan | None) -> Solution:
        outcome = Outcome("", "", (Stage("staff_cost", "unknown", None, 5, 0),))
        return Solution(instance, None, outcome, False, 0)

    lost = attribute(city, other, found, ends, "ordered", nothing)
    assert [s.attained for s in lost.shares] == [None, None]
    assert lost.shares[0].least == 5 - 100 and lost.shares[0].most is None


def test_too_many_changes_are_refused() -> None:
    """Shapley values of more changes than stated are refused, with what to do instead."""
    city = replace(town(), objectives=(StaffCost(),))
    count = MOST["shapley"] + 1
    entries = tuple(TravelLimit(id=f"t{n}", metres=9000) for n in range(count))
    other = replace(city, entries=(*city.entries, *entries))
    ends = (Least(1, 1), Least(1, 1))
    with pytest.raises(InputError) as error:
        attribute(city, other, changes(city, other), ends, "shapley", exactly)
    assert "ordered" in error.value.problems[0].remedy.en


def test_tables_name_what_differs() -> None:
    """Offices, districts and staff that differ are listed, nothing else; costs add up to the ledgers."""
    city, plan = town(), town_plan()
    moved = (
        plan.with_assignment("D3", "registration", 2018, "W1")
        .with_mode("Z1", 2018, "closed")
        .with_staff("W1", 2017, int(plan.staff["W1", 2017]) + 1)
    )
    found = compare(Side("A", verify(city, plan)), Side("B", verify(city, moved)))
    assert found.offices.to_dict("records") == [
        {"point": "Z1", "period": 2018, "before": plan.modes["Z1", 2018], "after": "closed"}
    ]
    (row,) = found.districts.to_dict("records")
    assert (row["district"], row["after"], row["metres_after"]) == ("D3", "W1", 3000)
    assert row["before"] == plan.assignments["D3", "registration", 2018]
    (row,) = found.staff.to_dict("records")
    assert (row["point"], row["after"] - row["before"]) == ("W1", 1)
    assert found.costs["before"].sum() == verify(city, plan).costs.sum()
    assert found.costs.loc["wages", "after"] - found.costs.loc["wages", "before"] == city.wage
    assert not found.same and compare(found.first, found.first).same


def test_shares_of_different_objectives_are_refused() -> None:
    """Plans that minimise different things have no common cost to divide."""
    plan = town_plan()
    city, travel = (replace(town(), objectives=(o,)) for o in (StaffCost(), Travel()))
    found = compare(Side("A", verify(city, plan)), Side("B", verify(travel, plan)))
    with pytest.raises(InputError):
        attribution(found, "ordered", exactly)
