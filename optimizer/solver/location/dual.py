"""Lagrangian bound of a location problem: every customer gets a price for being served.

With a price u[i] per customer, each site is worth rho[j] = fixed[j] + sum of min(0, cost[i, j] -
u[i]), and the cheapest allowed set of sites gives a bound (Cornuéjols, Fisher, Nemhauser,
Management Science 23, 1977; subgradient steps after Held, Wolfe, Crowder, Math. Programming 6,
1974, deflected as in Camerini, Fratta, Maffioli, Math. Programming Study 3, 1975). Prices are
guessed in floating point, but whatever they are, the bound is recomputed from whole prices in
integers and therefore holds.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from optimizer.solver.location.links import Links, Payments

SCALE = 1000
"""Prices are whole numbers of thousandths of the cost unit."""

PATIENCE = 20
"""Steps without a better bound before the step length is halved."""

DEFLECTION = 1.5
"""How much of the last direction stays in a step that would turn back."""


@dataclass(frozen=True, eq=False)
class Sites:
    """The sites in question: cost of opening each, which can be and must be open, how many may be."""

    fixed: np.ndarray
    alive: np.ndarray
    must: np.ndarray
    least: int
    most: int

    def cheapest(self, worth: np.ndarray) -> np.ndarray:
        """Return which sites the cheapest allowed set opens if each adds its `worth`."""
        opened = self.must.copy()
        free = np.flatnonzero(self.alive & ~opened)
        held, theirs = int(opened.sum()), worth[free]
        count = min(max(int((theirs < 0).sum()), self.least - held), self.most - held, len(free))
        if count > 0:
            opened[free[np.argpartition(theirs, count - 1)[:count]]] = True
        return opened


@dataclass(frozen=True, eq=False)
class Bound:
    """What prices prove, in thousandths of the cost unit, all integers.

    value: no solution costs less. worth: rho of every site. opened: the sites of the cheapest
    set. prices: per customer. often: how often a site was in the cheapest set of late, 0 to 1.
    """

    sites: Sites
    value: int
    worth: np.ndarray
    opened: np.ndarray
    prices: np.ndarray
    often: np.ndarray

    def if_opened(self) -> np.ndarray:
        """Return, per site, the bound when the site has to be open."""
        spare = self.worth[self.opened & ~self.sites.must]
        dearest = int(spare.max()) if len(spare) else -(2**60)
        full = self.opened.sum() >= self.sites.most
        extra = self.worth - (dearest if full else max(dearest, 0))
        return self.value + np.where(self.opened, 0, extra)

    def if_closed(self) -> np.ndarray:
        """Return, per site, the bound when the site has to be closed."""
        left = self.worth[self.sites.alive & ~self.opened]
        next_best = int(left.min()) if len(left) else 2**60
        tight = self.opened.sum() <= self.sites.least
        extra = -self.worth + (next_best if tight else min(next_best, 0))
        return self.value + np.where(self.opened, extra, 0)


def bound(links: Links, sites: Sites, prices: np.ndarray, often: np.ndarray) -> Bound:
    """Return what `prices` (whole thousandths) prove, in integers."""
    saved = np.maximum(prices[links.customer] - links.cost.astype(np.int64) * SCALE, 0)
    worth = sites.fixed * SCALE - links.sums(saved)
    opened = sites.cheapest(worth)
    value = int(prices.sum()) + int(worth[opened].sum())
    return Bound(sites, value, worth, opened, prices, often)


def climb(
    links: Links,
    sites: Sites,
    prices: np.ndarray,
    steps: int,
    done: Callable[[], bool],
    seen: Callable[[np.ndarray], float],
) -> Bound:
    """Return the best bound found within `steps` steps from `prices` (cost units, floats).

    Prices that reach beyond the links are not tried. seen: told of the open sites of each better bound,
    returns the cost of the best solution then known. done: whether to stop early.
    """
    prices = np.minimum(prices, links.reach)
    best, best_prices, waited, length = -np.inf, prices, 0, 1.0
    often, payments = np.zeros(len(sites.fixed)), Payments(links)
    target, before = np.inf, np.zeros(len(prices))
    for _ in range(steps):
        worth = sites.fixed - payments.pay(prices)
        opened = sites.cheapest(worth)
        value = prices.sum() + worth[opened].sum()
        often = 0.9 * often + 0.1 * opened
        if value > best:
            best, best_prices, waited = value, prices, 0
            target = seen(opened)
        else:
            waited += 1
            if waited >= PATIENCE:
                length, waited = length / 2, 0
        if done() or target - best < 1 - 1e-6 or length < 1e-3:
            break
        direction = 1.0 - payments.chosen(opened)
        turn = DEFLECTION * float(direction @ before) / max(float(before @ before), 1e-9)
        direction = before = direction - min(turn, 0.0) * before
        square = float(direction @ direction)
        if square < 1e-12:
            break
        prices = prices + length * max(target - value, 1.0) / square * direction
        prices = np.minimum(prices, links.reach)
    whole = np.rint(best_prices * SCALE).astype(np.int64)
    return bound(links.near(best_prices), sites, whole, often)
