"""CSV tables: read whole, checked cell by cell, every fault reported in one go."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pandas as pd

from optimizer.base.errors import InputError, Problem
from optimizer.base.words import Text
from optimizer.files.neutral import starts_formula
from optimizer.files.text_files import read_text, unreadable

COORDINATE_SCALE = 10**8
"""Latitudes and longitudes are kept as whole hundred-millionths of a degree."""

LARGEST_NUMBER = 10**9

WHOLE = re.compile(r"[0-9]+", re.ASCII)
DECIMAL = re.compile(r"[0-9]+(\.[0-9]{1,8})?", re.ASCII)


@dataclass(frozen=True)
class Column:
    """What a column holds. kind: id, text, whole, degrees or flag; `blank` allows empty cells.

    An `optional` column may be left out of the file; its cells are then blank.
    """

    name: str
    kind: str = "text"
    blank: bool = False
    optional: bool = False


Lines = list[tuple[int, list[str]]]
"""Of every row of a CSV file the number of its line and its cells; the first row is the header."""


def read_lines(path: Path, marked: bool = False) -> Lines:
    """Return the rows of a CSV file; `marked` as of `read_text`.

    Raises InputError if it is empty or not CSV.
    """
    text = read_text(path, marked)
    if not text.strip():
        raise unreadable(path, Text("the file is empty", "ファイルが空である"))
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        return [(reader.line_num - sum(cell.count("\n") for cell in line), line) for line in reader]
    except csv.Error as error:
        raise unreadable(path, Text(f"not a CSV file ({error})", f"CSVでない({error})")) from None


def read_table(path: Path, columns: Sequence[Column], key: Sequence[str]) -> pd.DataFrame:
    """Return the table of a CSV file, indexed by the row number in the file.

    Raises InputError with every fault of the file.
    """
    return checked_table(path, read_lines(path), columns, key)


def checked_table(
    path: Path, rows_of_file: Lines, columns: Sequence[Column], key: Sequence[str]
) -> pd.DataFrame:
    """Return the table of these rows, indexed by their numbers.

    Every column must be there and no other; every cell must be of its kind; `key` must not
    repeat. Raises InputError with every fault of the file.
    """
    names = [column.name for column in columns]
    lines = [line for _, line in rows_of_file]
    problems = _header_problems(path.name, lines[0], columns)
    if problems:
        raise InputError(problems)
    columns = [column for column in columns if column.name in lines[0]]
    order = [lines[0].index(column.name) for column in columns]
    rows: dict[int, list[object]] = {}
    seen: dict[tuple[object, ...], int] = {}
    for number, line in rows_of_file[1:]:
        if not line:
            continue
        if len(line) != len(columns):
            problems.append(
                Problem(
                    Text(
                        f"{len(line)} cells where the header has {len(columns)}",
                        f"見出し{len(columns)}列に対し{len(line)}列ある",
                    ),
                    Text("put text with commas in quotes", "カンマを含む文は引用符で囲む"),
                    path.name,
                    number,
                )
            )
            continue
        cells = [line[position] for position in order]
        values = [
            _cell(cell, column, path.name, number, problems)
            for cell, column in zip(cells, columns, strict=True)
        ]
        rows[number] = values
        label = tuple(cells[[c.name for c in columns].index(name)] for name in key)
        if label in seen:
            problems.append(
                Problem(
                    Text(f"already in row {seen[label]}", f"{seen[label]}行目と重複している"),
                    Text("keep one of the two rows", "どちらか一行だけ残す"),
                    path.name,
                    number,
                    ", ".join(key),
                    ", ".join(str(part) for part in label),
                )
            )
        seen.setdefault(label, number)
    if problems:
        raise InputError(problems)
    table = pd.DataFrame.from_dict(rows, orient="index", columns=[c.name for c in columns])
    return table.reindex(columns=names)


def dangling(
    file: str, table: pd.DataFrame, column: str, known: Iterable[object], of: Text
) -> list[Problem]:
    """Return a problem for every cell of `column` that is not among `known`; blanks pass."""
    known = set(known)
    message = Text(f"no such {of.en}", f"該当する{of.ja}がない")
    remedy = Text(
        f"use one of the ids of the {of.en} table, or add it there",
        f"{of.ja}の表にある値を使うか、表に加える",
    )
    return [
        Problem(message, remedy, file, int(row), column, str(value))
        for row, value in table[column].items()
        if value != "" and value not in known
    ]


def _header_problems(file: str, header: list[str], columns: Sequence[Column]) -> list[Problem]:
    wanted = [column.name for column in columns]
    problems = []
    for column in columns:
        if column.name not in header and not column.optional:
            message = Text("the column is missing", "列がない")
            remedy = Text("add it to the header row", "見出しの行に加える")
            problems.append(Problem(message, remedy, file, 1, column.name))
    for position, name in enumerate(header):
        if name in wanted and name not in header[:position]:
            continue
        again = name in header[:position]
        message = (
            Text("the column is there twice", "同じ列が二つある")
            if again
            else Text("unknown column", "知らない列である")
        )
        remedy = Text(
            "rename or remove it; the columns are " + ", ".join(wanted),
            "名前を直すか除く。列は " + ", ".join(wanted),
        )
        problems.append(Problem(message, remedy, file, 1, name))
    return problems


def _cell(text: str, column: Column, file: str, row: int, problems: list[Problem]) -> object:
    def wrong(en: str, ja: str, do_en: str, do_ja: str) -> None:
        problems.append(
            Problem(Text(en, ja), Text(do_en, do_ja), file, row, column.name, text or "(empty)")
        )

    if text == "" and column.blank:
        return "" if column.kind in ("id", "text") else None
    if column.kind == "text":
        if not text.strip():
            wrong("the text is missing", "文がない", "fill the cell", "値を入れる")
        return text
    plain = unicodedata.normalize("NFKC", text)
    if column.kind == "id":
        if text == "":
            wrong("the id is missing", "idがない", "give every row an id", "各行にidを付ける")
        elif text != text.strip() or plain != text:
            wrong(
                "the id has spaces at its ends or full-width characters",
                "idの前後に空白があるか全角文字を含む",
                f"write {plain.strip()!r}",
                f"「{plain.strip()}」と書く",
            )
        elif not text.isprintable():  # two ids that look alike would be two points
            wrong(
                "the id holds characters that nobody sees",
                "idに見えない文字が含まれている",
                "type the id anew",
                "idを打ち直す",
            )
        elif starts_formula(text):
            wrong(
                "the id begins as a formula does in a spreadsheet",
                "idが表計算の数式と同じ文字で始まる",
                "begin it with a letter or a digit",
                "英数字で始める",
            )
        return text
    if column.kind == "flag":
        if text not in ("true", "false"):
            wrong(
                "neither true nor false",
                "true でも false でもない",
                "write true or false",
                "true か false と書く",
            )
        return text == "true"
    pattern = WHOLE if column.kind == "whole" else DECIMAL
    if pattern.fullmatch(text):
        if column.kind == "whole":
            if len(text) > 10 or int(text) > LARGEST_NUMBER:
                wrong(
                    "the number is too large", "数が大きすぎる", "check the unit", "単位を確かめる"
                )
                return 0
            return int(text)
        return int(Decimal(text) * COORDINATE_SCALE)
    if text == "":
        wrong("the number is missing", "数がない", "fill the cell", "値を入れる")
    elif plain != text and pattern.fullmatch(plain):
        wrong("full-width digits", "全角の数字である", f"write {plain}", f"半角で {plain} と書く")
    elif plain.strip().lower() in ("nan", "inf", "-inf", "infinity", "-infinity"):
        wrong("not a number", "数でない", "write the number", "数を書く")
    elif re.fullmatch(r"-[0-9.]+", plain, re.ASCII):
        wrong(
            "a negative number", "負の数である", "write a number of at least 0", "0以上の数を書く"
        )
    elif column.kind == "degrees" and re.fullmatch(r"[0-9]+\.[0-9]+", plain, re.ASCII):
        wrong(
            "more than 8 decimals",
            "小数点以下が8桁を超える",
            "round to 8 decimals (about 1 mm)",
            "8桁(約1mm)に丸める",
        )
    elif column.kind == "whole" and re.fullmatch(r"[0-9]*\.[0-9]+", plain, re.ASCII):
        wrong("a fraction where a whole number is due", "整数でない", "round it", "整数にする")
    else:
        wrong(
            "not a plain number",
            "数として読めない",
            "use the digits 0-9 only (no separators)",
            "半角数字だけで書く(桁区切りなし)",
        )
    return 0
