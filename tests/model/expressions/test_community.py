"""Community support: who is due how many persons, and how a plan gets them."""

from dataclasses import replace
from fractions import Fraction

import pandas as pd
import pytest

from optimizer.base.errors import Problem
from optimizer.city.demand import largest_remainder
from optimizer.city.frozen_plan import frozen_plan, nearest_fallback
from optimizer.city.plan import Plan
from optimizer.constraints import registry
from optimizer.model.build import build
from optimizer.model.example import town, town_plan
from optimizer.model.expressions.community import due_in_rooms, enough, headcount, posted
from optimizer.model.instance import Instance, completed
from optimizer.model.where import Where


def city_of(sizes: list[int]) -> Instance:
    """The town with rooms R1, R2, ... of so many districts each."""
    base = town()
    rooms = pd.Index([f"R{n}" for n in range(1, len(sizes) + 1)], name="room")
    homes = [room for room, size in zip(rooms, sizes, strict=True) for _ in range(size)]
    districts = pd.concat([base.districts.head(1)] * sum(sizes)).set_axis(
        pd.Index([f"E{n}" for n in range(sum(sizes))], name="district")
    )
    return replace(
        base,
        districts=districts.assign(room=homes),
        rooms=pd.DataFrame({"name": "room", "ward": "A"}, index=rooms),
    )


def minimum(*persons: int) -> pd.Series:
    index = pd.Index([f"R{n}" for n in range(1, len(persons) + 1)], name="room")
    return pd.Series(persons, index=index)


def spread(**values: object):  # type: ignore[no-untyped-def]
    return registry()["community_spread"](
        **{"id": "community_spread", "districts_per_person": 2, **values}
    )


@pytest.mark.parametrize(
    ("total", "shares"),
    [
        (0, [0, 0, 0]),
        (1, [1, 0, 0]),  # quotas 6/11, 3/11, 2/11: the largest remainder is R1's
        (3, [2, 1, 0]),  # quotas 18/11, 9/11, 6/11: one for R1, then 9/11 and 7/11
        (5, [3, 1, 1]),  # quotas 30/11, 15/11, 10/11: 2 and 1, then 10/11 and 8/11
        (11, [6, 3, 2]),
        (14, [8, 4, 2]),  # quotas 84/11, 42/11, 28/11: 7, 3 and 2, then 9/11 and 7/11
    ],
)
def test_shares_by_largest_remainder(total: int, shares: list[int]) -> None:
    """Rooms of 6, 3 and 2 districts, without a minimum."""
    assert list(due_in_rooms(city_of([6, 3, 2]), total, minimum(0, 0, 0))) == shares


def test_ties_go_to_the_lower_room() -> None:
    """Three persons for two equal rooms: the first gets the second one."""
    assert list(due_in_rooms(city_of([2, 2]), 3, minimum(0, 0))) == [2, 1]


def test_the_minimum_counts_once_the_total_is_enough() -> None:
    """9, 1, 1 and 1 districts, one person for three: 3 + 1 + 1 + 1 needs 6 persons, and the quota of
    the large room passes its minimum of 3 (floor of 9 T / 12 is 4 from T = 6 on) before the small
    ones have theirs: for T = 6 the least is 4 + 3 = 7, for 8 it is 6 + 3 = 9, from 9 on it fits.
    """
    city, least = city_of([9, 1, 1, 1]), minimum(3, 1, 1, 1)
    assert enough(city, least) == 9
    # quotas of 8: 6, 2/3, 2/3, 2/3: two persons are left, ties to the lower rooms
    assert list(due_in_rooms(city, 8, least)) == [6, 1, 1, 0]
    # quotas of 9: 6 3/4 and three of 3/4: 6 + 1 + 1 + 1 by the minimum, and nobody is left
    assert list(due_in_rooms(city, 9, least)) == [6, 1, 1, 1]
    # quotas of 10: 7 1/2 and three of 5/6: 7 + 1 + 1 + 1
    assert list(due_in_rooms(city, 10, least)) == [7, 1, 1, 1]


