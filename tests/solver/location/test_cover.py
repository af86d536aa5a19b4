"""Covers are covers, refutations are true, against every choice of sites there is."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.solver.location.cover import (
    SCALE,
    Question,
    UndecidedError,
    proved,
    without_dominated,
)


def needed(near: np.ndarray) -> int | None:
    """Return how many sites a smallest cover has, trying all; None where nothing covers."""
    for count in range(near.shape[1] + 1):
        for sites in combinations(range(near.shape[1]), count):
            if near[:, sites].any(axis=1).all():
                return count
    return None


tables = st.tuples(st.integers(1, 9), st.integers(1, 7), st.randoms(use_true_random=False)).map(
    lambda size: np.array(
        [[size[2].random() < 0.35 for _ in range(size[1])] for _ in range(size[0])]
    )
)


@settings(max_examples=300, deadline=None)
@given(near=tables, most=st.integers(0, 5))
def test_every_answer_is_right(near, most):
    """A cover is found exactly where one of that size exists, and it covers."""
    least = needed(near)
    opened = Question().answer(near, most)
    assert (opened is not None) == (least is not None and least <= most)
    if opened is not None:
        assert opened.sum() <= most and near[:, opened].any(axis=1).all()


@settings(max_examples=200, deadline=None)
@given(near=tables, data=st.data())
def test_no_prices_prove_too_much(near, data):
    """Whatever the prices are, the bound and what a site adds to it stay below the truth."""
    prices = [data.draw(st.integers(0, 2 * SCALE)) for _ in near]
    least = needed(near)
    bound, extra = proved(near, np.array(prices))
    if least is None:
        return
    assert bound <= least * SCALE
    for site in range(near.shape[1]):
        left = needed(near[~near[:, site]])
        assert left is not None and bound + extra[site] <= (left + 1) * SCALE


@settings(max_examples=100, deadline=None)
@given(near=tables)
def test_what_is_dominated_decides_nothing(near):
    """Without dominated customers and sites a smallest cover has as many sites."""
    rows, columns = without_dominated(near)
    assert needed(near[np.ix_(rows, columns)]) == needed(near)


def test_a_question_ends_after_its_branches():
    """Without branches left a question that prices leave open is told to be undecided."""
    edges = np.array([[site in edge for site in range(5)] for edge in combinations(range(5), 2)])
    assert needed(edges) == 4  # halves of all five are enough for the prices
    assert Question().answer(edges, 3) is None
    with pytest.raises(UndecidedError):
        Question(nodes=0).answer(edges, 3)
