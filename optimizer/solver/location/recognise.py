"""Finding a pure location problem in a program: open sites, send each customer to an open one.

    minimise  sum of fixed[j] y[j]  +  sum of cost[i, j] x[i, j]
    so that   sum over j of x[i, j] = 1,   x[i, j] <= y[j],   least <= sum of y[j] <= most

p-median, uncapacitated facility location and the EDE median have this shape. What else belongs to
a site – the other modes it could have, the columns that count a move – is solved apart, once for
y = 0 and once for y = 1, by trying everything. A row that couples the ways of several customers
(capacity, staff, a ward's mean) ends it: then the program is no pure location problem.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from optimizer.model.program import Matrix
from optimizer.solver.location.primal import FAR

MOST_STATES = 4096
"""Values of a site's columns that are tried at most."""


@dataclass(frozen=True, eq=False)
class Location:
    """A pure location problem and where it stands in a program.

    cost: (customers, sites) int64, ABSENT where there is no link. column: (customers, sites), the
    column of the link, -1 where there is none. fixed: cost of opening each site against leaving
    it closed. can_open, can_close: per site. least, most: bounds on the number of open sites.
    state: (2, columns) values of all other columns when their site is closed or open. constant:
    cost of everything closed. sites: the column that opens each site.
    """

    cost: np.ndarray
    column: np.ndarray
    fixed: np.ndarray
    can_open: np.ndarray
    can_close: np.ndarray
    least: int
    most: int
    site_columns: list[np.ndarray]
    state: np.ndarray
    constant: int
    sites: np.ndarray

    def values(self, is_open: np.ndarray, assigned: np.ndarray) -> np.ndarray:
        """Return the program's column values for open sites and each customer's site."""
        values: np.ndarray = self.state[0].copy()
        for site in np.flatnonzero(is_open):
            columns = self.site_columns[site]
            values[columns] = self.state[1][columns]
        values[self.column[np.arange(len(assigned)), assigned]] = 1
        return values


ABSENT = 2**62
"""The cost of a link that is not there."""


def recognise(matrix: Matrix, links: slice) -> Location | None:
    """Return the location problem that `matrix` is, None if it is none.

    links: which columns send customers to sites.
    """
    width, height = len(matrix.cost), len(matrix.row_lower)
    is_link = np.zeros(width, dtype=bool)
    is_link[links] = True
    if (
        not is_link.any()
        or (matrix.lower[is_link] != 0).any()
        or (matrix.upper[is_link] != 1).any()
    ):
        return None
    linked = is_link[matrix.column]
    ways = np.bincount(matrix.row[linked], minlength=height)
    others = np.bincount(matrix.row[~linked], minlength=height)
    found = _ends(matrix, is_link, ways, others)
    if found is None:
        return None
    customer, opening = found
    first = links.start
    sites, site = _numbered(opening[links], width)
    customers, who = _numbered(customer[links], height)
    at = np.full((len(customers), len(sites)), -1, dtype=np.int64)
    at[who, site] = first + np.arange(len(who))
    if (at >= 0).sum() != len(who):
        return None  # two links between the same customer and site
    cost = np.where(at >= 0, matrix.cost[at], ABSENT)
    place = _with_sites(matrix, sites, ways, at, cost)
    return place if place is not None and _small(place) else None


def _small(found: Location) -> bool:
    """Return whether no solution costs as much as what stands for a link that is not there."""
    cost = np.where(found.column >= 0, np.abs(found.cost), 0).astype(float)
    return bool(cost.max(axis=1).sum() + np.abs(found.fixed.astype(float)).sum() < FAR)


