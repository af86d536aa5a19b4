"""Solving a location problem to the proof: bound, local search, fixing, branching.

Subgradient steps give prices. Sites that the prices prove too dear are closed for good, sites
that they prove indispensable are opened (reduced-cost fixing), which makes the next round smaller
and sharper. When rounds stop helping, the most doubtful site is opened in one branch and closed
in the other (Lagrangian branch and bound: Beasley, European Journal of Operational Research 21,
1985), the branch with the least bound first.
"""

import heapq
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import inf

import numpy as np

from optimizer.model.program import Matrix
from optimizer.solver.location.balls import question
from optimizer.solver.location.cover import without_dominated
from optimizer.solver.location.dual import SCALE, Bound, Sites, climb
from optimizer.solver.location.links import Links
from optimizer.solver.location.plans import Plans, Rules
from optimizer.solver.location.primal import FAR
from optimizer.solver.location.recognise import ABSENT, Location
from optimizer.solver.location.rest import rest

ROOT_STEPS, BRANCH_STEPS = 400, 140
"""Subgradient steps of a round at the root and in a branch."""

NEAR = 1.002
"""Sets of open sites that cost less than so many times the best solution are descended from."""

ENOUGH = 0.1
"""A round that closes or opens this share of the sites for good is followed by another."""

FEW = 20
"""With more open sites than this a tree gets deep, and an engine does better with a small rest."""

ROUNDS = ((300.0, 4_000), (1_000.0, 15_000))
"""What is tried in turn: so many branches, then a rest of at most so many links to an engine."""

ENGINE_SHARE, LEAST_SECONDS = 0.5, 2.0
"""An engine has this share of the time spent before it to close a rest, and so many seconds at least."""

Finish = Callable[[Matrix, float], tuple[np.ndarray | None, int | None, bool]]
"""Solves a small program in so many seconds: (values, bound, whether it is proved infeasible)."""

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

    balls: customers with the radius in which they have an open site. dear: the bound, in
    thousandths, if a site is open. often: how often it was in the cheapest set.
    """

    alive: np.ndarray
    must: np.ndarray
    balls: tuple[tuple[int, int], ...]
    prices: np.ndarray
    bound: int
    dear: np.ndarray
    often: np.ndarray

    def limit(self) -> np.ndarray:
        """Return what each customer's way may cost at most."""
        limit = np.full(len(self.prices), inf)
        for customer, radius in self.balls:
            limit[customer] = min(radius, limit[customer])
        return limit


