"""Picking one pack per site so that everybody is in exactly one: found, or proved not to exist."""

from collections.abc import Callable

import numpy as np

from optimizer.solver.location.single.packs import Packs, TooManyError

NEVER = 2**60
"""The least excess of a site without packs."""


class Cover:
    """A search for covers that spend at most `budget`; `run` it.

    found: told of each cover, as the packs' numbers in `packs`; returns the budget from then on.
    """

    def __init__(
        self, packs: Packs, budget: int, nodes: int, found: Callable[[np.ndarray], int]
    ) -> None:
        self.packs, self.budget, self.nodes, self.found = packs, budget, nodes, found

    def run(self) -> None:
        """Find every cover better than the last. Raises TooManyError after `nodes` branches."""
        if self.budget < 0 or not len(self.packs.site):
            return
        sites = np.zeros(int(self.packs.site.max()) + 1, dtype=bool)
        sites[self.packs.site] = True
        everybody = np.ones(self.packs.holds.shape[1], dtype=bool)
        self._search(np.arange(len(self.packs.site)), sites, everybody, 0, ())

    def _search(
        self,
        numbers: np.ndarray,
        sites: np.ndarray,
        waiting: np.ndarray,
        spent: int,
        picked: tuple[int, ...],
    ) -> None:
        """Pick for the `sites` marked, from the packs with these numbers, who serve the `waiting`."""
        self.nodes -= 1
        if self.nodes < 0:
            raise TooManyError
        useful = self._useful(numbers, sites, waiting, spent)
        if useful is None:
            return
        numbers = useful
        if not sites.any():
            self.budget = min(self.budget, self.found(np.array(picked)))
            return
        packs = self.packs.only(numbers)
        choices = self._choices(packs, sites, waiting)
        for n in choices[np.argsort(packs.excess[choices], kind="stable")]:
            site, people = packs.site[n], packs.holds[n]
            left = (packs.site != site) & ~packs.holds[:, people].any(axis=1)
            others = sites.copy()
            others[site] = False
            cost = spent + int(packs.excess[n])
            self._search(numbers[left], others, waiting & ~people, cost, (*picked, int(numbers[n])))

    def _choices(self, packs: Packs, sites: np.ndarray, waiting: np.ndarray) -> np.ndarray:
        """Return the packs of the site, or with the customer, that has the fewest."""
        size = np.where(sites, np.bincount(packs.site, minlength=len(sites)), NEVER)
        ways = np.where(waiting, packs.holds.sum(axis=0), NEVER)
        if ways.min() < size.min():
            return np.flatnonzero(packs.holds[:, ways.argmin()])
        return np.flatnonzero(packs.site == size.argmin())

    def _useful(
        self, numbers: np.ndarray, sites: np.ndarray, waiting: np.ndarray, spent: int
    ) -> np.ndarray | None:
        """Return the packs that a cover could still have; None once there is none."""
        while True:
            packs = self.packs.only(numbers)
            starts = np.flatnonzero(np.diff(packs.site, prepend=-1))
            if len(starts) < sites.sum():
                return None
            if not len(starts):
                return None if waiting.any() or spent > self.budget else numbers
            least = np.minimum.reduceat(packs.excess, starts)
            place = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(numbers))))
            total = spent + int(least.sum())
            keep = total - least[place] + packs.excess <= self.budget
            if keep.all():
                keep = _consistent(packs, starts, place, waiting)
                if keep.all():
                    return numbers
            numbers = numbers[keep]


def _consistent(
    packs: Packs, starts: np.ndarray, place: np.ndarray, waiting: np.ndarray
) -> np.ndarray:
    """Return which packs agree with what all packs of a site, or all of a customer, say.

    starts: the first pack of each site. place: per pack, the number of its site among them.
    """
    with_each = np.add.reduceat(packs.holds.astype(np.int32), starts, axis=0)
    ways = with_each.sum(axis=0)
    if (ways[waiting] == 0).any():
        return np.zeros(len(place), dtype=bool)
    size = np.diff(np.append(starts, len(place)))
    nowhere_else = (with_each == ways) & waiting
    always = (with_each == size[:, None]) & waiting
    owner = np.where(always.any(axis=0), always.argmax(axis=0), -1)
    misses = (nowhere_else[place] & ~packs.holds).any(axis=1)
    takes = (packs.holds & (owner >= 0) & (owner != place[:, None])).any(axis=1)
    result: np.ndarray = ~(misses | takes)
    return result
