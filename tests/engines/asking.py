"""What the tests of all engines share: a way to ask, and programs to ask about."""

from functools import cache

import numpy as np
import pandas as pd
import pytest

from optimizer.algebra import Affine
from optimizer.engines.capability import ENGINES
from optimizer.engines.child import Answer, Engine
from optimizer.engines.job import Settings
from optimizer.program import Matrix, Program

SETTINGS = Settings(time_limit=20, gap=0.0)

every_engine = pytest.mark.parametrize("key", ENGINES)

CHILDREN: dict[str, Engine] = {}
"""One child an engine for all quick questions; `conftest.py` closes them."""


def run(key: str, matrix: Matrix, settings: Settings = SETTINGS, **more) -> Answer:
    """Return what the engine answers."""
    if key not in CHILDREN:
        CHILDREN[key] = Engine(key)
    return CHILDREN[key].run(matrix, settings, **more)


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


@cache
def good_plan() -> np.ndarray:
    """Return a plan of `knapsack(200)` that is far better than the first one an engine meets."""
    return run("cp-sat", knapsack(200), Settings(time_limit=2, gap=0.0)).values
