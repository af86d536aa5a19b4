"""What-if changes to the rows of CSV tables, made before the rows are checked.

A path is `TABLE.csv[COLUMN=VALUE|VALUE,COLUMN=VALUE].COLUMN`; the brackets choose rows, all without
them. "set" and "scale" change cells, "add" adds a row, "drop" takes rows out, and with a district,
point or room every row of another table that names it.
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from optimizer.base.errors import InputError, refuse
from optimizer.base.words import Text
from optimizer.files.changes import Change, factor_of, half_up, value_of
from optimizer.files.columns import TABLES
from optimizer.files.tables import Lines

PATH = re.compile(r"(?P<file>[a-z_]+\.csv)(\[(?P<where>[^\]]*)\])?(\.(?P<column>\w+))?", re.ASCII)
NAMED_BY = {
    "districts.csv": ("district_id", ("district_id", "other_id")),
    "points.csv": ("point_id", ("point_id", "other_id")),
}
"""Of a table, its id and the columns of other tables that name it."""


class Edit(NamedTuple):
    """One change of a table. where: column -> accepted values. value: text of a cell, or a row."""

    change: str
    verb: str
    file: str
    where: Mapping[str, tuple[str, ...]]
    column: str | None
    value: str


def table_edits(changes: Iterable[Change]) -> list[Edit]:
    """Return those of `changes` that are about tables. Raises InputError."""
    return [_edit(change) for change in changes if change.of_table]


def edited(tables: Mapping[str, Lines], edits: Iterable[Edit]) -> dict[str, Lines]:
    """Return the rows of all tables with each edit made in turn. Raises InputError."""
    found = {file: [(number, list(line)) for number, line in t] for file, t in tables.items()}
    for edit in edits:
        if edit.file not in found:
            raise _wrong(edit, "the table is not there", "表がない", ", ".join(found))
        if edit.verb == "add":
            _add(found[edit.file], edit)
            continue
        rows = found[edit.file]
        chosen = _chosen(rows, edit)
        if edit.verb == "drop":
            _drop(found, edit, chosen)
            continue
        at = _column(rows[0][1], edit.column, edit)
        for number in chosen:
            line = rows[number][1]
            if at < len(line):
                line[at] = edit.value if edit.verb == "set" else _scaled(line[at], edit)
    return found


def _edit(change: Change) -> Edit:
    match = PATH.match(change.path)
    assert match is not None  # `of_table` saw the name of a table
    file, where, column = match["file"], match["where"], match["column"]
    verb, value = change.verb, change.value or ""
    edit = Edit(change.text, verb, file, {}, column, _text(value) if verb == "set" else value)
    if file not in TABLES:
        raise _wrong(edit, "no such table", "該当する表がない", ", ".join(TABLES))
    cells, takes_value = verb in ("set", "scale"), verb != "drop"
    if (
        (column is not None) != cells
        or (change.value is not None) != takes_value
        or change.path[match.end() :].strip()
    ):
        raise _wrong(edit, "not a change of a table", "表の変更として読めない", FORMS)
    pairs = [pair.partition("=") for pair in where.split(",")] if where else []
    chosen = {name.strip(): tuple(values.split("|")) for name, _, values in pairs}
    return edit._replace(where=chosen)


FORMS = (
    "set points.csv[point_id=P1|P2].kind=K, scale districts.csv.residents65=1.1,"
    " add points.csv={...}, drop points.csv[point_id=P1]"
)


def _text(value: str) -> str:
    stated = value_of(value)
    if isinstance(stated, bool):
        return str(stated).lower()
    return str(stated) if isinstance(stated, str) else value


def _chosen(rows: Lines, edit: Edit) -> list[int]:
    """Return the numbers of the rows that the edit is about; at least one."""
    header = rows[0][1]
    wanted = [(_column(header, name, edit), values) for name, values in edit.where.items()]
    for at, values in wanted:
        there = {line[at] for _, line in rows[1:] if at < len(line)}
        for value in values:
            if value not in there:
                raise _wrong(edit, f"no row has {value}", f"「{value}」の行がない", "")
    found = [
        number
        for number, (_, line) in enumerate(rows)
        if number and line and all(at < len(line) and line[at] in v for at, v in wanted)
    ]
    if not found:
        raise _wrong(edit, "no row is chosen", "該当する行がない", "")
    return found


def _column(header: list[str], name: str | None, edit: Edit) -> int:
    if name in header:
        return header.index(name)
    raise _wrong(edit, "no such column", "該当する列がない", ", ".join(header))


def _scaled(cell: str, edit: Edit) -> str:
    factor = factor_of(edit.value)
    if re.fullmatch("[0-9]{1,10}", cell, re.ASCII):
        return str(half_up(Decimal(cell) * factor))
    raise _wrong(edit, f"not a whole number: {cell!r}", f"整数でない:「{cell}」", "")


def _add(rows: Lines, edit: Edit) -> None:
    stated = value_of(edit.value)
    if not isinstance(stated, dict):
        raise _wrong(edit, "not a row", "行として読めない", 'add points.csv={point_id = "P9", ...}')
    header = rows[0][1]
    for name in stated:
        _column(header, name, edit)
    line = [_text(str(stated[name])) if name in stated else "" for name in header]
    line = ["true" if c == "True" else "false" if c == "False" else c for c in line]
    rows.append((rows[-1][0] + 1, line))


def _drop(tables: dict[str, Lines], edit: Edit, chosen: list[int]) -> None:
    rows = tables[edit.file]
    gone = set(chosen)
    key, names = NAMED_BY.get(edit.file, ("", ()))
    ids = {rows[n][1][rows[0][1].index(key)] for n in gone} if key in rows[0][1] else set()
    tables[edit.file] = [row for number, row in enumerate(rows) if number not in gone]
    for file, others in tables.items():
        if file == edit.file or not ids:
            continue
        header = others[0][1]
        at = [header.index(name) for name in names if key in header and name in header]
        kept = [r for r in others[1:] if not any(i < len(r[1]) and r[1][i] in ids for i in at)]
        tables[file] = [others[0], *kept]


def _wrong(edit: Edit, en: str, ja: str, known: str) -> InputError:
    remedy = Text(known or "see docs/scenarios.md", known or "docs/scenarios.md を参照")
    return refuse(Text(en, ja), remedy, file=edit.file, value=edit.change)
