"""Ways between customers and sites, laid out site after site: what a step of the dual sums over.

Sums per site are then sums of neighbours, which NumPy does many times faster than sums by index.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from optimizer.solver.location.arcs import NONE, Arcs

ROOM = 1.15
"""A window holds what costs up to this times the prices, so that prices may rise for a while."""


@dataclass(frozen=True, eq=False)
class Links:
    """Ways in the order of their sites; `first` is where each site's begin, then their number.

    customer: int64. cost: float64, whole numbers. people: the number of customers. reach: what a
    customer may at most pay so that no way within the payment is left out; NONE where the ways
    left out lead to nothing better, or there are none.
    """

    customer: np.ndarray
    cost: np.ndarray
    first: np.ndarray
    people: int
    reach: np.ndarray

    @classmethod
    def of(cls, arcs: Arcs, width: int) -> "Links":
        """Return the ways of `arcs` to `width` sites."""
        there = arcs.cost < NONE
        customer, site, cost = np.nonzero(there)[0], arcs.site[there], arcs.cost[there]
        order = np.argsort(site, kind="stable")
        count = np.bincount(site, minlength=width)
        return cls(customer[order], cost[order], _starts(count), len(arcs.cost), arcs.reach)

    @classmethod
    def marked(cls, cost: np.ndarray, marks: np.ndarray) -> "Links":
        """Return the ways that `marks` (customers, sites) marks; the others lead to nothing better."""
        site, customer = np.nonzero(marks.T)
        reach = np.full(len(cost), NONE)
        first = _starts(marks.sum(axis=0))
        return cls(customer, cost[customer, site].astype(np.float64), first, len(cost), reach)

    def within(self, alive: np.ndarray, limit: np.ndarray) -> "Links":
        """Return the ways to the sites `alive` that cost a customer no more than its `limit`."""
        keep = np.repeat(alive, self.count)
        keep &= self.cost <= limit[self.customer]
        before = np.append(0, np.cumsum(keep))
        first = before[self.first]
        return Links(self.customer[keep], self.cost[keep], first, self.people, self.reach)

    def serve(self) -> bool:
        """Return whether everybody has a way, or one that was left out."""
        some = np.bincount(self.customer, minlength=self.people) > 0
        return bool((some | (self.reach < NONE)).all())

    def near(self, prices: np.ndarray) -> "Links":
        """Return the ways that cost a customer hardly more than its price."""
        return self.within(np.ones(len(self.first) - 1, dtype=bool), prices + 1)

    @cached_property
    def count(self) -> np.ndarray:
        """The number of ways to each site."""
        return np.diff(self.first)

    @cached_property
    def _used(self) -> tuple[np.ndarray, np.ndarray]:
        """Sites with ways, and where those begin."""
        used = np.flatnonzero(self.count)
        return used, self.first[used]

    def sums(self, each: np.ndarray) -> np.ndarray:
        """Return, per site, the sum of `each`, one number a way."""
        total = np.zeros(len(self.count), dtype=each.dtype)
        used, first = self._used
        if len(used):
            total[used] = np.add.reduceat(each, first)
        return total


def _starts(count: np.ndarray) -> np.ndarray:
    return np.append(0, np.cumsum(count))


class Payments:
    """What customers who pay prices save at each site, for one set of prices after the other.

    Only links that cost little more than the prices are looked at, until a price rises beyond.
    """

    def __init__(self, links: Links) -> None:
        self.links = links
        self._margin = np.full(links.people, -NONE)

    def pay(self, prices: np.ndarray) -> np.ndarray:
        """Return the sum saved at each site at these prices."""
        if (prices > self._margin).any():
            self._margin = np.maximum(self._margin, ROOM * np.abs(prices))
            self.window = self.links.near(self._margin)
            self._saved = np.empty(len(self.window.cost))
        saved = np.take(prices, self.window.customer, out=self._saved, mode="clip")
        saved -= self.window.cost
        np.maximum(saved, 0, out=saved)
        return self.window.sums(saved)

    def chosen(self, opened: np.ndarray) -> np.ndarray:
        """Return, per customer, at how many of the `opened` sites something was saved."""
        here = np.flatnonzero(np.repeat(opened, self.window.count))
        here = here[self._saved[here] > 0]
        return np.bincount(self.window.customer[here], minlength=self.links.people)
