"""The rows of a program as text that anyone can read: the ground on which a proof stands.

One line per column, objective, row and named sum, in the order in which the model makes them; the
same instance gives the same bytes. docs/proof.md describes the form.
"""

import json
from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from optimizer.model.algebra import FREE, Affine
from optimizer.model.build import Model
from optimizer.model.program import Matrix

HEADER = "optimizer rows 1"

NO_NUMBERS = np.empty(0, dtype=np.int64)
NOTHING = Affine(
    pd.MultiIndex.from_tuples([("total",)], names=["total"]),
    NO_NUMBERS,
    NO_NUMBERS,
    NO_NUMBERS,
    np.zeros(1, dtype=np.int64),
)
"""An objective of nothing, under which only the rows count."""


def rows_text(model: Model) -> str:
    """Return columns, objectives, rows and named sums of `model`, a line each.

    Raises OverflowError when a number of the program is too large for engines that find proofs.
    """
    program = model.program
    priced = [program.matrix(objective) for objective in model.objectives]
    matrix = program.matrix(NOTHING)
    lines = [HEADER]
    names = [
        _name(block, label) for block, b in program.columns.items() for label in b.index.to_list()
    ]
    for name, low, high in zip(names, matrix.lower, matrix.upper, strict=True):
        lines.append(f"int {low} {high} {name}")
    for objective, m in zip(model.instance.objectives, priced, strict=True):
        used = np.flatnonzero(m.cost)
        lines.append(f"objective {m.offset} {_terms(used, m.cost[used])} {_name(objective.id)}")
    if not priced:
        lines.append(f"objective 0 - {_name('nothing')}")
    labels = (_name(entry, label) for entry, rows in program.rows for label in rows.index.to_list())
    lines += _rows(matrix, labels)
    lines += [
        f"row - - {terms} {_name('sum', (what, *label))}"
        for what, expression in sums(model)
        for label, terms in _sums(expression)
    ]
    return "\n".join(lines) + "\n"


def sums(model: Model) -> Iterator[tuple[str, Affine]]:
    """Yield the named sums, the most telling first: persons by year and ward, points by mode.

    A sum restricts nothing: it is there because a proof may split on it. To split on how many
    persons or branches there are bounds the cost far sooner than to split on single decisions.
    """
    x = model.decisions
    points = x.instance.points
    yield "staff", x.staff.sum(by=["period"])
    yield "staff of all", x.staff.sum()
    city = x.mode.select(mode=x.instance.city_modes)
    for name, expression in (("run by the city", city), ("points", x.mode)):
        by = ["period"] if expression is city else ["mode", "period"]
        yield name, expression.sum(by=by)
    for kind in x.instance.kinds:
        here = points.index[points["kind"] == kind]
        chosen = x.mode.select(point=here)
        opened = chosen.select(mode=x.instance.open_modes)
        yield f"{kind} open", opened.sum(by=["period"])
        yield f"{kind} of mode", chosen.sum(by=["mode", "period"])
    for ward in sorted(set(points["ward"]) - {""}):
        here = points.index[points["ward"] == ward]
        yield f"staff of {ward}", x.staff.select(point=here).sum(by=["period"])


def _rows(matrix: Matrix, names: Iterable[str]) -> Iterator[str]:
    starts = np.searchsorted(matrix.row, np.arange(len(matrix.row_lower) + 1))
    for number, name in enumerate(names):
        low, high = matrix.row_lower[number], matrix.row_upper[number]
        part = slice(starts[number], starts[number + 1])
        terms = _terms(matrix.column[part], matrix.coefficient[part])
        yield f"row {_bound(low)} {_bound(high)} {terms} {name}"


def _sums(expression: Affine) -> Iterator[tuple[tuple[object, ...], str]]:
    """Yield (label, terms) of the sums over at least two columns."""
    for number, label in enumerate(expression.index.to_list()):
        here = expression.at == number
        columns, place = np.unique(expression.column[here], return_inverse=True)
        numbers = np.zeros(len(columns), dtype=np.int64)
        np.add.at(numbers, place, expression.coefficient[here])
        used = numbers != 0
        if used.sum() > 1:
            yield label, _terms(columns[used], numbers[used])


def _bound(number: int) -> str:
    return "-" if abs(number) >= FREE else str(number)


def _terms(columns: np.ndarray, numbers: np.ndarray) -> str:
    pairs = zip(columns.tolist(), numbers.tolist(), strict=True)
    return ",".join(f"{column}:{number}" for column, number in pairs) or "-"


def _name(first: str, label: Iterable[object] = ()) -> str:
    """Return a label as a JSON list on one line; numbers stay numbers."""
    plain = [int(part) if isinstance(part, int | np.integer) else str(part) for part in label]
    return json.dumps([first, *plain], ensure_ascii=False, separators=(",", ":"))
