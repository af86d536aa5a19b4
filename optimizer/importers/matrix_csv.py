"""A distance matrix as CSV: the header names the sites, the first column the customers.

A last column headed "weight" holds what a customer counts, a whole number of at least 1; without
it every customer counts 1. An empty cell is a pair without a way. Where the sites are customers
and ways are the same both ways, the matrix also tells the distances between sites.
"""

import csv
import io
import re
from decimal import Decimal
from pathlib import Path

import numpy as np

from optimizer.base.errors import InputError, Problem, refuse
from optimizer.base.words import Text
from optimizer.files.text_files import read_text
from optimizer.importers.location import NO_WAY, LocationData
from optimizer.importers.numbers import NUMBER, decimals_needed, made_whole

WEIGHT_CELL = re.compile("[0-9]{1,10}", re.ASCII)
WEIGHT = "weight"

Lines = list[tuple[int, list[str]]]
"""Rows of the file, each with the number of its line."""


def read(path: Path) -> LocationData:
    """Return the problem in `path`. Raises InputError with every bad cell."""
    lines = _lines(path)
    header = lines[0][1][1:]
    weighted = header[-1] == WEIGHT
    sites = header[:-1] if weighted else header
    customers = [cells[0] for _, cells in lines[1:]]
    problems = _id_problems(path, [(1, name) for name in sites])
    problems += _id_problems(path, [(number, cells[0]) for number, cells in lines[1:]])
    problems += _cell_problems(path, lines, weighted)
    if problems:
        raise InputError(problems)
    ways = [cell for _, cells in lines[1:] for cell in cells[1 : len(sites) + 1]]
    known = [Decimal(cell) for cell in ways if cell]
    decimals = decimals_needed(known)
    flat = np.full(len(ways), NO_WAY, dtype=np.int64)
    flat[[cell != "" for cell in ways]] = made_whole(known, decimals, path.name)
    cost = flat.reshape(len(customers), len(sites))
    weight = np.array([int(cells[-1]) if weighted else 1 for _, cells in lines[1:]])
    return LocationData(
        customers,
        sites,
        cost,
        decimals,
        weight=weight,
        demand=weight,
        between=_between(customers, sites, cost),
    )


def _lines(path: Path) -> Lines:
    """Return the rows that are not empty. Raises InputError where there is no matrix."""
    reader = csv.reader(io.StringIO(read_text(path)), strict=True)
    try:
        lines = [(reader.line_num, cells) for cells in reader if cells]
    except csv.Error as error:
        message = Text(f"not a CSV file ({error})", f"CSVでない({error})")
        remedy = Text("correct that line", "その行を直す")
        raise refuse(message, remedy, file=path.name, row=reader.line_num) from None
    width = len(lines[0][1]) if lines else 0
    if len(lines) < 2 or width < 2 or (width == 2 and lines[0][1][1] == WEIGHT):
        message = Text("no matrix", "行列がない")
        remedy = Text(
            "a header with the site ids, then a row per customer",
            "先頭行に候補地のid、以下一行に一つの需要地を書く",
        )
        raise refuse(message, remedy, file=path.name)
    return lines


def _between(customers: list[str], sites: list[str], cost: np.ndarray) -> np.ndarray | None:
    """Return the distances between sites if every site is a customer and ways are symmetric."""
    row = {name: n for n, name in enumerate(customers)}
    if not set(sites) <= set(row):
        return None
    square: np.ndarray = cost[[row[name] for name in sites]]
    return square if (square == square.T).all() else None


def _id_problems(path: Path, ids: list[tuple[int, str]]) -> list[Problem]:
    """Return a problem for every id that is empty, padded or there twice."""
    problems, seen = [], set()
    for row, name in ids:
        if name in seen:
            message = Text("the id is there twice", "idが重複している")
        elif not name or name != name.strip():
            message = Text("the id is empty or has spaces around it", "idが空か前後に空白がある")
        else:
            seen.add(name)
            continue
        remedy = Text("give each its own id", "それぞれに別のidを付ける")
        problems.append(Problem(message, remedy, path.name, row, "", name))
    return problems


def _cell_problems(path: Path, lines: Lines, weighted: bool) -> list[Problem]:
    """Return a problem for every row of another length and every cell that is no number."""
    problems, header = [], lines[0][1]
    for row, cells in lines[1:]:
        if len(cells) != len(header):
            message = Text(
                f"{len(cells)} cells where the header has {len(header)}",
                f"見出し{len(header)}列に対し{len(cells)}列ある",
            )
            remedy = Text("complete the row", "行を補う")
            problems.append(Problem(message, remedy, path.name, row))
            continue
        for column, cell in list(zip(header, cells, strict=True))[1:]:
            if weighted and column == WEIGHT:
                if WEIGHT_CELL.fullmatch(cell) and 1 <= int(cell) <= 10**9:
                    continue
                message = Text("not a whole weight of at least 1", "重みが1以上の整数でない")
            elif cell == "" or NUMBER.fullmatch(cell):
                continue
            else:
                message = Text("not a plain number of at least 0", "0以上の数として読めない")
            remedy = Text("correct the cell", "値を直す")
            problems.append(Problem(message, remedy, path.name, row, column, cell))
    return problems
