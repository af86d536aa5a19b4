"""CBC, run as a program of its own on an MPS file; PuLP knows where it lies.

Through PuLP itself CBC would tell no bound, and call a plan at the time limit optimal. CBC prints
its bound, so it is read from there, and its own words decide how a run ended.
"""

import os
import re
import signal
import subprocess
import warnings
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from optimizer.base.errors import EngineError
from optimizer.base.words import Text
from optimizer.solver.engines import job
from optimizer.solver.engines.capability import Capability
from optimizer.solver.engines.job import Report, Settings
from optimizer.solver.engines.model_files import write_mps

MODEL, START, FOUND = "model.mps", "start.sol", "found.sol"

PROGRESS = re.compile(r"best solution, best possible (?P<bound>\S+) ")
SOLUTION = re.compile(r"Integer solution of (?P<value>\S+) found")
PRINTED = 1e-7
"""Relative error of a bound in a line of progress: CBC prints eight digits."""

RESULT = {
    "Optimal": "optimal",
    "Integer infeasible": "infeasible",
    "Infeasible": "infeasible",
    "Unbounded": "unbounded",
}
"""What CBC writes over a solution; all else (stopped on time, nodes, ctrl-c) is no claim."""


def version(can: Capability) -> str:
    """Return the version of CBC."""
    told = subprocess.run([binary(), "-exit"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"Version: (\S+)", told)
    return f"CBC {found[1]}" if found else "CBC"


def solve(
    can: Capability,
    arrays: dict[str, np.ndarray],
    settings: Settings,
    folder: Path,
    report: Report,
) -> tuple[dict[str, Any], np.ndarray | None]:
    """Solve and return (answer, column values or None), as `mathopt.solve` does.

    SIGTERM makes CBC stop and hand over its best solution. Raises EngineError where CBC is
    missing or fails.
    """
    matrix = job.matrix(arrays)
    names = [f"c{number}" for number in range(len(matrix.cost))]
    rows = [f"r{number}" for number in range(len(matrix.row_lower))]
    with (folder / MODEL).open("w") as file:
        write_mps(file, matrix, names, rows, arrays["integer"])
    linear = not arrays["integer"].any()
    value, bound = _result(_run(_command(arrays, settings, folder, linear), report))
    first, found = _read_solution(folder / FOUND, len(names))
    status = RESULT.get(re.split(r" \(| - ", first)[0], "unknown")
    answer: dict[str, Any] = {"status": status, "value": None, "bound": bound}
    if found is None or "no integer solution" in first or status in ("infeasible", "unbounded"):
        return answer, None
    answer["value"] = value
    if linear:
        np.save(folder / job.SHARES, found[:, 0])
        np.save(folder / job.PRICES, found[:, 1])
    return answer, np.rint(found[:, 0]).astype(np.int64)


def _command(
    arrays: dict[str, np.ndarray], settings: Settings, folder: Path, linear: bool
) -> list[str]:
    options: dict[str, object] = {"sec": settings.time_limit, "timeMode": "elapsed"}
    if not linear:
        tolerance = job.tolerance(arrays)
        options |= {"ratio": settings.gap}
        options |= {"primalTolerance": tolerance, "integerTolerance": tolerance}
    if settings.nodes:
        options["maxNodes"] = settings.nodes
    if settings.threads:
        options["threads"] = settings.threads
    if settings.has_hint:
        lines = (f"{n} c{n} {v} 0\n" for n, v in enumerate(arrays["hint"].tolist()))
        (folder / START).write_text(f"Stopped on time - objective value 0\n{''.join(lines)}")
        options["mipstart"] = folder / START
    flags = [str(word) for name, value in options.items() for word in (f"-{name}", value)]
    what = "-initialSolve" if linear else "-solve"
    ending = ["-printingOptions", "all", "-solution", str(folder / FOUND)]
    return [binary(), str(folder / MODEL), *flags, what, *ending]


def binary() -> str:
    """Return the path of CBC: the one inside PuLP, else the one that PuLP finds."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PuLP announces its next version
        import pulp

        for name in ("PULP_CBC_CMD", "COIN_CMD"):
            solver = getattr(pulp, name, None)
            if solver is not None and solver(msg=False).available():
                return str(solver(msg=False).path)
    raise EngineError(
        Text(
            "PuLP finds no CBC here; install cbc or choose another --engine",
            "PuLP が CBC を見つけられない。cbc を導入するか --engine で他を選ぶ",
        )
    )


def _run(command: list[str], report: Report) -> list[str]:
    """Run CBC to its end, report what it prints on the way; return all lines."""
    lines = []
    mine, its = os.openpty()  # to a terminal CBC prints each line at once, to a pipe it does not
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=its, stderr=its, close_fds=True
    ) as process:
        os.close(its)
        before = signal.signal(signal.SIGTERM, lambda *_: process.send_signal(signal.SIGINT))
        for line in _lines(mine):
            lines.append(line)
            event = {"bound": _progress(line), "value": _number(SOLUTION.search(line), "value")}
            if any(number is not None for number in event.values()):
                report(event)
        signal.signal(signal.SIGTERM, before)
    if process.returncode:
        told = f"CBC ended with code {process.returncode}: {lines[-1] if lines else ''}"
        raise EngineError(Text(told, told))
    return lines


def _lines(terminal: int) -> Iterator[str]:
    """Yield the lines printed to a pseudo-terminal until nobody has it open any more."""
    with os.fdopen(terminal, "rb") as stream, suppress(OSError):  # EIO is its end
        for line in stream:
            yield line.decode(errors="replace").strip()


def _progress(line: str) -> float | None:
    bound = _number(PROGRESS.search(line), "bound")
    return None if bound is None else bound - PRINTED * abs(bound)


def _result(lines: list[str]) -> tuple[float | None, float | None]:
    """Return value and bound of CBC's result; where it proved its solution they are the same."""
    told = {
        name.strip(): rest.strip()
        for name, sign, rest in (line.partition(":") for line in lines)
        if sign
    }
    proved = "Result - Optimal solution found" in lines
    names = "Objective value", "Objective value" if proved else "Lower bound"
    value, bound = (_finite(float(told[name])) if name in told else None for name in names)
    return value, bound


def _read_solution(path: Path, width: int) -> tuple[str, np.ndarray | None]:
    """Return CBC's word on a solution and per column (value, reduced cost), None if there are none."""
    if not path.exists():
        return "", None
    first, *lines = path.read_text().splitlines()
    found = np.zeros((width, 2))
    seen = 0
    for line in lines:
        _, name, value, reduced = line.removeprefix("**").split()
        if name.startswith("c"):
            found[int(name[1:])] = float(value), float(reduced)
            seen += 1
    return first, found if seen == width else None


def _number(found: re.Match[str] | None, name: str) -> float | None:
    return None if found is None else _finite(float(found[name]))


def _finite(number: float) -> float | None:
    return number if abs(number) < 1e40 else None  # CBC writes 1e+50 for infinity
