"""A job for an engine: what the parent writes for the child, and what the child answers."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from math import gcd
from pathlib import Path
from typing import Any

import numpy as np

from optimizer.model.matrix import FREE, Matrix

PROGRAM, SETTINGS, SOLUTION = "program.npz", "job.json", "solution.npy"
PRICES, SHARES = "prices.npy", "shares.npy"
IMPROVING, INCUMBENT = "improving.sol", "incumbent.npy"

Report = Callable[[dict[str, Any]], None]
"""Called by an engine at work with {"bound", "value"}, None where there is no news."""


@dataclass(frozen=True)
class Settings:
    """How to solve. gap: relative, as a float. memory: bytes the child may use, 0 for no limit.
    threads: 0 leaves the number to the engine. nodes: branches the engine may take, 0 for no limit.
    """

    time_limit: float
    gap: float
    seed: int = 0
    memory: int = 0
    threads: int = 0
    nodes: int = 0
    has_hint: bool = False


def granularity(matrix: Matrix) -> int:
    """Return the largest integer that divides every cost: objective values differ by multiples."""
    return gcd(*(int(c) for c in matrix.cost)) or 1


def write(
    folder: Path,
    matrix: Matrix,
    settings: Settings,
    hint: np.ndarray | None = None,
    shares: np.ndarray | None = None,
) -> None:
    """Write the job; costs are divided by their granularity, the offset is left out.

    shares: which columns may take any share between their bounds instead of whole numbers.
    """
    arrays = dict(zip(Matrix._fields[:-1], matrix[:-1], strict=True))
    arrays["integer"] = np.ones(len(matrix.cost), dtype=bool) if shares is None else ~shares
    arrays["cost"] = matrix.cost // granularity(matrix)
    if hint is not None:
        arrays["hint"] = hint
    np.savez(folder / PROGRAM, allow_pickle=False, **arrays)
    (folder / SETTINGS).write_text(json.dumps(asdict(settings)))


def read(folder: Path) -> tuple[dict[str, np.ndarray], Settings]:
    """Return the arrays (bounds as doubles with infinities) and settings of a job."""
    with np.load(folder / PROGRAM) as stored:
        arrays = {name: stored[name] for name in stored.files}
    for name in ("lower", "upper", "row_lower", "row_upper"):
        values = arrays[name].astype(np.float64)
        values[arrays[name] <= -FREE] = -np.inf
        values[arrays[name] >= FREE] = np.inf
        arrays[name] = values
    return arrays, Settings(**json.loads((folder / SETTINGS).read_text()))


def matrix(arrays: dict[str, np.ndarray]) -> Matrix:
    """Return a job that was read as a matrix again; its objective has no constant."""
    bounds = {
        name: np.nan_to_num(arrays[name], posinf=FREE, neginf=-FREE).astype(np.int64)
        for name in ("lower", "upper", "row_lower", "row_upper")
    }
    rest = {name: arrays[name] for name in ("row", "column", "coefficient", "cost")}
    return Matrix(**bounds, **rest, offset=0)


def tolerance(arrays: dict[str, np.ndarray], relative: bool = False) -> float:
    """Return how far a column may be from a whole number: a tenth of a unit in the largest row.

    Engines in doubles allow 1e-6, which in a row with coefficients of millions is whole units: a
    broken row passes, or a plan is called optimal that is not. Below 1e-9 they do not work, and
    the smaller, the slower. relative: the engine lets a row be off by that part of its sides.
    """
    largest = np.abs(arrays["coefficient"]).max(initial=1)
    if relative:
        sides = np.abs(np.concatenate([arrays["row_lower"], arrays["row_upper"]]))
        largest = max(largest, sides[np.isfinite(sides)].max(initial=1))
    return min(max(0.1 / float(largest), 1e-9), 1e-6)


def holds(arrays: dict[str, np.ndarray], values: np.ndarray) -> bool:
    """Return whether the integers `values` keep every row and bound of a job that was read."""
    left = np.zeros(len(arrays["row_lower"]), dtype=np.int64)
    np.add.at(left, arrays["row"], arrays["coefficient"] * values[arrays["column"]])
    inside = (values >= arrays["lower"]) & (values <= arrays["upper"])
    rows = (left >= arrays["row_lower"]) & (left <= arrays["row_upper"])
    return bool(inside.all() and rows.all())


def keep(path: Path, values: np.ndarray) -> None:
    """Write `values` so that a process killed half-way leaves the former file whole."""
    fresh = path.with_suffix(".new")
    with fresh.open("wb") as file:
        np.save(file, values)
    fresh.replace(path)
