"""Program: integer columns, labelled rows, objectives. Knows neither cities nor engines."""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd

from optimizer.algebra import FREE, Affine, Rows

LARGEST = 2**53
"""Engines compute in doubles; beyond this an integer is no longer exact in one."""


TIGHTENINGS = 5
"""So often at most are the bounds of columns tightened by all rows."""


class Block(NamedTuple):
    """Columns that were added together: `first` is the number of the first."""

    index: pd.MultiIndex
    first: int
    expression: Affine


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

    def broken(self, values: np.ndarray) -> np.ndarray:
        """Return the numbers of the rows that the integers `values` do not satisfy."""
        left = np.zeros(len(self.row_lower), dtype=np.int64)
        np.add.at(left, self.row, self.coefficient * values[self.column])
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

    def within(
        self, columns: np.ndarray, lower: np.ndarray, upper: np.ndarray, cost: np.ndarray
    ) -> "Matrix":
        """Return the program of minimising `cost` over the numbered `columns` alone.

        lower, upper, cost: per column of this program. All other columns take, row by row, what
        leaves most room between their bounds: a relaxation. Rows that always hold are left out.
        """
        number = np.full(len(self.cost), -1)
        number[columns] = np.arange(len(columns))
        inside = number[self.column] >= 0
        ends = [self._span(~inside, lower, upper), self._span(inside, lower, upper)]
        (least, most), (low, high) = ends
        row_lower = np.where(self.row_lower <= -FREE, -FREE, self.row_lower - most)
        row_upper = np.where(self.row_upper >= FREE, FREE, self.row_upper - least)
        # a sum with an unbounded column says nothing
        row_lower = np.where(most >= FREE, -FREE, row_lower)
        row_upper = np.where(least <= -FREE, FREE, row_upper)
        kept = (low < row_lower) | (high > row_upper)
        inside &= kept[self.row]
        return Matrix(
            lower[columns],
            upper[columns],
            row_lower[kept],
            row_upper[kept],
            (np.cumsum(kept) - 1)[self.row[inside]],
            number[self.column[inside]],
            self.coefficient[inside],
            cost[columns],
            0,
        )

    def tightened(self, lower: np.ndarray, upper: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return what the rows leave of the bounds `lower` and `upper` of the columns, taken one row
        at a time (Savelsbergh, ORSA Journal on Computing 6, 1994). If they leave nothing for a
        column, its bounds cross.
        """
        size = np.abs(self.coefficient)
        for _ in range(TIGHTENINGS):
            before = lower, upper
            every = np.ones(len(self.row), dtype=bool)
            least, most = self._span(every, lower, upper)
            low, high = self._ends(every, lower, upper)
            room = self.row_upper[self.row] - (least[self.row] - low)
            lack = self.row_lower[self.row] - (most[self.row] - high)
            bounded = (self.row_upper < FREE) & (least > -FREE), (self.row_lower > -FREE) & (most < FREE)
            lower, upper = lower.copy(), upper.copy()
            for sign in (1, -1):
                entry = np.flatnonzero((self.coefficient > 0) == (sign > 0))
                for told, reach in zip(bounded, (room, lack), strict=True):
                    use = entry[told[self.row[entry]]]
                    column = self.column[use]
                    if (sign > 0) == (reach is room):
                        np.minimum.at(upper, column, sign * reach[use] // size[use])
                    else:
                        np.maximum.at(lower, column, -(-sign * reach[use] // size[use]))
            if (before[0] == lower).all() and (before[1] == upper).all():
                break
        return lower, upper

    def _ends(
        self, marked: np.ndarray, lower: np.ndarray, upper: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the least and the most of each `marked` entry, -FREE or FREE where it has no end."""
        column, up = self.column[marked], self.coefficient[marked] > 0
        ends = []
        for at, free in (
            (np.where(up, lower[column], upper[column]), -FREE),
            (np.where(up, upper[column], lower[column]), FREE),
        ):
            end = np.abs(at) < FREE
            ends.append(np.where(end, self.coefficient[marked] * np.where(end, at, 0), free))
        return ends[0], ends[1]

    def _span(
        self, marked: np.ndarray, lower: np.ndarray, upper: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the least and the most that the `marked` entries of every row can sum to, -FREE or
        FREE where there is no end.
        """
        row, totals = self.row[marked], []
        for ends in self._ends(marked, lower, upper):
            total, endless = np.zeros(len(self.row_lower), dtype=np.int64), np.abs(ends) >= FREE
            np.add.at(total, row, np.where(endless, 0, ends))
            total[row[endless]] = ends[endless]
            totals.append(total)
        return totals[0], totals[1]

    def value(self, values: np.ndarray) -> int:
        """Return the objective at `values`."""
        return int((self.cost * values).sum()) + self.offset


@dataclass
class Program:
    """What has been asked so far. Columns are integers between their bounds."""

    columns: dict[str, Block] = field(default_factory=dict)
    rows: list[tuple[str, Rows]] = field(default_factory=list)
    lower: list[np.ndarray] = field(default_factory=list)
    upper: list[np.ndarray] = field(default_factory=list)
    width: int = 0

    def add_columns(self, name: str, index: pd.MultiIndex, lower: object, upper: object) -> Affine:
        """Add one integer column per label of `index`; return them as an expression."""
        size = len(index)
        self.lower.append(np.broadcast_to(np.asarray(lower, dtype=np.int64), (size,)))
        self.upper.append(np.broadcast_to(np.asarray(upper, dtype=np.int64), (size,)))
        number = np.arange(size)
        one, none = np.ones(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
        expression = Affine(index, number, self.width + number, one, none)
        self.columns[name] = Block(index, self.width, expression)
        self.width += size
        return expression

    def add_rows(self, entry: str, rows: Rows) -> None:
        """Add `rows` under the id of the constraint entry that asks for them."""
        self.rows.append((entry, rows))

    def matrix(self, objective: Affine) -> Matrix:
        """Return the arrays for minimising `objective`, an expression with a single label.

        Raises OverflowError when a number is too large for engines that compute in doubles.
        """
        blocks = [rows for _, rows in self.rows]
        starts = np.cumsum([0] + [len(rows.index) for rows in blocks])
        row = _join([rows.at + start for rows, start in zip(blocks, starts, strict=False)])
        column = _join([rows.column for rows in blocks])
        row, column, coefficient = merge(row, column, _join([r.coefficient for r in blocks]))
        cost = np.zeros(self.width, dtype=np.int64)
        np.add.at(cost, objective.column, objective.coefficient)
        bounds = [
            _join(self.lower),
            _join(self.upper),
            _join([rows.lower for rows in blocks]),
            _join([rows.upper for rows in blocks]),
        ]
        for numbers in (coefficient, cost, *bounds):
            size = np.abs(numbers)
            if ((size >= LARGEST) & (size < FREE)).any():
                raise OverflowError("a number of the program reaches 2**53")
        lower, upper, row_lower, row_upper = bounds
        return Matrix(
            lower,
            upper,
            row_lower,
            row_upper,
            row,
            column,
            coefficient,
            cost,
            int(objective.constant.sum()),
        )

    def broken(self, values: np.ndarray) -> list[tuple[str, tuple[object, ...]]]:
        """Return (entry, label) of every row that the integers `values` do not satisfy."""
        found = []
        for entry, rows in self.rows:
            left = np.zeros(len(rows.index), dtype=np.int64)
            np.add.at(left, rows.at, rows.coefficient * values[rows.column])
            bad = (left < rows.lower) | (left > rows.upper)
            found += [(entry, label) for label in rows.index[bad]]
        return found


def merge(
    row: np.ndarray, column: np.ndarray, coefficient: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the triplets sorted by row and column, equal pairs added up, zeros left out."""
    width = int(column.max(initial=0)) + 1
    order = np.argsort(row * width + column, kind="stable")  # quick where it is sorted already
    row, column, coefficient = row[order], column[order], coefficient[order]
    if len(row) == 0:
        return row, column, coefficient
    new = np.append(True, (row[1:] != row[:-1]) | (column[1:] != column[:-1]))
    starts = np.flatnonzero(new)
    coefficient = np.add.reduceat(coefficient, starts)
    keep = coefficient != 0
    return row[starts][keep], column[starts][keep], coefficient[keep]


def _join(arrays: list[np.ndarray]) -> np.ndarray:
    return np.concatenate(arrays).astype(np.int64) if arrays else np.empty(0, dtype=np.int64)