@pytest.mark.parametrize("sizes", [[9, 1, 1, 1], [4, 7, 2, 6], [1], [5, 5, 1]])
@pytest.mark.parametrize("per_person", [1, 2, 3, 5])
def test_shares_add_up_and_stay_in_the_quota(sizes: list[int], per_person: int) -> None:
    """For every total: all are posted, nobody is below the quota rounded down, nobody above it
    rounded up, and all have their minimum from `enough` on, which holds at a person a district.
    """
    city = city_of(sizes)
    least = minimum(*(-(-size // per_person) for size in sizes))
    assert enough(city, least) <= sum(sizes)
    for total in range(3 * sum(sizes)):
        shares = due_in_rooms(city, total, least)
        assert shares.sum() == total
        for room, size in zip(shares.index, sizes, strict=True):
            low, high = total * size // sum(sizes), -(-total * size // sum(sizes))
            assert low <= shares[room] <= high
            assert total < enough(city, least) or shares[room] >= least[room]
        free = least * 0
        exact = [Fraction(total * size, sum(sizes)) for size in sizes]
        assert list(due_in_rooms(city, total, free)) == largest_remainder(exact, total)


def test_a_plan_is_completed_with_the_shares() -> None:
    """All in one room becomes the shares of the same total, which no row of the solver asks for."""
    plan, rule = town_plan(), spread()
    staff = plan.extra["community_staff"]
    total = staff.groupby(level="period").sum()
    heap = plan
    for period in (2017, 2018):
        heap = heap.with_extra("community_staff", ("R1", period), int(total[period]))
        heap = heap.with_extra("community_staff", ("R2", period), 0)
    assert len(rule.readings(town(), heap).violations) == 4
    whole = completed(town(), [rule], heap)
    assert dict(whole.extra["community_staff"]) == dict(staff)
    model = build(town(), [rule])
    values = model.encode(heap)
    assert values is not None and len(model.program.broken(values)) == 4
    assert dict(model.decode(values).extra["community_staff"]) == dict(staff)


def test_only_the_years_of_an_entry_are_completed() -> None:
    """An entry for 2018 leaves 2017 as it was decided."""
    heap = town_plan().with_extra("community_staff", ("R1", 2017), 9)
    whole = completed(town(), [spread(where=Where(periods=(2018,)))], heap)
    assert whole.extra["community_staff"]["R1", 2017] == 9


def test_a_year_has_one_rule_of_shares() -> None:
    """Two entries may take turns, but not share a year."""

    def told(first: tuple[int, ...], second: tuple[int, ...]) -> list[Problem]:
        one = spread(where=Where(periods=first))
        two = spread(id="again", where=Where(periods=second), districts_per_person=3)
        return one.problems(replace(town(), entries=(one, two)))

    assert told((2017,), (2018,)) == []
    assert [problem.value for problem in told((2017,), ())] == ["again"]


def test_a_fallback_is_completed_too() -> None:
    """If the plan must be able to stop, the shares after the stop are settled the same way."""
    conserved = registry()["staff_conserved"](id="staff_conserved")
    stop = registry()["stop_anywhere"](id="stop")
    instance = replace(town(), entries=(conserved, spread(), stop))
    plan = nearest_fallback(instance, town_plan(), [2017])
    left = frozen_plan(instance, plan, 2017)
    freed = headcount(instance) - int(left.staff.xs(2018, level="period").sum())
    names = ["room", "period", "frozen"]
    index = pd.MultiIndex.from_tuples([("R1", 2018, 2017), ("R2", 2018, 2017)], names=names)
    heap = pd.Series([freed, 0], index=index)
    plan = Plan(
        plan.modes,
        plan.assignments,
        plan.staff,
        {**plan.extra, "fallback_community_staff": heap},
    )
    assert not stop.readings(instance, plan).violations.empty
    whole = completed(instance, instance.entries, plan)
    assert stop.readings(instance, whole).violations.empty
    after = frozen_plan(instance, whole, 2017)
    assert list(posted(instance, after).xs(2018, level="period")) == [-(-freed // 2), freed // 2]
    assert whole.extra["fallback_community_staff"].index.names == names
