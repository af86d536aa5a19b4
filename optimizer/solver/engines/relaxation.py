"""A linear relaxation solved again and again under other limits, warm, in a child of its own."""

import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

import numpy as np

from optimizer.base.errors import EngineError
from optimizer.base.words import Text

GRACE = 5.0
"""Seconds that a solve may overrun its limit before the child is given up."""

Change = tuple[str, int, int | None, int | None]
"""("column" | "row", number, lower, upper): a limit that differs from the program's."""


class Answer(NamedTuple):
    """status: optimal, infeasible or unknown. prices: per row. shares: per column; both may be None.

    Where the program is infeasible, prices are those of its violation: 0 for the objective.
    """

    status: str
    value: float | None
    prices: np.ndarray | None
    shares: np.ndarray | None


class Relaxation:
    """GLOP at work on one program; a context manager. Raises EngineError when the child fails.

    elastic: rows that may be broken, each unit at `penalty`; their prices stay below it.
    """

    def __init__(self, arrays: dict[str, np.ndarray], elastic: np.ndarray, penalty: int) -> None:
        self.arrays = {**arrays, "elastic": elastic, "penalty": np.array(penalty)}
        self._folder = tempfile.TemporaryDirectory(prefix="optimizer-")
        self._lines: queue.Queue[bytes | None] = queue.Queue()

    def __enter__(self) -> "Relaxation":
        place = Path(self._folder.name)
        np.savez(place / "program.npz", allow_pickle=False, **self.arrays)
        self._child = subprocess.Popen(
            [sys.executable, "-P", "-m", "optimizer.solver.engines.relaxing", str(place)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        )
        threading.Thread(target=self._pump, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()
        for stream in (self._child.stdin, self._child.stdout):
            assert stream is not None
            with suppress(BrokenPipeError):
                stream.close()
        self._folder.cleanup()

    def solve(self, changes: list[Change], limit: float) -> Answer:
        """Return prices and shares under `changes`, within `limit` seconds."""
        assert self._child.stdin is not None
        try:
            self._child.stdin.write(json.dumps([changes, limit]).encode() + b"\n")
            self._child.stdin.flush()
            line = self._lines.get(timeout=max(limit, 0) + GRACE)
            if line is None:
                raise BrokenPipeError
            told: dict[str, Any] = json.loads(line)
        except queue.Empty:
            return Answer("silent", None, None, None)
        except (OSError, ValueError):
            raise EngineError(
                Text("GLOP ended without an answer", "GLOPが応答せずに終了した")
            ) from None
        width, height = len(self.arrays["cost"]), len(self.arrays["row_lower"])
        prices, shares = _dense(told["prices"], height), _dense(told["shares"], width)
        return Answer(told["status"], told["value"], prices, shares)

    def _pump(self) -> None:
        assert self._child.stdout is not None
        with suppress(ValueError):  # closed while reading
            for line in self._child.stdout:
                self._lines.put(line)
        self._lines.put(None)


def _dense(pairs: list[tuple[int, float]] | None, size: int) -> np.ndarray | None:
    if pairs is None:
        return None
    full = np.zeros(size)
    for number, value in pairs:
        full[number] = value
    return full
