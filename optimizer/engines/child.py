"""Running an engine in a child process, so that it can be stopped, can crash, and cannot lie.

Whatever ends a run – the engine, the time limit, Ctrl-C, a crash – the best solution found is
kept, and it is believed only after its bounds and rows hold in exact integers.
"""

import json
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
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import numpy as np

from optimizer.engines import capability, job
from optimizer.engines.mathopt import read_incumbent
from optimizer.errors import EngineError
from optimizer.outcome import Status
from optimizer.program import Matrix
from optimizer.words import Text

GRACE = 10.0
"""Seconds that an engine may overrun its time limit before it is stopped."""

PARTING = 2.0
"""Seconds that an engine may take to hand over its best solution when it is stopped."""

COMMAND = [sys.executable, "-P", "-m", "optimizer.engines.worker"]
"""How a child is started; the engine's name follows."""

Watch = Callable[[int | None, int | None], None]
"""Called with (value, bound) of a running solve, several times a second."""


@dataclass(frozen=True, eq=False)
class Answer:
    """What came out of a run.

    values: checked column values, None if there are none. value: their objective. bound: the
    bound claimed, rounded to what integers allow. interrupted: `stop` ended the run. Of a program
    with shares, `values` are rounded and `value` is what the engine claims; of one without whole
    columns, prices: reduced cost, shares: value of every column, as doubles.
    """

    status: Status
    values: np.ndarray | None
    value: int | None
    bound: int | None
    interrupted: bool = False
    prices: np.ndarray | None = None
    shares: np.ndarray | None = None


class Engine:
    """A child process that solves one matrix after the other; a context manager.

    key: which engine, one of `capability.ENGINES`; `can` says what it supports. Setting `stop`,
    which several engines may share, ends the running solve and keeps its best solution. Raises
    EngineError for an unknown key.
    """

    def __init__(self, key: str = capability.DEFAULT, stop: threading.Event | None = None) -> None:
        self.key, self.can = key, capability.engine(key)
        self.name, self.version = self.can.name, ""
        self.stop = stop or threading.Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._lines: queue.Queue[bytes | None] = queue.Queue()
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115

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
        with tempfile.TemporaryDirectory(prefix="optimizer-") as place:
            folder = Path(place)
            job.write(folder, matrix, settings, hint, shares)
            run = _Run(matrix, settings, folder, shares is None)
            self._send(folder)
            self._listen(run, watch, until)
            if run.final is None:
                self._stop()
            else:
                self.name, self.version = run.final["engine"], run.final["version"]
            return run.answer(self._last_error())

    def _send(self, folder: Path) -> None:
        if self._child is None or self._child.poll() is not None:
            self._stop()
            self._start()
        assert self._child is not None and self._child.stdin is not None
        self._child.stdin.write(f"{folder}\n".encode())
        self._child.stdin.flush()

    def _start(self) -> None:
        root = str(Path(__file__).parents[2])
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

    def _listen(self, run: "_Run", watch: Watch | None, until: Callable[[], bool] | None) -> None:
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

    def _part(self, run: "_Run") -> None:
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


class _Run:
    """One solve as seen from the parent: what has been reported, and what to make of it."""

    def __init__(self, matrix: Matrix, settings: job.Settings, folder: Path, exact: bool) -> None:
        self.matrix, self.settings, self.folder, self.exact = matrix, settings, folder, exact
        self.step = job.granularity(matrix)
        self.value: int | None = None
        self.bound: int | None = None
        self.final: dict[str, Any] | None = None
        self.interrupted = self.overran = False

    def event(self, line: bytes) -> None:
        try:
            event = json.loads(line)
        except ValueError:
            return  # half a message of a dying child
        claim = event.get("answer", event)
        if claim.get("value") is not None:
            self.value = round(claim["value"]) * self.step + self.matrix.offset
        if claim.get("bound") is not None:
            slack = 1e-6 + 1e-9 * abs(claim["bound"])  # what doubles may have lost
            bound = ceil(claim["bound"] - slack) * self.step + self.matrix.offset
            self.bound = bound if self.bound is None else max(bound, self.bound)
        if "answer" in event:
            self.final = {**event["answer"], "engine": event["engine"], "version": event["version"]}

    def answer(self, last_error: str) -> Answer:
        """Return what is believed of the run; the final or the last saved solution, checked."""
        solution = self.folder / job.SOLUTION
        if self.final is None:
            values = read_incumbent(self.folder, len(self.matrix.cost))
        else:
            values = np.load(solution) if solution.exists() else None
        if values is not None and self.exact and not self.matrix.holds(values):
            raise _failed("its solution breaks the program")
        if self.final is None and not (self.interrupted or self.overran) and values is None:
            raise _failed(last_error)
        value = None if values is None else self.matrix.value(values)
        if not self.exact:
            prices, shares = self._floats(job.PRICES), self._floats(job.SHARES)
            prices = None if prices is None else prices * self.step
            status = self._status(values)
            return Answer(status, values, self.value, self.bound, self.interrupted, prices, shares)
        bound = self.bound
        if value is not None and bound is not None and bound > value:
            if bound - value > max(self.step, abs(value) // 10**6):
                raise _failed("its bound lies above its own solution")
            bound = value
        status = self._status(values)
        if value is not None:
            status = "optimal" if value == bound else "feasible"
        return Answer(status, values, value, bound, self.interrupted)

    def _floats(self, name: str) -> np.ndarray | None:
        path = self.folder / name
        return np.load(path) if path.exists() else None

    def _status(self, values: np.ndarray | None) -> Status:
        claimed = self.final["status"] if self.final else "unknown"
        if values is not None:
            return "feasible"
        if claimed == "infeasible":
            return "infeasible"
        return "unbounded" if claimed == "unbounded" else "unknown"


def _pump(stream: Any, lines: "queue.Queue[bytes | None]") -> None:
    try:
        for line in stream:
            lines.put(line)
    except ValueError:
        pass  # closed while reading
    lines.put(None)


def _failed(reason: str) -> EngineError:
    return EngineError(
        Text(
            f"the engine failed: {reason} – `optimizer doctor` tells more",
            f"ソルバーが失敗した: {reason}(`optimizer doctor` で確かめる)",
        )
    )
