"""Whether a program leaves no more room than another, so that what is proved of that one holds here.

A bound of a relaxation is a bound of every program that it relaxes. Two programs of one city, before
and after a change, are compared by their labels: column with column, row with row.
"""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from optimizer.base.labels import positions
from optimizer.model.algebra import Affine
from optimizer.model.matrix import FREE, Matrix
from optimizer.model.program import Program, merge

EXACT = 2.0**52
"""Sums of products beyond this are taken for unlimited: below it whole numbers are added exactly."""


class Dearer(NamedTuple):
    """How much more a solution costs here than there: cost (per column) x solution + constant."""

    cost: np.ndarray
    constant: int


class _Rows(NamedTuple):
    """low <= sums of coefficient x column <= high; triplets of row, column, coefficient."""

    row: np.ndarray
    column: np.ndarray
    coefficient: np.ndarray
    low: np.ndarray
    high: np.ndarray


def restricts(
    program: Program, objective: Affine, wide: Program, wide_objective: Affine
) -> Dearer | None:
    """Return how much more solutions of `program` cost than in `wide`, where every one is a solution
    of `wide` too, divided ones included; None where that is not plain.

    Columns that `program` lacks are 0 in it. It is plain if no column has wider limits here, and
    every row of `wide` follows from the limits of the columns here and the row of the same entry
    and label, scaled to the same last coefficient.
    """
    here, there = program.matrix(objective), wide.matrix(wide_objective)
    number = _columns(program, wide)
    known = number >= 0
    mine = number[known]
    missing_may_be_zero = (there.lower <= 0) & (there.upper >= 0) | known
    inside = (here.lower[mine] >= there.lower[known]) & (here.upper[mine] <= there.upper[known])
    if not (missing_may_be_zero.all() and inside.all()):
        return None
    use = known[there.column]
    wanted = _Rows(
        there.row[use],
        number[there.column[use]],
        there.coefficient[use],
        there.row_lower,
        there.row_upper,
    )
    cliques = _cliques(here)
    holds = _always(here, cliques, wanted)
    if not holds.all():
        holds |= _always(here, cliques, _left_over(wanted, here, _pairs(program, wide)))
    if not holds.all():
        return None
    cost = here.cost.copy()
    cost[mine] -= there.cost[known]
    return Dearer(cost, here.offset - there.offset)


def least(matrix: Matrix, dearer: Dearer) -> int | None:
    """Return what a solution of `matrix` costs more at least, by the limits of its columns; None if
    they do not say.
    """
    none, number = np.zeros(len(dearer.cost), dtype=np.int64), np.arange(len(dearer.cost))
    one = np.zeros(1, dtype=np.int64)
    rows = _Rows(none, number, dearer.cost, one, one)
    low = _extremes(matrix, _cliques(matrix), rows)[0][0]
    return None if low == -np.inf else int(low) + dearer.constant


def _columns(program: Program, wide: Program) -> np.ndarray:
    """Return the number here of every column of `wide`, -1 where there is none."""
    number = np.full(wide.width, -1)
    for name, block in wide.columns.items():
        mine = program.columns.get(name)
        if mine is not None and mine.index.names == block.index.names:
            at = positions(block.index, mine.index)
            number[block.first : block.first + len(at)] = np.where(at >= 0, mine.first + at, -1)
    return number


def _pairs(program: Program, wide: Program) -> np.ndarray:
    """Return the number here of every row of `wide`, -1 where there is none: of the same entry, the
    same place among its blocks of rows, and the same label.
    """
    blocks = {key: (first, index) for key, first, index in _blocks(program) if index.is_unique}
    found = [np.empty(0, dtype=np.int64)]
    for key, _, index in _blocks(wide):
        first, other = blocks.get(key, (0, None))
        at = np.full(len(index), -1)
        if other is not None and index.is_unique and other.names == index.names:
            at = positions(index, other)
        found.append(np.where(at >= 0, first + at, -1))
    return np.concatenate(found)


def _blocks(program: Program) -> Iterator[tuple[tuple[str, int], int, pd.MultiIndex]]:
    """Yield, for every block of rows: its entry and place, the number of its first row, its labels."""
    seen: Counter[str] = Counter()
    first = 0
    for entry, rows in program.rows:
        yield (entry, seen[entry]), first, rows.index
        seen[entry] += 1
        first += len(rows.index)


