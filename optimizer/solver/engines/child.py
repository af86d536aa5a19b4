"""Running an engine in a child process, so that it can be stopped, can crash, and cannot lie.

Whatever ends a run – the engine, the time limit, Ctrl-C, a crash – the best solution found is
kept, and it is believed only after its bounds and rows hold in exact integers.
"""

import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import numpy as np

from optimizer.base.errors import EngineError
from optimizer.base.words import Text
from optimizer.model.matrix import Matrix
from optimizer.solver.engines import capability, job, mathopt
from optimizer.solver.engines.answer import Answer, Run

GRACE = 10.0
"""Seconds that an engine may overrun its time limit before it is stopped."""

PARTING = 2.0
"""Seconds that an engine may take to hand over its best solution when it is stopped."""

COMMAND = [sys.executable, "-P", "-m", "optimizer.solver.engines.worker"]
"""How a child is started; the engine's name follows."""

Watch = Callable[[int | None, int | None], None]
"""Called with (value, bound) of a running solve, several times a second."""


class Engine:
    """A child process that solves one matrix after the other; a context manager.

    key: which engine, one of `capability.ENGINES`; `can` says what it supports. Setting `stop`,
    which several engines may share, ends the running solve and keeps its best solution. Raises
    EngineError for an unknown key.
    """

    def __init__(self, key: str = capability.DEFAULT, stop: threading.Event | None = None) -> None:
        self.key, self.can = key, capability.engine(key)
        self.name, self._told = self.can.name, ""
        self.stop = stop or threading.Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._lines: queue.Queue[bytes | None] = queue.Queue()
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115

    @property
    def version(self) -> str:
        """What the engine said of its version; until it is asked, what its package says, if any."""
        return self._told or (mathopt.version(self.can) if self.can.adapter == "mathopt" else "")

    def __enter__(self) -> "Engine":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()
        self._errors.close()

    def run(
        self,
        matrix: Matrix,
        settings: job.Settings,
        hint: np.ndarray | None = None,
        shares: np.ndarray | None = None,
        watch: Watch | None = None,
        until: Callable[[], bool] | None = None,
    ) -> Answer:
        """Minimise `matrix`; columns marked in `shares` need not be whole.

        The run ends as if stopped once `until` is true. With `shares` the values are only rounded, not checked: they guide, they are no answer.
        Raises EngineError when the engine does not support what the job asks for, cannot run,
        crashes without a solution, or gives one that breaks the program.
        """
        capability.check(
            self.can,
            np.concatenate([matrix.lower, matrix.upper]),
            hint=hint is not None,
            shares=shares is not None and bool(shares.any() and not shares.all()),
            memory=settings.memory > 0,
            threads=settings.threads > 0,
        )
        settings = replace(settings, has_hint=hint is not None)
        if hint is not None:  # HiGHS fails on a start outside the bounds
            hint = np.clip(hint, matrix.lower, matrix.upper)
        with tempfile.TemporaryDirectory(prefix="optimizer-") as place:
            folder = Path(place)
            try:
                job.write(folder, matrix, settings, hint, shares)
            except OSError as error:
                told = (error.strerror, folder.parent)
                raise EngineError(
                    Text(
                        "the program cannot be handed to the engine: {} in {}; make room there, or"
                        " set TMPDIR to another folder".format(*told),
                        "ソルバーに問題を渡せない: {}({})。空きを作るか、TMPDIR で別の"
                        "フォルダを指定する".format(*told),
                    )
                ) from None
            run = Run(matrix, settings, folder, shares is None, hint)
            self._send(folder)
            self._listen(run, watch, until)
            if run.final is None or run.interrupted:  # a child told to end answers no more
                self._stop()
            if run.final is not None:
                self.name, self._told = run.final["engine"], run.final["version"]
            return run.answer(self._last_error())

    def _send(self, folder: Path) -> None:
        if self._child is None or self._child.poll() is not None:
            self._stop()
            self._start()
        assert self._child is not None and self._child.stdin is not None
        self._child.stdin.write(f"{folder}\n".encode())
        self._child.stdin.flush()

    def _start(self) -> None:
        root = str(Path(__file__).parents[3])
        self._child = subprocess.Popen(
            [*COMMAND, self.key],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": root},
        )
        self._lines = queue.Queue()
        threading.Thread(target=_pump, args=(self._child.stdout, self._lines), daemon=True).start()

    def _stop(self) -> None:
        if self._child is None:
            return
        with suppress(ProcessLookupError):  # the child and what it runs in turn
            os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()
        for stream in (self._child.stdin, self._child.stdout):
            if stream is not None:
                stream.close()
        self._child = None

    def _listen(self, run: "Run", watch: Watch | None, until: Callable[[], bool] | None) -> None:
        """Take events until the answer, the end of the child or its time, Ctrl-C, or `until`."""
        deadline = time.monotonic() + run.settings.time_limit + GRACE
        while time.monotonic() < deadline and run.final is None:
            if self.stop.is_set() or (until is not None and until()):
                run.interrupted = True
                return self._part(run)
            try:
                line = self._lines.get(timeout=0.2)
                if line is None:
                    return
                run.event(line)
            except queue.Empty:
                pass
            if watch is not None:
                watch(run.value, run.bound)
        run.overran = run.final is None

    def _part(self, run: "Run") -> None:
        """Let an engine that hands over its best solution when told to stop do so."""
        assert self._child is not None
        self._child.terminate()
        deadline = time.monotonic() + PARTING
        while run.final is None and (left := deadline - time.monotonic()) > 0:
            try:
                line = self._lines.get(timeout=left)
            except queue.Empty:
                return
            if line is None:
                return
            run.event(line)

    def _last_error(self) -> str:
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "no answer"


def _pump(stream: Any, lines: "queue.Queue[bytes | None]") -> None:
    try:
        for line in stream:
            lines.put(line)
    except ValueError:
        pass  # closed while reading
    lines.put(None)
