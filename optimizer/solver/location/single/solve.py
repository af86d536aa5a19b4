"""Solving single-source capacitated location to the proof: prices, filling, fixing, branching, packs.

The best branch first; in each, prices are improved, sites and links that they prove too dear are
left out, and where few packs are left their exact cover ends it. Otherwise the most doubtful site is
open in one child and closed in the other, and once all sites are decided, the most doubtful link.
"""

import heapq
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from optimizer.solver.location.dual import SCALE
from optimizer.solver.location.single.branch import Branch, prove
from optimizer.solver.location.single.climb import climb, start
from optimizer.solver.location.single.cover import Cover
from optimizer.solver.location.single.fill import Filling
from optimizer.solver.location.single.packs import Packs, TooManyError, packs
from optimizer.solver.location.single.recognise import SingleSource
from optimizer.solver.location.solve import Located, Tell

ROOT_STEPS, ROOT_PATIENCE = 300, 20
BRANCH_STEPS, BRANCH_PATIENCE = 40, 8
"""Subgradient steps of a round, and steps without a better bound before they get shorter."""

EVERY, LATER = 10, 4
"""Open sites are filled at every tenth step, three times as often if they are new; that many times
less often once branching has begun.
"""

MOST_SWAPPED = 500
"""Customers among whom pairs are exchanged; among more they are only moved."""

ENOUGH = 0.15
"""A round that drops this share of the links, or decides a site, is followed by another."""

AIMS, LEAST_AIM = (0.06, 0.25, 0.5, 1.0), 8
"""Shares of the gap that are looked at one after the other, and cost units at least."""

MOST_PACKS, COVER_NODES = 6_000, 600
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
        self._rest = 0

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
        self._aims(replace(root, prices=start(problem, root)))
        if self.best is None and self.bound == self.value:
            return Located(None, None, True)
        values = None if self.best is None else problem.values(*self.best)
        return Located(values, None if self.bound is None else self.bound + located.constant)

    def _aims(self, root: Branch) -> None:
        """Look for solutions below one aim after the other: what is cheap enough is soon found, and
        if there is nothing, the aim is a bound.
        """
        problem = self.problem
        root = self._climbed(root, ROOT_STEPS, ROOT_PATIENCE)
        proof = prove(problem, root, np.rint(root.prices * SCALE).astype(np.int64))
        self._raise(-(-proof.value // SCALE))
        assert self.bound is not None
        for share in AIMS:
            gap = self.value - self.bound
            self.aim = self.bound + max(int(gap * share), min(gap, LEAST_AIM))
            branch = proof.narrowed(problem, root, self.aim)
            if self.bound < min(self.aim, self.value) and not self.done():
                self._search(branch)

    def _search(self, root: Branch | None) -> None:
        """Work off branches, least bound first; the bound is that of the least one left."""
        waiting: list[tuple[int, int, Branch]] = []
        todo = [] if root is None else [root]
        while not self.done():
            for child in todo:
                found = self._bounded(child)
                if found is not None:
                    heapq.heappush(waiting, (found.bound, self.nodes, found))
            while waiting and waiting[0][0] >= self.limit:
                heapq.heappop(waiting)
            if not self.done():
                self._raise(waiting[0][0] if waiting else self.limit)
            if not waiting:
                return
            todo = self._children(heapq.heappop(waiting)[2])

    @property
    def limit(self) -> int:
        """What solutions that are looked for cost less than."""
        return min(self.aim, self.value)

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

    def _climbed(self, branch: Branch, steps: int, patience: int) -> Branch:
        """Return the branch with better prices; open sites met on the way are filled."""
        sites = branch.sites

        def seen(opened: np.ndarray, taken: np.ndarray) -> None:
            self._fill(sites[opened], taken[opened])

        def target() -> float:
            return float(self.limit)

        self.nodes += 1
        return climb(self.problem, branch, steps, patience, target, self.done, seen)

    def _bounded(self, branch: Branch) -> Branch | None:
        """Return the branch with a better bound and less in it; None once nothing better is in it."""
        problem = self.problem
        if not branch.possible(problem):
            return None
        while True:
            branch = self._climbed(branch, BRANCH_STEPS, BRANCH_PATIENCE)
            proof = prove(problem, branch, np.rint(branch.prices * SCALE).astype(np.int64))
            narrow = proof.narrowed(problem, branch, self.limit)
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
            found, budget = packs(problem, branch, proof, self.limit, MOST_PACKS)
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
        problem, before = self.problem, self.limit

        def take(numbers: np.ndarray) -> int:
            picked = found.only(numbers)
            opened = np.zeros(len(problem.capacity), dtype=bool)
            opened[branch.sites[picked.site[~picked.closed]]] = True
            assigned = branch.sites[picked.site[picked.holds.argmax(axis=0)]]
            if problem.located.least <= opened.sum() <= problem.located.most:
                self._take(assigned, opened)
            return budget - (before - self.limit) * SCALE

        Cover(found, budget, COVER_NODES, take).run()

    def _fill(self, sites: np.ndarray, taken: np.ndarray) -> None:
        """Send everybody to one of the open `sites`, if they are new or it is time again."""
        problem, key = self.problem, sites.tobytes()
        self.steps += 1
        old = key in self._seen
        every = EVERY if old else EVERY // 3
        if self.steps < self._rest + every * (1 if self.nodes == 1 else LATER) or not len(sites):
            return
        self._rest = self.steps
        self._seen.add(key)
        filling = Filling(problem, sites, taken)
        if filling.settle(filling.toll(), len(problem.demand) <= MOST_SWAPPED):
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
