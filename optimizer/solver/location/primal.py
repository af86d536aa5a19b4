"""Good solutions of a location problem: open the best sites, then add, drop and swap.

A swap closes one open site and opens another; gains of all swaps are worked out at once from
each customer's nearest and second nearest open site (Whitaker, INFOR 21, 1983; in the form of
Resende and Werneck, European Journal of Operational Research 174, 2006).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from optimizer.solver.location.arcs import Arcs, Payment

FAR = 2**40
"""Stands for the cost of a link that is not there while solutions are compared."""

SPREAD = 16
"""From so many sites near a customer is one chosen to be opened in a kick."""


@dataclass(frozen=True, eq=False)
class Local:
    """Sets of open sites that move downhill. cost: (customers, sites), FAR where no link is.

    arcs: to the sites near each customer; what a move saves farther away is not seen.
    """

    cost: np.ndarray
    arcs: Arcs
    fixed: np.ndarray
    least: int
    most: int
    can_close: np.ndarray

    def value(self, opened: np.ndarray) -> int:
        """Return the cost of opening `opened` and sending everybody to the nearest."""
        return int(self.turned[opened].min(axis=0).sum() + self.fixed[opened].sum())

    @cached_property
    def turned(self) -> np.ndarray:
        """The costs site by site, so that those of a few sites lie together."""
        return np.ascontiguousarray(self.cost.T)

    def between(self, opened: np.ndarray) -> np.ndarray:
        """Return, per customer, what lies half-way between its two nearest open sites, as floats."""
        _, nearest, second = self._two_nearest(np.flatnonzero(opened))
        return np.where(second < FAR, (nearest + second) / 2, 1.3 * nearest)

    def descend(self, opened: np.ndarray) -> tuple[np.ndarray, int]:
        """Return the open sites and cost after the best moves, one at a time, while they pay."""
        opened = opened.copy()
        while True:
            gain, shut, run = self._best_move(opened)
            if gain <= 0:
                return opened, self.value(opened)
            if shut >= 0:
                opened[shut] = False
            if run >= 0:
                opened[run] = True

    def kicked(self, opened: np.ndarray, size: int, random: np.random.Generator) -> np.ndarray:
        """Return `opened` with up to `size` sites around a customer moved to others near it."""
        customer = int(random.integers(len(self.cost)))
        near = self.arcs.site[customer]
        known = np.isfinite(self.arcs.cost[customer])
        free = near[known & ~opened[near]][: size * SPREAD]
        shut = np.flatnonzero(opened & self.can_close)
        shut = shut[np.argsort(self.cost[customer, shut], kind="stable")]
        size = min(size, len(free), len(shut))
        moved = opened.copy()
        moved[shut[:size]] = False
        moved[random.choice(free, size, replace=False)] = True
        return moved

    def _best_move(self, opened: np.ndarray) -> tuple[float, int, int]:
        """Return (gain, site to close or -1, site to open or -1)."""
        sites = np.flatnonzero(opened)
        first, nearest, second = self._two_nearest(sites)
        loss = np.bincount(first, weights=second - nearest, minlength=len(sites))
        loss = np.where(self.can_close[sites], loss - self.fixed[sites], np.inf)
        customer, site, cost = self._arcs_below(second)
        saved = np.maximum(nearest[customer] - cost, 0)
        sums = np.bincount(site, saved, minlength=len(opened))  # whole numbers if there is no arc
        gain = sums.astype(np.float64) - self.fixed
        gain[opened] = -np.inf
        moves = []
        if len(sites) > max(self.least, 1):
            n = int(loss.argmin())
            moves.append((-float(loss[n]), int(sites[n]), -1))
        if len(sites) < self.most:
            n = int(gain.argmax())
            moves.append((float(gain[n]), -1, n))
        # what closing a site costs less because the new one catches its customers
        caught = second[customer] - np.maximum(cost, nearest[customer])
        place = first[customer] * len(opened) + site
        extra = np.bincount(place, caught, minlength=len(sites) * len(opened))
        net = gain[None, :] - loss[:, None] + extra.reshape(len(sites), len(opened))
        n, run = divmod(int(net.argmax()), len(opened))
        moves.append((float(net[n, run]), int(sites[n]), run))
        return max(moves)

    def _two_nearest(self, sites: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return, per customer, which of `sites` is nearest, its cost, and that of the second."""
        here = self.cost[:, sites]
        rows = np.arange(len(here))
        first = here.argmin(axis=1)
        nearest = here[rows, first]
        if len(sites) == 1:
            return first, nearest, np.full(len(here), FAR * 2)
        here[rows, first] = FAR * 2
        return first, nearest, here.min(axis=1)

    def _arcs_below(self, pay: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        payment = Payment(self.arcs, pay.astype(np.float64))
        return payment.customer, payment.site, pay[payment.customer] - payment.saved


def greedy(
    cost: np.ndarray, fixed: np.ndarray, least: int, most: int, can_close: np.ndarray
) -> np.ndarray:
    """Return sites opened one after the other, each the one that saves most."""
    opened = ~can_close
    nearest = cost[:, opened].min(axis=1) if opened.any() else np.full(len(cost), FAR)
    saved = np.maximum(nearest[:, None] - cost, 0).sum(axis=0) - fixed
    while opened.sum() < most:
        saved[opened] = -(2**60)
        best = int(saved.argmax())
        enough = opened.sum() >= max(least, 1)
        if (enough and saved[best] <= 0) or opened.all():
            break
        opened[best] = True
        moved = np.flatnonzero(cost[:, best] < nearest)
        theirs, before, now = cost[moved], nearest[moved, None], cost[moved, best, None]
        saved -= (np.maximum(before - theirs, 0) - np.maximum(now - theirs, 0)).sum(axis=0)
        nearest[moved] = cost[moved, best]
    return opened
