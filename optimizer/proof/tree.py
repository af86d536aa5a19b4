"""Branch and bound for a proof: the leaf that proves least is split, until time or need is over."""

import heapq
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event

import numpy as np

from optimizer.proof.arrays import SCALES, Arrays
from optimizer.solver.engines.relaxation import Answer, Change, Relaxation

WHOLE = 1e-6
"""How near a share must be to a whole number to count as one."""

MOST = 2 * 10**6
"""Multipliers that a tree may hold, so that its file stays within what the checker unpacks."""

PATIENCE = 3
"""Splits of one kind without any gain after which the other kinds come first."""

USUAL, FINEST = SCALES[6], SCALES[-1]
"""Scale at which a leaf is judged while the tree grows; that at which it can prove most."""

Told = Callable[[float], None]
"""Is given the bound so far, every now and then."""


@dataclass
class Node:
    """A part of the space: its limits, the prices that bound it, what it was split on.

    empty: the prices are those of a violation. bound: what the prices prove; inf: it is empty.
    """

    changes: list[Change]
    prices: np.ndarray
    empty: bool = False
    bound: float = -np.inf
    shares: np.ndarray | None = None
    split: tuple[str, int, int] | None = None
    below: list["Node"] = field(default_factory=list)


class Tree:
    """The tree of one stage. cutoff: a bound that is enough (the plan's value).

    Without one, the tree seeks that there is no plan at all. names: of the rows, as JSON lists;
    rows without any limit are sums to split on.
    """

    def __init__(self, stage: Arrays, names: list[str], cutoff: int | None) -> None:
        self.stage, self.cutoff = stage, cutoff
        self.sums = _classes(stage, names)
        self.root = Node([], np.zeros(len(stage.row_lower)))
        self.solved = 0
        self.idle = [0] * (len(self.sums) + 1)

    def grow(self, limit: float, stop: Event | None = None, told: Told | None = None) -> None:
        """Split leaves for `limit` seconds, until `stop` is set or none is worth it.

        Raises EngineError.
        """
        end, held = time.monotonic() + limit, 0
        with self._relaxation() as relaxation:
            self._solve(self.root, relaxation, end)
            queue = [(self.root.bound, 0, self.root)]
            while queue and time.monotonic() < end and held < MOST:
                _, _, node = heapq.heappop(queue)
                if self._closed(node):
                    return  # and with it all others, whose bounds are no less
                if told is not None:
                    told(node.bound)
                if (stop is not None and stop.is_set()) or not self._split(node):
                    return  # the least leaf stays, so no other can raise the bound
                for half in node.below:
                    if not self._solve(half, relaxation, end):
                        return
                    heapq.heappush(queue, (half.bound, self.solved, half))
                    held += int(np.count_nonzero(half.prices))
                self._learn(node)

    def _relaxation(self) -> Relaxation:
        """Return the relaxation in which sums may be broken at a price that reaches the cutoff.

        So a split on a sum that leaves no plan has prices that bound it, like any other. Without
        a cutoff all rows may be broken and nothing else costs.
        """
        s = self.stage
        if self.cutoff is None:
            free = s._replace(cost=np.zeros_like(s.cost)).for_engine()
            return Relaxation(free, np.arange(len(s.row_lower)), 1)
        free_rows = ~np.isfinite(s.row_lower) & ~np.isfinite(s.row_upper)
        penalty = max(abs(self.cutoff) // 10, 10 * int(np.abs(s.cost).max(initial=0)), 1)
        return Relaxation(s.for_engine(), np.flatnonzero(free_rows), penalty)

    def nodes(self) -> tuple[int | None, list[list[int | str]]]:
        """Return the bound that the leaves prove (None: no plan) and the tree as a proof has it."""
        order = self._order()
        goal = self._goal([node for node in order if not node.below])
        number = {id(n): place for place, n in enumerate(order)}
        written: list[list[int | str]] = []
        for node in order:
            if node.split is not None:
                written.append([*node.split, *(number[id(half)] for half in node.below)])
            else:
                written.append([*self._leaf(node, goal)])
        return goal, written

    def _order(self) -> list[Node]:
        order, pending = [], [self.root]
        while pending:
            node = pending.pop()
            order.append(node)
            pending += reversed(node.below)
        return order

    def _solve(self, node: Node, relaxation: Relaxation, end: float) -> bool:
        """Give `node` prices and shares of its own; return whether the engine still answers."""
        answer: Answer = relaxation.solve(node.changes, end - time.monotonic())
        self.solved += 1
        if answer.prices is not None:
            prices = answer.prices
            empty = answer.status == "infeasible" or self.cutoff is None
            bound = self._about(node, prices, empty)
            if bound > node.bound:
                node.prices, node.empty, node.bound = prices, empty, bound
        node.shares = answer.shares
        return answer.status != "silent"

    def _about(self, node: Node, prices: np.ndarray, empty: bool) -> float:
        here = self.stage.under(node.changes)
        bound = here.bound(here.multipliers(prices, USUAL), 0 if empty else USUAL)
        return np.inf if bound is None else bound

    def _goal(self, leaves: list[Node]) -> int | None:
        """Return the most that all leaves prove, at whatever scale; None: all are empty."""
        queue = [(node.bound, number, False) for number, node in enumerate(leaves)]
        heapq.heapify(queue)
        while queue:
            bound, number, tried = heapq.heappop(queue)
            if bound == np.inf:
                return None
            if self.cutoff is not None and bound >= self.cutoff:
                return self.cutoff
            if tried:
                return int(bound)
            best = self._best(leaves[number])
            heapq.heappush(queue, (np.inf if best is None else best, number, True))
        return None

    def _closed(self, node: Node) -> bool:
        return node.bound == np.inf or (self.cutoff is not None and node.bound >= self.cutoff)

    def _split(self, node: Node) -> bool:
        """Split `node` on the sum or column that is furthest from whole; False without one."""
        if node.shares is None:
            return False
        found = self._fraction(node.shares)
        if found is None:
            return False
        kind, number, at = found
        own = {(k, n): (low, high) for k, n, low, high in node.changes}
        low, high = own.get((kind, number), self._limits(kind, number))
        for half in ((low, at), (at + 1, high)):
            changes = [(k, n, *b) for (k, n), b in {**own, (kind, number): half}.items()]
            node.below.append(Node(changes, node.prices, node.empty, node.bound))
        node.split, node.shares = found, None
        return True

    def _limits(self, kind: str, number: int) -> tuple[int | None, int | None]:
        s = self.stage
        low, high = (s.lower, s.upper) if kind == "column" else (s.row_lower, s.row_upper)
        ends = (float(low[number]), float(high[number]))
        a, b = (int(end) if np.isfinite(end) else None for end in ends)
        return a, b

    def _learn(self, node: Node) -> None:
        """Remember how often in a row splits of this kind gained nothing."""
        assert node.split is not None
        kind, number, _ = node.split
        sums = enumerate(self.sums) if kind == "row" else ()
        place = next((n for n, group in sums if number in group), len(self.sums))
        idle = min(half.bound for half in node.below) <= node.bound
        self.idle[place] = self.idle[place] + 1 if idle else 0

    def _fraction(self, shares: np.ndarray) -> tuple[str, int, int] | None:
        """Return the sum or column to split on: of the first kind that is not whole, what is furthest
        from it. Kinds whose splits gained nothing PATIENCE times on end come last.
        """
        s = self.stage
        totals = np.bincount(s.row, s.coefficient * shares[s.column], len(s.row_lower))
        found: list[tuple[bool, tuple[str, int, int]]] = []
        for idle, group in zip(self.idle, self.sums, strict=False):
            away = np.abs(totals[group] - np.rint(totals[group]))
            if away.max() > 1e-3:
                row = int(group[int(away.argmax())])
                found.append((idle >= PATIENCE, ("row", row, int(np.floor(totals[row])))))
        away = np.abs(shares - np.rint(shares))
        if away.max() > WHOLE:
            column = int((away * (1 + np.log1p(np.abs(s.cost)))).argmax())
            found.append((False, ("column", column, int(np.floor(shares[column])))))
        return min(found, key=lambda one: one[0])[1] if found else None

    def _best(self, node: Node) -> int | None:
        """Return the most that the prices of a leaf prove at any scale; None: it is empty.

        Where they do not prove it empty, they are dropped for what the limits of columns say.
        """
        here, found = self.stage.under(node.changes), []
        for scale in SCALES[3:]:
            bound = here.bound(here.multipliers(node.prices, scale), 0 if node.empty else scale)
            if bound is None:
                return None
            found.append(bound)
        if node.empty:
            node.prices, node.empty = np.zeros_like(node.prices), False
            return self._best(node)
        return max(found)

    def _leaf(self, node: Node, goal: int | None) -> list[int]:
        """Return scale and multipliers: the smallest power of ten that proves `goal`."""
        here = self.stage.under(node.changes)
        for scale in SCALES:
            multipliers = here.multipliers(node.prices, scale)
            stated = 0 if node.empty else scale
            bound = here.bound(multipliers, stated)
            if bound is None or (goal is not None and bound >= goal):
                break
        pairs = [[int(row), int(multipliers[row])] for row in np.flatnonzero(multipliers)]
        return [stated, *(number for pair in pairs for number in pair)]


def _classes(stage: Arrays, names: list[str]) -> list[np.ndarray]:
    """Return the rows that are sums, by what they sum, in the order of the text."""
    groups: dict[str, list[int]] = {}
    for row in np.flatnonzero(~np.isfinite(stage.row_lower) & ~np.isfinite(stage.row_upper)):
        groups.setdefault(str(json.loads(names[row])[1]), []).append(int(row))
    return [np.array(rows) for rows in groups.values()]
