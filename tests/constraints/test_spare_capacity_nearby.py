"""spare_capacity_nearby: the counter that stays must have room for those who lose theirs."""

from dataclasses import replace

import pytest

from optimizer.constraints.spare_capacity_nearby import SpareCapacityNearby
from optimizer.model.build import build
from optimizer.model.example import town, town_plan

ENTRY = SpareCapacityNearby(id="room", cases=1000, service="registration")


def corner(persons: int):
    """B1 becomes a corner in 2018, with `persons` at W1, the nearest that registers people."""
    return town_plan().with_mode("B1", 2018, "service_corner").with_staff("W1", 2018, persons)


def sound(entry, plan, instance=None) -> bool:
    """Whether the rows hold; the check must say the same."""
    instance = instance or town()
    model = build(instance, [entry])
    held = not model.program.broken(model.encode(plan))
    assert held == entry.readings(instance, plan).violations.empty
    return held


@pytest.mark.parametrize(("cases", "holds"), [(1999, True), (2000, True), (2001, False)])
def test_room_is_counted_in_whole_cases(cases: int, holds: bool) -> None:
    """W1 has 60,000 minutes left with three persons: exactly 2,000 registrations of 30 minutes."""
    entry = ENTRY.model_copy(update={"cases": cases})
    assert sound(entry, corner(3)) == holds
    reading = entry.readings(town(), corner(3)).table.loc[("B1", 2018)]
    assert (reading["actual"], reading["limit"]) == (2000, cases)


def test_only_the_year_of_the_change_counts() -> None:
    """What was wound down the year before asks for no room any more, whatever happens there."""
    plan = corner(3).with_mode("B1", 2017, "service_corner").with_staff("W1", 2017, 9)
    assert sound(ENTRY, plan.with_staff("W1", 2018, 2))
    assert not sound(ENTRY, plan.with_staff("W1", 2017, 1))


def test_from_a_corner_to_closed_is_one_winding_down() -> None:
    """A corner that closes was wound down before; it is asked only where `wound_down` names closing alone."""
    plan = corner(3).with_mode("B1", 2017, "service_corner").with_mode("B1", 2018, "closed")
    plan = plan.with_staff("W1", 2017, 9).with_staff("W1", 2018, 2)
    assert sound(ENTRY, plan)
    assert not sound(ENTRY.model_copy(update={"wound_down": ("closed",)}), plan)


def test_the_nearest_that_does_not_serve_is_passed_by() -> None:
    """Nearer counters without the service do not count: the next one is asked for room."""
    near = town().office_distances.copy()
    near.loc[("B1", "Z1"), :] = (100, "example")
    instance = replace(town(), office_distances=near.sort_index())
    assert sound(ENTRY, corner(3), instance)
    plan = corner(2).with_staff("Z1", 2018, 9)
    assert not sound(ENTRY, plan, instance)


def test_without_a_stated_distance_nothing_is_wound_down() -> None:
    """Where nobody said which counter is nearest, there is none with room."""
    instance = replace(town(), office_distances=town().office_distances.drop("B1", level="point"))
    assert not sound(ENTRY, corner(9), instance)
    assert sound(ENTRY, town_plan(), instance)


def test_equally_near_counters_go_by_id() -> None:
    """Of two as near, the one with the lower id is asked: W1, not W2."""
    near = town().office_distances.copy()
    near.loc[("B1", "W2"), "metres"] = 3300
    instance = replace(town(), office_distances=near)
    assert sound(ENTRY, corner(3).with_staff("W2", 2018, 1), instance)
