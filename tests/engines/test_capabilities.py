"""The table of capabilities: every cell of `optimizer/engines/capability.py` is tried."""

import time
from inspect import signature
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from optimizer.cli.main import solve
from optimizer.engines.capability import ENGINES
from optimizer.engines.child import Engine
from optimizer.engines.job import Settings
from optimizer.errors import EngineError
from optimizer.program import Program
from tests.engines.asking import box, columns, every_engine, good_plan, knapsack, run


@every_engine
def test_shares(key):
    """Columns that need not be whole are used as such, or refused."""
    program = Program()
    x = columns(program, 0, 9, 3)
    program.add_rows("half", x * 2 >= 1)
    matrix = program.matrix((x * np.array([10, 10, 1])).sum())
    shares = np.array([True, True, False])
    if ENGINES[key].shares:
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
    """With a good hint, a run that may stop at any plan stops at one as good; without, it does not."""
    matrix, lazy = knapsack(200), Settings(time_limit=20, gap=0.9)
    good = matrix.value(good_plan())
    if ENGINES[key].hint:
        assert run(key, matrix, lazy, hint=good_plan()).value <= good
        assert run(key, matrix, lazy).value > good
    else:
        with pytest.raises(EngineError, match="start solution"):
            run(key, matrix, lazy, hint=good_plan())


@every_engine
def test_keeps(key):
    """A stop kills the child and takes the last solution it had saved, if it saves any."""
    with Engine(key) as engine:

        def stop_at_a_plan(value: int | None, bound: int | None) -> None:
            if value is not None and bound is not None:
                engine.stop.set()

        started = time.monotonic()
        answer = engine.run(knapsack(200), Settings(time_limit=40, gap=0.0), watch=stop_at_a_plan)
    assert time.monotonic() - started < 20
    assert answer.interrupted
    assert (answer.values is not None) == ENGINES[key].keeps
    assert answer.bound is not None and answer.bound <= answer.value


@every_engine
def test_bounds(key):
    """A running solve tells its bound before it ends, if it can."""
    told: list[tuple[int | None, int | None]] = []
    answer = run(
        key, knapsack(200), Settings(time_limit=1, gap=0.0), watch=lambda v, b: told.append((v, b))
    )
    bounds = [bound for _, bound in told[:-1] if bound is not None]
    assert bool(bounds) == ENGINES[key].bounds
    assert all(bound <= answer.value for bound in bounds)


@every_engine
def test_memory(key):
    """A child that may not have the memory it needs ends alone, as an EngineError."""
    assert ENGINES[key].memory
    with Engine(key) as engine, pytest.raises(EngineError):
        engine.run(knapsack(400), Settings(time_limit=10, gap=0.0, memory=40 * 2**20))


@every_engine
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="counts threads by /proc")
def test_threads(key):
    """A number of threads is obeyed, or refused."""
    if not ENGINES[key].threads:
        with pytest.raises(EngineError, match="threads"):
            run(key, box(2, 5), Settings(time_limit=5, gap=0.0, threads=1))
        return
    assert _most_threads(key, 1) < _most_threads(key, 5)


def _most_threads(key: str, threads: int) -> int:
    seen = [0]
    with Engine(key) as engine:

        def count(value: int | None, bound: int | None) -> None:
            seen.append(len(list(Path(f"/proc/{engine._child.pid}/task").iterdir())))

        engine.run(knapsack(200), Settings(time_limit=1, gap=0.0, threads=threads), watch=count)
    return max(seen)


@every_engine
def test_seed(key):
    """One seed gives one run; of several seeds, some find another of many equally good plans."""
    assert ENGINES[key].seed
    program, size = Program(), 60
    x = columns(program, 0, 1, size)
    for row, chosen in enumerate(np.random.default_rng(0).random((50, size)) < 0.2):
        program.add_rows(f"row {row}", (x * chosen.astype(int)).sum() >= 3)
    matrix = program.matrix(x.sum())
    threads = 1 if ENGINES[key].threads else 0

    def plan(seed: int) -> bytes:
        settings = Settings(time_limit=20, gap=0.0, seed=seed, threads=threads)
        return run(key, matrix, settings).values.tobytes()

    plans = [plan(seed) for seed in (0, 0, 1, 2, 3)]
    assert plans[0] == plans[1]
    assert len(set(plans)) > 1


@every_engine
@pytest.mark.parametrize("seed", range(3))
def test_exact(key, seed):
    """With coefficients near a billion, a plan that is one unit short is no plan, and none is lost.

    The usual tolerances of all three engines fail this: some take the plan that is short, some
    call a plan optimal that is not. An engine that is not exact may fail, but not lie.
    """
    random, program = np.random.default_rng(seed), Program()
    weight, start = random.integers(10**8, 10**9, 4), random.integers(3, 8, 4)
    x, cost = columns(program, start, 10, 4), weight // 10**6 + 1
    program.add_rows("one more", (x * weight).sum() >= int(weight @ start) + 1)
    least = int(cost @ start + cost.min()) * 10**6
    try:
        answer = run(key, program.matrix((x * cost).sum() * 10**6))
    except EngineError:
        assert not ENGINES[key].exact
        return
    assert answer.bound <= least <= answer.value
    assert (answer.status == "optimal") == ENGINES[key].exact


def test_the_table_is_what_the_command_line_offers():
    """`--engine` takes exactly the engines of the table; another name is an EngineError."""
    assert get_args(signature(solve).parameters["engine"].annotation.__args__[0]) == tuple(ENGINES)
    with pytest.raises(EngineError, match="highs, scip, cp-sat"):
        Engine("abacus")


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
    answer = run(key, matrix, hint=hint, watch=lambda value, bound: told.append(bound))
    assert answer.status == "optimal"
    assert all(bound is None or bound <= answer.value for bound in told)
