"""Programs as files that other solvers read: MPS (free) and LP, exact, the same bytes every time.

Every number is written as the integer it is. The constant of the objective is the cost of a column
`constant` fixed at 1, because readers disagree about the sign of a constant in MPS and some LP
readers take none. Rows without a limit say nothing and are left out. In LP a row with two
different limits becomes two, `..._least` and `..._most`.

Formats: IBM ILOG CPLEX File formats reference, MPS and LP; MPS with the word FREE after the name,
as CBC wants it for names that are longer than eight letters or contain spaces in column order.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TextIO

import numpy as np

from optimizer.model.matrix import FREE, Matrix

CONSTANT = "constant"
"""The column that is 1 and costs the constant of the objective."""

OBJECTIVE = "objective"

TERMS_A_LINE = 6
"""Some readers of LP stop at 255 characters a line."""


def write_mps(
    file: TextIO,
    matrix: Matrix,
    columns: Sequence[str],
    rows: Sequence[str],
    whole: np.ndarray | None = None,
) -> None:
    """Write `matrix` with these names of columns and rows; whole: which columns are integer, default all."""
    kinds = _kinds(matrix)
    file.write(f"NAME program FREE\nROWS\n N {OBJECTIVE}\n")
    file.writelines(f" {k} {name}\n" for k, name in zip(kinds, rows, strict=True) if k)
    file.write("COLUMNS\n")
    file.writelines(_mps_columns(matrix, columns, rows, kinds, whole))
    file.write("RHS\n")
    right = np.where(matrix.row_lower > -FREE, matrix.row_lower, matrix.row_upper)
    limits = zip(kinds, rows, right.tolist(), strict=True)
    file.writelines(f" RHS {name} {value}\n" for k, name, value in limits if k and value)
    both = _two_limits(matrix)
    if both.any():
        file.write("RANGES\n")
        width = (matrix.row_upper - matrix.row_lower)[both].tolist()
        names = (rows[i] for i in np.flatnonzero(both).tolist())
        file.writelines(f" RNG {n} {w}\n" for n, w in zip(names, width, strict=True))
    file.write("BOUNDS\n")
    bounds = zip(columns, matrix.lower.tolist(), matrix.upper.tolist(), strict=True)
    for name, low, high in bounds:
        file.write(_mps_bound(name, low, high))
    if matrix.offset:
        file.write(f" FX BND {CONSTANT} 1\n")
    file.write("ENDATA\n")


def write_lp(file: TextIO, matrix: Matrix, columns: Sequence[str], rows: Sequence[str]) -> None:
    """Write `matrix`, all columns integer, with these names of columns and rows."""
    constant = [f"{matrix.offset:+d} {CONSTANT}"] if matrix.offset else []
    priced = [
        f"{cost:+d} {name}"
        for cost, name in zip(matrix.cost.tolist(), columns, strict=True)
        if cost
    ]
    file.write(f"Minimize\n {OBJECTIVE}:{_wrapped([*priced, *constant] or [f'0 {columns[0]}'])}\n")
    file.write("Subject To\n")
    starts = np.searchsorted(matrix.row, np.arange(len(rows) + 1)).tolist()
    column, coefficient = matrix.column.tolist(), matrix.coefficient.tolist()
    limits = zip(matrix.row_lower.tolist(), matrix.row_upper.tolist(), strict=True)
    for name, (low, high), (first, end) in zip(rows, limits, pairwise(starts), strict=True):
        terms = [f"{coefficient[i]:+d} {columns[column[i]]}" for i in range(first, end)]
        left = _wrapped(terms or [f"0 {columns[0]}"])
        if low == high:
            file.write(f" {name}:{left} = {low}\n")
            continue
        two = low > -FREE and high < FREE
        if low > -FREE:
            file.write(f" {name}{'_least' if two else ''}:{left} >= {low}\n")
        if high < FREE:
            file.write(f" {name}{'_most' if two else ''}:{left} <= {high}\n")
    file.write("Bounds\n")
    bounds = zip(columns, matrix.lower.tolist(), matrix.upper.tolist(), strict=True)
    for name, low, high in bounds:
        least = str(low) if low > -FREE else "-inf"
        file.write(f" {least} <= {name}{f' <= {high}' if high < FREE else ''}\n")
    if matrix.offset:
        file.write(f" {CONSTANT} = 1\n")
    file.write("Generals\n")
    file.writelines(f" {name}\n" for name in columns)
    file.write("End\n")


def _kinds(matrix: Matrix) -> list[str]:
    """Return E, G, L for each row, empty for one without a limit."""
    low, high = matrix.row_lower > -FREE, matrix.row_upper < FREE
    equal = matrix.row_lower == matrix.row_upper
    return [str(k) for k in np.select([equal, low, high], ["E", "G", "L"], "")]


def _two_limits(matrix: Matrix) -> np.ndarray:
    low, high = matrix.row_lower > -FREE, matrix.row_upper < FREE
    both: np.ndarray = low & high & (matrix.row_lower != matrix.row_upper)
    return both


def _mps_columns(
    matrix: Matrix,
    columns: Sequence[str],
    rows: Sequence[str],
    kinds: list[str],
    whole: np.ndarray | None,
) -> Iterator[str]:
    """Yield the lines of all columns, each at least once, with markers around the integer ones."""
    order = np.lexsort((matrix.row, matrix.column))
    row, value = matrix.row[order].tolist(), matrix.coefficient[order].tolist()
    starts = np.searchsorted(matrix.column[order], np.arange(len(columns) + 1)).tolist()
    integer = [True] * len(columns) if whole is None else whole.tolist()
    inside, marks = False, 0
    for number, (name, cost) in enumerate(zip(columns, matrix.cost.tolist(), strict=True)):
        if integer[number] != inside:
            inside, marks = integer[number], marks + 1
            yield f" MARK{marks} 'MARKER' '{'INTORG' if inside else 'INTEND'}'\n"
        entries = [i for i in range(starts[number], starts[number + 1]) if kinds[row[i]]]
        if cost or not entries:
            yield f" {name} {OBJECTIVE} {cost}\n"
        yield from (f" {name} {rows[row[i]]} {value[i]}\n" for i in entries)
    if inside:
        yield f" MARK{marks + 1} 'MARKER' 'INTEND'\n"
    if matrix.offset:
        yield f" {CONSTANT} {OBJECTIVE} {matrix.offset}\n"


def _mps_bound(name: str, low: int, high: int) -> str:
    """Return the bounds of one column, always in full: readers differ in what they assume."""
    if low == high:
        return f" FX BND {name} {low}\n"
    least = f" LO BND {name} {low}\n" if low > -FREE else f" MI BND {name}\n"
    return least + (f" UP BND {name} {high}\n" if high < FREE else f" PL BND {name}\n")


def _wrapped(terms: list[str]) -> str:
    lines = (terms[i : i + TERMS_A_LINE] for i in range(0, len(terms), TERMS_A_LINE))
    return "\n ".join(" " + " ".join(line) for line in lines)
