"""Instance -> LP or MPS file for any other solver, with readable names and what they stand for.

A name is the decision or the constraint entry and the labels: `assign.D01.welfare.W1.2017`,
`enough_staff.W1.2017`. Signs that LP files do not allow become `_`, and a name that would come
twice gets a number; what each name stands for is written beside the program.
"""

import gzip
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import pandas as pd

from optimizer.base.errors import refuse
from optimizer.base.words import Text
from optimizer.files.solution_folder import csv_text, write_bytes
from optimizer.model.build import build
from optimizer.model.instance import Instance
from optimizer.model.program import Matrix, Program
from optimizer.solver.engines.model_files import CONSTANT, OBJECTIVE, write_lp, write_mps
from optimizer.solver.number_limits import within_doubles

Writer = Callable[[TextIO, Matrix, Sequence[str], Sequence[str]], None]

WRITERS: dict[str, Writer] = {".lp": write_lp, ".mps": write_mps}

LONGEST = 200
"""Letters of a name; LP readers take 255."""


@dataclass(frozen=True)
class Exported:
    """What was written: the program, what its names stand for, and how large it is."""

    file: Path
    names: Path
    objective: str
    columns: int
    rows: int
    coefficients: int


def export(instance: Instance, file: Path, objective: str | None = None) -> Exported:
    """Write the program of one objective (the first unless named) to `file`, exactly.

    The ending decides the form: .lp or .mps, and .gz behind it. The file says: minimise this
    objective alone; earlier objectives are not held. Beside it lies `<file>.names.csv`. The same
    instance gives the same bytes. Raises InputError.
    """
    writer = _writer(file)
    ids = [o.id for o in instance.objectives]
    if objective is not None and objective not in ids:
        raise refuse(
            Text("no such objective", "その目的はない"),
            Text(f"one of {', '.join(ids)}", f"{', '.join(ids)} のいずれか"),
            column="--objective",
            value=objective,
        )
    number = 0 if objective is None else ids.index(objective)
    with within_doubles():
        model = build(instance)
        matrix = model.program.matrix(model.objectives[number])
    names = name_table(model.program)
    columns, rows = ([*names[names["part"] == p]["name"]] for p in ("column", "row"))
    text = io.StringIO()
    writer(text, matrix, columns, rows)
    data = text.getvalue().encode()
    write_bytes(file, gzip.compress(data, mtime=0) if file.suffix == ".gz" else data)
    beside = file.with_name(f"{file.name}.names.csv")
    write_bytes(beside, csv_text(names).encode())
    return Exported(file, beside, ids[number], len(columns), len(rows), len(matrix.coefficient))


def name_table(program: Program) -> pd.DataFrame:
    """Return every column and row in order: name, part (column or row), of (decision or entry), labels."""
    taken = {CONSTANT, OBJECTIVE}
    blocks = [
        *(("column", name, block.index) for name, block in program.columns.items()),
        *(("row", entry, rows.index) for entry, rows in program.rows),
    ]
    found = []
    for part, of, index in blocks:
        for label, name in zip(index, _unique(of, index, taken), strict=True):
            said = zip(index.names, label, strict=True)
            found.append((name, part, of, "; ".join(f"{level}={value}" for level, value in said)))
    return pd.DataFrame(found, columns=["name", "part", "of", "labels"])


def _unique(of: str, index: pd.MultiIndex, taken: set[str]) -> Iterator[str]:
    for label in index:
        plain = re.sub(r"[^A-Za-z0-9_.]", "_", ".".join([of, *map(str, label)]))[:LONGEST]
        plain = f"_{plain}" if re.match(r"[0-9.]|[eE][0-9]", plain) else plain  # else a number
        name, number = plain, 1
        while name in taken:
            number += 1
            name = f"{plain}..{number}"
        taken.add(name)
        yield name


def _writer(file: Path) -> Writer:
    ending = file.with_suffix("").suffix if file.suffix == ".gz" else file.suffix
    if ending in WRITERS:
        return WRITERS[ending]
    raise refuse(
        Text("not a form of program file", "プログラムのファイル形式でない"),
        Text("end in .lp, .mps, .lp.gz or .mps.gz", "末尾を .lp .mps .lp.gz .mps.gz にする"),
        column="--to",
        value=str(file),
    )
