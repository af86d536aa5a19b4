"""The child of `relaxation`: one program, loaded once; a line of changed limits in, an answer out."""

import json
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np

from optimizer.engines.mathopt import _proto

NOTHING = {"status": "unknown", "value": None, "prices": None, "shares": None}


class Warm:
    """A linear program whose limits change between solves, so that each starts from the last."""

    def __init__(self, arrays: dict[str, np.ndarray]) -> None:
        from ortools.math_opt.python import mathopt

        self.arrays = arrays
        self.model = mathopt.Model.from_model_proto(_proto(arrays))
        self.columns = list(self.model.variables())
        self.rows = list(self.model.linear_constraints())
        self.solver = mathopt.IncrementalSolver(self.model, mathopt.SolverType.GLOP)
        self.changed: list[tuple[str, int]] = []

    def solve(self, changes: list[Any], limit: float) -> dict[str, Any]:
        """Return the answer under `changes`, within `limit` seconds."""
        from ortools.math_opt.python import mathopt

        self._limit(changes)
        parameters = mathopt.SolveParameters(
            time_limit=timedelta(seconds=max(limit, 0.01)),
            lp_algorithm=mathopt.LPAlgorithm.DUAL_SIMPLEX,
        )
        parameters.glop.use_preprocessing = False  # or GLOP would begin anew
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
            "shares": shares and _sparse(shares[column] for column in self.columns),
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


def violation(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the program whose objective is by how much rows are broken.

    Each row may be over- and underfilled, by a column of its own; the prices of rows at its
    optimum prove that the program itself has no solution, where that is above 0 (Farkas).
    """
    width, height = len(arrays["cost"]), len(arrays["row_lower"])
    rows = np.arange(height)
    one, none, free = np.ones(height, dtype=np.int64), np.zeros(height), np.full(height, np.inf)
    return {
        "lower": np.concatenate([arrays["lower"], none, none]),
        "upper": np.concatenate([arrays["upper"], free, free]),
        "row_lower": arrays["row_lower"],
        "row_upper": arrays["row_upper"],
        "row": np.concatenate([arrays["row"], rows, rows]),
        "column": np.concatenate([arrays["column"], width + rows, width + height + rows]),
        "coefficient": np.concatenate([arrays["coefficient"], one, -one]),
        "cost": np.concatenate([np.zeros(width, dtype=np.int64), one, one]),
        "integer": np.zeros(width + 2 * height, dtype=bool),
    }


def _sparse(values: Any) -> list[tuple[int, float]]:
    return [(number, value) for number, value in enumerate(values) if value]


def main() -> None:
    """Answer line after line; end with stdin."""
    with np.load(Path(sys.argv[1]) / "program.npz") as stored:
        arrays = {name: stored[name] for name in stored.files}
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever GLOP prints itself goes to stderr
    warm, empty = Warm(arrays), None
    for line in sys.stdin:
        changes, limit = json.loads(line)
        told = warm.solve(changes, limit)
        if told["status"] == "infeasible":
            empty = empty or Warm(violation(arrays))
            told = {**empty.solve(changes, limit), "status": "infeasible", "shares": None}
        answers.write(json.dumps(told) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
