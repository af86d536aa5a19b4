"""What a solution is worth beyond its cost: room that it leaves where room is dear.

Whole persons make the cost a staircase: nearly all exchanges of districts between counters leave
it as it is, and nothing tells a search which of them help. A linear relaxation does: its duals
price the room in every row. The cost minus the worth of the room that a solution leaves is, up to
a constant, the sum of its reduced costs (linear programming duality: cost = bound + reduced costs
+ worth of the room). Searching by cost + weight x reduced cost prefers, among solutions of equal
cost, the one from which a person is more easily saved; it never takes the saving of a person for
less than room that would save one.
"""

from dataclasses import dataclass

import numpy as np

from optimizer.model.program import Matrix
from optimizer.solver.search.subproblems import Asker
from optimizer.solver.search.tuning import TUNING


@dataclass(frozen=True, eq=False)
class Prices:
    """The cost to search by, the reduced costs, and the shares of the relaxation, per column."""

    cost: np.ndarray
    reduced: np.ndarray
    shares: np.ndarray


def price(asker: Asker, matrix: Matrix, limit: float) -> Prices | None:
    """Return the prices of the linear relaxation of `matrix`; None if there are none in time.

    Columns that are fixed in `matrix` keep their own cost: what their reduced cost says is about
    values that they do not have here.
    """
    everything = np.ones(len(matrix.cost), dtype=bool)
    answer = asker.ask("prices", matrix, limit, None, everything)
    if answer.prices is None or answer.shares is None:
        return None
    reduced = np.where(matrix.lower < matrix.upper, answer.prices, 0.0)
    worth = np.clip(TUNING.weight * reduced, -(2.0**52), 2.0**52)
    return Prices(matrix.cost + np.rint(worth).astype(np.int64), reduced, answer.shares)
