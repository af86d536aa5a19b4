"""The derived network of today, worked out by hand on the example town."""

from dataclasses import replace

import pandas as pd
import pytest

from optimizer.city.baseline import baseline, baseline_metres, least_staff, network
from optimizer.model.example import town
from optimizer.model.instance import Instance


def with_metres(instance: Instance, cells: dict[tuple[str, str], int]) -> Instance:
    """Return the instance with some travel figures changed."""
    travel = instance.travel.copy()
    for cell, metres in cells.items():
        travel.loc[cell, "metres"] = metres
    return replace(instance, travel=travel)


@pytest.mark.parametrize(
    ("district", "service", "point"),
    [
        ("D1", "certificate_card", "W1"),  # 500 m; the store at 400 m is closed today
        ("D2", "certificate_counter", "B2"),  # 1500 m; the post office at 300 m is closed
        ("D3", "registration", "B1"),  # 700 m
        ("D3", "welfare", "W1"),  # a plain branch has no welfare
        ("D4", "welfare", "W2"),  # bound to ward B
    ],
)
def test_everybody_goes_to_the_nearest(district: str, service: str, point: str) -> None:
    """A district uses the nearest point that serves it today."""
    assert baseline(town()).assignments[district, service, 2016] == point


def test_ward_bound_services_stay_in_the_ward() -> None:
    """A nearer point in another ward does not count for a service bound to the ward."""
    near = with_metres(town(), {("D4", "W1"): 100})
    assert baseline(near).assignments["D4", "welfare", 2016] == "W2"
    assert baseline(near).assignments["D4", "registration", 2016] == "W1"


def test_ties_go_by_id() -> None:
    """Of two points at the same distance the one with the smaller id is used."""
    tied = with_metres(town(), {("D1", "W1"): 500, ("D1", "B1"): 500})
    assert baseline(tied).assignments["D1", "registration", 2016] == "B1"


def test_the_unserved_are_left_out() -> None:
    """A district that no point serves appears nowhere, and so does one without demand."""
    closed = pd.Series("closed", index=town().points.index)
    assert network(town(), closed, 2017).assignments.empty
    assert ("D4", "welfare", 2018) not in network(
        town(), town().points["mode_today"], 2018
    ).assignments


def test_modes_are_those_given() -> None:
    """Every point has today's mode in today's period, and no other period is in the plan."""
    plan = baseline(town())
    assert plan.modes.index.get_level_values("period").unique().tolist() == [2016]
    assert plan.modes.droplevel("period").equals(town().points["mode_today"].rename(None))


def test_staff_is_the_least_that_does_the_work() -> None:
    """Staff is work over minutes a person, rounded up, at least the crew, none for partners."""
    plan = baseline(town())
    staff = plan.staff.droplevel("period")
    # D2 at B2: 2000 x 6 + 4000 x 10 + 1000 x 30 + 500 x 40 = 102,000 min of 50,000: 3, its crew too
    assert staff["B2"] == 3
    # D1 and D3 at W1 and B1: 82,000 + 20,000 welfare twice = 122,000 min: 3 persons
    assert staff["W1"] == 3
    assert staff["X1"] == 1, "no work, but the crew of an annex"
    assert staff["S1"] == staff["P2"] == 0, "closed"


def test_least_staff_of_partners_is_none() -> None:
    """Points run by partners have no staff however much work they do."""
    modes = town().points["mode_today"].replace({"X1": "agency"})
    modes["X1"], modes["P2"], modes["S1"] = "agency", "post_office", "store"
    plan = network(town(), modes, 2017)
    assert plan.minutes(town())["P2", 2017] > 0
    assert least_staff(town(), plan)[["P2", "S1", "X1"]].eq(0).all()


def test_metres_today() -> None:
    """The distance of today is that to the counter of today, by district and service."""
    metres = baseline_metres(town())
    assert metres["D1", "certificate_card"] == 500
    assert metres["D3", "welfare"] == 3000
    assert metres.index.names == ["district", "service"]
