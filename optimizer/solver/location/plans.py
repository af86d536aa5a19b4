"""The best solution so far, and how a better one is looked for."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

import numpy as np

from optimizer.solver.location.arcs import Arcs
from optimizer.solver.location.primal import Local, greedy

NEAR, LEAST_NEAR = 8, 20
"""A customer pays for so many times the sites that an open one has to itself, and so many at least."""

CORE = 0.005
"""Kicks choose among the sites that were open at this share of the last steps."""

KICKS, KICK_SIZES = 100, (2, 3, 5)
"""So many kicks in a row that do not help end the search for better solutions; sites moved in one."""


@dataclass(frozen=True, eq=False)
class Rules:
    """What a set of open sites costs and must keep. cost: (customers, sites), FAR where no link is."""

    cost: np.ndarray
    fixed: np.ndarray
    least: int
    most: int
    can_close: np.ndarray

    def local(self, sites: np.ndarray, opened: int) -> Local:
        """Return the search among `sites`, of which about so many will be open."""
        near = max(NEAR * len(sites) // max(opened, 1), LEAST_NEAR)
        cost, rules = self.cost[:, sites], (self.least, self.most, self.can_close[sites])
        return Local(cost, Arcs.nearest(cost, near), self.fixed[sites], *rules)


class Plans:
    """The best set of open sites known, and its cost. told: called whenever it is improved."""

    def __init__(self, rules: Rules, done: Callable[[], bool], told: Callable[[], None]) -> None:
        self.rules, self.done, self.told = rules, done, told
        self.best: np.ndarray | None = None
        self.value: float = inf
        opened = greedy(rules.cost, rules.fixed, rules.least, rules.most, rules.can_close)
        self.first = opened
        self.local = rules.local(np.arange(len(opened)), int(opened.sum()))

    def improve(self, opened: np.ndarray) -> None:
        """Descend from the `opened` sites."""
        rules = self.rules
        opened = opened | ~rules.can_close
        if not rules.least <= opened.sum() <= rules.most:
            return
        opened, value = self.local.descend(opened)
        if value < self.value:
            self.best, self.value = opened, value
            self.told()

    def follow(self, often: np.ndarray, near: float) -> None:
        """Descend from the sites that the prices open most `often`, as many as they do, if they
        cost less than `near` times the best solution.
        """
        count = min(max(round(float(often.sum())), self.rules.least), self.rules.most)
        opened = np.zeros(len(often), dtype=bool)
        first = np.where(self.rules.can_close, often, inf)
        opened[np.argsort(-first, kind="stable")[:count]] = True
        if self.local.value(opened) < near * self.value:
            self.improve(opened)

    def kick(self, often: np.ndarray) -> bool:
        """Move a few sites of the best solution at random and descend, while that helps
        (iterated local search: Lourenço, Martin, Stützle, Handbook of Metaheuristics, 2003).

        Only the sites that the prices open now and then take part (a core: Avella, Boccia, Salerno,
        Vasilyev, Computers and Operations Research 39, 2012). Return whether it helped.
        """
        before = self.value
        self.follow(often, inf)
        if self.best is None:
            return False
        core = np.flatnonzero(self.best | (often > CORE))
        local = self.rules.local(core, int(self.best.sum()))
        opened, value = self.best[core], self.value
        random, tried = np.random.default_rng(0), 0
        while tried < KICKS and not self.done():
            size = KICK_SIZES[tried % len(KICK_SIZES)]
            moved, cost = local.descend(local.kicked(opened, size, random))
            tried += 1
            if cost < value:
                opened, value, tried = moved, cost, 0
        everywhere = np.zeros(len(often), dtype=bool)
        everywhere[core[opened]] = True
        self.improve(everywhere)
        return self.value < before
