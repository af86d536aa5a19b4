"""Bounds of wider programs, carried over to the program of a stage."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from optimizer.engines.job import granularity
from optimizer.narrower import Dearer, least
from optimizer.search.asking import Asker
from optimizer.search.board import Board

SECONDS = 3.0
"""Longest time for the question what the solutions of a stage cost more at least."""


class Carried(NamedTuple):
    """A bound of a program that every solution of the stage is one of; None if that has none at all.

    divided: a bound that holds for divided ways too, where known. dearer: how much more a solution
    costs in the stage.
    """

    bound: int | None
    divided: int | None
    dearer: Dearer

    def tell(self, board: Board, more: int | None, more_divided: int | None) -> None:
        """Raise the bounds of `board`, where every solution costs at least `more`."""
        if self.bound is not None and more is not None:
            board.carry(self.bound + more)
        if self.divided is not None and more_divided is not None:
            board.divide(self.divided + more_divided)


def begin(board: Board, known: Iterable[Carried]) -> None:
    """Note what is known by the limits of the columns alone."""
    for carried in known:
        if carried.bound is None:
            board.close("infeasible")
        else:
            more = least(board.matrix, carried.dearer)
            carried.tell(board, more, more)


def sharpen(asker: Asker, known: Iterable[Carried], leading: np.ndarray) -> None:
    """Ask for the least that the stage costs more, with the leading columns whole."""
    board = asker.board
    for carried in known:
        if carried.bound is None or not carried.dearer.cost.any() or board.done():
            continue
        cost, constant = carried.dearer
        matrix = board.matrix._replace(cost=cost, offset=constant)
        shares = ~leading if asker.takes_shares else None
        more = asker.ask("carried", matrix, SECONDS, shares=shares, gap=0.0).bound
        if more is not None:  # an engine's bound is rounded up to what whole ways can cost
            divided = more - granularity(matrix) + 1 if asker.takes_shares else None
            carried.tell(board, more, divided)
