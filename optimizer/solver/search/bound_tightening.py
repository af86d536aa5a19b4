"""What follows for a row from the bounds of its columns alone: for a part of a program, and for the
columns themselves.
"""

import numpy as np

from optimizer.model.matrix import FREE, Matrix
from optimizer.solver.search.tuning import TUNING


def within(
    matrix: Matrix, columns: np.ndarray, lower: np.ndarray, upper: np.ndarray, cost: np.ndarray
) -> Matrix:
    """Return the program of minimising `cost` over the numbered `columns` alone.

    lower, upper, cost: per column of `matrix`. All other columns take, row by row, what
    leaves most room between their bounds: a relaxation. Rows that always hold are left out.
    """
    number = np.full(len(matrix.cost), -1)
    number[columns] = np.arange(len(columns))
    inside = number[matrix.column] >= 0
    ends = [_span(matrix, ~inside, lower, upper), _span(matrix, inside, lower, upper)]
    (least, most), (low, high) = ends
    row_lower = np.where(matrix.row_lower <= -FREE, -FREE, matrix.row_lower - most)
    row_upper = np.where(matrix.row_upper >= FREE, FREE, matrix.row_upper - least)
    # a sum with an unbounded column says nothing
    row_lower = np.where(most >= FREE, -FREE, row_lower)
    row_upper = np.where(least <= -FREE, FREE, row_upper)
    kept = (low < row_lower) | (high > row_upper)
    inside &= kept[matrix.row]
    return Matrix(
        lower[columns],
        upper[columns],
        row_lower[kept],
        row_upper[kept],
        (np.cumsum(kept) - 1)[matrix.row[inside]],
        number[matrix.column[inside]],
        matrix.coefficient[inside],
        cost[columns],
        0,
    )


def tightened(
    matrix: Matrix, lower: np.ndarray, upper: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return what the rows leave of the bounds `lower` and `upper` of the columns, taken one row
    at a time (Savelsbergh, ORSA Journal on Computing 6, 1994). If they leave nothing for a
    column, its bounds cross.
    """
    size = np.abs(matrix.coefficient)
    for _ in range(TUNING.tightenings):
        before = lower, upper
        every = np.ones(len(matrix.row), dtype=bool)
        least, most = _span(matrix, every, lower, upper)
        low, high = _ends(matrix, every, lower, upper)
        room = matrix.row_upper[matrix.row] - (least[matrix.row] - low)
        lack = matrix.row_lower[matrix.row] - (most[matrix.row] - high)
        bounded = (
            (matrix.row_upper < FREE) & (least > -FREE),
            (matrix.row_lower > -FREE) & (most < FREE),
        )
        lower, upper = lower.copy(), upper.copy()
        for sign in (1, -1):
            entry = np.flatnonzero((matrix.coefficient > 0) == (sign > 0))
            for told, reach in zip(bounded, (room, lack), strict=True):
                use = entry[told[matrix.row[entry]]]
                column = matrix.column[use]
                if (sign > 0) == (reach is room):
                    np.minimum.at(upper, column, sign * reach[use] // size[use])
                else:
                    np.maximum.at(lower, column, -(-sign * reach[use] // size[use]))
        if (before[0] == lower).all() and (before[1] == upper).all():
            break
    return lower, upper


def _ends(
    matrix: Matrix, marked: np.ndarray, lower: np.ndarray, upper: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the least and the most of each `marked` entry, -FREE or FREE where it has no end."""
    column, up = matrix.column[marked], matrix.coefficient[marked] > 0
    ends = []
    for at, free in (
        (np.where(up, lower[column], upper[column]), -FREE),
        (np.where(up, upper[column], lower[column]), FREE),
    ):
        # in doubles: what an integer of 64 bits cannot hold has no end either
        end = np.abs(matrix.coefficient[marked].astype(float) * at) < FREE
        ends.append(np.where(end, matrix.coefficient[marked] * np.where(end, at, 0), free))
    return ends[0], ends[1]


def _span(
    matrix: Matrix, marked: np.ndarray, lower: np.ndarray, upper: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the least and the most that the `marked` entries of every row can sum to, -FREE or
    FREE where there is no end.
    """
    row, totals = matrix.row[marked], []
    for ends, free in zip(_ends(matrix, marked, lower, upper), (-FREE, FREE), strict=True):
        total, endless = np.zeros(len(matrix.row_lower), dtype=np.int64), np.abs(ends) >= FREE
        np.add.at(total, row, np.where(endless, 0, ends))
        size = np.bincount(row, np.abs(ends.astype(float)), len(total))  # an endless one is enough
        totals.append(np.where(size >= FREE, free, total))
    return totals[0], totals[1]
