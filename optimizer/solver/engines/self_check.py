"""Small programs with known answers, to see whether an engine works on this machine."""

import numpy as np
import pandas as pd

from optimizer.model.algebra import Affine
from optimizer.model.program import Matrix, Program
from optimizer.solver.engines.child import Engine
from optimizer.solver.engines.job import Settings

SECONDS = 20.0


def self_check(key: str) -> tuple[str, list[str]]:
    """Return the version of the engine and what it answered wrongly; an empty list is good.

    Tried: a covering program with five rows, the same with a rule that cannot hold, and a row with
    coefficients of millions in which one unit decides. An engine that proves nothing must give
    the best plan without a bound, and no plan where there is none. Raises EngineError.
    """
    wrong = []
    with Engine(key) as engine:
        for name, (matrix, least) in _programs().items():
            answer = engine.run(matrix, Settings(time_limit=SECONDS, gap=0.0))
            if least is None:
                right = answer.status == ("infeasible" if engine.can.proves else "unknown")
            else:
                bound = least if engine.can.proves else None
                right = (answer.value, answer.bound) == (least, bound)
            if not right:
                wrong.append(f"{name}: {answer.status}, {answer.value}, {answer.bound}")
        return engine.version, wrong


def _programs() -> dict[str, tuple[Matrix, int | None]]:
    """Return program -> (matrix, optimum, None where no plan exists)."""
    weight = np.array([1_000_003, 2_000_003, 5_000_011])
    start = np.array([1, 2, 1])
    programs: dict[str, tuple[Matrix, int | None]] = {}
    for name, most, least in (("five rows", 3, 2), ("no plan", 0, None)):
        program = Program()
        x = _columns(program, 5, most)
        program.add_rows("least", x >= np.array([0, 1, 0, 1, 0]))
        programs[name] = program.matrix(x.sum()), least
    program = Program()
    x = _columns(program, 3, 9)
    program.add_rows("millions", (x * weight).sum() == int(weight @ start))
    programs["millions"] = program.matrix((x * np.array([3, 5, 7])).sum()), 20
    return programs


def _columns(program: Program, count: int, most: int) -> Affine:
    index = pd.MultiIndex.from_arrays([range(count)], names=["item"])
    return program.add_columns("x", index, 0, most)
