"""Filling open sites: who goes where, with room running out.

Starts from what prices suggest and goes downhill by moving one customer or exchanging two. Load
beyond a site's capacity costs a toll per unit, which rises until nothing is overloaded (strategic
oscillation; for this problem Yagiura, Ibaraki and Glover, INFORMS Journal on Computing 16, 2004).
"""

import numpy as np

from optimizer.solver.location.single.recognise import SingleSource

FAR = 2.0**40
"""Stands for the cost of a link that is not there."""

EPSILON = 1e-6
"""What saves less saves nothing."""

TRIED = 50
"""Moves of which those that share no site are made together."""

ROUNDS, GROWTH = 8, 2.5
"""Times that the toll is raised, and how much."""


class Filling:
    """Customers at the open sites of a problem; `settle` moves them downhill.

    sites: numbers of the open ones. assigned: per customer, place among `sites`.
    """

    def __init__(self, problem: SingleSource, sites: np.ndarray, taken: np.ndarray) -> None:
        """taken: (sites, customers) bool, what each site would like."""
        self.sites, self.demand = sites, problem.demand
        self.capacity = problem.capacity[sites]
        self.cost = np.where(problem.linked[sites], problem.cost[sites], FAR)
        nearest = np.where(taken, self.cost, self.cost + FAR)
        self.assigned = nearest.argmin(axis=0)
        self.people = np.arange(len(self.demand))
        self.load = np.bincount(self.assigned, self.demand, len(sites)).astype(np.int64)

    def settle(self, toll: float, swaps: bool) -> bool:
        """Go downhill, raising the `toll` per unit until all fit; return whether they do."""
        for _ in range(ROUNDS):
            while self._shift(toll) or (swaps and self._swap(toll)):
                pass
            if (self.load <= self.capacity).all():
                break
            toll *= GROWTH
        ways = self.cost[self.assigned, self.people]
        return bool((self.load <= self.capacity).all() and (ways < FAR).all())

    def toll(self) -> float:
        """Return what a unit too much may cost at first: what an average way costs per unit."""
        ways = self.cost[self.assigned, self.people]
        near = ways[ways < FAR]
        return float(near.sum() / max(self.demand.sum(), 1)) + 0.1

    def _over(self, load: np.ndarray, capacity: np.ndarray) -> np.ndarray:
        over: np.ndarray = np.maximum(load - capacity, 0)
        return over

    def _shift(self, toll: float) -> bool:
        """Move the customers that save most; return whether anything is saved."""
        here, demand = self.assigned, self.demand
        now = self._over(self.load, self.capacity)
        left = self._over(self.load[here] - demand, self.capacity[here]) - now[here]
        room = self.capacity[:, None]
        entered = self._over(self.load[:, None] + demand, room) - now[:, None]
        change = self.cost - self.cost[here, self.people] + toll * (left + entered)
        change[here, self.people] = 0.0
        site, customer = _savings(change)
        apart = self._apart(here[customer], site)
        for n in apart:
            self._move(int(customer[n]), int(site[n]))
        return bool(apart)

    def _swap(self, toll: float) -> bool:
        """Exchange the pairs of customers that save most; return whether anything is saved."""
        here, demand = self.assigned, self.demand
        there = self.cost[here]  # [a, b]: the cost of b where a is
        own = self.cost[here, self.people]
        change = there + there.T - own[:, None] - own
        load, room = self.load[here], self.capacity[here]
        after = self._over(load[:, None] - demand[:, None] + demand, room[:, None])
        more = toll * (after - self._over(load, room)[:, None])
        change += more + more.T
        change[here[:, None] == here] = 0.0
        one, other = _savings(change)
        apart = self._apart(here[one], here[other])
        for n in apart:
            site = int(self.assigned[one[n]])
            self._move(int(one[n]), int(self.assigned[other[n]]))
            self._move(int(other[n]), site)
        return bool(apart)

    def _apart(self, first: np.ndarray, second: np.ndarray) -> list[int]:
        """Return which of the moves between these sites can be made together, the best first."""
        touched, apart = np.zeros(len(self.sites), dtype=bool), []
        for n, (a, b) in enumerate(zip(first, second, strict=True)):
            if not touched[a] and not touched[b]:
                touched[a] = touched[b] = True
                apart.append(n)
        return apart

    def _move(self, customer: int, site: int) -> None:
        self.load[self.assigned[customer]] -= self.demand[customer]
        self.assigned[customer] = site
        self.load[site] += self.demand[customer]


def _savings(change: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return rows and columns of the entries that save most, the best first."""
    flat = change.ravel()
    below = np.flatnonzero(flat < -EPSILON)
    best = below[np.argsort(flat[below], kind="stable")[:TRIED]]
    return best // change.shape[1], best % change.shape[1]
