"""Bounding: the relaxation in which only the leading columns are whole, then the whole program."""

from math import inf

import numpy as np

from optimizer.search.asking import Asker
from optimizer.search.board import Board

RELAX_GAP = 10
"""How many times nearer than the gap asked for the relaxation is solved: it is all of the bound."""


class Prover:
    """Raises the bound of the stage of `asker` until it is done."""

    def __init__(self, asker: Asker, leading: np.ndarray) -> None:
        self.asker, self.leading = asker, leading

    def relax(self, limit: float) -> None:
        """Solve the relaxation; engines that take whole columns only have none."""
        if self.asker.takes_shares and not self.leading.all():
            matrix = self.asker.board.matrix
            gap = self.asker.board.settings.gap / RELAX_GAP
            self.asker.ask("relaxation", matrix, limit, None, ~self.leading, gap, whole=True)

    def prove(self, limit: float, patience: float | None = None) -> None:
        """Solve the whole program from the best solution so far.

        With `patience` the proof is given up when it closes less than a twentieth of the gap in
        that many seconds.
        """
        board = self.asker.board
        if not board.done():
            until = None if patience is None else _Stall(board, patience)
            self.asker.ask("proof", board.matrix, limit, board.best, whole=True, until=until)


class _Stall:
    """Tells when the gap of a stage has hardly moved for `patience` seconds."""

    def __init__(self, board: Board, patience: float) -> None:
        self.board, self.patience = board, patience
        self.gap, self.since = inf, board.seconds

    def __call__(self) -> bool:
        gap = self.board.gap
        if gap is None or gap < 0.95 * self.gap:
            self.gap, self.since = inf if gap is None else gap, self.board.seconds
        return self.board.seconds - self.since > self.patience