def _numbered(values: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the different values (below `size`), sorted, and the place of each value among them."""
    there = np.zeros(size, dtype=bool)
    there[values] = True
    return np.flatnonzero(there), (np.cumsum(there) - 1)[values]


def _ends(
    matrix: Matrix, is_link: np.ndarray, ways: np.ndarray, others: np.ndarray
) -> tuple[np.ndarray, np.ndarray] | None:
    """Return, per column, the row that makes a link's customer and the column that opens its site."""
    once = (ways > 0) & (others == 0) & (matrix.row_lower == 1) & (matrix.row_upper == 1)
    where = (ways == 1) & (others == 1) & (matrix.row_upper == 0) & (matrix.row_lower < -(2**60))
    if ((ways > 0) & ~once & ~where).any() or not once.any():
        return None
    width, linked = len(matrix.cost), is_link[matrix.column]
    customer, opening = np.full(width, -1), np.full(width, -1)
    mine = linked & once[matrix.row]
    customer[matrix.column[mine]] = matrix.row[mine]
    pair = where[matrix.row]
    opener = np.full(len(ways), -1)
    opener[matrix.row[pair & ~linked]] = matrix.column[pair & ~linked]
    opening[matrix.column[pair & linked]] = opener[matrix.row[pair & linked]]
    sound = (
        (matrix.coefficient[mine] == 1).all()
        and (matrix.coefficient[pair & linked] == 1).all()
        and (matrix.coefficient[pair & ~linked] == -1).all()
        and (np.bincount(matrix.column[mine], minlength=width)[is_link] == 1).all()
        and (np.bincount(matrix.column[pair & linked], minlength=width)[is_link] == 1).all()
    )
    return (customer, opening) if sound else None


def _with_sites(
    matrix: Matrix, sites: np.ndarray, ways: np.ndarray, at: np.ndarray, cost: np.ndarray
) -> Location | None:
    """Solve what belongs to each site alone; None if sites hang together otherwise."""
    height, width = len(ways), len(matrix.cost)
    is_site = np.zeros(width, dtype=bool)
    is_site[sites] = True
    if (matrix.lower[sites] < 0).any() or (matrix.upper[sites] > 1).any():
        return None
    own = ways[matrix.row] == 0
    size = np.bincount(matrix.row[own], minlength=height)
    on_sites = np.bincount(matrix.row[own & is_site[matrix.column]], minlength=height)
    counts = (size == len(sites)) & (on_sites == size) & (size > 1)
    if (matrix.coefficient[own & counts[matrix.row]] != 1).any():
        return None
    least = max(int(max(matrix.row_lower[counts], default=0)), 0)
    most = min(int(min(matrix.row_upper[counts], default=len(sites))), len(sites))
    own &= ~counts[matrix.row]
    lone = np.ones(width, dtype=bool)
    lone[at[at >= 0]] = False
    parts = _parts(matrix, own, np.flatnonzero(lone))
    number = {int(column): n for n, column in enumerate(sites)}
    state = np.zeros((2, width), dtype=np.int64)
    fixed, can = np.zeros(len(sites), dtype=np.int64), np.zeros((2, len(sites)), dtype=bool)
    constant, columns_of = matrix.offset, [sites[:0]] * len(sites)
    known: dict[object, tuple[_State, _State]] = {}
    for part in parts:
        here = [number[int(column)] for column in part.columns if is_site[column]]
        if len(here) > 1 or not 0 < part.states <= MOST_STATES:
            return None
        pivot = int(np.flatnonzero(is_site[part.columns])[0]) if here else -1
        if (part.key, pivot) not in known:
            known[part.key, pivot] = part.best(pivot)
        closed, opened = known[part.key, pivot]
        shut, run = closed or opened, opened or closed
        if shut is None or run is None:
            return None  # infeasible; an engine says so in its own way
        state[0, part.columns], state[1, part.columns] = shut[1], run[1]
        constant += shut[0]
        if here:
            can[0, here[0]], can[1, here[0]] = closed is not None, opened is not None
            fixed[here[0]] = run[0] - shut[0]
            columns_of[here[0]] = part.columns
    return Location(
        cost, at, fixed, can[1], can[0], least, most, columns_of, state, constant, sites
    )


_State = tuple[int, np.ndarray] | None
"""Cost and values of a part's cheapest state; None if there is none."""


@dataclass(frozen=True, eq=False)
class _Part:
    """Columns that hang together through rows, usually those of one site. left: (rows, columns)."""

    columns: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    cost: np.ndarray
    left: np.ndarray
    row_lower: np.ndarray
    row_upper: np.ndarray

    @property
    def key(self) -> tuple[bytes, ...]:
        """What makes two parts the same problem."""
        names = ("lower", "upper", "cost", "left", "row_lower", "row_upper")
        return tuple(getattr(self, name).tobytes() for name in names)

    @property
    def states(self) -> float:
        """How many values its columns can have together."""
        return float(np.prod(self.upper.astype(float) - self.lower + 1))

    def best(self, pivot: int) -> tuple[_State, _State]:
        """Return the cheapest state with the column at `pivot` 0 and 1 (any state if it is -1)."""
        ranges = [range(a, b + 1) for a, b in zip(self.lower, self.upper, strict=True)]
        states = np.array(list(product(*ranges)), dtype=np.int64)
        sums = states @ self.left.T
        holds = ((sums >= self.row_lower) & (sums <= self.row_upper)).all(axis=1)

        def cheapest(side: int) -> _State:
            fits = states[holds if pivot < 0 else holds & (states[:, pivot] == side)]
            if not len(fits):
                return None
            costs = fits @ self.cost
            return int(costs.min()), fits[int(costs.argmin())]

        return cheapest(0), cheapest(1)


def _parts(matrix: Matrix, own: np.ndarray, columns: np.ndarray) -> Iterator[_Part]:
    """Yield the parts into which `columns` fall through the entries `own` of the matrix."""
    rows, at, coefficients = matrix.row[own], matrix.column[own], matrix.coefficient[own]
    label = _labels(rows, at, len(matrix.cost))
    entries = np.argsort(label[at], kind="stable")
    columns = columns[np.argsort(label[columns], kind="stable")]
    for mine in np.split(columns, np.flatnonzero(np.diff(label[columns])) + 1):
        if not len(mine):
            continue
        start, end = np.searchsorted(label[at][entries], [label[mine[0]], label[mine[0]] + 1])
        its = entries[start:end]
        its_rows, row = np.unique(rows[its], return_inverse=True)
        left = np.zeros((len(its_rows), len(mine)), dtype=np.int64)
        left[row, np.searchsorted(mine, at[its])] = coefficients[its]
        yield _Part(
            mine,
            matrix.lower[mine],
            matrix.upper[mine],
            matrix.cost[mine],
            left,
            matrix.row_lower[its_rows],
            matrix.row_upper[its_rows],
        )


def _labels(rows: np.ndarray, columns: np.ndarray, width: int) -> np.ndarray:
    """Return, per column, the smallest column it hangs together with through `rows`."""
    label = np.arange(width)
    while True:
        lowest = np.full(int(rows.max()) + 1 if len(rows) else 0, width)
        np.minimum.at(lowest, rows, label[columns])
        new = label.copy()
        np.minimum.at(new, columns, lowest[rows])
        new = new[new]
        if (new == label).all():
            return label
        label = new
