"""The nearest sites of every customer, in order: all that a step of a search needs to look at."""

from dataclasses import dataclass

import numpy as np

NONE = np.inf
"""Cost where a customer has fewer arcs than others."""


@dataclass(frozen=True, eq=False)
class Arcs:
    """For every customer the cheapest sites, cheapest first.

    cost: float64 (customers, places), NONE beyond a customer's last arc. site: the same shape. reach:
    what a customer may at most pay so that no site within the payment is left out; NONE where all
    sites are in.
    """

    cost: np.ndarray
    site: np.ndarray
    reach: np.ndarray

    @classmethod
    def nearest(cls, cost: np.ndarray, count: int) -> "Arcs":
        """Return the `count` cheapest of each row of cost (customers, sites), or all."""
        if count >= cost.shape[1]:
            site, reach = np.argsort(cost, axis=1, kind="stable"), np.full(len(cost), NONE)
        else:
            site = np.argpartition(cost, count - 1, axis=1)[:, :count]
            order = np.argsort(np.take_along_axis(cost, site, axis=1), axis=1, kind="stable")
            site = np.take_along_axis(site, order, axis=1)
            reach = np.take_along_axis(cost, site[:, -1:], axis=1)[:, 0].astype(np.float64)
        return cls(np.take_along_axis(cost, site, axis=1).astype(np.float64), site, reach)


class Payment:
    """What customers who pay `pay` at most save at the sites that cost less, way by way."""

    def __init__(self, arcs: Arcs, pay: np.ndarray) -> None:
        places, most = 8, arcs.cost.shape[1]
        while places < most and (arcs.cost[:, places] < pay).any():
            places *= 2
        saved = pay[:, None] - arcs.cost[:, :places]
        flat = np.flatnonzero(saved > 0)
        self.customer = flat // saved.shape[1]
        self.site = arcs.site[:, :places].ravel()[flat]
        self.saved = saved.ravel()[flat]
