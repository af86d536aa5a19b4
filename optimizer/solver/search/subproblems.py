"""An engine at work on a stage: every question ends when the stage does."""

from collections.abc import Callable
from dataclasses import replace
from math import inf

import numpy as np

from optimizer.model.outcome import Contradiction
from optimizer.model.program import Matrix
from optimizer.solver.engines.answer import Answer, ContradictionError
from optimizer.solver.engines.child import Engine
from optimizer.solver.search.incumbent import Incumbent


class Asker:
    """Asks one engine about programs that belong to the stage of `incumbent`."""

    def __init__(self, engine: Engine, incumbent: Incumbent) -> None:
        self.engine, self.incumbent = engine, incumbent

    @property
    def takes_shares(self) -> bool:
        """Whether the engine solves programs in which only some columns are whole."""
        return self.engine.can.shares

    def ask(
        self,
        phase: str,
        matrix: Matrix,
        limit: float,
        hint: np.ndarray | None = None,
        shares: np.ndarray | None = None,
        gap: float | None = None,
        whole: bool = False,
        until: Callable[[], bool] | None = None,
        enough: int | None = None,
    ) -> Answer:
        """Minimise `matrix` within `limit` seconds or the rest of the stage.

        A repeatable search counts nodes instead of seconds; its `limit` is the rest of the stage.
        gap: relative; that of the stage unless given. whole: every solution of the stage is one of
        this program at the same value, so its bound is noted as one of the stage. until: ends the
        run once it is true, and so does a value of at most `enough`, except in a repeatable search.
        An engine that takes no hint goes without.
        Raises EngineError.
        """
        incumbent, seen = self.incumbent, inf

        def tell(value: int | None, bound: int | None) -> None:
            nonlocal seen
            seen = inf if value is None else value
            if whole:
                incumbent.raise_bound(bound)
            incumbent.tell(phase, value if whole and shares is None else None)

        limit = incumbent.left if incumbent.settings.nodes else min(limit, incumbent.left)
        settings = replace(
            incumbent.settings,
            time_limit=max(limit, 0.1),
            gap=incumbent.settings.gap if gap is None else gap,
        )

        def over() -> bool:
            satisfied = enough is not None and seen <= enough and not incumbent.settings.nodes
            return incumbent.done() or satisfied or (until is not None and until())

        hint = hint if self.engine.can.hint else None
        try:
            answer = self.engine.run(matrix, settings, hint, shares, tell, over)
        except ContradictionError as error:
            return self._contradicted(error, whole)
        if whole:
            incumbent.raise_bound(answer.bound)
            if answer.values is None:
                incumbent.close(answer.status)
            elif shares is None:
                incumbent.take(answer.values)
        return answer

    def _contradicted(self, error: ContradictionError, whole: bool) -> Answer:
        """Keep the solution that refutes the engine, which ends the stage. Raises the error where there
        is no solution to keep.
        """
        values = error.values
        if values is not None and values.shape == self.incumbent.matrix.cost.shape:
            self.incumbent.take(values)
        if self.incumbent.best is None:
            raise error
        self.incumbent.contradict(Contradiction("engine", error.bound, part=not whole))
        return Answer("unknown", None, None, None)
