"""HiGHS, SCIP and CP-SAT through MathOpt: the program goes in as arrays, events come out.

MathOpt has no callbacks for HiGHS: bound and incumbent are read from its log lines, and HiGHS
itself writes each better solution to a file. CP-SAT calls back at solutions and at bounds. SCIP
calls back at every candidate it looks at, also at poor and at wrong ones; its bound is read from
its log lines too.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any

import numpy as np

from optimizer.base.errors import EngineError
from optimizer.base.words import Text
from optimizer.solver.engines import job
from optimizer.solver.engines.capability import Capability
from optimizer.solver.engines.job import IMPROVING, INCUMBENT, Report, Settings

LOG_ROWS = {
    # ... Expl. | BestBound BestSol Gap | ...
    "HIGHS": re.compile(r"[0-9.]+%\s+(?P<bound>\S+)\s+(?P<value>\S+)\s+(?:[0-9.]+%|Large|inf)\s"),
    # ... | dualbound | primalbound | gap | compl.
    "GSCIP": re.compile(r"\|\s*(?P<bound>\S+)\s*\|\s*(?P<value>\S+)\s*\|[^|]*\|[^|]*$"),
}
PRINTED = {"HIGHS": 0.0, "GSCIP": 1e-6}
"""Relative error of a bound in a log line, beyond that of doubles: SCIP prints seven digits."""

CALLBACKS = {"HIGHS": (), "GSCIP": ("MIP_SOLUTION",), "CP_SAT": ("MIP_SOLUTION", "MIP")}


def version(can: Capability) -> str:
    """Return the version of the package that carries the solvers, without loading it."""
    return f"OR-Tools {version_of('ortools')}"


def solve(
    can: Capability,
    arrays: dict[str, np.ndarray],
    settings: Settings,
    folder: Path,
    report: Report,
) -> tuple[dict[str, Any], np.ndarray | None]:
    """Solve and return (answer, column values or None); calls `report` with progress.

    The answer has status (optimal, feasible, infeasible, unbounded, unknown), value and bound, in
    units of the scaled objective; "optimal" is the solver's word for "within the gap asked for".
    Raises EngineError when MathOpt refuses the job.
    """
    from ortools.math_opt.python import mathopt

    model = mathopt.Model.from_model_proto(_proto(arrays))
    if not arrays["integer"].any():
        return _linear(model, settings, folder)
    columns = list(model.variables())
    start = mathopt.ModelSolveParameters()
    if settings.has_hint:
        hint = dict(zip(columns, arrays["hint"].astype(float).tolist(), strict=True))
        start.solution_hints.append(mathopt.SolutionHint(variable_values=hint))
    events = {getattr(mathopt.Event, name) for name in CALLBACKS[can.solver]}
    try:
        result = mathopt.solve(
            model,
            getattr(mathopt.SolverType, can.solver),
            params=_parameters(can, settings, folder, job.tolerance(arrays, can.solver == "GSCIP")),
            model_params=start,
            msg_cb=_log_reader(can, report),
            callback_reg=mathopt.CallbackRegistration(events=events) if events else None,
            cb=_callback(columns, arrays, folder, report, can.solver == "GSCIP")
            if events
            else None,
        )
    except AttributeError as odd:  # MathOpt trips over its own refusal, which is the context
        reason = str(odd.__context__ or odd)
        raise EngineError(Text(f"MathOpt: {reason}", f"MathOpt: {reason}")) from odd
    answer, values = _answer(result)
    kept = folder / INCUMBENT
    if values is not None and kept.exists() and not job.holds(arrays, values):
        values = np.load(kept)  # SCIP keeps a row to a part of its size: take the last sound plan
    return answer, values


def _linear(
    model: Any, settings: Settings, folder: Path
) -> tuple[dict[str, Any], np.ndarray | None]:
    """Solve a program without whole columns by GLOP; its reduced costs and shares go to files."""
    from ortools.math_opt.python import mathopt

    limit = timedelta(seconds=settings.time_limit)
    result = mathopt.solve(
        model, mathopt.SolverType.GLOP, params=mathopt.SolveParameters(time_limit=limit)
    )
    answer, values = _answer(result)
    if values is not None and result.has_dual_feasible_solution():
        prices, shares = result.reduced_costs(), result.variable_values()
        columns = list(model.variables())
        np.save(folder / job.PRICES, np.array([prices[c] for c in columns]))
        np.save(folder / job.SHARES, np.array([shares[c] for c in columns]))
    return answer, values


def _parameters(can: Capability, settings: Settings, folder: Path, tolerance: float) -> Any:
    from ortools.math_opt.python import mathopt

    parameters = mathopt.SolveParameters(
        time_limit=timedelta(seconds=settings.time_limit),
        relative_gap_tolerance=settings.gap,
        absolute_gap_tolerance=0.999,
        random_seed=settings.seed,
        threads=settings.threads or None,
        node_limit=settings.nodes or None,
    )
    match can.solver:
        case "HIGHS":
            highs = parameters.highs
            highs.double_options["mip_feasibility_tolerance"] = tolerance
            highs.double_options["primal_feasibility_tolerance"] = tolerance
            highs.string_options["mip_improving_solution_file"] = str(folder / IMPROVING)
            highs.bool_options["mip_improving_solution_save"] = True
        case "GSCIP":
            parameters.gscip.real_params["numerics/feastol"] = tolerance
        case "CP_SAT":  # its presolve for doubles; the one for integers stays
            parameters.cp_sat.mip_presolve_level = 0
    return parameters


def _log_reader(can: Capability, report: Report) -> Callable[[Any], None] | None:
    """Return what reads bound and value from log lines, None for an engine that calls back."""
    pattern = LOG_ROWS.get(can.solver)
    if pattern is None:
        return None

    def on_log(lines: Any) -> None:
        for line in lines:
            found = pattern.search(line)
            if found:
                bound = _number(found["bound"])
                if bound is not None:
                    bound -= PRINTED[can.solver] * abs(bound)
                report({"bound": bound, "value": _number(found["value"])})

    return on_log


def _callback(
    columns: list[Any], arrays: dict[str, np.ndarray], folder: Path, report: Report, tree: bool
) -> Callable[[Any], Any]:
    """Return what reports bound and incumbent and keeps each better solution in `folder`.

    tree: the engine counts nodes, and before the first one its bound is not set but 0.
    """
    from ortools.math_opt.python import mathopt

    best: list[int] = []
    whole = bool(arrays["integer"].all())

    def on_event(data: Any) -> Any:
        event = {"bound": _bound_of(data.mip_stats, tree), "value": None}
        if data.solution is not None and whole:
            values = np.rint([data.solution[c] for c in columns]).astype(np.int64)
            value = int((arrays["cost"] * values).sum())
            if (not best or value < best[-1]) and job.holds(arrays, values):
                best.append(value)
                job.keep(folder / INCUMBENT, values)
                event["value"] = value
        report(event)
        return mathopt.CallbackResult()

    return on_event


def _answer(result: Any) -> tuple[dict[str, Any], np.ndarray | None]:
    from ortools.math_opt.python import mathopt

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


def read_incumbent(folder: Path, width: int) -> np.ndarray | None:
    """Return the last complete solution that a stopped engine left in `folder`, None without."""
    if (folder / INCUMBENT).exists():
        return np.asarray(np.load(folder / INCUMBENT))
    return _read_improving(folder / IMPROVING, width)


def _read_improving(path: Path, width: int) -> np.ndarray | None:
    """Return the last complete solution in the file that HiGHS writes."""
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


def _bound_of(stats: Any, tree: bool) -> float | None:
    begun = not tree or stats.open_nodes + stats.explored_nodes > 0
    return _finite(stats.dual_bound) if begun else None


def _number(text: str) -> float | None:
    try:
        return _finite(float(text))
    except ValueError:
        return None


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None
