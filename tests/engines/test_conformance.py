"""One battery for every engine: what each must answer, whatever it can do besides."""

import sys
import time

import numpy as np
import pytest

from optimizer.algebra import FREE
from optimizer.engines import child
from optimizer.engines.capability import ENGINES, engine
from optimizer.engines.child import Engine
from optimizer.engines.job import Settings
from optimizer.errors import EngineError
from optimizer.program import Program
from tests.engines.asking import (
    SETTINGS,
    box,
    columns,
    every_engine,
    infeasible,
    knapsack,
    optimal,
    run,
)


@every_engine
def test_known_optimum_with_offset(key):
    """Value and bound are those of the stated objective, constant and common factor included."""
    answer = run(key, box(2, 5))
    assert (answer.status, answer.value, answer.bound) == optimal(key, 13)
    assert list(answer.values) == [2]


@every_engine
def test_a_negative_optimum_of_a_knapsack(key):
    """A maximum is the least of the negative; the optimum is the one found by trying all."""
    program, random = Program(), np.random.default_rng(3)
    weight, worth = random.integers(5, 30, 10), random.integers(5, 30, 10)
    x = columns(program, 0, 1, 10)
    program.add_rows("room", (x * weight).sum() <= 70)
    choices = (np.arange(2**10)[:, None] >> np.arange(10)) & 1
    best = (choices @ worth)[choices @ weight <= 70].max()
    answer = run(key, program.matrix((x * -worth).sum()))
    assert (answer.status, answer.value, answer.bound) == optimal(key, -best)


@every_engine
def test_equality_rows_and_negative_columns(key):
    """Equalities are kept to the unit, columns may be negative."""
    program = Program()
    x = columns(program, -50, 50)
    first = np.array([True, False, False])
    program.add_rows("sum", (x * np.array([3, 5, 7])).sum() == 1)
    program.add_rows("first", x.select(first).sum() == -4)
    answer = run(key, program.matrix((x * np.array([0, 1, 2])).sum()))
    tries = range(-50, 51)
    least = min(y + 2 * z for y in tries for z in tries if 5 * y + 7 * z == 13)
    assert (answer.status, answer.value, answer.bound) == optimal(key, least)


@every_engine
def test_a_row_without_columns(key):
    """A row that no column enters is kept if it holds and makes the program infeasible if not."""
    for limit, status in ((0, optimal(key, 0)[0]), (1, infeasible(key))):
        program = Program()
        x = columns(program, 0, 3)
        program.add_rows("empty", (x * 0).sum() >= limit)
        assert run(key, program.matrix(x.sum())).status == status


@every_engine
def test_no_rows_at_all(key):
    """A program of bounds alone is solved."""
    program = Program()
    x = columns(program, 2, 9)
    assert run(key, program.matrix(x.sum())).value == 6


@every_engine
def test_infeasible_then_feasible(key):
    """Infeasible is an answer without a plan, and the same child goes on to the next job."""
    with Engine(key) as child:
        answer = child.run(box(9, 5), SETTINGS)
        assert (answer.status, answer.values) == (infeasible(key), None)
        assert child.run(box(4, 5), SETTINGS).value == 19
    assert child.name == engine(key).name and child.version


@every_engine
def test_coefficients_of_millions(key):
    """What a city's rows hold, minutes of work and yen, every engine keeps to the unit."""
    random, program = np.random.default_rng(5), Program()
    weight, start = random.integers(10**6, 10**7, 4), random.integers(3, 8, 4)
    x, cost = columns(program, 0, 10, 4), weight // 10**4 + 1
    program.add_rows("start", x >= start)
    program.add_rows("one more", (x * weight).sum() >= int(weight @ start) + 1)
    least = int(cost @ start + cost.min())
    answer = run(key, program.matrix((x * cost).sum()))
    assert (answer.status, answer.value, answer.bound) == optimal(key, least)


@every_engine
def test_no_bound_is_never_called_optimal(key):
    """Where the objective falls without end, no engine presents a best plan."""
    program = Program()
    x = columns(program, 0, FREE)
    try:
        answer = run(key, program.matrix(x.sum() * -1))
    except EngineError as error:
        assert engine(key).largest < FREE and "bounds" in error.message.en
    else:
        assert answer.bound is None
        assert answer.status != "optimal"


@every_engine
def test_time_limit_keeps_the_incumbent(key):
    """At the time limit the best solution is there, with a bound below it."""
    started = time.monotonic()
    answer = run(key, knapsack(200), Settings(time_limit=1, gap=0.0))
    assert time.monotonic() - started < 10
    assert answer.status == "feasible"
    assert (answer.bound is not None) == engine(key).proves
    assert answer.bound is None or 0 < answer.bound < answer.value


@every_engine
def test_gap_ends_the_run(key):
    """A wide gap is enough: the run ends long before its time, with both numbers."""
    answer = run(key, knapsack(200), Settings(time_limit=20, gap=0.5))
    assert (answer.bound is not None) == engine(key).proves
    assert answer.bound is None or answer.value - answer.bound <= 0.5 * answer.value


@every_engine
def test_a_crash_is_an_engine_error(key, tmp_path, monkeypatch):
    """A child that dies at work is reported in both languages; the parent goes on."""
    worker = tmp_path / "worker.py"
    worker.write_text("import os, sys\nsys.stdin.readline()\nos.abort()\n")
    with monkeypatch.context() as patch:
        patch.setattr(child, "COMMAND", [sys.executable, str(worker)])
        with Engine(key) as broken, pytest.raises(EngineError) as caught:
            broken.run(box(2, 5), SETTINGS)
    assert caught.value.message.en and caught.value.message.ja
    assert run(key, box(2, 5)).value == 13


@pytest.mark.parametrize("key", [k for k, can in ENGINES.items() if can.adapter == "mathopt"])
def test_a_refusal_of_the_solver_is_told(key):
    """What the solver refuses ends as an EngineError with its reason, not as an AttributeError."""
    with pytest.raises(EngineError) as caught:
        run(key, box(2, 5), Settings(time_limit=5, gap=-1.0))
    assert "MathOpt" in caught.value.message.en
    assert "AttributeError" not in caught.value.message.en
