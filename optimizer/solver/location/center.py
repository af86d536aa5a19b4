"""Problems of the longest way: the least radius within which the open sites cover everybody.

    minimise  z   so that   sum over j of metres[i, j] x[i, j] <= z   for every customer i

p-center has this shape. The answer is one of the distances, so they are searched by halves; each
question – can few enough sites cover everybody within this radius? – is a small set-covering
program (Minieka, SIAM Review 12, 1970; Daskin, Network and Discrete Location, 1995, ch. 5).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf

import numpy as np

from optimizer.model.algebra import FREE
from optimizer.model.program import Matrix
from optimizer.solver.location.cover import Question, UndecidedError, without_dominated
from optimizer.solver.location.recognise import ABSENT, Location, recognise
from optimizer.solver.location.solve import Finish, Located, Tell


@dataclass(frozen=True, eq=False)
class Center:
    """A location problem whose `cost` is the way to be kept short, and the column of the longest."""

    problem: Location
    longest: int

    def run(self, finish: Finish, done: Callable[[], bool], tell: Tell) -> Located:
        """Return the best solution and bound; `finish` answers each covering question."""
        problem = self.problem
        way, offset = problem.cost, problem.constant
        must, may = int((~problem.can_close).sum()), int(problem.can_open.sum())
        if max(must, problem.least) > problem.most or may < problem.least:
            return Located(None, None, True)
        radii = np.unique(way[way < ABSENT])
        low = int(np.searchsorted(radii, way.min(axis=1).max()))  # nobody can be nearer than that
        high, best = len(radii), None
        while low < high and not done():
            middle = (low + high) // 2
            opened, proved = self._cover(int(radii[middle]), finish)
            if opened is not None:
                best = opened
                reached = np.where(opened, way, ABSENT).min(axis=1).max()
                high = int(np.searchsorted(radii, reached))
            elif proved:
                low = middle + 1
            else:
                break
            bound = offset + int(radii[min(low, len(radii) - 1)])
            tell(None if high == len(radii) else offset + int(radii[high]), bound)
        if low == len(radii):
            return Located(None, None, True)
        values = None if best is None else self._values(best)
        return Located(values, offset + int(radii[low]))

    def _cover(self, radius: int, finish: Finish) -> tuple[np.ndarray | None, bool]:
        """Return open sites that cover everybody within `radius`, and whether there are proved to be none."""
        problem = self.problem
        must = ~problem.can_close
        sites = np.flatnonzero(problem.can_open & problem.can_close)
        near = problem.cost <= radius
        waiting = ~near[:, must & problem.can_open].any(axis=1)
        near, more = near[np.ix_(waiting, sites)], problem.most - int(must.sum())
        try:
            found = Question().answer(near, more)
            refuted = found is None
        except UndecidedError:
            rows, columns = without_dominated(near)
            values, _, refuted = finish(_program(near[np.ix_(rows, columns)], more), inf)
            sites, found = sites[columns], None if values is None else values == 1
        if found is None:
            return None, refuted
        opened = must.copy()
        opened[sites[found]] = True
        return self._enough(opened), False

    def _enough(self, opened: np.ndarray) -> np.ndarray:
        """Return `opened` with as many further sites as must be open at least."""
        more = np.flatnonzero(self.problem.can_open & ~opened)
        opened[more[: max(self.problem.least - int(opened.sum()), 0)]] = True
        return opened

    def _values(self, opened: np.ndarray) -> np.ndarray:
        cost = np.where(opened, self.problem.cost, ABSENT)
        values = self.problem.values(opened, cost.argmin(axis=1))
        values[self.longest] = cost.min(axis=1).max()
        return values


def _program(near: np.ndarray, most: int) -> Matrix:
    """Return the covering question as a program: a row per customer, one for the number of sites."""
    customer, site = np.nonzero(near)
    rows, width = near.shape
    return Matrix(
        lower=np.zeros(width, dtype=np.int64),
        upper=np.ones(width, dtype=np.int64),
        row_lower=np.append(np.ones(rows, dtype=np.int64), -FREE),
        row_upper=np.append(np.full(rows, FREE), most),
        row=np.append(customer, np.full(width, rows)),
        column=np.append(site, np.arange(width)),
        coefficient=np.ones(len(customer) + width, dtype=np.int64),
        cost=np.zeros(width, dtype=np.int64),
        offset=0,
    )


def recognise_center(matrix: Matrix, links: slice) -> Center | None:
    """Return the problem of the longest way that `matrix` is, None if it is none."""
    priced = np.flatnonzero(matrix.cost)
    if len(priced) != 1 or matrix.cost[priced[0]] != 1 or matrix.lower[priced[0]] > 0:
        return None
    longest = int(priced[0])
    is_link = np.zeros(len(matrix.cost), dtype=bool)
    is_link[links] = True
    height = len(matrix.row_lower)
    mine = np.bincount(matrix.row[matrix.column == longest], minlength=height) > 0
    entries = mine[matrix.row]
    turned = mine & (matrix.row_lower == 0) & (matrix.row_upper >= FREE)  # longest >= way
    matrix = _negated(matrix, turned)
    own = entries & (matrix.column == longest)
    ways = entries & is_link[matrix.column]
    if (
        (matrix.coefficient[own] != -1).any()
        or (entries & ~own & ~ways).any()
        or (matrix.row_upper[mine] != 0).any()
        or (matrix.row_lower[mine] > -FREE).any()
    ):
        return None
    metres = np.zeros(len(matrix.cost), dtype=np.int64)
    metres[matrix.column[ways]] = matrix.coefficient[ways]
    if np.bincount(matrix.column[ways], minlength=1).max() > 1 or (metres < 0).any():
        return None
    upper = matrix.upper.copy()
    upper[longest] = matrix.lower[longest]  # it follows from the ways, whatever its range
    bare = matrix._replace(
        upper=upper,
        row=matrix.row[~entries],
        column=matrix.column[~entries],
        coefficient=matrix.coefficient[~entries],
        row_lower=np.where(mine, -FREE, matrix.row_lower),
        row_upper=np.where(mine, FREE, matrix.row_upper),
        cost=np.zeros_like(matrix.cost),
    )
    found = recognise(bare, links)
    if found is None or metres.max(initial=0) > matrix.upper[longest]:
        return None
    way = np.where(found.column >= 0, metres[found.column], ABSENT)
    # every row of the longest way must belong to one customer, or it would be no longest way
    person = np.full(len(matrix.cost), -1)
    where, _ = np.nonzero(found.column >= 0)
    person[found.column[found.column >= 0]] = where
    first = np.full(height, -1)
    first[matrix.row[ways]] = person[matrix.column[ways]]
    if (first[matrix.row[ways]] != person[matrix.column[ways]]).any():
        return None
    return Center(replace(found, cost=way), longest)


def _negated(matrix: Matrix, rows: np.ndarray) -> Matrix:
    """Return `matrix` with both sides of the marked rows, of the form 0 <= ..., times -1."""
    return matrix._replace(
        coefficient=np.where(rows[matrix.row], -matrix.coefficient, matrix.coefficient),
        row_lower=np.where(rows, -FREE, matrix.row_lower),
        row_upper=np.where(rows, 0, matrix.row_upper),
    )
