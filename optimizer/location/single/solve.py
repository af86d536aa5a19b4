"""Solving single-source capacitated location to the proof: prices, filling, fixing, branching, packs.

The best branch first; in each, prices are improved, sites and links that they prove too dear are
left out, and where few packs are left their exact cover ends it. Otherwise the most doubtful site is
open in one child and closed in the other, and once all sites are decided, the most doubtful link.
"""

import heapq
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from optimizer.location.dual import SCALE
from optimizer.location.single.branch import Branch, prove
from optimizer.location.single.climb import climb, start
from optimizer.location.single.cover import Cover
from optimizer.location.single.fill import Filling
from optimizer.location.single.packs import Packs, TooManyError, packs
from optimizer.location.single.recognise import SingleSource
from optimizer.location.solve import Located, Tell

ROOT_STEPS, ROOT_PATIENCE = 300, 20
BRANCH_STEPS, BRANCH_PATIENCE = 40, 8
"""Subgradient steps of a round, and steps without a better bound before they get shorter."""

EVERY = 10
"""Open sites are filled when they are new, and at every tenth step."""

ENOUGH = 0.15
"""A round that drops this share of the links, or decides a site, is followed by another."""

MOST_PACKS, COVER_NODES = 3_000, 300
"""Packs of a branch that are covered, and branches of the cover, before the branch is divided."""


