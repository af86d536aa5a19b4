"""A program made by hand: items of work for counters that are open or closed, and persons there."""

from collections.abc import Iterator
from itertools import product

import numpy as np
import pandas as pd

from optimizer.model.program import Program
from optimizer.solver.search.column_roles import ColumnRoles
from optimizer.solver.search.neighbourhoods import Neighbourhoods
from optimizer.solver.solve import LAYOUT

PERSON, WAGE = 10, 100
"""Work that a person does in a year, and what the person costs."""

HAND: ColumnRoles = LAYOUT


class Hand:
    """`works[year]`: the items of that year; each goes whole to one of `counters`, which is open at a
    price, with at most `most` persons. apart: pairs (item, counter) that do not go together.
    """

    def __init__(
        self,
        works: dict[int, list[int]],
        counters: dict[str, int],
        most: int = 4,
        apart: frozenset[tuple[int, str]] = frozenset(),
    ) -> None:
        self.works, self.counters, self.most = works, counters, most
        self.program = program = Program()
        years = list(works)
        modes = pd.MultiIndex.from_product(
            [counters, ["open", "closed"], years], names=["point", "mode", "period"]
        )
        self.mode = mode = program.add_columns("mode", modes, 0, 1)
        ways = [
            (f"D{n}", "all", counter, year)
            for year in years
            for n in range(len(works[year]))
            for counter in counters
            if (n, counter) not in apart
        ]
        links = pd.MultiIndex.from_tuples(ways, names=["district", "service", "point", "period"])
        self.assign = assign = program.add_columns("assign", links, 0, 1)
        work = np.array([works[year][int(item[1:])] for item, _, _, year in ways])
        places = pd.MultiIndex.from_product([counters, years], names=["point", "period"])
        self.staff = staff = program.add_columns("staff", places, 0, most)
        self.open = mode.select(mode=["open"]).sum(by=["point", "period"])
        program.add_rows("mode", mode.sum(by=["point", "period"]) == 1)
        program.add_rows("once", assign.sum(by=["district", "service", "period"]) == 1)
        done = (assign * work).sum(by=["point", "period"]).over(places, fill=True)
        program.add_rows("work", done <= staff * PERSON)
        program.add_rows("shut", staff <= self.open.over(places) * most)
        prices = np.array([counters[point] for point, _ in self.open.index])
        self.objective = (self.open * prices).sum() + (staff * WAGE).sum()
        self.matrix = program.matrix(self.objective)
        self.lead = self._mask("staff")

    def choices(self, seed: int = 0) -> Neighbourhoods:
        """Return the neighbourhoods of the program."""
        return Neighbourhoods(self.program, HAND, seed)

    def _mask(self, name: str) -> np.ndarray:
        block = self.program.columns[name]
        mask = np.zeros(self.program.width, dtype=bool)
        mask[block.first : block.first + len(block.index)] = True
        return mask

    @property
    def leading(self) -> np.ndarray:
        """The columns that stay whole in the relaxation."""
        return self._mask("mode") | self.lead

    def values(
        self,
        opened: dict[int, str],
        sent: dict[int, str],
        staff: dict[tuple[str, int], int] | None = None,
    ) -> np.ndarray:
        """Return column values: per year the letters of the open counters and, item by item, where
        it goes. staff: the fewest that will do unless given.
        """
        values = np.zeros(self.program.width, dtype=np.int64)
        columns = self.program.columns
        for name, told in (
            ("mode", lambda p, m, y: (m == "open") == (p in opened[y])),
            ("assign", lambda d, _, p, y: sent[y][int(d[1:])] == p),
            ("staff", lambda p, y: self.least(p, y, sent[y]) if staff is None else staff[p, y]),
        ):
            block = columns[name]
            values[block.first : block.first + len(block.index)] = [told(*k) for k in block.index]
        return values

    def least(self, point: str, year: int, sent: str) -> int:
        """Return the fewest persons for the items sent to `point`."""
        load = sum(w for w, p in zip(self.works[year], sent, strict=True) if p == point)
        return -(-load // PERSON)

    def need(self, year: int, opened: str) -> int | None:
        """Return the least wages of a year with just those counters open, trying all; None if that
        cannot be.
        """
        least = [
            sum(self.least(p, year, "".join(sent)) for p in opened)
            for sent in product(opened, repeat=len(self.works[year]))
            if all(self.least(p, year, "".join(sent)) <= self.most for p in opened)
        ]
        return min(least) * WAGE if least else None

    def solutions(self, year: int) -> Iterator[np.ndarray]:
        """Yield every solution of a program of one year, trying them all."""
        names = list(self.counters)
        for shut in product([False, True], repeat=len(names)):
            opened = "".join(p for p, off in zip(names, shut, strict=True) if not off)
            for sent in product(opened, repeat=len(self.works[year])):
                for many in product(range(self.most + 1), repeat=len(names)):
                    staff = {(p, year): n for p, n in zip(names, many, strict=True)}
                    values = self.values({year: opened}, {year: "".join(sent)}, staff)
                    if self.matrix.holds(values):
                        yield values
