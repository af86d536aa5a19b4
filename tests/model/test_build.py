"""From an instance to columns and rows, and from plans to values and back."""

from dataclasses import replace
from random import Random

import numpy as np
import pandas as pd
import pytest

from optimizer.city.baseline import least_staff
from optimizer.constraints import registry
from optimizer.model.build import LINK, build
from optimizer.model.example import town, town_plan
from optimizer.model.instance import completed
from optimizer.model.random_city import city
from optimizer.model.random_plan import sound_plan, within_columns
from optimizer.model.where import Where

RULES = registry()


def entry(name: str, **values: object):  # type: ignore[no-untyped-def]
    """An entry of the constraint `name`."""
    return RULES[name](id=name, **values)


def columns(model, name: str) -> pd.MultiIndex:  # type: ignore[no-untyped-def]
    """The labels of a block of columns."""
    return model.program.columns[name].index


def test_columns_are_those_that_could_be_decided() -> None:
    """Modes of the kind, links with demand and travel, staff where the city may run the point."""
    model = build(town(), [])
    points = town().points["kind"]
    assert set(columns(model, "mode")) == {
        (p, m, t) for p, kind in points.items() for m in town().kinds[kind] for t in (2017, 2018)
    }
    assert set(columns(model, "assign")) == {
        (d, s, p, t)
        for d, s, t in town().demand.index[town().demand > 0]
        for q, p in town().travel.index
        if q == d and t != 2016
    }
    staffed = {"B1", "B2", "W1", "W2", "X1", "Z1"}
    assert set(columns(model, "staff")) == {(p, t) for p in staffed for t in (2017, 2018)}


@pytest.mark.parametrize("seed", range(8))
def test_decode_inverts_encode(seed: int) -> None:
    """A plan comes back from its own column values unchanged, once it has what rules settle."""
    instance = city(seed)
    rules = [entry("staff_conserved"), entry("community_spread", districts_per_person=2)]
    model = build(instance, rules)
    plan = within_columns(sound_plan(instance, Random(seed)), model)
    plan = completed(instance, rules, plan)
    values = model.encode(plan)
    assert values is not None
    back = model.decode(values)
    assert dict(back.modes) == dict(plan.modes)
    assert dict(back.assignments) == dict(plan.assignments)
    assert dict(back.staff) == dict(plan.staff)
    assert {name: dict(series) for name, series in back.extra.items()} == {
        name: dict(series) for name, series in plan.extra.items()
    }


@pytest.mark.parametrize(
    "plan",
    [
        town_plan().with_mode("W1", 2017, "closed"),
        town_plan().with_assignment("D4", "welfare", 2018, "W1"),
        town_plan().with_assignment("D2", "certificate_card", 2017, "S1"),
        town_plan().with_staff("P2", 2017, 1),
        town_plan().with_staff("W1", 2017, -1),
        town_plan().with_staff("W1", 2017, 10_000),
    ],
    ids=["mode", "no demand", "no travel", "unstaffed", "negative", "beyond the bound"],
)
def test_encode_says_none_where_there_is_no_column(plan) -> None:  # type: ignore[no-untyped-def]
    """A plan that uses what the program cannot express has no column values."""
    assert build(town(), []).encode(plan) is None


def test_enter_is_one_where_a_mode_is_new() -> None:
    """Encoding a plan marks the modes that a point enters, counted from today's."""
    model = build(town(), [])
    block = model.program.columns["enter"]
    values = model.encode(town_plan())
    entered = block.index[values[block.first : block.first + len(block.index)] == 1]
    assert set(entered) == {
        ("P2", "post_office", 2017),
        ("S1", "store", 2017),
        ("B1", "general_branch", 2018),
        ("X1", "agency", 2018),
    }


def test_mode_before_is_given_in_the_first_period_and_decided_later() -> None:
    """Before the first planned period stands a number; before the second stands a column."""
    x = build(town(), []).decisions
    before, label = x.mode_before, list(x.mode.index).index
    assert before.constant[label(("B1", "plain_branch", 2017))] == 1
    assert before.constant[label(("B1", "general_branch", 2017))] == 0
    at = label(("B1", "plain_branch", 2018))
    assert before.constant[at] == 0
    assert before.column[before.at == at].tolist() == [label(("B1", "plain_branch", 2017))]


