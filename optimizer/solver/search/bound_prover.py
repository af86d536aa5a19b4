"""Bounding: the relaxation in which only the leading columns are whole, with rows that whole ways
add to it step by step, then the whole program.
"""

from math import inf

import numpy as np

from optimizer.solver.engines.job import granularity
from optimizer.solver.search.cuts import Cuts, Steps
from optimizer.solver.search.incumbent import Incumbent
from optimizer.solver.search.subproblems import Asker
from optimizer.solver.search.tuning import TUNING


class BoundProver:
    """Raises the bound of the stage of `asker` until it is done."""

    def __init__(self, asker: Asker, leading: np.ndarray, steps: Steps) -> None:
        self.asker, self.leading, self.cuts = asker, leading, Cuts(asker, steps)

    def relax(self, limit: float) -> None:
        """Solve the relaxation, again and again while whole steps add rows to it; engines that take
        whole columns only have none.
        """
        incumbent = self.asker.incumbent
        if not self.asker.takes_shares or self.leading.all():
            return
        # the relaxation is all of the bound, and ends by itself where less will do
        gap = min(incumbent.settings.gap * TUNING.bound_gap_share, TUNING.bound_gap)
        until = incumbent.seconds + limit
        counts = incumbent.settings.nodes > 0
        for _ in range(TUNING.bound_rounds_counted if counts else TUNING.bound_rounds):
            left = until - incumbent.seconds
            answer = self.asker.ask(
                "relaxation", self.cuts.matrix, left, None, ~self.leading, gap, whole=True
            )
            if self.cuts.whole is incumbent.matrix and answer.bound is not None:
                # an engine's bound is rounded up
                incumbent.divide(answer.bound - granularity(incumbent.matrix) + 1)
            if answer.values is None or incumbent.done():
                break
            if not self.cuts.add(answer.values) and (incumbent.done() or not self.cuts.tie()):
                break
            if incumbent.seconds > until and not counts:
                break

    def prove(self, limit: float, patience: float | None = None) -> None:
        """Solve the whole program from the best solution so far.

        With `patience` the proof is given up when it closes less than a twentieth of the gap in
        that many seconds.
        """
        incumbent = self.asker.incumbent
        if not incumbent.done():
            until = None if patience is None else _Stall(incumbent, patience)
            self.asker.ask("proof", self.cuts.whole, limit, incumbent.best, whole=True, until=until)


class _Stall:
    """Tells when the gap of a stage has hardly moved for `patience` seconds."""

    def __init__(self, incumbent: Incumbent, patience: float) -> None:
        self.incumbent, self.patience = incumbent, patience
        self.gap, self.since = inf, incumbent.seconds

    def __call__(self) -> bool:
        gap = self.incumbent.gap
        if gap is None or gap < TUNING.stalled * self.gap:
            self.gap, self.since = inf if gap is None else gap, self.incumbent.seconds
        return self.incumbent.seconds - self.since > self.patience
