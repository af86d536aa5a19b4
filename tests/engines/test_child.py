"""The child process: nothing that it says or does can do harm."""

import sys
import textwrap

import pytest

from optimizer.engines import child
from optimizer.engines.child import Engine
from optimizer.engines.job import Settings
from optimizer.errors import EngineError
from tests.engines.asking import box

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