class Solver:
    """One problem being solved; costs here leave out the constant."""

    def __init__(self, problem: SingleSource, done: Callable[[], bool], tell: Tell) -> None:
        self.problem, self.done, self.tell = problem, done, tell
        located = problem.located
        ceiling = int(np.where(problem.linked, problem.cost, -(2**40)).max(axis=0).sum())
        self.value = ceiling + int(np.maximum(located.fixed, 0).sum()) + 1
        self.aim = self.value
        self.best: tuple[np.ndarray, np.ndarray] | None = None
        self.bound: int | None = None
        self.steps, self.nodes = 0, 0
        self._seen: set[bytes] = set()

    def run(self) -> Located:
        """Return the best solution and the bound."""
        problem, located = self.problem, self.problem.located
        sites = np.flatnonzero(located.can_open)
        shape = len(sites), len(problem.demand)
        root = Branch(
            sites, ~located.can_close[sites], problem.linked[sites], np.zeros(0), -(2**62),
            np.full(len(sites), 0.5), np.zeros(shape),
        )  # fmt: skip
        if not root.possible(problem):
            return Located(None, None, True)
        root = replace(root, prices=start(problem))
        self._search(root)
        if self.best is None and self.bound == self.value:
            return Located(None, None, True)
        values = None if self.best is None else problem.values(*self.best)
        return Located(values, None if self.bound is None else self.bound + located.constant)

    def _search(self, root: Branch) -> None:
        """Work off branches, least bound first; the bound is that of the least one left."""
        waiting: list[tuple[int, int, Branch]] = []
        todo = [root]
        steps = ROOT_STEPS, ROOT_PATIENCE
        while not self.done():
            for child in todo:
                found = self._bounded(child, *steps)
                if found is not None:
                    heapq.heappush(waiting, (found.bound, self.nodes, found))
            steps = BRANCH_STEPS, BRANCH_PATIENCE
            while waiting and waiting[0][0] >= self.value:
                heapq.heappop(waiting)
            if not self.done():
                self._raise(waiting[0][0] if waiting else self.value)
            if not waiting:
                return
            todo = self._children(heapq.heappop(waiting)[2])

    def _raise(self, bound: int) -> None:
        known = bound if self.bound is None else max(bound, self.bound)
        self.bound = min(known, self.value)
        self._told()

    def _children(self, branch: Branch) -> list[Branch]:
        """Return the branch with its most doubtful site, or link, decided both ways."""
        if not branch.must.all():
            doubt = np.where(branch.must, 2.0, np.abs(branch.often - 0.5))
            this = np.arange(len(doubt)) == int(doubt.argmin())
            return [replace(branch, must=branch.must | this), branch.only(~this)]
        free = branch.links & (branch.links.sum(axis=0) > 1)
        doubt = np.where(free, np.abs(branch.use - 0.5), 2.0)
        site, customer = np.unravel_index(int(doubt.argmin()), doubt.shape)
        here, gone = branch.links.copy(), branch.links.copy()
        here[:, customer] = False
        here[site, customer], gone[site, customer] = True, False
        return [replace(branch, links=here), replace(branch, links=gone)]

    def _bounded(self, branch: Branch, steps: int, patience: int) -> Branch | None:
        """Return the branch with a better bound and less in it; None once nothing better is in it."""
        problem = self.problem
        if not branch.possible(problem):
            return None
        while True:
            self.nodes += 1
            sites = branch.sites

            def seen(opened: np.ndarray, taken: np.ndarray, sites: np.ndarray = sites) -> None:
                self._fill(sites[opened], taken[opened])

            branch = climb(
                problem, branch, steps, patience, lambda: float(self.value), self.done, seen
            )
            proof = prove(problem, branch, np.rint(branch.prices * SCALE).astype(np.int64))
            narrow = proof.narrowed(problem, branch, self.value)
            if narrow is None:
                return None
            undecided = (
                len(narrow.sites) - narrow.must.sum() < len(branch.sites) - branch.must.sum()
            )
            fewer = narrow.links.sum() < (1 - ENOUGH) * branch.links.sum()
            branch = narrow
            if self.done() or not (undecided or fewer):
                break
        if branch.decided:
            self._only(branch)
            return None
        try:
            found, budget = packs(problem, branch, proof, self.value, MOST_PACKS)
            self._cover(branch, found, budget)
            return None
        except TooManyError:
            return branch

    def _only(self, branch: Branch) -> None:
        """Keep the one assignment that is left of a branch, if it has room."""
        problem = self.problem
        assigned = branch.sites[branch.links.argmax(axis=0)]
        load = np.bincount(assigned, problem.demand, len(problem.capacity))
        if (load <= problem.capacity).all():
            opened = np.zeros(len(problem.capacity), dtype=bool)
            opened[branch.sites] = True
            self._take(assigned, opened)

    def _cover(self, branch: Branch, found: Packs, budget: int) -> None:
        """Find the best cover by packs, or that there is none. Raises TooManyError."""
        problem = self.problem

        def take(numbers: np.ndarray) -> int:
            picked = found.only(numbers)
            opened = np.zeros(len(problem.capacity), dtype=bool)
            opened[branch.sites[picked.site[~picked.closed]]] = True
            assigned = branch.sites[picked.site[picked.holds.argmax(axis=0)]]
            before = self.value
            if problem.located.least <= opened.sum() <= problem.located.most:
                self._take(assigned, opened)
            return budget - (before - self.value) * SCALE

        Cover(found, budget, COVER_NODES, take).run()

    def _fill(self, sites: np.ndarray, taken: np.ndarray) -> None:
        """Send everybody to one of the open `sites`, if they are new or it is time again."""
        problem, key = self.problem, sites.tobytes()
        self.steps += 1
        if (key in self._seen and self.steps % EVERY) or not len(sites):
            return
        self._seen.add(key)
        filling = Filling(problem, sites, taken)
        if filling.settle(filling.toll(), True):
            opened = np.zeros(len(problem.capacity), dtype=bool)
            opened[sites] = True
            assigned = sites[filling.assigned]
            self._take(assigned, self._needed(opened, assigned))

    def _needed(self, opened: np.ndarray, assigned: np.ndarray) -> np.ndarray:
        """Return `opened` without the sites that only cost."""
        located = self.problem.located
        idle = opened & located.can_close & (located.fixed > 0)
        idle[assigned] = False
        spare = max(int(opened.sum()) - located.least, 0)
        opened = opened.copy()
        opened[np.flatnonzero(idle)[:spare]] = False
        return opened

    def _take(self, assigned: np.ndarray, opened: np.ndarray) -> None:
        value = self.problem.value(assigned, opened)
        if value < self.value:
            self.best, self.value = (assigned, opened), value
            self._told()

    def _told(self) -> None:
        constant = self.problem.located.constant
        value = None if self.best is None else self.value + constant
        self.tell(value, None if self.bound is None else self.bound + constant)
