"""The table of capabilities: every cell of `optimizer/solver/engines/capability.py` is tried."""

import os
import time
from pathlib import Path

import numpy as np
import pytest

from optimizer.base.errors import EngineError
from optimizer.model.program import Program
from optimizer.solver.engines.capability import engine
from optimizer.solver.engines.child import Engine
from optimizer.solver.engines.job import Settings
from optimizer.solver.engines.pulp import available
from tests.solver.engines.asking import box, columns, every_engine, knapsack, optimal, run, split


@every_engine
def test_shares(key):
    """Columns that need not be whole are used as such, or refused."""
    program = Program()
    x = columns(program, 0, 9, 3)
    program.add_rows("half", x * 2 >= 1)
    matrix = program.matrix((x * np.array([10, 10, 1])).sum())
    shares = np.array([True, True, False])
    if engine(key).shares:
        assert run(key, matrix, shares=shares).bound <= 11 < run(key, matrix).bound
    else:
        with pytest.raises(EngineError, match="whole"):
            run(key, matrix, shares=shares)


@every_engine
def test_prices(key):
    """Without whole columns every engine gives the shares and reduced costs of the linear program."""
    program = Program()
    x = columns(program, 0, 9, 3)
    program.add_rows("half", x.select(i=[0, 1]) * 2 >= 1)
    program.add_rows("all", x.sum() >= 4)
    matrix = program.matrix((x * np.array([10, 20, 30])).sum())
    answer = run(key, matrix, shares=np.ones(3, dtype=bool))
    assert answer.shares == pytest.approx([3.5, 0.5, 0])
    assert answer.prices == pytest.approx([0, 0, 20], abs=1e-6)


@every_engine
def test_hint(key):
    """A run that may stop at any plan has one at once if it is given one; without, it has none."""
    (matrix, plan), lazy = split(), Settings(time_limit=3, gap=0.9)
    if engine(key).hint:
        assert run(key, matrix, lazy, hint=plan).value <= matrix.value(plan)
        assert run(key, matrix, lazy).values is None
    else:
        with pytest.raises(EngineError, match="start solution"):
            run(key, matrix, lazy, hint=plan)


@every_engine
def test_keeps(key):
    """A stop kills the child and takes the last solution it had saved, if it saves any."""
    can, started = engine(key), time.monotonic()
    with Engine(key) as child:

        def stop_at_a_plan(value: int | None, bound: int | None) -> None:
            told = value is not None and bound is not None
            if told or (not can.bounds and time.monotonic() > started + 4):
                child.stop.set()

        answer = child.run(knapsack(200), Settings(time_limit=40, gap=0.0), watch=stop_at_a_plan)
    assert time.monotonic() - started < 20
    assert answer.interrupted
    assert (answer.values is not None) == can.keeps
    assert (answer.bound is not None) == can.bounds
    assert answer.bound is None or answer.value is None or answer.bound <= answer.value


@every_engine
def test_bounds(key):
    """A running solve tells its bound before it ends, if it can."""
    told: list[tuple[int | None, int | None]] = []
    answer = run(
        key, knapsack(200), Settings(time_limit=1, gap=0.0), watch=lambda v, b: told.append((v, b))
    )
    bounds = [bound for _, bound in told[:-1] if bound is not None]
    assert bool(bounds) == engine(key).bounds
    assert all(bound <= answer.value for bound in bounds)


@every_engine
def test_memory(key):
    """A child that may not have the memory it needs ends alone, as an EngineError."""
    assert engine(key).memory
    with Engine(key) as child, pytest.raises(EngineError):
        child.run(knapsack(400), Settings(time_limit=10, gap=0.0, memory=40 * 2**20))


@every_engine
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="counts threads by /proc")
def test_threads(key):
    """A number of threads is obeyed, or refused."""
    if not engine(key).threads:
        with pytest.raises(EngineError, match="threads"):
            run(key, box(2, 5), Settings(time_limit=5, gap=0.0, threads=1))
        return
    assert _most_threads(key, 1) < _most_threads(key, 5)


