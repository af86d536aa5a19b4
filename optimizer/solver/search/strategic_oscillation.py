"""Saving one unit of what the cost is mostly made of – a person – where no small change saves it.

Among plans of equal cost nothing tells how near one is to doing with a person less. So the person is
taken away, counters may be overloaded for the moment, and neighbourhoods are solved that lower the
overload until none is left (strategic oscillation beyond the limits of a program: Glover, Hao,
International Journal of Metaheuristics 1, 2010). The overload shrinks step by step, where the cost
would stand still until the end.
"""

from collections.abc import Callable

import numpy as np

from optimizer.model.matrix import FREE, Matrix
from optimizer.solver.search.bound_tightening import tightened
from optimizer.solver.search.neighbourhoods import Neighbourhoods
from optimizer.solver.search.tuning import TUNING

Query = Callable[[Matrix, np.ndarray], np.ndarray | None]
"""Solves a small program from a solution of it; None if nothing was found."""


class Oscillation:
    """A program in which the `lead` columns of one step cost a unit less than in `values`, those of
    the other steps no more, and whose rows of lead columns and links may be broken at a price. The
    fixed columns stay as they are.

    price: what each lead column (staff) costs, 0 for all others. `possible` says whether there are
    rows to loosen.
    """

    def __init__(
        self,
        matrix: Matrix,
        price: np.ndarray,
        choices: Neighbourhoods,
        values: np.ndarray,
        step: int,
    ) -> None:
        self.choices, self.step, self.width = choices, step, len(matrix.cost)
        fixed = choices.fixed
        lower, upper = tightened(
            matrix, np.where(fixed, values, matrix.lower), np.where(fixed, values, matrix.upper)
        )
        matrix = matrix._replace(lower=lower, upper=upper)
        self.lead = lead = price > 0
        self.soft, self.sign = _elastic(matrix, lead, choices.links)
        self.possible = len(self.soft) > 0
        steps = np.unique(choices.step[lead])
        prices = [np.where(choices.step == n, price, 0) for n in steps]
        less = [
            int(each[each > 0].min()) if n == step else 0
            for n, each in zip(steps, prices, strict=True)
        ]
        targets = [int(each @ values) - cut for each, cut in zip(prices, less, strict=True)]
        self.weight = _weights(matrix, lead, self.soft)
        self.matrix = _loosened(matrix, prices, targets, self.soft, self.sign, self.weight)
        self.values = values
        self.over = 0

    def begin(self, ask: Query) -> bool:
        """Take a unit away at a place of the step that shares many ways; return whether one can go.

        Not where that overloads least: such a place may be one that nobody can be sent away from.
        """
        choices, values = self.choices, np.append(self.values, np.zeros_like(self.soft))
        one = (
            self.lead
            & (choices.step == self.step)
            & (self.values > self.matrix.lower[: self.width])
        )
        where = np.flatnonzero(one)
        if not len(where):
            return False
        weight = choices.near.sum(axis=1)[choices.place[where]] + 1e-9
        order = choices.random.choice(where, len(where), False, weight / weight.sum())
        follow = ~(choices.links | choices.fixed | self.lead)
        for column in order[: TUNING.tries]:
            less = values.copy()
            less[column] -= 1
            part, columns = self.matrix.around(less, np.append(follow, self.soft >= 0))
            found = ask(part, part.lower)
            if found is not None:
                less[columns] = found
                if self._take(less):
                    return True
        return False

    def lower(self, ask: Query, size: int, shaken: bool) -> bool:
        """Solve one neighbourhood; return whether the overload fell.

        shaken: links have random costs and the overload may grow a little, so that what stands
        still moves on to another solution of about the same overload.
        """
        before, random = self.over, self.choices.random
        worst = self.choices.place[self._broken_links()]
        start = None
        if len(worst) and random.random() < TUNING.from_worst:
            start = int(random.choice(worst))
        free = self.choices.pick(self.values[: self.width], size, True, start)
        touched = np.zeros(len(self.matrix.row_lower), dtype=bool)
        touched[self.matrix.row[np.append(free, [False] * len(self.soft))[self.matrix.column]]] = (
            True
        )
        matrix = self._noisy() if shaken else self.matrix
        part, columns = matrix.around(self.values, np.append(free, touched[self.soft]))
        found = ask(part, self.values[columns])
        if found is not None:
            values = self.values.copy()
            values[columns] = found
            self._take(values, before + before // TUNING.shake if shaken else before)
        return self.over < before

    def _noisy(self) -> Matrix:
        """Return the program with random costs on the links, together about as much as the overload
        may grow.
        """
        links = np.flatnonzero(self.choices.links)
        cost = self.matrix.cost * TUNING.noise * TUNING.shake
        most = max(self.over * TUNING.noise // TUNING.moved, 1)
        cost[links] = self.choices.random.integers(0, most, len(links))
        return self.matrix._replace(cost=cost)

    @property
    def plan(self) -> np.ndarray:
        """The columns of the program; a solution of it once `over` is 0."""
        return self.values[: self.width]

    def _take(self, values: np.ndarray, most: int | None = None) -> bool:
        """Keep `values` with the least overload that their rows need, if that is at most `most`."""
        values = values.copy()
        values[self.width :] = 0
        left = self.matrix.left(values)[self.soft]
        low = self.matrix.row_lower[self.soft] - left
        high = left - self.matrix.row_upper[self.soft]
        values[self.width :] = np.maximum(np.where(self.sign < 0, high, low), 0)
        over = int(self.weight @ values[self.width :])
        if (most is not None and over > most) or not self.matrix.holds(values):
            return False
        self.values, self.over = values, over
        return True

    def _broken_links(self) -> np.ndarray:
        """Return the numbers of the links in rows that are overloaded."""
        rows = np.zeros(len(self.matrix.row_lower), dtype=bool)
        rows[self.soft[self.values[self.width :] > 0]] = True
        columns = self.matrix.column[rows[self.matrix.row]]
        columns = columns[columns < self.width]
        return np.unique(columns[self.choices.links[columns]])


def _elastic(matrix: Matrix, lead: np.ndarray, links: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows where lead columns and links meet, once a side, and the sign of what helps."""
    both = np.ones(len(matrix.row_lower), dtype=bool)
    for mask in (lead, links):
        there = np.zeros(len(both), dtype=bool)
        there[matrix.row[mask[matrix.column]]] = True
        both &= there
    above = np.flatnonzero(both & (matrix.row_upper < FREE))
    below = np.flatnonzero(both & (matrix.row_lower > -FREE))
    sign = np.append(np.full(len(above), -1), np.full(len(below), 1))
    return np.append(above, below), sign


def _weights(matrix: Matrix, lead: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return what a unit of overload weighs per row: alike for one unit of the lead column."""
    largest = np.zeros(len(matrix.row_lower), dtype=np.int64)
    mine = lead[matrix.column]
    np.maximum.at(largest, matrix.row[mine], np.abs(matrix.coefficient[mine]))
    size = np.maximum(largest[rows], 1)
    weight: np.ndarray = np.maximum(size.max(initial=1) // size, 1)
    return weight


def _loosened(
    matrix: Matrix,
    prices: list[np.ndarray],
    targets: list[int],
    rows: np.ndarray,
    sign: np.ndarray,
    weight: np.ndarray,
) -> Matrix:
    """Return `matrix` with a column of overload per row of `rows`, which alone costs, its `weight`,
    and a row prices[n] <= targets[n] for each n.
    """
    width, last = len(matrix.cost), len(matrix.row_lower)
    row, column, coefficient = [matrix.row, rows], [matrix.column], [matrix.coefficient, sign]
    column.append(width + np.arange(len(rows)))
    for n, price in enumerate(prices):
        priced = np.flatnonzero(price)
        row.append(np.full(len(priced), last + n))
        column.append(priced)
        coefficient.append(price[priced])
    order = np.lexsort((np.concatenate(column), np.concatenate(row)))
    none = np.zeros(len(rows), dtype=np.int64)
    return Matrix(
        np.append(matrix.lower, none),
        np.append(matrix.upper, _most(matrix, rows)),
        np.append(matrix.row_lower, np.full(len(prices), -FREE)),
        np.append(matrix.row_upper, np.array(targets, dtype=np.int64)),
        np.concatenate(row)[order],
        np.concatenate(column)[order],
        np.concatenate(coefficient)[order],
        np.append(np.zeros(width, dtype=np.int64), weight),
        0,
    )


def _most(matrix: Matrix, rows: np.ndarray) -> np.ndarray:
    """Return what no overload of `rows` exceeds."""
    size = np.zeros(len(matrix.row_lower), dtype=np.int64)
    ends = np.maximum(np.abs(matrix.lower), np.abs(matrix.upper))
    np.add.at(size, matrix.row, np.abs(matrix.coefficient) * np.minimum(ends, 2**20)[matrix.column])
    most: np.ndarray = size[rows]
    return most
