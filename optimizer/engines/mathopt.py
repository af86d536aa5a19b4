"""HiGHS through MathOpt: the program goes in as arrays, progress is read from the solver's log.

MathOpt has no callbacks for HiGHS. So bound and incumbent come from its log lines, and HiGHS
itself writes each better solution to a file, from which a stopped run is saved.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np

from optimizer.engines.job import IMPROVING, Settings

# ... Expl. | BestBound BestSol Gap | ...
LOG_ROW = re.compile(r"[0-9.]+%\s+(\S+)\s+(\S+)\s+(?:[0-9.]+%|Large|inf)\s")

Report = Callable[[dict[str, Any]], None]


def version() -> str:
    """Return the version of the package that carries the solver."""
    import ortools

    return f"OR-Tools {ortools.__version__}"


def solve(
    arrays: dict[str, np.ndarray], settings: Settings, folder: Path, report: Report
) -> tuple[dict[str, Any], np.ndarray | None]:
    """Solve and return (answer, column values or None); calls `report` with progress.

    The answer has status (optimal, feasible, infeasible, unbounded, unknown), value and bound, in
    units of the scaled objective; "optimal" is the solver's word for "within the gap asked for".
    """
    from ortools.math_opt.python import mathopt

    model = mathopt.Model.from_model_proto(_proto(arrays))
    parameters = mathopt.SolveParameters(
        time_limit=timedelta(seconds=settings.time_limit),
        relative_gap_tolerance=settings.gap,
        absolute_gap_tolerance=0.999,
        random_seed=settings.seed,
    )
    parameters.highs.string_options["mip_improving_solution_file"] = str(folder / IMPROVING)
    parameters.highs.bool_options["mip_improving_solution_save"] = True
    start = mathopt.ModelSolveParameters()
    if settings.has_hint:
        columns = model.variables()
        values = dict(zip(columns, arrays["hint"].astype(float).tolist(), strict=True))
        start.solution_hints.append(mathopt.SolutionHint(variable_values=values))

    def on_log(lines: Any) -> None:
        for line in lines:
            found = LOG_ROW.search(line)
            if found:
                report({"bound": _number(found[1]), "value": _number(found[2])})

    result = mathopt.solve(
        model, mathopt.SolverType.HIGHS, params=parameters, model_params=start, msg_cb=on_log
    )
    reason = mathopt.TerminationReason
    status = {
        reason.OPTIMAL: "optimal",
        reason.FEASIBLE: "feasible",
        reason.INFEASIBLE: "infeasible",
        reason.UNBOUNDED: "unbounded",
    }.get(result.termination.reason, "unknown")
    bounds = result.termination.objective_bounds
    answer = {"status": status, "value": None, "bound": _finite(bounds.dual_bound)}
    if not result.has_primal_feasible_solution():
        return answer, None
    found = sorted(result.variable_values().items(), key=lambda item: item[0].id)
    whole = np.rint([value for _, value in found]).astype(np.int64)
    answer["value"] = _finite(bounds.primal_bound)
    return answer, whole


def read_improving(folder: Path, width: int) -> np.ndarray | None:
    """Return the last complete solution that HiGHS wrote to `folder`, None if there is none."""
    path = folder / IMPROVING
    if not path.exists():
        return None
    best = None
    for block in path.read_text().split("# Columns")[1:]:
        numbers = block.split("#")[0].split("Objective")[0].split()[1 : width + 1]
        if len(numbers) == width:
            best = np.rint([float(number) for number in numbers]).astype(np.int64)
    return best


def _proto(arrays: dict[str, np.ndarray]) -> Any:
    from ortools.math_opt import model_pb2

    width, height = len(arrays["cost"]), len(arrays["row_lower"])
    proto = model_pb2.ModelProto()
    proto.variables.ids.extend(range(width))
    proto.variables.lower_bounds.extend(arrays["lower"].tolist())
    proto.variables.upper_bounds.extend(arrays["upper"].tolist())
    proto.variables.integers.extend(arrays["integer"].tolist())
    proto.linear_constraints.ids.extend(range(height))
    proto.linear_constraints.lower_bounds.extend(arrays["row_lower"].tolist())
    proto.linear_constraints.upper_bounds.extend(arrays["row_upper"].tolist())
    matrix = proto.linear_constraint_matrix
    matrix.row_ids.extend(arrays["row"].tolist())
    matrix.column_ids.extend(arrays["column"].tolist())
    matrix.coefficients.extend(arrays["coefficient"].astype(float).tolist())
    priced = np.flatnonzero(arrays["cost"])
    proto.objective.linear_coefficients.ids.extend(priced.tolist())
    proto.objective.linear_coefficients.values.extend(arrays["cost"][priced].astype(float).tolist())
    return proto


def _number(text: str) -> float | None:
    try:
        return _finite(float(text))
    except ValueError:
        return None


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None
