"""Solving a location problem to the proof: bound, local search, fixing, branching.

Subgradient steps give prices. Sites that the prices prove too dear are closed for good, sites
that they prove indispensable are opened (reduced-cost fixing), which makes the next round smaller
and sharper. When rounds stop helping, the most doubtful site is opened in one branch and closed
in the other (Lagrangian branch and bound: Beasley, European Journal of Operational Research 21,
1985), the branch with the least bound first.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf

import numpy as np

from optimizer.location.arcs import Arcs
from optimizer.location.dual import SCALE, Bound, Sites, climb
from optimizer.location.primal import FAR, Local, greedy
from optimizer.location.recognise import ABSENT, Location
from optimizer.location.rest import rest
from optimizer.program import Matrix

ROOT_STEPS, BRANCH_STEPS = 400, 60
"""Subgradient steps of a round at the root and in a branch."""

NEAR, LEAST_NEAR = 8, 20
"""A customer pays for so many times the sites that an open one has to itself, and so many at least."""

CORE, LEAST_CORE = 3, 50
"""Kicks choose among so many times the sites that may be open, and so many at least: the cheapest."""

KICKS, KICK_SIZES = 100, (2, 3, 5)
"""So many kicks in a row that do not help end the search for better solutions; sites moved in one."""

ENOUGH = 0.1
"""A round that closes or opens this share of the sites for good is followed by another."""

FEW = 20
"""With more open sites than this a tree gets deep, and an engine does better with a small rest."""

ROUNDS = ((4_000, 300.0), (15_000, inf))
"""What is tried in turn: a rest of at most so many links to an engine, then so many branches."""

Finish = Callable[[Matrix], tuple[np.ndarray | None, int | None, bool]]
"""Solves a small program: returns (values, bound, whether it is proved infeasible)."""

Tell = Callable[[int | None, int | None], None]


@dataclass(frozen=True, eq=False)
class Located:
    """What was found: column values (None if there are none) and a bound, both of the program."""

    values: np.ndarray | None
    bound: int | None
    infeasible: bool = False


@dataclass(frozen=True, eq=False)
class Node:
    """A branch: the sites still possible, which of them must be open, prices, proved bound.

    dear: the bound, in thousandths, if a site is open. often: how often it was in the cheapest set.
    """

    alive: np.ndarray
    must: np.ndarray
    prices: np.ndarray
    bound: int
    dear: np.ndarray
    often: np.ndarray

    def only(self, keep: np.ndarray) -> "Node":
        """Return the branch with only the sites that `keep` marks."""
        alive, must, dear, often = (a[keep] for a in (self.alive, self.must, self.dear, self.often))
        return replace(self, alive=alive, must=must, dear=dear, often=often)


class Locator:
    """One location problem being solved; costs here leave out the constant."""

    def __init__(self, problem: Location, done: Callable[[], bool], tell: Tell) -> None:
        self.problem, self.done, self.tell = problem, done, tell
        self.sites = np.flatnonzero(problem.can_open)
        self.cost = np.minimum(problem.cost[:, self.sites], FAR)
        self.fixed = problem.fixed[self.sites]
        self.least, self.most = max(problem.least, 1), problem.most
        self.can_close = problem.can_close[self.sites]
        self.best: np.ndarray | None = None
        self.value: float = inf
        self.bound: int | None = None
        self.nodes = 0

    def run(self, finish: Finish) -> Located:
        """Return the best solution and the bound; `finish` may solve what is left of the root."""
        if self.least > self.most or len(self.sites) < self.least:
            return Located(None, None, True)
        opened = greedy(self.cost, self.fixed, self.least, self.most, self.can_close)
        self.base = np.arange(len(self.sites))
        self.local = self._local(self.base, int(opened.sum()))
        self.arcs = self.local.arcs
        self._improve(opened)
        start = self.local.between(opened if self.best is None else self.best)
        none = np.zeros(len(self.sites))
        root = Node(self.base, ~self.can_close, start, -(2**62), none, none)
        node = self._bounded(root, ROOT_STEPS)
        while node is not None and self._kick(node):
            node = self._bounded(node, ROOT_STEPS)
        self.bound = int(self.value) if node is None else node.bound
        if node is not None:
            self._close(node, finish)
        constant = self.problem.constant
        return Located(self._values(), None if self.bound is None else self.bound + constant)

    def _close(self, root: Node, finish: Finish) -> None:
        """Close the gap of the root by branching; where that gets deep, an engine goes before."""
        waiting: list[tuple[int, int, Node]] = [(root.bound, 0, root)]
        self.base, self.arcs = root.alive, self.local.arcs.only(root.alive)
        helped = self.most > FEW or self.flat()
        for links, nodes in ROUNDS if helped else ((0, inf),):
            if helped and not self._closed():
                self._finish(root, links, finish)
            self._branch(waiting, self.nodes + nodes)

    def _closed(self) -> bool:
        return self.bound is not None and self.bound >= self.value

    def _raise(self, bound: int) -> None:
        known = bound if self.bound is None else max(bound, self.bound)
        self.bound = int(min(known, self.value))

    def _finish(self, node: Node, most: int, finish: Finish) -> None:
        """Let an engine find the optimum, or prove it dearer than what `most` links can cost.

        A solution that costs at most `guess` uses none but the links whose own bound is no dearer.
        """
        cost, flat = self.cost[:, node.alive], self.flat()
        sites = Sites(self.fixed[node.alive], node.must, self.least, self.most)
        whole = np.rint(node.prices * SCALE).astype(np.int64)
        least = np.maximum(cost * SCALE - whole[:, None], 0) + node.dear
        guess = int(self.value) - 1
        if flat:
            least = np.where(cost < FAR, 0, least)
        elif most < least.size:
            guess = min(guess, int(np.partition(least, most, axis=None)[most] - 1) // SCALE)
        if guess < node.bound:
            return
        customer, site = np.nonzero(least <= guess * SCALE)
        infeasible, bound = len(np.unique(customer)) < len(cost), None
        if not infeasible:
            values, bound, infeasible = finish(rest(cost, sites, customer, site))
            if values is not None:
                opened = np.zeros(len(self.sites), dtype=bool)
                opened[node.alive[values[: len(node.alive)] == 1]] = True
                self._improve(opened)
        proof = node.bound if bound is None else bound
        self._raise(guess + 1 if infeasible else min(proof, guess + 1))

    def flat(self) -> bool:
        """Return whether every customer's ways have one cost or two, as in covering problems: then
        prices say little, and the program for an engine is small.
        """
        there = self.cost < FAR
        least = self.cost.min(axis=1, keepdims=True)
        most = np.where(there, self.cost, least).max(axis=1, keepdims=True)
        return bool((~there | (self.cost == least) | (self.cost == most)).all())

    def _branch(self, waiting: list[tuple[int, int, Node]], most: float) -> None:
        """Work off branches, least bound first; the bound is that of the least one left.

        waiting: a heap of branches with their bounds and numbers. most: nodes to stop after.
        """
        while waiting and not self._closed() and self.nodes < most and not self.done():
            self._told()
            node = heapq.heappop(waiting)[2]
            if node.bound < self.value:
                for child in self._children(node):
                    found = self._bounded(child, BRANCH_STEPS)
                    if found is not None:
                        heapq.heappush(waiting, (found.bound, self.nodes, found))
            if not self.done():
                left = [n[0] for n in waiting[:1]]
                self._raise(min([int(self.value), *left]))

    def _children(self, node: Node) -> list[Node]:
        """Return the node with its most doubtful site opened, and with it closed."""
        doubt = np.where(node.must, 2.0, np.abs(node.often - 0.5))
        site = int(doubt.argmin())
        this = np.arange(len(node.alive)) == site
        return [replace(node, must=node.must | this), node.only(~this)]

    def _bounded(self, node: Node, steps: int) -> Node | None:
        """Return the node with a better bound and fewer sites; None once nothing better is in it."""
        while True:
            self.nodes += 1
            if node.must.sum() == self.most:
                node = node.only(node.must)
            if len(node.alive) < self.least or node.must.sum() > self.most:
                return None
            proved = self._climbed(node, steps)
            bound = max(node.bound, -(-proved.value // SCALE))
            if bound >= self.value or node.must.all():
                return None
            limit = (int(self.value) - 1) * SCALE
            dear = proved.if_opened()
            keep = node.must | (dear <= limit)
            must = node.must | (proved.if_closed() > limit)
            smaller = int((~keep).sum() + (must & ~node.must).sum())
            prices, often = proved.prices / SCALE, proved.often
            node = Node(node.alive, must, prices, bound, dear, often).only(keep)
            if smaller < ENOUGH * len(keep) or self.done():
                return node

    def _climbed(self, node: Node, steps: int) -> Bound:
        cost = self.cost[:, node.alive]
        sites = Sites(self.fixed[node.alive], node.must, self.least, self.most)

        def seen(opened: np.ndarray) -> float:
            everywhere = np.zeros(len(self.sites), dtype=bool)
            everywhere[node.alive[opened]] = True
            near = 1.01 if steps == ROOT_STEPS else 1
            if self.local.value(everywhere) < self.value * near:
                self._improve(everywhere)
            return float(self.value)

        arcs = self.arcs.only(np.searchsorted(self.base, node.alive))
        return climb(cost, sites, node.prices, steps, arcs, self.done, seen)

    def _kick(self, node: Node) -> bool:
        """Move a few sites of the best solution at random and descend, while that helps
        (iterated local search: Lourenço, Martin, Stützle, Handbook of Metaheuristics, 2003).

        Only the sites that the prices find cheap take part (a core: Avella, Boccia, Salerno,
        Vasilyev, Computers and Operations Research 39, 2012). Return whether it helped.
        """
        if self.best is None:
            return False
        known = np.flatnonzero(self.best)
        count = max(CORE * len(known), LEAST_CORE)
        cheap = node.alive[np.argsort(node.dear, kind="stable")[:count]]
        core = np.union1d(known, cheap)
        local, opened, value = self._local(core, len(known)), self.best[core], self.value
        random, tried = np.random.default_rng(0), 0
        while tried < KICKS and not self.done():
            size = KICK_SIZES[tried % len(KICK_SIZES)]
            moved, cost = local.descend(local.kicked(opened, size, random))
            tried += 1
            if cost < value:
                opened, value, tried = moved, cost, 0
        before, everywhere = self.value, np.zeros(len(self.sites), dtype=bool)
        everywhere[core[opened]] = True
        self._improve(everywhere)
        return self.value < before

    def _local(self, sites: np.ndarray, opened: int) -> Local:
        """Return the search among `sites`, of which about so many will be open."""
        near = max(NEAR * len(sites) // max(opened, 1), LEAST_NEAR)
        cost, rules = self.cost[:, sites], (self.least, self.most, self.can_close[sites])
        return Local(cost, Arcs.nearest(cost, near), self.fixed[sites], *rules)

    def _improve(self, opened: np.ndarray) -> None:
        opened = opened | ~self.can_close
        if not self.least <= opened.sum() <= self.most:
            return
        opened, value = self.local.descend(opened)
        if value < self.value:
            self.best, self.value = opened, value
            self._told()

    def _told(self) -> None:
        constant = self.problem.constant
        value = None if self.value >= FAR else int(self.value) + constant
        self.tell(value, None if self.bound is None else self.bound + constant)

    def _values(self) -> np.ndarray | None:
        """Return the column values of the best solution; ties go to the site with the least id."""
        if self.best is None or self.value >= FAR:
            return None
        opened = np.zeros(len(self.problem.fixed), dtype=bool)
        opened[self.sites[self.best]] = True
        cost = np.where(opened, self.problem.cost, ABSENT)
        return self.problem.values(opened, cost.argmin(axis=1))
