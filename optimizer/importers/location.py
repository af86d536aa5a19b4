"""A classical location problem as a file states it, before it becomes an instance."""

from dataclasses import dataclass, field

import numpy as np

from optimizer.base.words import Text
from optimizer.city.city import UNLIMITED

NO_WAY = -1
"""Cost of a pair between which the file knows no way."""


@dataclass(frozen=True, eq=False)
class LocationData:
    """Customers, sites, and what it costs to serve the one from the other.

    - customers, sites: what the file calls them, in its order.
    - cost: int64 [customer, site], in units of 10**-cost_decimals, or NO_WAY. Of the whole
      customer if `weight` is 1, else of one unit of weight (a distance).
    - weight: int64 [customer], what a distance counts.
    - site_cost: int64 [site], fixed cost of an open site, same unit as `cost`.
    - demand: int64 [customer]; capacity: int64 [site] or UNLIMITED, in units of
      10**-demand_decimals; None where the file leaves the capacity open.
    - between: int64 [site, site], where the file knows the ways between sites.
    - p: how many sites the file asks for. notes: what a reader must be told.
    """

    customers: list[str]
    sites: list[str]
    cost: np.ndarray
    cost_decimals: int = 0
    weight: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    site_cost: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    demand: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    capacity: np.ndarray | None = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    demand_decimals: int = 0
    between: np.ndarray | None = None
    p: int | None = None
    notes: tuple[Text, ...] = ()

    def __post_init__(self) -> None:
        """Fill what the file does not state: weights and demands of 1, sites free and unlimited."""
        n, m = len(self.customers), len(self.sites)
        for name, size, value in (
            ("weight", n, 1),
            ("demand", n, 1),
            ("site_cost", m, 0),
            ("capacity", m, UNLIMITED),
        ):
            given = getattr(self, name)
            if given is not None and given.size == 0:
                object.__setattr__(self, name, np.full(size, value, dtype=np.int64))


def numbered(count: int) -> list[str]:
    """Return "1" ... as the names of customers or sites that the file only counts."""
    return [str(n) for n in range(1, count + 1)]