def test_in_modes_covers_every_point() -> None:
    """A point whose kind has none of the modes counts as zero, not as missing."""
    x = build(town(), []).decisions
    down = x.in_modes(["service_corner", "closed"])
    assert len(down.index) == len(town().points) * 2
    assert len(down.select(point="W1").column) == 0
    assert len(down.select(point="B1", period=2017).column) == 2


def test_open_counts_the_modes_that_serve() -> None:
    """A branch serves registrations in two of its modes, certificates in three."""
    opened = build(town(), []).decisions.open
    assert len(opened.select(point="B1", service="registration", period=2017).column) == 2
    assert len(opened.select(point="B1", service="certificate_card", period=2017).column) == 3
    assert len(opened.select(point="S1", service="registration").index) == 0


def test_forbidden_links_become_no_columns() -> None:
    """What an entry rules out alone is left out, where the entry applies and nowhere else."""
    everything = set(columns(build(town(), []), "assign"))
    rule = entry("within_ward", where=Where(periods=(2017,)))
    gone = everything - set(columns(build(town(), [rule]), "assign"))
    ward = {"W1": "A", "B1": "A", "B2": "A", "X1": "A", "Z1": "A", "P2": "A", "W2": "B", "S1": ""}
    home = {"D1": "A", "D2": "A", "D3": "A", "D4": "B"}
    assert gone == {
        (d, s, p, t)
        for d, s, p, t in everything
        if s == "welfare" and ward[p] != home[d] and t == 2017
    }


def test_where_limits_rows() -> None:
    """An entry asks only for rows of the keys it applies to, under its own id."""
    rule = entry("minimum_crew", where=Where(kinds=("branch",), periods=(2018,)))
    ((name, rows),) = build(town(), [rule]).program.rows
    assert name == "minimum_crew"
    assert list(rows.index) == [("B1", 2018), ("B2", 2018)]


def test_the_entries_of_the_instance_are_the_default() -> None:
    """Without a list of entries the instance's own are built, in their order."""
    own = (entry("one_mode"), entry("minimum_crew"))
    assert [name for name, _ in build(replace(town(), entries=own)).program.rows] == [
        "one_mode",
        "minimum_crew",
    ]


@pytest.mark.parametrize("seed", range(4))
def test_the_bound_on_staff_is_never_too_small(seed: int) -> None:
    """Every point could do all work that can reach it with the largest reserve."""
    instance = city(seed)
    x = build(instance, []).decisions
    work = (x.links["cases"] * x.links["service"].map(instance.services["minutes"])).groupby(
        [x.links["point"], x.links["period"]]
    )
    for key, minutes in work.sum().items():
        if key in x.most_staff.index:
            assert x.most_staff[key] * instance.person_minutes >= 2 * minutes
    assert (x.most_staff >= instance.modes["crew"].max()).all()


def test_least_staff_satisfies_the_rules_of_staff() -> None:
    """The derived staff of a sound plan breaks neither crew nor work nor closed counters."""
    rules = [entry(n) for n in ("enough_staff", "minimum_crew", "no_staff_when_closed")]
    model = build(town(), rules)
    plan = replace(town_plan(), staff=least_staff(town(), town_plan()))
    assert model.program.broken(model.encode(plan)) == []


def test_the_order_of_the_tables_does_not_matter() -> None:
    """Labels decide: an instance with its tables in another order gives the same program."""
    own = tuple(rule.examples().entry for rule in RULES.values())
    plain = replace(town(), entries=own)
    turned = replace(
        plain,
        districts=town().districts[::-1],
        points=town().points[::-1],
        rooms=town().rooms[::-1],
        services=town().services[::-1],
        modes=town().modes[::-1],
        travel=town().travel[::-1],
        demand=town().demand[::-1],
    )
    plan = town_plan()
    first, second = build(plain), build(turned)
    for drawn in (plan, plan.with_mode("B2", 2017, "closed"), plan.with_staff("W1", 2017, 0)):
        broken = [sorted(m.program.broken(m.encode(drawn)), key=str) for m in (first, second)]
        assert broken[0] == broken[1]
    assert set(columns(first, "assign")) == set(columns(second, "assign"))
    assert columns(first, "assign").names == LINK
    assert isinstance(first.encode(plan), np.ndarray)
