"""Running an engine in a child process, so that it can be stopped, can crash, and cannot lie.

Whatever ends a run – the engine, the time limit, Ctrl-C, a crash – the best solution found is
kept, and it is believed only after its bounds and rows hold in exact integers.
"""

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np

from optimizer.algebra import Affine
from optimizer.engines import job
from optimizer.engines.mathopt import read_improving
from optimizer.errors import EngineError
from optimizer.outcome import Stage, Status
from optimizer.program import Matrix, Program
from optimizer.words import Text

GRACE = 15.0
"""Seconds that an engine may overrun its time limit before it is stopped."""


@dataclass(frozen=True)
class Progress:
    """Where a running solve stands: seconds since its start, best value and bound so far."""

    objective: str
    seconds: float
    value: int | None
    bound: int | None


@dataclass(frozen=True, eq=False)
class Answer:
    """What came out of a run: the claim, the column values if any, and who said so."""

    stage: Stage
    values: np.ndarray | None
    engine: str
    version: str


def run(
    program: Program,
    objective: Affine,
    name: str,
    settings: job.Settings,
    hint: np.ndarray | None = None,
    watch: Callable[[Progress], None] | None = None,
) -> Answer:
    """Minimise `objective` over `program` in a child process and return what it claims.

    Ctrl-C stops the child and keeps its best solution (`stage.interrupted` tells). Raises
    EngineError when the engine cannot run, crashes without a solution, or gives one that breaks
    the program.
    """
    matrix = program.matrix(objective)
    with tempfile.TemporaryDirectory(prefix="optimizer-") as place:
        folder = Path(place)
        job.write(folder, matrix, settings, hint)
        return _Run(program, matrix, name, settings, folder, watch).finish()


class _Run:
    def __init__(
        self,
        program: Program,
        matrix: Matrix,
        name: str,
        settings: job.Settings,
        folder: Path,
        watch: Callable[[Progress], None] | None,
    ) -> None:
        self.program, self.matrix, self.name = program, matrix, name
        self.settings, self.folder, self.watch = settings, folder, watch
        self.step = job.granularity(matrix)
        self.started = time.monotonic()
        self.value: int | None = None
        self.bound: int | None = None
        self.engine, self.version = "HiGHS", ""
        self.answer: dict[str, Any] | None = None
        self.interrupted = False

    def finish(self) -> Answer:
        errors = self.folder / "errors.txt"
        with errors.open("wb") as stderr:
            root = str(Path(__file__).parents[2])
            child = subprocess.Popen(
                [sys.executable, "-P", "-m", "optimizer.engines.worker", str(self.folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                start_new_session=True,
                env={**os.environ, "PYTHONPATH": root},
            )
            try:
                self._listen(child)
            finally:
                child.kill()
                child.wait()
        values = self._values()
        if self.answer is None and values is None and not self.interrupted:
            if time.monotonic() - self.started < self.settings.time_limit:
                raise _failed(errors.read_text(errors="replace").strip().splitlines()[-1:])
        return self._claim(values)

    def _listen(self, child: "subprocess.Popen[bytes]") -> None:
        """Take events until the child ends, overruns its time, or the user interrupts."""
        lines: queue.Queue[bytes | None] = queue.Queue()
        assert child.stdout is not None

        def pump(stream: Any) -> None:
            for line in stream:
                lines.put(line)
            lines.put(None)

        threading.Thread(target=pump, args=(child.stdout,), daemon=True).start()
        deadline = self.started + self.settings.time_limit + GRACE
        try:
            while time.monotonic() < deadline:
                try:
                    line = lines.get(timeout=0.2)
                except queue.Empty:
                    self._tell()
                    continue
                if line is None:
                    return
                self._event(line)
                self._tell()
        except KeyboardInterrupt:
            self.interrupted = True

    def _event(self, line: bytes) -> None:
        try:
            event = json.loads(line)
        except ValueError:
            return  # half a message of a dying child
        if "engine" in event:
            self.engine, self.version = event["engine"], event["version"]
        if "answer" in event:
            self.answer = event["answer"]
            self.bound = self._at_least(self.answer["bound"], self.bound)
        if event.get("value") is not None:
            self.value = round(event["value"]) * self.step + self.matrix.offset
        if event.get("bound") is not None:
            self.bound = self._at_least(event["bound"], self.bound)

    def _at_least(self, claimed: float | None, known: int | None) -> int | None:
        """Round a claimed bound up to what an integral objective must reach; keep the better one."""
        if claimed is None:
            return known
        slack = 1e-6 + 1e-9 * abs(claimed)
        bound = ceil(claimed - slack) * self.step + self.matrix.offset
        return bound if known is None else max(bound, known)

    def _tell(self) -> None:
        if self.watch is not None:
            self.watch(
                Progress(self.name, time.monotonic() - self.started, self.value, self.bound)
            )

    def _values(self) -> np.ndarray | None:
        """Return the final or the last saved solution, checked in exact integers."""
        final = self.folder / job.SOLUTION
        if self.answer is not None:
            values = np.load(final) if final.exists() else None
        else:
            values = read_improving(self.folder, self.program.width)
        if values is None:
            return None
        inside = (values >= self.matrix.lower) & (values <= self.matrix.upper)
        broken = self.program.broken(values)
        if broken or not inside.all():
            raise _failed([f"solution breaks {broken[:3] or 'column bounds'}"])
        return values

    def _claim(self, values: np.ndarray | None) -> Answer:
        value = None
        if values is not None:
            value = int((self.matrix.cost * values).sum()) + self.matrix.offset
        if value is not None and self.bound is not None and self.bound > value:
            self.bound = value if self.bound - value < self.step else None  # a bound that lies
        status: Status = "unknown" if value is None else "feasible"
        if value is not None and value == self.bound:
            status = "optimal"
        if value is None and self.answer and self.answer["status"] in ("infeasible", "unbounded"):
            status = self.answer["status"]
        seconds = time.monotonic() - self.started
        stage = Stage(self.name, status, value, self.bound, round(seconds, 3), self.interrupted)
        return Answer(stage, values, self.engine, self.version)


def _failed(detail: list[str]) -> EngineError:
    reason = detail[0] if detail else "no answer"
    return EngineError(
        Text(
            f"the engine failed: {reason} – run `optimizer doctor`",
            f"ソルバーが失敗した: {reason}(`optimizer doctor` で確かめる)",
        )
    )
