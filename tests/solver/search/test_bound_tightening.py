"""What follows from the bounds of columns, against all points of small random programs."""

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from optimizer.model.matrix import FREE, Matrix
from optimizer.solver.search.bound_tightening import tightened, within


def _matrix(
    rows: list[list[int]], sides: list[tuple[int, int]], lower: list[int], upper: list[int]
) -> Matrix:
    table = np.array(rows, dtype=np.int64).reshape(len(rows), len(lower))
    row, column = np.nonzero(table)
    low, high = np.array(sides, dtype=np.int64).reshape(len(rows), 2).T
    bounds = np.array(lower, dtype=np.int64), np.array(upper, dtype=np.int64)
    none = np.zeros(len(lower), dtype=np.int64)
    return Matrix(*bounds, low, high, row, column, table[row, column], none, 0)


@st.composite
def programs(draw: st.DrawFn) -> Matrix:
    """Programs of 1-4 columns and 1-4 rows, some of them equalities or open to a side."""
    width = draw(st.integers(1, 4))
    lower = draw(st.lists(st.integers(-3, 2), min_size=width, max_size=width))
    upper = [low + draw(st.integers(0, 3)) for low in lower]
    rows, sides = [], []
    for _ in range(draw(st.integers(1, 4))):
        rows.append(draw(st.lists(st.integers(-4, 4), min_size=width, max_size=width)))
        low = draw(st.integers(-9, 9))
        kind = draw(st.sampled_from(["equal", "above", "below", "between", "free"]))
        sides.append(
            {
                "equal": (low, low),
                "above": (low, FREE),
                "below": (-FREE, low),
                "between": (low, low + draw(st.integers(0, 6))),
                "free": (-FREE, FREE),
            }[kind]
        )
    return _matrix(rows, sides, lower, upper)


def _points(matrix: Matrix) -> list[np.ndarray]:
    """Return every integer point of `matrix`, trying them all."""
    ranges = (range(a, b + 1) for a, b in zip(matrix.lower, matrix.upper, strict=True))
    every = (np.array(point, dtype=np.int64) for point in product(*ranges))
    return [point for point in every if matrix.holds(point)]


@given(programs())
def test_tightening_loses_no_point(matrix):
    """Every point of the program lies within the bounds that its rows leave."""
    lower, upper = tightened(matrix, matrix.lower, matrix.upper)
    assert (lower >= matrix.lower).all() and (upper <= matrix.upper).all()
    for point in _points(matrix):
        assert (lower <= point).all() and (point <= upper).all()


@given(programs())
def test_bounds_that_cross_prove_that_there_is_no_point(matrix):
    """Where the rows leave nothing for a column, trying all points finds none either."""
    lower, upper = tightened(matrix, matrix.lower, matrix.upper)
    if (lower > upper).any():
        assert _points(matrix) == []


def test_a_row_that_cannot_be_kept_crosses_bounds():
    """An equality beyond the reach of its columns leaves nothing for them."""
    lower, upper = tightened(
        _matrix([[2, -1]], [(7, 7)], [0, 0], [4, 9]), *np.array([[0, 0], [4, 9]])
    )
    assert (lower <= upper).all()
    lower, upper = tightened(
        _matrix([[2, -1]], [(7, 7)], [0, 0], [3, 9]), *np.array([[0, 0], [3, 9]])
    )
    assert (lower > upper).any()


@given(programs(), st.data())
def test_one_column_without_end_loses_no_point(matrix, data):
    """With a bound taken away the points between the former bounds are still all there."""
    number = data.draw(st.integers(0, len(matrix.lower) - 1))
    lower, upper = matrix.lower.copy(), matrix.upper.copy()
    if data.draw(st.booleans()):
        lower[number] = -FREE
    else:
        upper[number] = FREE
    low, high = tightened(matrix, lower, upper)
    columns = np.array([n for n in range(len(lower)) if n != number], dtype=np.int64)
    part = within(matrix, columns, lower, upper, matrix.cost)
    for point in _points(matrix):
        assert (low <= point).all() and (point <= high).all()
        assert part.holds(point[columns])


@given(programs(), st.data())
def test_a_part_loses_no_point(matrix, data):
    """What a point of the program says of some columns is a point of their program alone, and costs
    there what these columns cost."""
    width = len(matrix.lower)
    columns = np.array(sorted(data.draw(st.sets(st.integers(0, width - 1)))), dtype=np.int64)
    cost = np.array(data.draw(st.lists(st.integers(-5, 5), min_size=width, max_size=width)))
    part = within(matrix, columns, matrix.lower, matrix.upper, cost)
    for point in _points(matrix):
        assert part.holds(point[columns])
        assert part.value(point[columns]) == int((cost * point)[columns].sum())


@given(programs())
def test_all_columns_are_the_whole_program(matrix):
    """A part that leaves no column out has the points of the program, no more and no fewer."""
    every = np.arange(len(matrix.lower))
    part = within(matrix, every, matrix.lower, matrix.upper, matrix.cost)
    assert [list(p) for p in _points(part)] == [list(p) for p in _points(matrix)]


def test_sums_beyond_64_bits_say_nothing():
    """Bounds so large that their sum wraps round count as none: a false one would cut points off."""
    big = 2**52
    matrix = _matrix([[7 * 2**9, -1]], [(-FREE, 0)], [-big, -big], [5, big])
    lower, upper = tightened(matrix, matrix.lower, matrix.upper)
    part = within(matrix, np.array([1]), matrix.lower, matrix.upper, matrix.cost)
    assert lower[1] <= 0 <= upper[1] and part.holds(np.array([0]))
    many = _matrix([[2**9] * 8], [(-FREE, 0)], [-big] * 8, [big] * 8)
    lower, upper = tightened(many, many.lower, many.upper)
    assert (lower <= 0).all() and (upper >= 0).all()
    assert within(many, np.arange(7), lower, upper, many.cost).holds(np.zeros(7, dtype=np.int64))


def test_bounds_are_rounded_inwards():
    """What a row leaves of a column ends at whole numbers inside, whatever the sign."""
    sides = [(3, FREE), (-FREE, -3), (-FREE, 7), (-7, FREE)]
    for (low, high), factor in zip(sides, (2, -2, 2, -2), strict=True):
        matrix = _matrix([[factor]], [(low, high)], [0], [9])
        lower, upper = tightened(matrix, matrix.lower, matrix.upper)
        assert [lower[0], upper[0]] == ([2, 9] if abs(low) == 3 or high == -3 else [0, 3])
