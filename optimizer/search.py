"""Finding a good solution of a Program and a proven bound: relax, fix, finish, prove.

General solvers find the bound of a staffing model at once and good plans late: the difficulty is
whole districts against whole persons. So a stage goes three ways, in this order:

1. Relaxation: only the leading columns (modes, staff) are whole. Its bound holds for the program.
2. Fix and finish: the modes of the relaxation are kept, and the columns of one step (a period)
   after the other become whole. With the modes fixed, periods hardly touch each other.
3. Proof: whatever time is left goes to the whole program, starting from the best solution.

A program that is a pure location problem (`location/recognise.py`) is solved by its own method
first, which usually ends with the proof. An engine that takes whole columns only has no relaxation;
it goes straight to the whole program.

Relax-and-fix is described by Pochet and Wolsey, Production Planning by Mixed Integer
Programming (2006), ch. 3. Everything here knows columns and labels, never cities.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from optimizer.algebra import Affine
from optimizer.engines.child import Engine
from optimizer.engines.job import Settings
from optimizer.location.center import recognise_center
from optimizer.location.recognise import recognise
from optimizer.location.solve import Locator
from optimizer.outcome import Status
from optimizer.program import Matrix, Program

RELAX_SHARE = 0.2
"""Part of a stage's time that the relaxation may take."""

FINISH_SHARE = 0.5
"""Part of the time then left that the first solution may take, over all its steps."""


PAIRS_SHARE = 0.7
"""Part of the time then left that goes to improving two steps at once."""


@dataclass(frozen=True)
class Layout:
    """Which columns, if there, matter how: `leading` stay whole in the relaxation, `fixed` are then kept,
    `steps` are the labels whose values are finished one after the other, a column without the
    first belonging to none: periods, and of a fallback each on its own, since with the modes fixed
    they do not touch each other. `links` are the columns that send
    somebody somewhere.
    """

    leading: frozenset[str]
    fixed: frozenset[str]
    steps: tuple[str, ...]
    links: str


@dataclass(frozen=True)
class Progress:
    """Where a stage stands: what is being done, seconds since the start, value, bound."""

    phase: str
    seconds: float
    value: int | None
    bound: int | None