def _left_over(wanted: _Rows, here: Matrix, pair: np.ndarray) -> _Rows:
    """Return what the columns must keep beyond the row here that each of `wanted` is paired with:
    wanted - paired, both scaled; no columns can keep what is limited in the one alone.
    """
    paired = np.flatnonzero(pair >= 0)
    back = np.full(len(here.row_lower), -1)
    back[pair[paired]] = paired
    use = back[here.row] >= 0
    given = _Rows(
        back[here.row[use]],
        here.column[use],
        here.coefficient[use],
        np.full(len(pair), -FREE),
        np.full(len(pair), FREE),
    )
    given.low[paired], given.high[paired] = (
        here.row_lower[pair[paired]],
        here.row_upper[pair[paired]],
    )
    ours, theirs = _scaled_alike(wanted, given)
    row, column, coefficient = merge(
        np.concatenate([ours.row, theirs.row]),
        np.concatenate([ours.column, theirs.column]),
        np.concatenate([ours.coefficient, -theirs.coefficient]),
    )
    low = np.where(ours.low <= -FREE, -FREE, ours.low - theirs.low)
    high = np.where(ours.high >= FREE, FREE, ours.high - theirs.high)
    return _Rows(row, column, coefficient, low, high)  # unlimited in `given` alone: out of reach


def _scaled_alike(one: _Rows, other: _Rows) -> tuple[_Rows, _Rows]:
    """Return both with every row multiplied so that the two agree in the last column of `other`,
    where that is possible with numbers that stay exact.
    """
    count = len(one.low)
    last = np.full(count, -1)
    np.maximum.at(last, other.row, other.column)
    ends = []
    for rows in (one, other):
        end = np.zeros(count, dtype=np.int64)
        hit = rows.column == last[rows.row]
        end[rows.row[hit]] = rows.coefficient[hit]
        ends.append(end)
    alike = ends[0] * np.sign(ends[1]) > 0
    sizes = [np.where(alike, abs(end), 1) for end in ends]
    shared = np.gcd(*sizes)
    factors = [sizes[1] // shared, sizes[0] // shared]
    for rows, factor in zip((one, other), factors, strict=True):
        largest = np.maximum(*(np.where(abs(x) < FREE, abs(x), 0) for x in (rows.low, rows.high)))
        np.maximum.at(largest, rows.row, abs(rows.coefficient))
        alike &= largest.astype(float) * factor < EXACT
    a, b = (np.where(alike, factor, 1) for factor in factors)
    return _times(one, a), _times(other, b)


def _times(rows: _Rows, factor: np.ndarray) -> _Rows:
    limits = (np.where(abs(limit) < FREE, limit * factor, limit) for limit in (rows.low, rows.high))
    return _Rows(rows.row, rows.column, rows.coefficient * factor[rows.row], *limits)


def _always(here: Matrix, cliques: np.ndarray, rows: _Rows) -> np.ndarray:
    """Return which of `rows` hold whatever the columns of `here` are within their limits."""
    smallest, largest = _extremes(here, cliques, rows)
    below = (rows.low <= -FREE) | (smallest >= rows.low)
    above = (rows.high >= FREE) | (largest <= rows.high)
    return below & above


def _cliques(matrix: Matrix) -> np.ndarray:
    """Return a number for every column: those that share one are not negative and sum to 1 at most."""
    size = np.bincount(matrix.row, minlength=len(matrix.row_lower))
    odd = (matrix.coefficient != 1) | (matrix.lower[matrix.column] < 0)
    sound = (matrix.row_upper == 1) & (np.bincount(matrix.row, odd, minlength=len(size)) == 0)
    use = np.flatnonzero(sound[matrix.row])
    use = use[np.argsort(-size[matrix.row[use]], kind="stable")]  # a column joins its largest row
    column, first = np.unique(matrix.column[use], return_index=True)
    number = len(size) + np.arange(len(matrix.cost))
    number[column] = matrix.row[use[first]]
    return number


def _extremes(here: Matrix, cliques: np.ndarray, rows: _Rows) -> tuple[np.ndarray, np.ndarray]:
    """Return the least and the largest sum of every row, infinite beyond EXACT."""
    order = np.lexsort((cliques[rows.column], rows.row))
    row, column, coefficient = (a[order] for a in (rows.row, rows.column, rows.coefficient))
    alone = cliques[column] >= len(here.row_lower)
    ends = [coefficient.astype(float) * side[column] for side in (here.lower, here.upper)]
    small = np.where(alone, np.minimum(*ends), np.minimum(coefficient, 0))
    large = np.where(alone, np.maximum(*ends), np.maximum(coefficient, 0))
    new = np.append(True, (row[1:] != row[:-1]) | (cliques[column[1:]] != cliques[column[:-1]]))
    starts = np.flatnonzero(new[: len(row)])
    count, group = len(rows.low), row[starts]
    least = np.bincount(group, _reduced(np.minimum, small, starts), count)
    most = np.bincount(group, _reduced(np.maximum, large, starts), count)
    exact = np.bincount(row, np.maximum(abs(small), abs(large)), count) < EXACT
    return np.where(exact, least, -np.inf), np.where(exact, most, np.inf)


def _reduced(how: np.ufunc, values: np.ndarray, starts: np.ndarray) -> np.ndarray:
    reduced: np.ndarray = how.reduceat(values, starts) if len(starts) else values
    return reduced
