"""What the tests of all engines share: a way to ask, and programs to ask about."""

import numpy as np
import pandas as pd
import pytest

from optimizer.model.algebra import Affine
from optimizer.model.program import Matrix, Program
from optimizer.solver.engines.answer import Answer
from optimizer.solver.engines.capability import ENGINES, engine
from optimizer.solver.engines.child import Engine
from optimizer.solver.engines.job import Settings

SETTINGS = Settings(time_limit=20, gap=0.0)

THROUGH_PULP = "pulp:COIN_CMD"
"""A solver that PuLP finds: `conftest.py` puts the CBC of PuLP's own package on the path."""

every_engine = pytest.mark.parametrize("key", [*ENGINES, THROUGH_PULP])

CHILDREN: dict[str, Engine] = {}
"""One child an engine for all quick questions; `conftest.py` closes them."""


def run(key: str, matrix: Matrix, settings: Settings = SETTINGS, **more) -> Answer:
    """Return what the engine answers."""
    if key not in CHILDREN:
        CHILDREN[key] = Engine(key)
    return CHILDREN[key].run(matrix, settings, **more)


def optimal(key: str, value: int) -> tuple[str, int, int | None]:
    """Return status, value and bound that an engine must give where `value` is the optimum."""
    return ("optimal", value, value) if engine(key).proves else ("feasible", value, None)


def infeasible(key: str) -> str:
    """Return the status that an engine must give where there is no plan."""
    return "infeasible" if engine(key).proves else "unknown"


def columns(program: Program, lower: object, upper: object, size: int = 3) -> Affine:
    """Add `size` columns between the bounds; return them."""
    index = pd.MultiIndex.from_arrays([range(size)], names=["i"])
    return program.add_columns("x", index, lower, upper)


def knapsack(size: int, seed: int = 0) -> Matrix:
    """Return a program that is easy to satisfy and hard to prove: many knapsacks in one."""
    random, program = np.random.default_rng(seed), Program()
    x = columns(program, 0, 1, size)
    for row in range(size // 4):
        weight = random.integers(10, 100, size)
        program.add_rows(f"row {row}", (x * weight).sum() >= int(weight.sum() // 2))
    return program.matrix((x * random.integers(10, 100, size)).sum())


def box(least: int, most: int) -> Matrix:
    """Return: minimise 3 x + 7 with least <= x <= 5 as a row and x <= most as a bound."""
    program = Program()
    x = columns(program, 0, most, 1)
    program.add_rows("least", x >= least)
    return program.matrix(x.sum() * 3 + 7)


def split(size: int = 50, seed: int = 0) -> tuple[Matrix, np.ndarray]:
    """Return a program whose plans no engine finds in seconds, and one of them.

    Market split: Cornuejols, Dawande, A class of hard small 0-1 programs, INFORMS J. Comput. 11, 1999.
    """
    random, program = np.random.default_rng(seed), Program()
    plan, x = random.integers(0, 2, size), columns(program, 0, 1, size)
    for row in range(6):
        weight = random.integers(0, 100, size)
        program.add_rows(f"row {row}", (x * weight).sum() == int(weight @ plan))
    return program.matrix(x.sum()), plan
