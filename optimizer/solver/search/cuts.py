"""Rows that no split of a way shows, found by solving one step whole.

In the relaxation districts may be split, so that it staffs a year with persons whom whole districts
cannot use. For the modes that it has chosen, each year is solved alone with whole districts, for the
lead columns (staff) only: their costs are alike, which makes that quick where the whole cost is not.
Where the year needs more than the relaxation says, a row tells it: with these modes, so much; with
any other, at least what every plan needs (combinatorial Benders cuts: Codato, Fischetti, Operations
Research 54, 2006; Hooker, Ottosson, Mathematical Programming 96, 2003).
"""

from math import gcd

import numpy as np

from optimizer.base.errors import EngineError
from optimizer.model.matrix import FREE, Matrix
from optimizer.solver.search.bound_tightening import within
from optimizer.solver.search.incumbent import Incumbent
from optimizer.solver.search.neighbourhoods import Neighbourhoods
from optimizer.solver.search.subproblems import Asker
from optimizer.solver.search.tuning import TUNING


class Steps:
    """What the lead columns of each step cost at least, asked and remembered for one stage.

    lead: columns that stay whole in the relaxation and are not fixed first (staff).
    """

    def __init__(self, incumbent: Incumbent, lead: np.ndarray, choices: Neighbourhoods) -> None:
        self.incumbent, self.choices = incumbent, choices
        self.price = np.where(lead, incumbent.matrix.cost, 0)
        self.known: dict[tuple[int, bytes], tuple[int | None, int | None]] = {}
        self.least: dict[int, int | None] = {}

    @property
    def possible(self) -> bool:
        """Whether there is anything to ask: lead columns that cost something."""
        return bool((self.price > 0).any()) and not (self.price < 0).any()

    @property
    def numbers(self) -> list[int]:
        """The steps in which lead columns cost something."""
        return [int(step) for step in np.unique(self.choices.step[self.price > 0])]

    def spent(self, step: int, values: np.ndarray) -> int:
        """Return what the lead columns of `step` cost in `values`."""
        return int((self.price * values)[self.choices.step == step].sum())

    def chosen(self, step: int, values: np.ndarray) -> np.ndarray:
        """Return the fixed columns at 1 of places with lead columns; others may do as they like."""
        choices = self.choices
        held = choices.fixed & (choices.step == step) & choices.bound_places[choices.place]
        return np.flatnonzero(held & (values == 1) & (self.incumbent.matrix.upper == 1))

    def need(self, asker: Asker, step: int, on: np.ndarray, enough: int) -> int | None:
        """Return what the lead columns of `step` cost at least if the columns numbered `on` are 1;
        None if `enough` may do, or that is not known.
        """
        key = step, on.tobytes()
        bound, value = self.known.get(key, (None, None))
        if (bound is None or bound <= enough) and (value is None or value > enough):
            bound, value = self.known[key] = self._solved(asker, step, on, enough)
        return None if bound is None or bound <= enough else bound

    def anyway(self, asker: Asker, step: int) -> int | None:
        """Return what the lead columns of `step` cost at least, whatever is fixed."""
        if step not in self.least:
            none = np.empty(0, dtype=np.int64)
            self.least[step] = self._solved(asker, step, none, None)[0]
        return self.least[step]

    def _solved(
        self, asker: Asker, step: int, on: np.ndarray, enough: int | None
    ) -> tuple[int | None, int | None]:
        """Return (bound, value) of the least cost of the lead columns of `step`; a run ends once
        its value is `enough`. Without one ways may be split. No solution counts as a bound above all.
        """
        matrix, mine = self.incumbent.matrix, self.choices.step == step
        lower = matrix.lower.copy()
        lower[on] = 1
        columns = np.flatnonzero(mine & (self.choices.place >= 0))
        part = within(matrix, columns, lower, matrix.upper, self.price)
        shares = self.choices.links[columns] if enough is None and asker.takes_shares else None
        limit = min(TUNING.step_seconds, self.incumbent.left * TUNING.step_share)
        try:
            answer = asker.ask("steps", part, limit, shares=shares, gap=0.0, enough=enough)
        except EngineError:  # what is asked here helps, but nothing rests on it
            return None, None
        if answer.status == "infeasible":
            return int((self.price * matrix.upper)[mine].sum()) + 1, None
        return answer.bound, answer.value