class Search:
    """One stage: minimise one objective over a program within a time limit."""

    def __init__(
        self,
        engine: Engine,
        program: Program,
        objective: Affine,
        layout: Layout,
        settings: Settings,
        incumbent: np.ndarray | None = None,
        watch: Callable[[Progress], None] | None = None,
    ) -> None:
        self.engine, self.layout, self.settings = engine, layout, settings
        self.watch = watch
        self.matrix = program.matrix(objective)
        self.started = time.monotonic()
        self.status: Status = "unknown"
        self.best = incumbent
        self.value = None if incumbent is None else self.matrix.value(incumbent)
        self.bound: int | None = None
        self.columns = program.columns
        self.steps = _steps(program, layout.steps)

    def run(self) -> None:
        """Search until the gap is closed, the time is up, a stop is asked for, or infeasibility is claimed."""
        self._locate()
        if self._done():
            return
        guide = self._relax()
        if self._done():
            return
        if self.best is None and guide is not None:
            self._finish(guide)
        elif self.best is not None:
            self._improve(self.best)
        if self.best is not None and not self._done():
            self._improve_pairs()
        if not self._done():
            self._prove()

    @property
    def interrupted(self) -> bool:
        """Whether somebody asked the engine to stop."""
        return self.engine.stop.is_set()

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.started

    def _left(self) -> float:
        return self.settings.time_limit - self.seconds

    def _done(self) -> bool:
        if self._over() or self.status == "infeasible":
            return True
        if self.value is None or self.bound is None:
            return False
        return self.value - self.bound <= self.settings.gap * abs(self.value)

    def _solve(
        self,
        phase: str,
        matrix: Matrix,
        limit: float,
        hint: np.ndarray | None = None,
        shares: np.ndarray | None = None,
        whole: bool = False,
    ) -> tuple[np.ndarray | None, int | None, Status]:
        """Run the engine; `whole` says that its values and bounds are those of the stage."""

        def tell(value: int | None, bound: int | None) -> None:
            if self.watch is not None:
                mine = value if whole and shares is None else None
                least = max((b for b in (self.bound, bound if whole else None) if b), default=None)
                best = min((v for v in (self.value, mine) if v is not None), default=None)
                self.watch(Progress(phase, self.seconds, best, least))

        settings = replace(self.settings, time_limit=max(limit, 0.1))
        answer = self.engine.run(matrix, settings, hint, shares, tell)
        return answer.values, answer.bound, answer.status

    def _locate(self) -> None:
        """Solve a pure location problem by prices, local search and branching."""
        links = self._slice(self.layout.links)
        problem = recognise(self.matrix, links)
        center = recognise_center(self.matrix, links) if problem is None else None

        def finish(matrix: Matrix) -> tuple[np.ndarray | None, int | None, bool]:
            values, bound, status = self._solve("location", matrix, self._left())
            return values, bound, status == "infeasible"

        def tell(value: int | None, bound: int | None) -> None:
            if self.watch is not None:
                self.watch(Progress("location", self.seconds, value, bound))

        if problem is not None:
            found = Locator(problem, self._over, tell).run(finish)
        elif center is not None:
            found = center.run(finish, self._over, tell)
        else:
            return
        if found.infeasible:
            self.status = "infeasible"
        if found.values is not None:
            self._take(found.values)
            self.bound = found.bound

    def _over(self) -> bool:
        return self.interrupted or self._left() <= 0.05

    def _relax(self) -> np.ndarray | None:
        """Solve with only the leading columns whole; take its bound, return its values.

        None for an engine that takes whole columns only: the search goes on without a guide.
        """
        if not self.engine.can.shares:
            return None
        shares = np.ones(len(self.matrix.cost), dtype=bool)
        for name in self.layout.leading & self.columns.keys():
            shares[self._slice(name)] = False
        limit = self._left() * RELAX_SHARE
        values, bound, status = self._solve("relaxation", self.matrix, limit, None, shares, True)
        self.bound = max((b for b in (self.bound, bound) if b is not None), default=None)
        if status in ("infeasible", "unbounded"):
            self.status = status
        return values

    def _finish(self, guide: np.ndarray) -> None:
        """Keep the fixed columns of `guide`; make the columns of step after step whole."""
        lower, upper = self.matrix.lower.copy(), self.matrix.upper.copy()
        for name in self.layout.fixed & self.columns.keys():
            part = self._slice(name)
            lower[part] = upper[part] = guide[part]
        gaps: dict[str, int] = {}
        limit = self._left() * FINISH_SHARE / max(len(self.steps), 1)
        for step, mine in self.steps.items():
            matrix = self.matrix._replace(
                lower=lower, upper=upper, cost=np.where(mine, self.matrix.cost, 0), offset=0
            )
            later = ~mine & (lower < upper)
            values, bound, status = self._solve(step, matrix, limit, None, later)
            if values is None and status == "unknown" and not self._done():
                # A slow machine: no plan at all is worse than a plan that is improved less.
                values, bound, _ = self._solve(step, matrix, self._left() / 2, None, later)
            if values is None or self.interrupted:
                return
            lower, upper = lower.copy(), upper.copy()
            lower[mine] = upper[mine] = values[mine]
            gaps[step] = matrix.value(values) - (bound or 0)
        rest = self._complete(lower, upper)
        if rest is not None:
            self._take(rest)
            self._improve(rest, gaps)

    def _complete(self, lower: np.ndarray, upper: np.ndarray) -> np.ndarray | None:
        """Return a solution between `lower` and `upper`, which leave little open."""
        if (lower == upper).all():
            return lower if self.matrix.holds(lower) else None
        matrix = self.matrix._replace(lower=lower, upper=upper)
        return self._solve("completion", matrix, self._left() / 2)[0]

    def _improve(self, start: np.ndarray, gaps: dict[str, int] | None = None) -> None:
        """Re-solve step after step, all else fixed, the step with the largest open gap first."""
        best = start
        open_gaps = gaps or dict.fromkeys(self.steps, 2**62)
        limit = self._left() / (len(self.steps) + 1)
        while open_gaps and not self._done() and self._left() > limit / 2:
            step = max(open_gaps, key=lambda s: open_gaps[s])
            if open_gaps[step] <= self.settings.gap * abs(self.value or 0) / len(self.steps):
                return
            mine = self.steps[step]
            matrix = self.matrix._replace(
                lower=np.where(mine, self.matrix.lower, best),
                upper=np.where(mine, self.matrix.upper, best),
            )
            values, bound, _ = self._solve(step, matrix, min(limit, self._left()), best)
            if values is not None:
                best = values
                self._take(values)
                open_gaps[step] = (
                    min(open_gaps[step] - 1, self.matrix.value(values) - (bound or 0)) // 2
                )
            else:
                del open_gaps[step]

    def _improve_pairs(self) -> None:
        """Re-solve two neighbouring steps at once, until a whole round of pairs helps no more.

        A rule that ties steps together can hold each of them where it is while the other is fixed.
        """
        pairs = list(pairwise(self.steps))
        until = self.seconds + self._left() * PAIRS_SHARE
        limit = (until - self.seconds) / max(len(pairs), 1)
        while pairs and not self._done():
            before = self.value
            for first, second in pairs:
                left = until - self.seconds
                if self._done() or left < limit / 4 or self.best is None:
                    return
                mine = self.steps[first] | self.steps[second]
                matrix = self.matrix._replace(
                    lower=np.where(mine, self.matrix.lower, self.best),
                    upper=np.where(mine, self.matrix.upper, self.best),
                )
                values = self._solve(second, matrix, min(limit, left), self.best)[0]
                if values is not None:
                    self._take(values)
            if self.value == before:
                return

    def _prove(self) -> None:
        """Give what time is left to the whole program, from the best solution so far."""
        values, bound, status = self._solve(
            "proof", self.matrix, self._left(), self.best, None, True
        )
        if bound is not None:
            self.bound = bound if self.bound is None else max(self.bound, bound)
        if values is not None:
            self._take(values)
        elif self.best is None and status in ("infeasible", "unbounded"):
            self.status = status

    def _take(self, values: np.ndarray) -> None:
        value = self.matrix.value(values)
        if self.matrix.holds(values) and (self.value is None or value <= self.value):
            self.best, self.value = values, value

    def _slice(self, name: str) -> slice:
        block = self.columns[name]
        return slice(block.first, block.first + len(block.index))

    def conclusion(self) -> Status:
        """Return the status that value and bound support."""
        if self.value is None:
            return self.status
        if self.bound is not None and self.bound > self.value:
            self.bound = self.value
        return "optimal" if self.value == self.bound else "feasible"


def _steps(program: Program, levels: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Return, for every value of `levels` in order of appearance, which columns carry it."""
    labels: list[str | None] = []
    for block in program.columns.values():
        names = [level for level in levels if level in block.index.names]
        if levels[0] in names:
            values = [block.index.get_level_values(name).astype(str) for name in names]
            labels += ["/".join(label) for label in zip(*values, strict=True)]
        else:
            labels += [None] * len(block.index)
    found = dict.fromkeys(label for label in labels if label is not None)
    return {step: np.array([label == step for label in labels]) for step in found}