def _most_threads(key: str, threads: int) -> int:
    """Return the most threads that the child and what it runs had at once."""
    seen = [0]
    with Engine(key) as child:

        def count(value: int | None, bound: int | None) -> None:
            group = [f for f in Path("/proc").glob("[0-9]*") if _group(f) == child._child.pid]
            seen.append(sum(len(list(folder.glob("task/*"))) for folder in group))

        child.run(knapsack(200), Settings(time_limit=2, gap=0.0, threads=threads), watch=count)
    return max(seen)


def _group(process: Path) -> int | None:
    try:
        return os.getpgid(int(process.name))
    except ProcessLookupError:
        return None


@every_engine
def test_seed(key):
    """One seed gives one run; if it is obeyed, some seeds find another of many equally good plans."""
    program, size = Program(), 60
    x = columns(program, 0, 1, size)
    for row, chosen in enumerate(np.random.default_rng(0).random((50, size)) < 0.2):
        program.add_rows(f"row {row}", (x * chosen.astype(int)).sum() >= 3)
    matrix = program.matrix(x.sum())
    threads = 1 if engine(key).threads else 0

    def plan(seed: int) -> bytes:
        settings = Settings(time_limit=20, gap=0.0, seed=seed, threads=threads)
        return run(key, matrix, settings).values.tobytes()

    plans = [plan(seed) for seed in (0, 0, 1, 2, 3)]
    assert plans[0] == plans[1]
    assert (len(set(plans)) > 1) == engine(key).seed


@every_engine
@pytest.mark.parametrize("seed", range(3))
def test_coefficient(key, seed):
    """With the largest coefficients it takes, a plan one unit short is no plan, and none is lost.

    The usual tolerances of engines in doubles fail this: some take the plan that is short, some
    call a plan optimal that is not.
    """
    random, program, size = np.random.default_rng(seed), Program(), engine(key).coefficient
    weight, start = random.integers(size // 10, size, 4), random.integers(3, 8, 4)
    x, cost = columns(program, start, 10, 4), weight // (size // 1000) + 1
    program.add_rows("one more", (x * weight).sum() >= int(weight @ start) + 1)
    least = int(cost @ start + cost.min()) * 10**6
    answer = run(key, program.matrix((x * cost).sum() * 10**6))
    if engine(key).proves:
        assert (answer.status, answer.value, answer.bound) == ("optimal", least, least)
    else:
        assert (answer.status, answer.bound) == ("feasible", None) and answer.value >= least


def test_an_unknown_engine_is_refused():
    """Another name is an EngineError that lists those there are; so is a solver PuLP lacks."""
    with pytest.raises(EngineError, match="highs, scip, cp-sat, cbc, pulp:NAME"):
        Engine("abacus")
    with Engine("pulp:ABACUS") as child, pytest.raises(EngineError, match="finds: "):
        child.run(box(2, 5), Settings(time_limit=5, gap=0.0))


def test_this_program_is_not_taken_for_a_solver(tmp_path, monkeypatch):
    """Xpress's program is called `optimizer` too: PuLP finds ours on the path, we do not offer it."""
    program = tmp_path / "optimizer"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert "XPRESS" not in available()


@every_engine
def test_no_bound_is_told_that_is_not_one(key):
    """From a hint, with a negative optimum, no engine tells a bound above it: SCIP's is 0 at first."""
    program = Program()
    x = columns(program, 0, 1, 40)
    random = np.random.default_rng(0)
    weight = random.integers(1, 100, 40)
    program.add_rows("room", (x * weight).sum() <= int(weight.sum() // 3))
    matrix = program.matrix((x * -random.integers(1, 100, 40)).sum())
    told = []
    hint = np.zeros(40, dtype=np.int64)
    hint = hint if engine(key).hint else None
    answer = run(key, matrix, hint=hint, watch=lambda value, bound: told.append(bound))
    assert answer.status == optimal(key, answer.value)[0]
    assert all(bound is None or bound <= answer.value for bound in told)
