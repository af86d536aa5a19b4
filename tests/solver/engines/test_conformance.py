"""One battery for every engine: what each must answer, whatever it can do besides."""

import sys
import time

import numpy as np
import pytest

from optimizer.base.errors import EngineError
from optimizer.model.algebra import FREE
from optimizer.model.program import Program
from optimizer.solver.engines import child
from optimizer.solver.engines.capability import ENGINES, engine
from optimizer.solver.engines.child import Engine
from optimizer.solver.engines.job import Settings
from tests.solver.engines.asking import (
    SETTINGS,
    box,
    columns,
    every_engine,
    infeasible,
    knapsack,
    optimal,
    run,
    split,
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


@every_engine
def test_rows_with_two_limits(key):
    """A row may be held from below and from above at once, with and without room between."""
    program = Program()
    x = columns(program, 0, 9)
    program.add_rows("range", (x * np.array([2, 3, 5])).sum() >= 11)
    matrix = program.matrix((x * np.array([-4, 1, 3])).sum())
    tight = matrix._replace(row_upper=np.array([12]))
    tries = [v for v in np.ndindex(10, 10, 10) if 11 <= v @ np.array([2, 3, 5]) <= 12]
    least = min(int(v @ np.array([-4, 1, 3])) for v in map(np.array, tries))
    answer = run(key, tight)
    assert (answer.status, answer.value, answer.bound) == optimal(key, least)
    assert run(key, tight._replace(row_lower=np.array([12]))).value == -24


@every_engine
def test_an_objective_that_says_nothing(key):
    """Where every plan costs the same, any plan is a best one."""
    program = Program()
    x = columns(program, 0, 9)
    program.add_rows("sum", x.sum() == 7)
    answer = run(key, program.matrix((x * 0).sum() + 5))
    assert (answer.status, answer.value, answer.bound) == optimal(key, 5)
    assert answer.values.sum() == 7


@every_engine
def test_fixed_columns(key):
    """Columns with equal bounds keep their value, are counted in rows and paid for."""
    program = Program()
    x = columns(program, np.array([4, -3, 0]), np.array([4, -3, 9]))
    program.add_rows("sum", x.sum() >= 6)
    answer = run(key, program.matrix((x * np.array([100, 10, 1])).sum()))
    assert (answer.status, answer.value, answer.bound) == optimal(key, 400 - 30 + 5)
    assert list(answer.values) == [4, -3, 5]
    every = run(key, program.matrix(x.sum())._replace(lower=answer.values, upper=answer.values))
    assert list(every.values) == [4, -3, 5]


@every_engine
def test_time_limit_without_a_plan(key):
    """An engine that finds nothing in time says so: no plan, and neither infeasible nor optimal."""
    matrix, _ = split()
    answer = run(key, matrix, Settings(time_limit=2, gap=0.0))
    assert (answer.status, answer.values, answer.value) == ("unknown", None, None)


@every_engine
def test_a_plan_that_breaks_rows_is_no_start(key):
    """A start solution with a broken row or bound does no harm: the optimum is the same."""
    if engine(key).hint:
        for start in (9, 1):
            answer = run(key, box(2, 5), hint=np.array([start]))
            assert (answer.status, answer.value, answer.bound) == ("optimal", 13, 13)
