"""The child process: what it answers, and that nothing it does can do harm."""

import sys
import textwrap
import threading
import time

import numpy as np
import pandas as pd
import pytest

from optimizer.engines import child
from optimizer.engines.child import Engine
from optimizer.engines.job import Settings
from optimizer.errors import EngineError
from optimizer.program import Matrix, Program


def knapsack(size: int, seed: int = 0) -> Matrix:
    """Return a program that is easy to satisfy and hard to prove: many knapsacks in one."""
    random = np.random.default_rng(seed)
    program = Program()
    index = pd.MultiIndex.from_arrays([range(size)], names=["item"])
    x = program.add_columns("x", index, 0, 1)
    for row in range(size // 4):
        weight = random.integers(10, 100, size)
        program.add_rows(f"row {row}", (x * weight).sum() >= int(weight.sum() // 2))
    return program.matrix((x * random.integers(10, 100, size)).sum())


def box(least: int, most: int) -> Matrix:
    """Return: minimise 3 x + 7 with least <= x <= 5 as a row and x <= most as a bound."""
    program = Program()
    x = program.add_columns("x", pd.MultiIndex.from_arrays([[0]], names=["i"]), 0, most)
    program.add_rows("least", x >= least)
    return program.matrix(x.sum() * 3 + 7)


def test_known_optimum():
    """An optimum is claimed only with value and bound equal, offset and granularity included."""
    with Engine() as engine:
        answer = engine.run(box(2, 5), Settings(time_limit=20, gap=0.0))
    assert (answer.status, answer.value, answer.bound) == ("optimal", 13, 13)


def test_one_child_solves_job_after_job():
    """The same child serves several jobs, and an infeasible one does not disturb the next."""
    with Engine() as engine:
        settings = Settings(time_limit=20, gap=0.0)
        assert engine.run(box(9, 5), settings).status == "infeasible"
        assert engine.run(box(4, 5), settings).value == 19


def test_time_limit_keeps_the_incumbent():
    """At the time limit the best solution is there, with a bound below it."""
    with Engine() as engine:
        answer = engine.run(knapsack(200), Settings(time_limit=2, gap=0.0))
    assert answer.status == "feasible"
    assert answer.value is not None and answer.bound is not None
    assert answer.bound <= answer.value


def test_stop_keeps_the_incumbent_although_the_engine_never_answers():
    """Asking for a stop kills the child and takes the last solution it had saved."""
    with Engine() as engine:
        threading.Timer(3, engine.stop.set).start()
        started = time.monotonic()
        answer = engine.run(knapsack(200), Settings(time_limit=60, gap=0.0))
        assert time.monotonic() - started < 30
    assert answer.interrupted
    assert answer.values is not None
    assert answer.bound is not None and answer.bound <= answer.value


def test_hint_is_taken():
    """A complete hint is never lost: the answer is at least as good."""
    matrix = knapsack(200)
    with Engine() as engine:
        first = engine.run(matrix, Settings(time_limit=2, gap=0.0))
        again = engine.run(matrix, Settings(time_limit=1, gap=0.0), first.values)
    assert again.value <= first.value


def test_memory_limit_ends_the_child_not_the_parent():
    """A child that may not have the memory it needs is reported as failed."""
    with Engine() as engine, pytest.raises(EngineError):
        engine.run(knapsack(400), Settings(time_limit=10, gap=0.0, memory=40 * 2**20))


LIARS = {
    "crash": "sys.exit(3)",
    "half a message": 'out(\'{"answer": {"sta\'); sys.exit(0)',
    "plan off by one": "answer('optimal', 13, 13, [1])",
    "wrong width": "answer('optimal', 13, 13, [2, 2])",
    "bound above its plan": "answer('optimal', 4, 99999999, [4])",
    "false infeasible after a plan": "answer('infeasible', None, None, [9])",
}


@pytest.mark.parametrize("lie", LIARS)
def test_an_engine_that_lies_is_not_believed(lie, tmp_path, monkeypatch):
    """Crashes, broken plans and impossible bounds end as an EngineError, never as a result."""
    worker = tmp_path / "worker.py"
    worker.write_text(
        textwrap.dedent(
            f"""
            import json, sys
            from pathlib import Path
            import numpy as np
            folder = Path(sys.stdin.readline().strip())
            def out(line):
                print(line, flush=True)
            def answer(status, value, bound, values):
                np.save(folder / "solution.npy", np.array(values))
                out(json.dumps({{"answer": {{"status": status, "value": value, "bound": bound}},
                                "engine": "liar", "version": "0"}}))
            {LIARS[lie]}
            sys.stdin.read()
            """
        )
    )
    monkeypatch.setattr(child, "COMMAND", [sys.executable, str(worker)])
    with Engine() as engine, pytest.raises(EngineError):
        engine.run(box(2, 5), Settings(time_limit=5, gap=0.0))


def test_wrong_value_and_silence(tmp_path, monkeypatch):
    """A wrong claimed value is replaced by the computed one; silence ends at the deadline."""
    worker = tmp_path / "worker.py"
    worker.write_text(
        "import json, sys\nfrom pathlib import Path\nimport numpy as np\n"
        "folder = Path(sys.stdin.readline().strip())\n"
        "np.save(folder / 'solution.npy', np.array([4]))\n"
        "print(json.dumps({'answer': {'status': 'optimal', 'value': 2, 'bound': None},"
        " 'engine': 'liar', 'version': '0'}), flush=True)\nsys.stdin.read()\n"
    )
    monkeypatch.setattr(child, "COMMAND", [sys.executable, str(worker)])
    monkeypatch.setattr(child, "GRACE", 1.0)
    with Engine() as engine:
        answer = engine.run(box(2, 5), Settings(time_limit=5, gap=0.0))
        assert (answer.status, answer.value, answer.bound) == ("feasible", 19, None)
        silent = engine.run(box(2, 5), Settings(time_limit=0.5, gap=0.0))
    assert (silent.status, silent.values) == ("unknown", None)
