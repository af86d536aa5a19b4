"""Ways laid out site after site, and the questions that split a branch."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from optimizer.solver.location import solve
from optimizer.solver.location.arcs import NONE, Arcs
from optimizer.solver.location.balls import question
from optimizer.solver.location.dual import SCALE, Sites, bound
from optimizer.solver.location.links import Links, Payments
from optimizer.solver.location.recognise import Location
from optimizer.solver.location.solve import Locator

COSTS = arrays(
    np.int64, st.tuples(st.integers(1, 6), st.integers(1, 6)), elements=st.integers(0, 9)
)


@given(COSTS, st.data())
def test_sums_and_choices_are_those_of_the_table(cost, data):
    """What is saved at each site, and by whom, is the same as from the whole table, price by price."""
    people, width = cost.shape
    marks = data.draw(arrays(np.bool_, cost.shape))
    alive = data.draw(arrays(np.bool_, width))
    limit = data.draw(arrays(np.float64, people, elements=st.integers(0, 9)))
    links = Links.marked(cost, marks).within(alive, limit)
    kept = marks & alive & (cost <= limit[:, None])
    assert (links.count == kept.sum(axis=0)).all()
    assert links.serve() == kept.any(axis=1).all()
    payments = Payments(links)
    for _ in range(3):
        prices = data.draw(arrays(np.float64, people, elements=st.integers(-2, 12)))
        saved = np.where(kept, np.maximum(prices[:, None] - cost, 0), 0)
        assert (payments.pay(prices) == saved.sum(axis=0)).all()
        opened = data.draw(arrays(np.bool_, width))
        assert (payments.chosen(opened) == (saved[:, opened] > 0).sum(axis=1)).all()


@given(COSTS, st.integers(1, 6), st.data())
def test_prices_bound_what_keeps_the_limits(cost, most, data):
    """Whatever the prices, no choice of sites that serves everybody within the limit costs less."""
    people, width = cost.shape
    limit = data.draw(arrays(np.float64, people, elements=st.integers(3, 9)))
    prices = data.draw(arrays(np.int64, people, elements=st.integers(-SCALE, 12 * SCALE)))
    every = np.ones(width, dtype=bool)
    links = Links.of(Arcs.nearest(cost, width), width).within(every, limit)
    sites = Sites(np.zeros(width, dtype=np.int64), every, ~every, 1, most)
    proved = bound(links, sites, prices, np.zeros(width))
    for size in range(1, min(most, width) + 1):
        for chosen in combinations(range(width), size):
            nearest = cost[:, chosen].min(axis=1)
            if (nearest <= limit).all():
                assert proved.value <= SCALE * int(nearest.sum())


@given(COSTS, st.data())
def test_a_question_splits(cost, data):
    """A question has an answer either way: some sites alive are inside the ball, some ways outside."""
    people, width = cost.shape
    often = data.draw(arrays(np.float64, width, elements=st.sampled_from([0, 0.25, 0.5, 1])))
    alive, limit = np.ones(width, dtype=bool), np.full(people, NONE)
    links = Links.marked(cost, np.ones(cost.shape, dtype=bool))
    asked = question(links, often, limit, np.ascontiguousarray(cost.T), alive)
    if asked is not None:
        customer, radius = asked
        assert 0 < (cost[customer] <= radius).sum() < width
        assert 0.05 < often[cost[customer] <= radius].sum() < 0.95


@pytest.mark.parametrize("seed", range(8))
def test_branching_alone_finds_the_optimum(seed, monkeypatch):
    """With hardly any steps the tree has to do the work, and does."""
    monkeypatch.setattr(solve, "ROOT_STEPS", 2)
    monkeypatch.setattr(solve, "BRANCH_STEPS", 2)
    random = np.random.default_rng(seed)
    people, width, most = 20, 12, 3
    homes, places = random.integers(0, 60, (people, 2)), random.integers(0, 60, (width, 2))
    cost = np.abs(homes[:, None] - places[None]).sum(axis=2)
    fixed = random.integers(0, 40, width) * (seed % 2)
    state = np.zeros((2, width + cost.size), dtype=np.int64)
    state[1, :width] = 1
    column = width + np.arange(cost.size).reshape(cost.shape)
    every, own = np.ones(width, dtype=bool), [np.array([j]) for j in range(width)]
    place = Location(cost, column, fixed, every, every, 1, most, own, state, 0, np.arange(width))
    locator = Locator(place, lambda: False, lambda value, bound: None)
    result = locator.run(lambda matrix, seconds: (None, None, False))
    best = min(
        int(cost[:, chosen].min(axis=1).sum() + fixed[list(chosen)].sum())
        for size in range(1, most + 1)
        for chosen in combinations(range(width), size)
    )
    assert locator.plans.value == result.bound == best
    assert locator.nodes > 2
