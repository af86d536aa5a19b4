"""Links and lookups by codes give what comparing labels one by one would give."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.base.labels import joined, positions
from optimizer.city.links import LINK, linked
from optimizer.model.example import town
from optimizer.model.random_city import city

PAIRS = [(a, b) for a in "xyz" for b in (1, 2, 3)]
some_pairs = st.lists(st.sampled_from(PAIRS), unique=True, min_size=1)


@given(some_pairs, some_pairs)
def test_positions_of_labels(rows: list[tuple[str, int]], labels: list[tuple[str, int]]) -> None:
    """A label is found by the levels asked for, in whatever order they are, and only there."""
    index = pd.MultiIndex.from_tuples([(*pair, "more") for pair in rows], names=["a", "b", "c"])
    turned = pd.MultiIndex.from_tuples([(b, a) for a, b in labels], names=["b", "a"])
    expected = [labels.index(pair) if pair in labels else -1 for pair in rows]
    assert positions(index, turned).tolist() == expected
    assert positions(index, index).tolist() == list(range(len(rows)))
    single = pd.Index(["z", "x"], name="a")
    assert positions(index, single).tolist() == [{"z": 0, "x": 1}.get(a, -1) for a, _ in rows]


def test_labels_that_are_not_different() -> None:
    twice = pd.MultiIndex.from_tuples([("x", 1), ("x", 1)], names=["a", "b"])
    with pytest.raises(pd.errors.InvalidIndexError):
        positions(pd.MultiIndex.from_tuples([("x", 1)], names=["a", "b"]), twice)


@given(st.lists(st.integers(-1, 4)), st.lists(st.integers(0, 4)))
def test_joined(left: list[int], right: list[int]) -> None:
    at, there = joined(np.array(left, dtype=np.int64), np.array(right, dtype=np.int64))
    expected = [(i, j) for i, a in enumerate(left) for j, b in enumerate(right) if a == b]
    assert list(zip(at.tolist(), there.tolist(), strict=True)) == expected


@pytest.mark.parametrize("seed", range(12))
def test_links_are_ways_with_points_in_reach(seed: int) -> None:
    """Whatever order the tables are in."""
    instance = city(seed)
    demand, travel = instance.demand[instance.demand > 0], instance.travel
    expected = {
        (district, service, point, period): (metres, cases)
        for (district, service, period), cases in demand.items()
        for (home, point), metres in travel["metres"].items()
        if home == district and period != instance.today
    }
    table = instance.links.set_index(LINK)
    assert list(table.index) == sorted(expected)
    assert [tuple(row) for row in table.itertuples(index=False)] == [
        expected[label] for label in table.index
    ]
    shuffled = linked(demand.sample(frac=1, random_state=seed), travel.iloc[::-1])
    pd.testing.assert_frame_equal(shuffled, linked(demand, travel))


def test_lookups_in_every_kind_of_table() -> None:
    """In the links themselves, in a part of them, and in a table that has the labels as index."""
    instance = town()
    links = instance.links
    for ways in (links, links[::2], links.set_index(LINK)):
        rows = ways.reset_index()
        wards = instance.per_link(ways, instance.points["ward"])
        assert wards.tolist() == rows["point"].map(instance.points["ward"]).tolist()
        only = instance.points["ward"].drop("B1")
        assert pd.isna(instance.per_link(ways, only)).tolist() == (rows["point"] == "B1").tolist()
        sites = instance.per_link(ways, instance.points["site_cost"].drop("B1"), otherwise=-1)
        assert (sites == -1).tolist() == (rows["point"] == "B1").tolist()
        mine = instance.having(ways, point=["B1"], service=["welfare"])
        assert mine.tolist() == ((rows["point"] == "B1") & (rows["service"] == "welfare")).tolist()
        offered = set(instance.offers)
        expected = [pair in offered for pair in zip(rows["point"], rows["service"], strict=True)]
        assert instance.among(ways, instance.offers).tolist() == expected
