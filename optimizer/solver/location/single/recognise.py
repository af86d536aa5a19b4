"""Finding single-source capacitated location in a program: open sites that have room, fill them.

    minimise  sum of fixed[j] y[j]  +  sum of cost[j, i] x[j, i]
    so that   sum over j of x[j, i] = 1,   x[j, i] <= y[j],   least <= sum of y[j] <= most,
              sum over i of demand[i] x[j, i] <= capacity[j] y[j]

Without the last row it is the pure location problem of `location/recognise.py`, which is asked about
the program without them. The capacitated p-median is the case of no fixed costs and least = most.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from optimizer.model.algebra import FREE
from optimizer.model.program import Matrix
from optimizer.solver.location.dual import SCALE
from optimizer.solver.location.recognise import ABSENT, Location, recognise

MOST_ROOM = 20_000
"""Largest capacity, in units of the greatest common divisor of the demands, that is tabulated."""

MOST_TABLE = 20_000_000
"""Largest table of a site: customers times capacity; and of all sites: these times spare room."""

LARGEST = 2**35
"""Costs of links beyond this are left to the engines."""

MOST_WORK = 10**8
"""Customers times capacity times sites, which a proof goes through without looking at the clock."""

LARGEST_SUM = 2**58
"""What is added up over sites or customers, in thousandths, stays below this, far from 64 bits."""


@dataclass(frozen=True, eq=False)
class SingleSource:
    """The problem, site by site.

    located: the problem without capacities, which knows where everything stands in the program.
    cost: (sites, customers) int64, 0 where there is no link. linked: the same shape. demand: per
    customer. capacity: per site, at most the sum of all demands.
    """

    located: Location
    cost: np.ndarray
    linked: np.ndarray
    demand: np.ndarray
    capacity: np.ndarray

    @cached_property
    def covers(self) -> bool:
        """Whether the total demand, not a rule on their number, says how many sites are open."""
        few = int(self.capacity.sum()) <= 4 * MOST_ROOM
        return few and self.located.least <= 1 and self.located.most >= len(self.capacity)

    @property
    def spare(self) -> int:
        """Room of all sites beyond the total demand."""
        return int(self.capacity.sum()) - self.total

    @cached_property
    def total(self) -> int:
        """Sum of all demands."""
        return int(self.demand.sum())

    def values(self, assigned: np.ndarray, opened: np.ndarray) -> np.ndarray:
        """Return the program's column values for each customer's site and the `opened` ones."""
        return self.located.values(opened, assigned)

    def value(self, assigned: np.ndarray, opened: np.ndarray) -> int:
        """Return the cost of that, without the constant of the program."""
        ways = self.cost[assigned, np.arange(len(assigned))]
        return int(ways.sum() + self.located.fixed[opened].sum())


def recognise_single(matrix: Matrix, links: slice) -> SingleSource | None:
    """Return the single-source problem that `matrix` is, None if it is none.

    links: which columns send customers to sites.
    """
    rows = _capacity_rows(matrix, links)
    if rows is None:
        return None
    bare = np.zeros(len(matrix.row_lower), dtype=bool)
    bare[rows] = True
    kept = ~bare[matrix.row]
    located = recognise(
        matrix._replace(
            row=matrix.row[kept],
            column=matrix.column[kept],
            coefficient=matrix.coefficient[kept],
            row_lower=np.where(bare, -FREE, matrix.row_lower),
            row_upper=np.where(bare, FREE, matrix.row_upper),
        ),
        links,
    )
    return None if located is None else _with_capacities(matrix, rows, located)


def _capacity_rows(matrix: Matrix, links: slice) -> np.ndarray | None:
    """Return the rows "demands of a site's links <= capacity times one other column"; None without."""
    height = len(matrix.row_lower)
    linked = (matrix.column >= links.start) & (matrix.column < links.stop)
    ways = np.bincount(matrix.row[linked], minlength=height)
    others = np.bincount(matrix.row[~linked], minlength=height)
    weights = np.bincount(matrix.row[linked], matrix.coefficient[linked] != 1, minlength=height)
    capped = (ways > 0) & (others == 1) & ((ways > 1) | (weights > 0))
    capped &= (matrix.row_upper == 0) & (matrix.row_lower <= -FREE)
    inside = capped[matrix.row]
    if (matrix.coefficient[inside & linked] < 0).any():
        return None
    return np.flatnonzero(capped) if capped.any() else None


def _with_capacities(matrix: Matrix, rows: np.ndarray, located: Location) -> SingleSource | None:
    """Read demands and capacities; None if a customer's demand is not the same at every site."""
    column = located.column.T
    linked = column >= 0
    site_of, place, opener = _positions(matrix, located)
    sites, customers = column.shape
    number = np.full(len(matrix.row_lower), -1)
    number[rows] = np.arange(len(rows))
    mine = number[matrix.row] >= 0
    row, at, coefficient = number[matrix.row[mine]], matrix.column[mine], matrix.coefficient[mine]
    opens = place[at] < 0
    owner = np.full(len(rows), -1)
    owner[row[opens]] = opener[at[opens]]
    if (owner < 0).any() or len(np.unique(owner)) < len(owner):
        return None
    if (site_of[at[~opens]] != owner[row[~opens]]).any():
        return None
    weight = np.zeros((sites, customers), dtype=np.int64)
    weight[site_of[at[~opens]], place[at[~opens]]] = coefficient[~opens]
    capped = np.zeros(sites, dtype=bool)
    capped[owner] = True
    demand = weight.max(axis=0)
    if (linked[capped] & (weight[capped] != demand)).any() or (coefficient[opens] > 0).any():
        return None
    capacity = np.full(sites, int(demand.sum()))
    capacity[owner[row[opens]]] = -coefficient[opens]
    return _scaled(located, linked, demand, capacity)


def _positions(matrix: Matrix, located: Location) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return, per column of the program, a link's site and customer, and the site that it opens; else -1."""
    width = len(matrix.cost)
    site_of, place, opener = (np.full(width, -1) for _ in range(3))
    customer, site = np.nonzero(located.column >= 0)
    column = located.column[customer, site]
    site_of[column], place[column] = site, customer
    opener[located.sites] = np.arange(len(located.sites))
    return site_of, place, opener


def _scaled(
    located: Location, linked: np.ndarray, demand: np.ndarray, capacity: np.ndarray
) -> SingleSource | None:
    """Return the problem in the coarsest unit of demand; None if it is too large to tabulate."""
    unit = int(np.gcd.reduce(demand))
    if unit == 0:
        return None
    demand = demand // unit
    capacity = np.minimum(capacity // unit, demand.sum())
    room = int(capacity.max())
    cost = np.where(linked, located.cost.T, 0)
    gains = np.append(np.abs(located.fixed), np.maximum(-cost, 0)).astype(float)
    if np.abs(cost).max() > LARGEST or gains.sum() * SCALE > LARGEST_SUM or room > MOST_ROOM:
        return None
    assert (located.cost.T[~linked] == ABSENT).all()
    problem = SingleSource(located, cost, linked, demand, capacity)
    table = max(room * len(demand), problem.spare * len(capacity) if problem.covers else 0)
    small = table <= MOST_TABLE and room * len(demand) * len(capacity) <= MOST_WORK
    return problem if small else None