class Cuts:
    """The rows found so far: `whole` is the program of the stage with them, `matrix` the one to relax,
    at first without what ties the steps.
    """

    def __init__(self, asker: Asker, steps: Steps) -> None:
        self.asker, self.steps = asker, steps
        self.whole = asker.incumbent.matrix
        self.matrix = untied(self.whole, steps.choices)

    def tie(self) -> bool:
        """Put back what ties the steps; return whether there was any."""
        loose = len(self.matrix.row_lower) < len(self.whole.row_lower)
        self.matrix = self.whole
        return loose

    def add(self, values: np.ndarray) -> bool:
        """Add what a solution of the relaxation does not keep; return whether there was any.

        values: of every column; the lead and fixed ones whole.
        """
        found = False
        for step in self.steps.numbers if self.steps.possible else ():
            on, spent = self.steps.chosen(step, values), self.steps.spent(step, values)
            need = self.steps.need(self.asker, step, on, spent)
            if self.asker.incumbent.done():
                return False
            if need is not None:
                found = self._cut(step, on, need) or found
        return found

    def _cut(self, step: int, on: np.ndarray, need: int) -> bool:
        """Add: cost of the lead columns >= need, less what it may be lower if a column of `on` is 0."""
        least = self.steps.anyway(self.asker, step)
        if least is None:
            return False
        need, price = max(need, least), self.steps.price  # a run cut short may tell less
        unit = gcd(*(int(p) for p in price[price > 0]))
        lead = np.flatnonzero((price > 0) & (self.steps.choices.step == step))
        drop = -(-(need - least) // unit)
        column = np.append(lead, on)
        coefficient = np.append(price[lead] // unit, np.full(len(on), -drop))
        lower = -(-need // unit) - drop * len(on)
        if max(int(np.abs(coefficient).max()), abs(lower)) > self.asker.engine.can.coefficient:
            return False
        self.matrix = with_row(self.matrix, column, coefficient, lower)
        self.whole = with_row(self.whole, column, coefficient, lower)
        return True


def untied(matrix: Matrix, choices: Neighbourhoods) -> Matrix:
    """Return the program without the rows that tie the ways of one customer in several steps: they
    keep whole ways together, and hardly raise the bound of one in which ways are split, but make it
    slow to solve. Rows of many customers (a budget) stay.
    """
    link = choices.links[matrix.column] & (choices.step[matrix.column] >= 0)
    row, column = matrix.row[link], matrix.column[link]
    ends = []
    for code in (choices.step, choices.chain):
        low, high = np.full(len(matrix.row_lower), FREE), np.full(len(matrix.row_lower), -1)
        np.minimum.at(low, row, code[column])
        np.maximum.at(high, row, code[column])
        ends.append(high > low)
    kept = ~ends[0] | ends[1]
    if kept.all():
        return matrix
    inside = kept[matrix.row]
    return matrix._replace(
        row_lower=matrix.row_lower[kept],
        row_upper=matrix.row_upper[kept],
        row=(np.cumsum(kept) - 1)[matrix.row[inside]],
        column=matrix.column[inside],
        coefficient=matrix.coefficient[inside],
    )


def with_row(matrix: Matrix, column: np.ndarray, coefficient: np.ndarray, lower: int) -> Matrix:
    """Return `matrix` with one more row: coefficient x columns >= lower."""
    order = np.argsort(column)
    order = order[coefficient[order] != 0]
    return matrix._replace(
        row_lower=np.append(matrix.row_lower, lower),
        row_upper=np.append(matrix.row_upper, FREE),
        row=np.append(matrix.row, np.full(len(order), len(matrix.row_lower))),
        column=np.append(matrix.column, column[order]),
        coefficient=np.append(matrix.coefficient, coefficient[order]),
    )
