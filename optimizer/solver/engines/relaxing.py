"""The child of `relaxation`: one program, loaded once; a line of changed limits in, an answer out."""

import json
import os
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np

from optimizer.solver.engines.mathopt import _proto

NOTHING = {"status": "unknown", "value": None, "prices": None, "shares": None}


class Warm:
    """A linear program whose limits change between solves, so that each starts from the last."""

    def __init__(self, arrays: dict[str, np.ndarray], width: int = 0) -> None:
        from ortools.math_opt.python import mathopt

        self.arrays, self.width = arrays, width or len(arrays["cost"])
        self.model = mathopt.Model.from_model_proto(_proto(arrays))
        self.columns = list(self.model.variables())
        self.rows = list(self.model.linear_constraints())
        self.changed: list[tuple[str, int]] = []
        self._begin()

    def _begin(self) -> None:
        """Forget where the last solve ended."""
        from ortools.math_opt.python import mathopt

        self.solver = mathopt.IncrementalSolver(self.model, mathopt.SolverType.GLOP)

    def solve(self, changes: list[Any], limit: float) -> dict[str, Any]:
        """Return the answer under `changes`, within `limit` seconds.

        Where GLOP loses its way (it then calls the outcome abnormal or imprecise), HiGHS is asked.
        """
        self._limit(changes)
        started = time.monotonic()
        told = self._solve(limit)
        left = limit - (time.monotonic() - started)
        if told["prices"] is None and told["status"] == "unknown" and left > 0:
            self._begin()
            told = self._solve(left, otherwise=True)
        return told

    def _solve(self, limit: float, otherwise: bool = False) -> dict[str, Any]:
        from ortools.math_opt.python import mathopt

        parameters = mathopt.SolveParameters(
            time_limit=timedelta(seconds=max(limit, 0.01)),
            lp_algorithm=mathopt.LPAlgorithm.DUAL_SIMPLEX,
        )
        parameters.glop.use_preprocessing = False  # or GLOP would begin anew
        if otherwise:
            result = mathopt.solve(self.model, mathopt.SolverType.HIGHS, params=parameters)
        else:
            result = self.solver.solve(params=parameters)
        reason = mathopt.TerminationReason
        if result.termination.reason in (reason.INFEASIBLE, reason.INFEASIBLE_OR_UNBOUNDED):
            return {**NOTHING, "status": "infeasible"}
        if not result.has_dual_feasible_solution():
            return NOTHING
        optimal = result.termination.reason == reason.OPTIMAL
        prices = result.dual_values()
        shares = result.variable_values() if optimal else None
        return {
            "status": "optimal" if optimal else "unknown",
            "value": result.termination.objective_bounds.dual_bound if optimal else None,
            "prices": _sparse(prices[row] for row in self.rows),
            "shares": shares and _sparse(shares[column] for column in self.columns[: self.width]),
        }

    def _limit(self, changes: list[Any]) -> None:
        """Set the limits to those of the program but for `changes`."""
        a = self.arrays
        for kind, number in self.changed:
            before = ("lower", "upper") if kind == "column" else ("row_lower", "row_upper")
            self._set(kind, number, *(float(a[name][number]) for name in before))
        for kind, number, low, high in changes:
            self._set(
                kind, number, -np.inf if low is None else low, np.inf if high is None else high
            )
        self.changed = [(kind, number) for kind, number, _, _ in changes]

    def _set(self, kind: str, number: int, low: float, high: float) -> None:
        place = self.columns[number] if kind == "column" else self.rows[number]
        place.lower_bound, place.upper_bound = low, high


def elastic(arrays: dict[str, np.ndarray], rows: np.ndarray, penalty: int) -> dict[str, np.ndarray]:
    """Return the program whose `rows` may be over- and underfilled, each unit at `penalty`.

    Of a program without costs, where all rows may: its optimum above 0 proves by the prices of
    the rows that the program itself has no solution (Farkas).
    """
    width, count = len(arrays["cost"]), len(rows)
    more = width + np.arange(2 * count)
    row = np.concatenate([arrays["row"], rows, rows])
    order = np.argsort(row, kind="stable")
    ones = np.repeat([1, -1], count)
    return {
        **arrays,
        "lower": np.append(arrays["lower"], np.zeros(2 * count)),
        "upper": np.append(arrays["upper"], np.full(2 * count, np.inf)),
        "row": row[order],
        "column": np.append(arrays["column"], more)[order],
        "coefficient": np.append(arrays["coefficient"], ones)[order],
        "cost": np.append(arrays["cost"], np.full(2 * count, penalty)),
        "integer": np.zeros(width + 2 * count, dtype=bool),
    }


def _sparse(values: Any) -> list[tuple[int, float]]:
    return [(number, value) for number, value in enumerate(values) if value]


def main() -> None:
    """Answer line after line; end with stdin."""
    with np.load(Path(sys.argv[1]) / "program.npz") as stored:
        arrays = {name: stored[name] for name in stored.files}
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever GLOP prints itself goes to stderr
    rows, penalty = arrays.pop("elastic"), int(arrays.pop("penalty"))
    warm, empty = Warm(elastic(arrays, rows, penalty), len(arrays["cost"])), None
    for line in sys.stdin:
        changes, limit = json.loads(line)
        told = warm.solve(changes, limit)
        if told["status"] == "infeasible":  # GLOP tells no ray, so ask for the least violation
            free = {**arrays, "cost": np.zeros_like(arrays["cost"])}
            empty = empty or Warm(elastic(free, np.arange(len(arrays["row_lower"])), 1))
            told = {**empty.solve(changes, limit), "status": "infeasible", "shares": None}
        answers.write(json.dumps(told) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
