"""One solve as seen from the parent: what the child says of it, and what of that is believed.

A solution is believed once its bounds and rows hold in exact integers; a bound is the engine's own
claim, unless it contradicts a solution.
"""

import json
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np

from optimizer.base.errors import EngineError
from optimizer.base.words import Text
from optimizer.model.matrix import Matrix
from optimizer.model.outcome import Status
from optimizer.solver.engines import job
from optimizer.solver.engines.mathopt import read_incumbent


class ContradictionError(EngineError):
    """An engine claims what a solution refutes: a bound, or (None) that there is no solution.

    values: the solution, where it is the engine's own.
    """

    def __init__(
        self, message: Text, bound: int | None = None, values: np.ndarray | None = None
    ) -> None:
        super().__init__(message)
        self.bound, self.values = bound, values


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


class Run:
    """What has been reported of one solve, and what to make of it.

    exact: whether all columns are whole. hint: the solution that the engine was given.
    """

    def __init__(
        self,
        matrix: Matrix,
        settings: job.Settings,
        folder: Path,
        exact: bool,
        hint: np.ndarray | None,
    ) -> None:
        self.matrix, self.settings, self.folder, self.exact = matrix, settings, folder, exact
        self.hint = hint
        self.step = job.granularity(matrix)
        self.value: int | None = None
        self.bound: int | None = None
        self.final: dict[str, Any] | None = None
        self.interrupted = self.overran = False

    def event(self, line: bytes) -> None:
        """Take one line of the child. Raises EngineError for a message that makes no sense."""
        try:
            event = json.loads(line)
        except ValueError:
            return  # chatter of a solver, or half a message of a dying child
        try:
            claim = event.get("answer", event)
            if claim.get("value") is not None:
                self.value = round(claim["value"]) * self.step + self.matrix.offset
            if claim.get("bound") is not None:
                slack = 1e-6 + 1e-9 * abs(claim["bound"])  # what doubles may have lost
                bound = ceil(claim["bound"] - slack) * self.step + self.matrix.offset
                self.bound = bound if self.bound is None else max(bound, self.bound)
            if "answer" in event:
                told = {name: event[name] for name in ("engine", "version")}
                self.final = {**claim, **told, "status": claim["status"]}
        except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError):
            raise failed("its answer makes no sense") from None

    def answer(self, last_error: str) -> Answer:
        """Return what is believed of the run; the final or the last saved solution, checked."""
        values = self._solution()
        if values is not None and self.exact and not self.matrix.holds(values):
            raise failed("its solution breaks the program")
        if self._false_infeasible(values):
            raise ContradictionError(failed("it calls infeasible what has a solution").message)
        if self.final is None and not (self.interrupted or self.overran) and values is None:
            raise failed(last_error)
        value = None if values is None else self.matrix.value(values)
        if not self.exact:
            prices, shares = self._floats(job.PRICES), self._floats(job.SHARES)
            prices = None if prices is None else prices * self.step
            status = self._status(values)
            return Answer(status, values, self.value, self.bound, self.interrupted, prices, shares)
        bound = self.bound
        if value is not None and bound is not None and bound > value:
            if bound - value > max(self.step, abs(value) // 10**6):
                told = failed("its bound lies above its own solution").message
                raise ContradictionError(told, bound, values)
            bound = value
        status = self._status(values)
        if value is not None:
            status = "optimal" if value == bound else "feasible"
        return Answer(status, values, value, bound, self.interrupted)

    def _solution(self) -> np.ndarray | None:
        """Return the final or the last saved column values. Raises EngineError for anything else."""
        solution = self.folder / job.SOLUTION
        try:
            if self.final is None:
                values = read_incumbent(self.folder, len(self.matrix.cost))
            else:
                values = np.load(solution) if solution.exists() else None
        except (OSError, ValueError):
            values = np.empty(0)
        if values is not None and (values.dtype.kind, values.shape) != (
            "i",
            self.matrix.cost.shape,
        ):
            raise failed("its solution is not one whole number a column")
        return values

    def _false_infeasible(self, values: np.ndarray | None) -> bool:
        """Whether the engine claims infeasibility although a solution was given, told or kept."""
        if self.final is None or self.final["status"] != "infeasible":
            return False
        known = [values, self.hint, read_incumbent(self.folder, len(self.matrix.cost))]
        return any(k is not None and self.matrix.holds(k) for k in known)

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


def failed(reason: str) -> EngineError:
    """Return the error of an engine that failed for `reason`."""
    return EngineError(
        Text(
            f"the engine failed: {reason} – `optimizer doctor` tells more",
            f"ソルバーが失敗した: {reason}(`optimizer doctor` で確かめる)",
        )
    )
