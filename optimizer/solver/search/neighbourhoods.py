"""Which columns to set free together: a few places that share customers, in some of the years.

Large-neighbourhood search (Shaw, CP 1998; Pisinger, Ropke, Handbook of Metaheuristics, 2019) keeps
most of a solution and solves the rest exactly. What is set free here are the links of whoever is
now sent to one of the places, to these places and to those that need no staff, and whatever is
decided of the places.
"""

import numpy as np
import pandas as pd

from optimizer.model.program import Program
from optimizer.solver.search.column_roles import ColumnRoles
from optimizer.solver.search.tuning import TUNING

ANY = -1
"""Code of a column that has no place, no time or no customer."""


class Neighbourhoods:
    """The choices there are for one program; `pick` draws one around a solution.

    place, step, way, chain: one code per column. A way is somebody to be sent somewhere at a time,
    a chain the same somebody through all times. held: columns that stay unless their place is
    picked. bound_places: places with columns of their own beside the fixed ones (with staff).
    """

    def __init__(self, program: Program, layout: ColumnRoles, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        width = program.width
        self.place, self.step = np.full(width, ANY), np.full(width, ANY)
        self.way, self.chain = np.full(width, ANY), np.full(width, ANY)
        self.fixed = np.zeros(width, dtype=bool)
        self.places: dict[str, int] = {}
        self.steps: dict[str, int] = {}
        owners: set[int] = set()
        like = set(program.columns[layout.links].index.names)
        ways = 0
        for name, block in program.columns.items():
            mine = slice(block.first, block.first + len(block.index))
            names = set(block.index.names)
            if name in layout.derived or layout.place not in names or not len(block.index):
                continue
            self.place[mine] = _codes(block.index, [layout.place], self.places)
            if layout.steps[0] in names:
                when = [level for level in layout.steps if level in names]
                self.step[mine] = _codes(block.index, when, self.steps)
            if like <= names:
                who = [n for n in block.index.names if n != layout.place]
                chain = [n for n in who if n not in layout.steps]
                table = block.index.to_frame(index=False)
                self.way[mine] = ways + _groups(table, who)
                self.chain[mine] = ways + _groups(table, chain)
                ways = int(self.way[mine].max()) + 1
            elif name in layout.fixed:
                self.fixed[mine] = True
            else:
                owners |= set(self.place[mine].tolist())
        self.links = self.way != ANY
        every = np.arange(len(self.places))
        self.bound_places = np.isin(every, list(owners)) if owners else np.ones(len(every), bool)
        self.near = self._shared_ways()

    @property
    def most(self) -> int:
        """How many places can be picked at once."""
        return int(self.bound_places.sum())

    def pick(
        self,
        solution: np.ndarray,
        size: int,
        keep_fixed: bool | None = None,
        start: int | None = None,
    ) -> np.ndarray:
        """Return which columns to set free around `solution`, for about `size` places, `start`
        among them; for twice as many if only two years are taken.
        """
        random = self.random
        steps = np.ones(len(self.steps) + 1, dtype=bool)  # the last one is for ANY
        if len(self.steps) > 2 and random.random() >= TUNING.all_steps:
            steps[:-1], size = False, 2 * size
            steps[random.choice(len(self.steps), 2, replace=False)] = True
        chosen = self._neighbours(size, start)
        if keep_fixed is None:
            keep_fixed = bool(random.random() < TUNING.keep_fixed)
        allowed = chosen | ~self.bound_places
        now = self.links & (solution == 1)
        touched = np.zeros(self.chain.max(initial=0) + 1, dtype=bool)
        touched[self.chain[now & chosen[self.place]]] = True
        movable = np.zeros(self.way.max(initial=0) + 1, dtype=bool)
        movable[self.way[now & allowed[self.place]]] = True
        links = self.links & allowed[self.place] & touched[self.chain] & movable[self.way]
        local = ~self.links & (self.place != ANY) & chosen[self.place]
        if keep_fixed:
            local &= ~self.fixed
        nowhere = self.place == ANY
        free: np.ndarray = nowhere | (links | local) & steps[self.step]
        return free

    def pick_fixed(self, size: int) -> np.ndarray:
        """Return which fixed columns to set free: those of about `size` places that share ways, or,
        every other time, of as many places drawn from all that have any.
        """
        if self.random.random() < 0.5:
            chosen = self._neighbours(size)
        else:
            chosen = np.zeros(len(self.places), dtype=bool)
            every = np.unique(self.place[self.fixed])
            chosen[self.random.choice(every, min(2 * size, len(every)), replace=False)] = True
        free: np.ndarray = self.fixed & chosen[self.place]
        return free

    def _neighbours(self, size: int, start: int | None = None) -> np.ndarray:
        """Return a mask over places: `start` or one at random, then others that share ways with
        those chosen.
        """
        chosen = np.zeros(len(self.places), dtype=bool)
        first = self.random.choice(np.flatnonzero(self.bound_places)) if start is None else start
        chosen[first] = True
        for _ in range(size - 1):
            weight = self.near[chosen].sum(axis=0)
            weight[chosen] = 0
            if weight.sum() == 0:
                break
            chosen[self.random.choice(len(weight), p=weight / weight.sum())] = True
        return chosen

    def _shared_ways(self) -> np.ndarray:
        """Return how many ways two places share, over those that are picked; (places, places)."""
        count = len(self.places)
        near = np.zeros((count, count))
        mine = np.flatnonzero(self.links & self.bound_places[self.place])
        order = mine[np.argsort(self.way[mine], kind="stable")]
        place, way = self.place[order], self.way[order]
        for shift in range(1, 9):  # links of a way stand beside each other
            same = way[shift:] == way[:-shift]
            if not same.any():
                break
            np.add.at(near, (place[shift:][same], place[:-shift][same]), 1)
        return near + near.T


class Reach:
    """How many places a neighbourhood takes that may last `seconds`."""

    def __init__(self, seconds: float, choices: Neighbourhoods) -> None:
        self.seconds, self.most = seconds, max(choices.most, 1)
        self.size = min(TUNING.first_size, self.most)

    def adapt(self, used: float) -> None:
        """Take more places when neighbourhoods are solved in no time, fewer when time runs out."""
        factor = 1.0
        if used < TUNING.unused:
            factor = TUNING.larger
        elif used > TUNING.used_up:
            factor = TUNING.smaller
        self.size = min(max(self.size * factor, TUNING.smallest), TUNING.largest, self.most)


def _codes(index: pd.MultiIndex, levels: list[str], known: dict[str, int]) -> np.ndarray:
    """Return the code of every label in `levels`, adding new ones to `known`."""
    values = [index.get_level_values(level).astype(str) for level in levels]
    labels = pd.Index(["/".join(label) for label in zip(*values, strict=True)])
    inside, found = pd.factorize(labels)
    codes = np.array([known.setdefault(str(label), len(known)) for label in found])
    result: np.ndarray = codes[inside]
    return result


def _groups(table: pd.DataFrame, levels: list[str]) -> np.ndarray:
    numbers: np.ndarray = table.groupby(levels, sort=False).ngroup().to_numpy()
    return numbers
