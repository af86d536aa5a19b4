"""An engine at work on a stage: every question ends when the stage does."""

from collections.abc import Callable
from dataclasses import replace
from math import inf

import numpy as np

from optimizer.model.program import Matrix
from optimizer.solver.engines.answer import Answer
from optimizer.solver.engines.child import Engine
from optimizer.solver.search.incumbent import Incumbent


class Asker:
    """Asks one engine about programs that belong to the stage of `board`."""

    def __init__(self, engine: Engine, board: Incumbent) -> None:
        self.engine, self.board = engine, board

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
        board, seen = self.board, inf

        def tell(value: int | None, bound: int | None) -> None:
            nonlocal seen
            seen = inf if value is None else value
            if whole:
                board.raise_bound(bound)
            board.tell(phase, value if whole and shares is None else None)

        limit = board.left if board.settings.nodes else min(limit, board.left)
        settings = replace(
            board.settings,
            time_limit=max(limit, 0.1),
            gap=board.settings.gap if gap is None else gap,
        )

        def over() -> bool:
            satisfied = enough is not None and seen <= enough and not board.settings.nodes
            return board.done() or satisfied or (until is not None and until())

        hint = hint if self.engine.can.hint else None
        answer = self.engine.run(matrix, settings, hint, shares, tell, over)
        if whole:
            board.raise_bound(answer.bound)
            if answer.values is None:
                board.close(answer.status)
            elif shares is None:
                board.take(answer.values)
        return answer
