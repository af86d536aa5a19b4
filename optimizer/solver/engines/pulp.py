"""Whatever solver the PuLP of this machine finds: `--engine pulp:GUROBI_CMD`, `pulp:GLPK_CMD`, ...

PuLP hands back a plan and one word. It tells no bound, and its word has other meanings for other
solvers (at a time limit "Optimal" may be a plan without proof), so nothing but the plan is taken
from it: checked in integers like all others, and never called optimal.
"""

import os
import warnings
from inspect import signature
from pathlib import Path
from typing import Any

import numpy as np

from optimizer.base.errors import EngineError
from optimizer.base.words import Text
from optimizer.solver.engines import job
from optimizer.solver.engines.capability import Capability
from optimizer.solver.engines.job import Report, Settings


def version(can: Capability) -> str:
    """Return the version of PuLP; it does not tell that of a solver."""
    from importlib.metadata import version as version_of

    return f"{can.solver}, PuLP {version_of('pulp')}"


NOT_HERE = ("PULP_CBC_CMD", "XPRESS")
"""Solvers never offered: the one in PuLP's own package, which is `cbc`, and the one whose program
is called `optimizer`, so that PuLP takes ours for it (XPRESS_PY is offered where it is installed).
"""


def available() -> list[str]:
    """Return the names of the solvers that PuLP finds here, but for those of NOT_HERE."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pulp

        found = pulp.listSolvers(onlyAvailable=True)
    return [name for name in dict.fromkeys(found) if name not in NOT_HERE]


def solve(
    can: Capability,
    arrays: dict[str, np.ndarray],
    settings: Settings,
    folder: Path,
    report: Report,
) -> tuple[dict[str, Any], np.ndarray | None]:
    """Solve and return (answer, column values or None), as `mathopt.solve` does.

    Raises EngineError where PuLP does not find the solver or the solver fails.
    """
    if settings.nodes:
        told = (
            "a limit of nodes does not reach a solver through PuLP",
            "分枝数は PuLP で制限できない",
        )
        raise EngineError(Text(*told))
    warnings.simplefilter("ignore")  # PuLP announces its next version
    os.environ["TMPDIR"] = str(folder)  # where PuLP leaves the files it exchanges with a solver
    import pulp

    solver = _solver(can.solver, settings)
    problem, columns = _problem(arrays)
    try:
        problem.solve(solver)
    except pulp.PulpSolverError as error:
        raise EngineError(Text(f"{can.solver}: {error}", f"{can.solver}: {error}")) from error
    answer: dict[str, Any] = {"status": "unknown", "value": None, "bound": None}
    found = [column.varValue for column in columns]
    sure = (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible)
    if problem.sol_status not in sure or any(value is None for value in found):
        return answer, None
    if not arrays["integer"].any():
        _keep_prices(folder, columns, found)
    return {**answer, "status": "feasible"}, np.rint(np.array(found)).astype(np.int64)


def _keep_prices(folder: Path, columns: list[Any], found: list[float]) -> None:
    """Write shares and reduced costs of a linear program, if the solver gave any."""
    prices = [column.dj for column in columns]
    if all(price is not None for price in prices):
        np.save(folder / job.SHARES, np.array(found, dtype=np.float64))
        np.save(folder / job.PRICES, np.array(prices, dtype=np.float64))


def _solver(name: str, settings: Settings) -> Any:
    """Return PuLP's solver of that name with the settings that it takes."""
    import pulp

    found = available()
    if name not in found:
        listed = ", ".join(found) or "-"
        raise EngineError(
            Text(
                f"PuLP does not find {name} here; it finds: {listed}",
                f"PuLP が {name} を見つけられない。あるもの: {listed}",
            )
        )
    wanted = {"timeLimit": settings.time_limit, "gapRel": settings.gap}
    takes = signature(type(pulp.getSolver(name)).__init__).parameters
    return pulp.getSolver(name, msg=False, **{k: v for k, v in wanted.items() if k in takes})


def _problem(arrays: dict[str, np.ndarray]) -> tuple[Any, list[Any]]:
    """Return the job as a problem of PuLP, and its variables in the order of the columns."""
    import pulp

    problem = pulp.LpProblem("program", pulp.LpMinimize)
    sides = (arrays[name].tolist() for name in ("lower", "upper", "integer"))
    columns = [
        pulp.LpVariable(
            f"c{number}",
            low if np.isfinite(low) else None,
            high if np.isfinite(high) else None,
            "Integer" if whole else "Continuous",
        )
        for number, (low, high, whole) in enumerate(zip(*sides, strict=True))
    ]
    problem.addVariables(columns)
    priced = zip(columns, arrays["cost"].tolist(), strict=True)
    problem.setObjective(pulp.LpAffineExpression([(c, cost) for c, cost in priced if cost]))
    starts = np.searchsorted(arrays["row"], np.arange(len(arrays["row_lower"]) + 1)).tolist()
    column, coefficient = arrays["column"].tolist(), arrays["coefficient"].tolist()
    lower, upper = arrays["row_lower"].tolist(), arrays["row_upper"].tolist()
    for row, (low, high) in enumerate(zip(lower, upper, strict=True)):
        inside = range(starts[row], starts[row + 1])
        left = pulp.LpAffineExpression([(columns[column[i]], coefficient[i]) for i in inside])
        if low == high:
            problem.addConstraint(left == low, f"r{row}")
            continue
        if np.isfinite(low):
            problem.addConstraint(left >= low, f"r{row}_least")
        if np.isfinite(high):
            problem.addConstraint(left <= high, f"r{row}_most")
    return problem, columns
