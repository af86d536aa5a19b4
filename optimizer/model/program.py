"""Program: integer columns, labelled rows, objectives. Knows neither cities nor engines."""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd

from optimizer.model.algebra import FREE, Affine, Rows
from optimizer.model.matrix import LARGEST as LARGEST
from optimizer.model.matrix import Matrix as Matrix


class Block(NamedTuple):
    """Columns that were added together: `first` is the number of the first."""

    index: pd.MultiIndex
    first: int
    expression: Affine


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
