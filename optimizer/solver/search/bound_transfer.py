"""Bounds of wider programs, carried over to the program of a stage."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from optimizer.base.errors import EngineError
from optimizer.solver.engines.job import granularity
from optimizer.solver.restriction import Dearer, least
from optimizer.solver.search.incumbent import Incumbent
from optimizer.solver.search.subproblems import Asker

SECONDS, MOST = 3.0, 2
"""Longest time for the question what the solutions of a stage cost more at least, and of how many
wider programs, those of the greatest bounds, it is asked.
"""


class TransferredBound(NamedTuple):
    """A bound of a program that every solution of the stage is one of; None if that has none at all.

    divided: a bound that holds for divided ways too, where known. dearer: how much more a solution
    costs in the stage.
    """

    bound: int | None
    divided: int | None
    dearer: Dearer

    def tell(self, incumbent: Incumbent, more: int, more_divided: int) -> None:
        """Raise the bounds of `incumbent`, where every solution costs `more` at least, a divided one
        `more_divided`.
        """
        if self.bound is None:
            return
        incumbent.carry(self.bound + more)
        if self.divided is not None and not incumbent.refuted:
            incumbent.divide(self.divided + more_divided, "carried")


def begin(incumbent: Incumbent, known: Iterable[TransferredBound]) -> None:
    """Note what is known by the limits of the columns alone."""
    for carried in known:
        more = least(incumbent.matrix, carried.dearer)
        if carried.bound is not None and more is not None:
            carried.tell(incumbent, more, more)
        elif carried.bound is None and incumbent.value is not None:
            incumbent.refute()
        elif carried.bound is None:
            incumbent.close("infeasible", "carried")


def sharpen(asker: Asker, known: Iterable[TransferredBound], leading: np.ndarray) -> None:
    """Ask for the least that the stage costs more, with the leading columns whole."""
    incumbent = asker.incumbent
    if not asker.takes_shares or incumbent.refuted:
        return
    dearer = [one for one in known if one.bound is not None and one.dearer.cost.any()]
    for carried in sorted(dearer, key=lambda one: one.bound or 0, reverse=True)[:MOST]:
        cost, constant = carried.dearer
        matrix = incumbent.matrix._replace(cost=cost, offset=constant)
        if incumbent.done():
            return
        try:
            answer = asker.ask("carried", matrix, SECONDS, shares=~leading, gap=0.0)
        except EngineError:  # what is asked here helps, but nothing rests on it
            return
        if answer.bound is not None:
            # rounded up to what whole ways can cost, as the divided bound is
            carried.tell(incumbent, answer.bound, answer.bound - granularity(matrix))