class Locator:
    """One location problem being solved; costs here leave out the constant."""

    def __init__(self, problem: Location, done: Callable[[], bool], tell: Tell) -> None:
        self.problem, self.done, self.tell = problem, done, tell
        self.sites = np.flatnonzero(problem.can_open)
        self.cost = np.minimum(problem.cost[:, self.sites], FAR)
        self.fixed = problem.fixed[self.sites]
        self.least, self.most = max(problem.least, 1), problem.most
        self.can_close = problem.can_close[self.sites]
        self.bound: int | None = None
        self.nodes, self.started = 0, time.monotonic()

    def run(self, finish: Finish) -> Located:
        """Return the best solution and the bound; `finish` may solve what is left of the root."""
        if self.least > self.most or len(self.sites) < self.least:
            return Located(None, None, True)
        rules = Rules(self.cost, self.fixed, self.least, self.most, self.can_close)
        self.plans = Plans(rules, self.done, self._told)
        self.links = Links.of(self.plans.local.arcs, len(self.sites))
        self.plans.improve(self.plans.first)
        every = np.ones(len(self.sites), dtype=bool)
        best = self.plans.first if self.plans.best is None else self.plans.best
        start = self.plans.local.between(best)
        none = np.zeros(len(self.sites))
        root = Node(every, ~self.can_close, (), start, -(2**62), none, none)
        node = self._bounded(root, ROOT_STEPS)
        while node is not None and self.plans.kick(node.often * node.alive):
            node = self._bounded(node, ROOT_STEPS)
        self.bound = int(self.plans.value) if node is None else node.bound
        if node is not None:
            self._close(node, finish)
        constant = self.problem.constant
        return Located(self._values(), None if self.bound is None else self.bound + constant)

    def _close(self, root: Node, finish: Finish) -> None:
        """Close the gap of the root by branching; where that gets deep, an engine goes before."""
        waiting: list[tuple[int, int, Node]] = [(root.bound, 0, root)]
        useful = (self._least(root) < self.plans.value * SCALE) & root.alive
        self.links = Links.marked(self.cost, useful)
        if self.flat():
            self._finish(root, useful.size, finish, inf)
        for nodes, links in ROUNDS if self.most > FEW else ():
            self._branch(waiting, nodes)
            if not self._closed():
                spent = time.monotonic() - self.started
                seconds = max(ENGINE_SHARE * spent, LEAST_SECONDS)
                self._finish(root, links, finish, seconds)
        self._branch(waiting, inf)

    def _least(self, node: Node) -> np.ndarray:
        """Return, per link, a bound in thousandths on a solution that uses it."""
        whole = np.rint(node.prices * SCALE).astype(np.int64)
        least: np.ndarray = np.maximum(self.cost * SCALE - whole[:, None], 0) + node.dear
        return least

    def _closed(self) -> bool:
        return self.bound is not None and self.bound >= self.plans.value

    def _raise(self, bound: int) -> None:
        known = bound if self.bound is None else max(bound, self.bound)
        self.bound = int(min(known, self.plans.value))

    def _finish(self, node: Node, most: int, finish: Finish, seconds: float) -> None:
        """Let an engine find the optimum within some seconds, or prove it dearer than what `most`
        links can cost.

        A solution that costs at most `guess` uses none but the links whose own bound is no dearer.
        """
        alive, flat = np.flatnonzero(node.alive), self.flat()
        rows, spared = np.arange(len(self.cost)), 0
        if flat and self._covering(node):
            rows, columns = without_dominated(self.cost[:, alive] < FAR)
            alive = alive[columns]
            spared = int(np.delete(self.cost.min(axis=1), rows).sum())
        cost = self.cost[np.ix_(rows, alive)]
        sites = Sites(self.fixed[alive], alive >= 0, node.must[alive], self.least, self.most)
        least = self._least(node)[np.ix_(rows, alive)]
        guess = int(self.plans.value) - 1
        if flat:
            least = np.where(cost < FAR, 0, least)
        elif most < least.size:
            guess = min(guess, int(np.partition(least, most, axis=None)[most] - 1) // SCALE)
        if guess < node.bound:
            return
        customer, site = np.nonzero(least <= guess * SCALE)
        infeasible, bound = len(np.unique(customer)) < len(cost), None
        if not infeasible:
            values, bound, infeasible = finish(rest(cost, sites, customer, site), seconds)
            if values is not None:
                opened = np.zeros(len(self.sites), dtype=bool)
                opened[alive[values[: len(alive)] == 1]] = True
                self.plans.improve(opened)
        proof = node.bound if bound is None else bound + spared
        self._raise(guess + 1 if infeasible else min(proof, guess + 1))

    def _covering(self, node: Node) -> bool:
        """Return whether only the number of open sites is left to be made small: then sites and
        customers that others stand for need not be asked about.
        """
        fixed = self.fixed[node.alive]
        alike = (self.cost == FAR) | (self.cost == self.cost.min(axis=1, keepdims=True))
        free = self.least <= 1 and not node.must.any() and not node.balls
        return bool(free and (fixed >= 0).all() and (fixed == fixed[0]).all() and alike.all())

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
            if node.bound < self.plans.value:
                self.plans.follow(node.often * node.alive, NEAR)
                for child in self._children(node):
                    found = self._bounded(child, BRANCH_STEPS)
                    if found is not None:
                        heapq.heappush(waiting, (found.bound, self.nodes, found))
            if not self.done():
                left = [n[0] for n in waiting[:1]]
                self._raise(min([int(self.plans.value), *left]))

    def _children(self, node: Node) -> Iterator[Node]:
        """Yield the branches of a node: a ball with an open site and without, or a site."""
        often = np.where(node.must, 1.0, node.often * node.alive)
        asked = question(self.links, often, node.limit(), self.plans.local.turned, node.alive)
        if asked is not None:
            customer, radius = asked
            inside = self.cost[customer] <= radius
            only = inside & node.alive
            must = node.must | only if only.sum() == 1 else node.must
            yield replace(node, balls=(*node.balls, asked), must=must)
            if not (inside & node.must).any():
                yield replace(node, alive=node.alive & ~inside)
        else:
            doubt = np.where(node.must | ~node.alive, 2.0, np.abs(node.often - 0.5))
            this = np.arange(len(doubt)) == doubt.argmin()
            yield replace(node, must=node.must | this)
            yield replace(node, alive=node.alive & ~this)

    def _bounded(self, node: Node, steps: int) -> Node | None:
        """Return the node with a better bound and fewer sites; None once nothing better is in it."""
        while True:
            self.nodes += 1
            if node.must.sum() == self.most:
                node = replace(node, alive=node.must)
            if node.alive.sum() < self.least or node.must.sum() > self.most:
                return None
            proved = self._climbed(node, steps)
            if proved is None:
                return None
            bound = max(node.bound, -(-proved.value // SCALE))
            if bound >= self.plans.value or (node.must | ~node.alive).all():
                return None
            limit = (int(self.plans.value) - 1) * SCALE
            dear = proved.if_opened()
            alive = node.alive & (node.must | (dear <= limit))
            must = node.must | (alive & (proved.if_closed() > limit))
            smaller = int((node.alive & ~alive).sum() + (must & ~node.must).sum())
            enough = ENOUGH * node.alive.sum()
            prices, often = proved.prices / SCALE, proved.often
            node = Node(alive, must, node.balls, prices, bound, dear, often)
            if smaller < enough or self.done():
                return node

    def _climbed(self, node: Node, steps: int) -> Bound | None:
        """Return what better prices prove, None if they are not needed: somebody has no way left."""
        links = self.links.within(node.alive, node.limit())
        if not links.serve():
            return None
        sites = Sites(self.fixed, node.alive, node.must, self.least, self.most)
        near = NEAR if steps == ROOT_STEPS else 1

        def seen(opened: np.ndarray) -> float:
            if self.plans.local.value(opened) < self.plans.value * near:
                self.plans.improve(opened)
            return float(self.plans.value)

        return climb(links, sites, node.prices, steps, self.done, seen)

    def _told(self) -> None:
        constant = self.problem.constant
        value = None if self.plans.value >= FAR else int(self.plans.value) + constant
        self.tell(value, None if self.bound is None else self.bound + constant)

    def _values(self) -> np.ndarray | None:
        """Return the column values of the best solution; ties go to the site with the least id."""
        if self.plans.best is None or self.plans.value >= FAR:
            return None
        opened = np.zeros(len(self.problem.fixed), dtype=bool)
        opened[self.sites[self.plans.best]] = True
        cost = np.where(opened, self.problem.cost, ABSENT)
        return self.problem.values(opened, cost.argmin(axis=1))
