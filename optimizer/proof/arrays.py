"""The rows of a proof as arrays for GLOP, and the bound of a leaf from prices, in exact integers."""

from math import gcd
from typing import NamedTuple

import numpy as np

from optimizer.proof.check import Program
from optimizer.solver.engines.relaxation import Change

SCALES = [10**power for power in range(10)]
"""What prices are multiplied by, in turn, before they are rounded to multipliers."""

Exact = np.ndarray
"""Of Python integers, where 64 bits might not do."""


class Arrays(NamedTuple):
    """A stage: triplets sorted by row; limits as doubles with infinities for no bound."""

    lower: np.ndarray
    upper: np.ndarray
    row_lower: np.ndarray
    row_upper: np.ndarray
    row: np.ndarray
    column: np.ndarray
    coefficient: np.ndarray
    cost: np.ndarray
    offset: int

    def for_engine(self) -> dict[str, np.ndarray]:
        """Return what a relaxation needs."""
        named = {name: value for name, value in self._asdict().items() if name != "offset"}
        return {**named, "integer": np.zeros(len(self.cost), dtype=bool)}

    @property
    def step(self) -> int:
        """The largest integer that divides every cost."""
        return gcd(*(int(c) for c in self.cost)) or 1

    def under(self, changes: list[Change]) -> "Arrays":
        """Return the stage under the limits of a node."""
        limits = {"column": (self.lower, self.upper), "row": (self.row_lower, self.row_upper)}
        limits = {kind: (low.copy(), high.copy()) for kind, (low, high) in limits.items()}
        for kind, number, low, high in changes:
            limits[kind][0][number] = -np.inf if low is None else low
            limits[kind][1][number] = np.inf if high is None else high
        (a, b), (c, d) = limits["column"], limits["row"]
        return self._replace(lower=a, upper=b, row_lower=c, row_upper=d)

    def multipliers(self, prices: np.ndarray, scale: int) -> np.ndarray:
        """Return `prices` x `scale` as integers, 0 where the side they lean on has no bound."""
        whole = np.rint(prices * scale)
        side = np.where(whole > 0, self.row_lower, self.row_upper)
        return np.where(np.isfinite(side), whole, 0)

    def bound(self, multipliers: np.ndarray, scale: int) -> int | None:
        """Return what a leaf with `multipliers` proves; None: that it is empty (`scale` 0).

        As `check.leaf`, but on arrays. Returns -2**80 for an empty leaf that is not proved empty.
        """
        cost = scale * self.cost
        weight = multipliers[self.row] * self.coefficient
        if max(np.abs(weight).sum(), float(np.abs(cost).max(initial=0))) < 2.0**52:
            left: Exact = cost - np.bincount(self.column, weight, len(cost)).astype(np.int64)
        else:
            left = cost.astype(object)
            whole = [int(m) for m in multipliers[self.row]]
            np.subtract.at(left, self.column, np.array(whole, dtype=object) * self.coefficient)
        used = np.flatnonzero(multipliers)
        side = np.where(multipliers > 0, self.row_lower, self.row_upper)[used]
        least = sum(
            int(m) * int(b) for m, b in zip(multipliers[used].tolist(), side.tolist(), strict=True)
        )
        ends = np.where(left > 0, self.lower, self.upper)
        busy = np.flatnonzero((left != 0) & (ends != 0))
        least += sum(
            int(d) * int(e) for d, e in zip(left[busy].tolist(), ends[busy].tolist(), strict=True)
        )
        if scale == 0:
            return None if least > 0 else -(2**80)
        return -(-least // (scale * self.step)) * self.step + self.offset


def arrays(program: Program, number: int, held: list[int]) -> Arrays:
    """Return the stage `number` of `program`, with the objectives before it at most `held`."""
    before = list(zip(program.objectives, held, strict=False))
    terms = [*program.rows, *(cost for (_, _, cost), _ in before)]
    rows = [program.limits["row", n] for n in range(len(program.rows))]
    rows += [(None, most - offset) for (_, offset, _), most in before]
    columns = [limits for (kind, _), limits in program.limits.items() if kind == "column"]
    lengths = [len(t) for t in terms]
    _, constant, priced = program.objectives[number]
    cost = np.zeros(len(columns), dtype=np.int64)
    cost[list(priced)] = list(priced.values())
    return Arrays(
        np.array([low for low, _ in columns], dtype=float),
        np.array([high for _, high in columns], dtype=float),
        np.array([-np.inf if low is None else low for low, _ in rows], dtype=float),
        np.array([np.inf if high is None else high for _, high in rows], dtype=float),
        np.repeat(np.arange(len(terms)), lengths),
        np.array([j for t in terms for j in t], dtype=np.int64),
        np.array([a for t in terms for a in t.values()], dtype=np.int64),
        cost,
        constant,
    )
