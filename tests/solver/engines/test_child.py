"""The child process: nothing that it says or does can do harm."""

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from optimizer.base.errors import EngineError
from optimizer.solver.engines import child
from optimizer.solver.engines.child import Engine
from optimizer.solver.engines.job import Settings
from tests.solver.engines.asking import THROUGH_PULP, box, knapsack

LIARS = {
    "crash": ("sys.exit(3)", "no answer"),
    "half a message": ('out(\'{"answer": {"sta\'); sys.exit(0)', "no answer"),
    "plan off by one": ("answer('optimal', 13, 13, [1])", "breaks the program"),
    "wrong width": ("answer('optimal', 13, 13, [2, 2])", "not one whole number a column"),
    "plan in halves": ("answer('optimal', 13, 13, [2.5])", "not one whole number a column"),
    "plan that is no plan": ("save(b'2'); claim('optimal', 13, 13)", "not one whole number"),
    "bound above its plan": ("answer('optimal', 4, 99999999, [4])", "above its own solution"),
    "infeasible with a plan": ("answer('infeasible', None, None, [4])", "calls infeasible"),
    "infeasible before a plan that breaks": ("answer('infeasible', 0, 0, [9])", "breaks"),
    "infeasible after news of a plan": (
        "np.save(folder / 'incumbent.npy', np.array([4])); claim('infeasible', None, None)",
        "calls infeasible",
    ),
    "a bound that is no number": ("claim('optimal', 13, float('nan'))", "makes no sense"),
    "a bound without end": ("claim('optimal', 13, float('inf'))", "makes no sense"),
    "a word for a number": ("claim('optimal', 'thirteen', 13)", "makes no sense"),
    "an answer without a name": ('out(\'{"answer": {"status": "optimal"}}\')', "makes no sense"),
    "a number for an answer": ("out('13')", "makes no sense"),
}

WORKER = """
import json, sys
from pathlib import Path
import numpy as np
folder = Path(sys.stdin.readline().strip())
def out(line):
    print(line, flush=True)
def save(data):
    (folder / "solution.npy").write_bytes(data)
def claim(status, value, bound):
    out(json.dumps({"answer": {"status": status, "value": value, "bound": bound},
                    "engine": "liar", "version": "0"}))
def answer(status, value, bound, values):
    np.save(folder / "solution.npy", np.array(values))
    claim(status, value, bound)
"""


def lying(lie: str, folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Make every child started from now on say `lie`."""
    worker = folder / "worker.py"
    worker.write_text(f"{WORKER}{lie}\nsys.stdin.read()\n")
    patch.setattr(child, "COMMAND", [sys.executable, str(worker)])


@pytest.mark.parametrize("name", LIARS)
def test_an_engine_that_lies_is_not_believed(name, tmp_path, monkeypatch):
    """Crashes, broken plans and impossible claims end as an EngineError, never as a result."""
    lie, told = LIARS[name]
    lying(lie, tmp_path, monkeypatch)
    with Engine() as engine, pytest.raises(EngineError, match=told):
        engine.run(box(2, 5), Settings(time_limit=5, gap=0.0))


def test_a_false_infeasible_is_seen_where_a_plan_is_known(tmp_path, monkeypatch):
    """An engine that was given a plan cannot call the program infeasible; of a broken one it may."""
    lying("claim('infeasible', None, None)", tmp_path, monkeypatch)
    with Engine() as engine, pytest.raises(EngineError, match="calls infeasible"):
        engine.run(box(2, 5), Settings(time_limit=5, gap=0.0), hint=np.array([3]))
    with Engine() as engine:
        answer = engine.run(box(2, 5), Settings(time_limit=5, gap=0.0), hint=np.array([1]))
    assert (answer.status, answer.values) == ("infeasible", None)


def test_wrong_value_and_silence(tmp_path, monkeypatch):
    """A wrong claimed value is replaced by the computed one; silence ends at the deadline."""
    lying("answer('optimal', 2, None, [4])", tmp_path, monkeypatch)
    monkeypatch.setattr(child, "GRACE", 1.0)
    with Engine() as engine:
        answer = engine.run(box(2, 5), Settings(time_limit=5, gap=0.0))
        assert (answer.status, answer.value, answer.bound) == ("feasible", 19, None)
        silent = engine.run(box(2, 5), Settings(time_limit=0.5, gap=0.0))
    assert (silent.status, silent.values) == ("unknown", None)


def test_a_child_that_chatters_is_heard_to_its_answer(tmp_path, monkeypatch):
    """Lines that are no messages change nothing."""
    lying("out('Set parameter TimeLimit'); answer('optimal', 2, 2, [2])", tmp_path, monkeypatch)
    with Engine() as engine:
        answer = engine.run(box(2, 5), Settings(time_limit=5, gap=0.0))
    assert (answer.status, answer.value, answer.bound) == ("optimal", 13, 13)


def _processes_of(group: int) -> list[str]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(folder.name)) == group:
                found.append((folder / "comm").read_text().strip())
        except (ProcessLookupError, FileNotFoundError):
            pass
    return found


def _gone(group: int) -> bool:
    """Return whether all processes of the group end within seconds; those killed take a moment."""
    deadline = time.monotonic() + 5
    while _processes_of(group) and time.monotonic() < deadline:
        time.sleep(0.1)
    return not _processes_of(group)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at processes by /proc")
@pytest.mark.parametrize("key", ["cbc", THROUGH_PULP])
def test_a_stop_ends_what_the_child_runs(key):
    """The program that an engine starts in turn is gone when its run was stopped and left."""
    seen: dict[int, list[str]] = {}
    with Engine(key) as engine:

        def stop(value: int | None, bound: int | None) -> None:
            seen[engine._child.pid] = _processes_of(engine._child.pid)
            if "cbc" in seen[engine._child.pid]:
                engine.stop.set()

        engine.run(knapsack(200), Settings(time_limit=20, gap=0.0), watch=stop)
        (group,) = seen
    assert "cbc" in seen[group]
    assert _gone(group)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at processes by /proc")
def test_a_killed_parent_leaves_no_solver():
    """Where the program that asked is killed, the child and CBC under it end at once."""
    code = (
        "from tests.solver.engines.asking import *\n"
        "with Engine('cbc') as e:\n"
        "    e.run(knapsack(200), Settings(60, 0.0),"
        " watch=lambda v, b: b and print(e._child.pid, flush=True))\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True
    ) as parent:
        group = int(parent.stdout.readline())
        assert "cbc" in _processes_of(group)
        parent.kill()
    assert _gone(group)


def test_a_child_that_was_told_to_end_is_not_asked_again(tmp_path, monkeypatch):
    """An answer that arrives while the child is being stopped is taken, and the next job gets a new child."""
    lying("answer('optimal', 2, 2, [2])", tmp_path, monkeypatch)
    with Engine() as engine:
        for _ in range(2):
            answer = engine.run(
                box(2, 5), Settings(time_limit=20, gap=0.0), until=lambda: time.sleep(1) or True
            )
            assert (answer.status, answer.value, answer.interrupted) == ("optimal", 13, True)


def test_no_child_before_the_first_question(monkeypatch):
    """A solve that never asks does not wait for one, and can still tell the version."""
    monkeypatch.setattr(child, "COMMAND", ["no such program"])
    with Engine() as engine:
        assert engine.name == "HiGHS" and engine.version.startswith("OR-Tools 9")
