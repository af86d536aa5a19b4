"""A program as arrays. It stands apart so that the child processes of engines need no pandas."""

from typing import NamedTuple

import numpy as np

FREE = 2**62
"""Stands for "no bound" where integers are required."""

LARGEST = 2**53
"""Engines compute in doubles; beyond this an integer is no longer exact in one."""


class Matrix(NamedTuple):
    """The program as arrays, ready for an engine.

    lower, upper: per column. row_lower, row_upper: per row. row, column, coefficient: triplets
    sorted by row, then column, each pair once, none zero. cost: per column. offset: constant
    of the objective. All int64; -FREE and FREE stand for no bound.
    """

    lower: np.ndarray
    upper: np.ndarray
    row_lower: np.ndarray
    row_upper: np.ndarray
    row: np.ndarray
    column: np.ndarray
    coefficient: np.ndarray
    cost: np.ndarray
    offset: int

    def left(self, values: np.ndarray) -> np.ndarray:
        """Return the left side of every row at the integers `values`."""
        left = np.zeros(len(self.row_lower), dtype=np.int64)
        np.add.at(left, self.row, self.coefficient * values[self.column])
        return left

    def broken(self, values: np.ndarray) -> np.ndarray:
        """Return the numbers of the rows that the integers `values` do not satisfy."""
        left = self.left(values)
        return np.flatnonzero((left < self.row_lower) | (left > self.row_upper))

    def holds(self, values: np.ndarray) -> bool:
        """Return whether `values` keep every row and every column bound."""
        inside = (values >= self.lower) & (values <= self.upper)
        return bool(inside.all()) and len(self.broken(values)) == 0

    def around(self, values: np.ndarray, free: np.ndarray) -> tuple["Matrix", np.ndarray]:
        """Return the program of the columns marked in `free`, all others held at `values`, and
        the numbers of its columns here. Rows without a free column are left out.
        """
        columns = np.flatnonzero(free & (self.lower < self.upper))
        number = np.full(len(self.cost), -1)
        number[columns] = np.arange(len(columns))
        inside = number[self.column] >= 0
        held = np.zeros(len(self.row_lower), dtype=np.int64)
        np.add.at(held, self.row[~inside], (self.coefficient * values[self.column])[~inside])
        rows, row = np.unique(self.row[inside], return_inverse=True)
        low, high = self.row_lower[rows], self.row_upper[rows]
        part = Matrix(
            self.lower[columns],
            self.upper[columns],
            np.where(low <= -FREE, -FREE, low - held[rows]),
            np.where(high >= FREE, FREE, high - held[rows]),
            row,
            number[self.column[inside]],
            self.coefficient[inside],
            self.cost[columns],
            self.offset + int((self.cost * values)[number < 0].sum()),
        )
        return part, columns

    def value(self, values: np.ndarray) -> int:
        """Return the objective at `values`."""
        return int((self.cost * values).sum()) + self.offset
