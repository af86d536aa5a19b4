"""One stage: minimise one objective over a program, with two engines side by side or with one.

General solvers find the bound of a staffing model at once and good plans late: the difficulty is
whole districts against whole persons. So one engine bounds while the other finds, and what each
of them knows ends the work of both as soon as value and bound meet.

A program that is a pure location problem (`location/recognise.py`) is solved by its own method
first, which usually ends with the proof. A small program goes to one engine as it is.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from optimizer.model.algebra import Affine
from optimizer.model.program import Matrix, Program
from optimizer.solver.engines.child import Engine
from optimizer.solver.engines.job import Settings
from optimizer.solver.location.center import recognise_center
from optimizer.solver.location.recognise import recognise
from optimizer.solver.location.single.recognise import recognise_single
from optimizer.solver.location.single.solve import Solver
from optimizer.solver.location.solve import Locator
from optimizer.solver.search import bound_transfer
from optimizer.solver.search.bound_prover import BoundProver
from optimizer.solver.search.bound_transfer import TransferredBound
from optimizer.solver.search.column_roles import ColumnRoles
from optimizer.solver.search.cuts import Steps
from optimizer.solver.search.incumbent import Incumbent, Watch
from optimizer.solver.search.neighbourhoods import Neighbourhoods
from optimizer.solver.search.primal_heuristic import PrimalHeuristic
from optimizer.solver.search.subproblems import Asker
from optimizer.solver.search.tuning import TUNING


class Search:
    """One stage: `run` it, then read `incumbent`.

    engines: one, or two that work side by side. start: column values to start from; if they
    break a row, only their fixed columns are tried. carried: bounds of wider programs.
    """

    def __init__(
        self,
        engines: Sequence[Engine],
        program: Program,
        objective: Affine,
        layout: ColumnRoles,
        settings: Settings,
        start: np.ndarray | None = None,
        watch: Watch | None = None,
        carried: Sequence[TransferredBound] = (),
    ) -> None:
        self.program, self.layout, self.settings = program, layout, settings
        self.carried = carried
        matrix = program.matrix(objective)
        self.incumbent = Incumbent(matrix, settings, engines[0].stop, start, watch)
        self.guide = start
        self.askers = [Asker(engine, self.incumbent) for engine in engines]

    def run(self) -> None:
        """Search until the gap is closed, the time is up, a stop is asked for, or infeasibility is
        claimed.
        """
        bound_transfer.begin(self.incumbent, self.carried)
        if not self.incumbent.done():
            self._locate()
        if self.incumbent.done():
            return
        self.steps = self._steps()
        if self.program.width <= TUNING.small:
            limit = TUNING.small_seconds if not self.settings.nodes else self.incumbent.left
            self._prover(0).prove(limit)
        if self.incumbent.done():
            return
        if len(self.askers) == 1:
            self._alone()
        else:
            self._together()

    def _alone(self) -> None:
        left = self.incumbent.left
        prover = self._prover(0)
        self._sharpen(0)
        prover.relax(left * TUNING.relax_share)
        if not self.incumbent.done():
            self._finder(0, self.incumbent.left * TUNING.find_share).run()
        prover.prove(self.incumbent.left)

    def _together(self) -> None:
        """Bound in one thread, find in another; an error of either ends both. A proof that gets
        nowhere gives way to a second search.
        """

        def bound() -> None:
            prover, incumbent = self._prover(1), self.incumbent
            self._sharpen(1)
            prover.relax(incumbent.left)
            share = TUNING.patience_share * incumbent.settings.time_limit
            prover.prove(incumbent.left, max(TUNING.patience, share))
            if incumbent.best is not None and not incumbent.done():
                self._finder(1, incumbent.left).run()

        with ThreadPoolExecutor(1) as pool:
            other = pool.submit(self._guarded, bound)
            self._guarded(self._finder(0, self.incumbent.left).run)
            other.result()

    def _sharpen(self, engine: int) -> None:
        bound_transfer.sharpen(self.askers[engine], self.carried, self._mask(self.layout.leading))

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException:
            self.incumbent.fail()
            raise

    def _prover(self, engine: int) -> BoundProver:
        return BoundProver(self.askers[engine], self._mask(self.layout.leading), self.steps)

    def _finder(self, engine: int, seconds: float) -> PrimalHeuristic:
        choices = Neighbourhoods(self.program, self.layout, self.settings.seed + engine)
        fixed = self._mask(self.layout.fixed)
        return PrimalHeuristic(self.askers[engine], fixed, self.steps, choices, seconds, self.guide)

    def _steps(self) -> Steps:
        lead = self._mask(self.layout.leading) & ~self._mask(self.layout.fixed)
        return Steps(self.incumbent, lead, Neighbourhoods(self.program, self.layout, 0))

    def _mask(self, names: frozenset[str]) -> np.ndarray:
        mask = np.zeros(self.program.width, dtype=bool)
        for name in names & self.program.columns.keys():
            mask[self._slice(name)] = True
        return mask

    def _slice(self, name: str) -> slice:
        block = self.program.columns[name]
        return slice(block.first, block.first + len(block.index))

    def _locate(self) -> None:
        """Solve a location problem, pure or with capacities, by prices, local search and branching."""
        incumbent, links = self.incumbent, self._slice(self.layout.links)
        center = recognise_center(incumbent.matrix, links)
        problem = recognise(incumbent.matrix, links) if center is None else None
        single = None if center or problem else recognise_single(incumbent.matrix, links)

        def finish(matrix: Matrix, seconds: float) -> tuple[np.ndarray | None, int | None, bool]:
            answer = self.askers[0].ask("location", matrix, seconds)
            return answer.values, answer.bound, answer.status == "infeasible"

        def tell(value: int | None, bound: int | None) -> None:
            incumbent.tell("location", value, bound)

        if center is not None:
            found = center.run(finish, incumbent.over, tell)
        elif problem is not None:
            found = Locator(problem, incumbent.over, tell).run(finish)
        elif single is not None:
            half = incumbent.settings.time_limit / 2

            def enough() -> bool:
                return incumbent.over() or (solver.best is None and incumbent.seconds > half)

            solver = Solver(single, enough, tell)
            found = solver.run()
        else:
            return
        if found.infeasible:
            incumbent.close("infeasible")
        if found.values is not None:
            incumbent.take(found.values)
        incumbent.raise_bound(found.bound, "location")
