"""Every fault of a CSV table is told with file, row, column, value and what to do."""

from pathlib import Path

import pandas as pd
import pytest

from optimizer.base.errors import InputError, Problem
from optimizer.files.solution_folder import csv_text
from optimizer.files.tables import COORDINATE_SCALE, Column, read_table

COLUMNS = [
    Column("point_id", "id"),
    Column("name"),
    Column("lat", "degrees"),
    Column("metres", "whole"),
    Column("open", "flag"),
    Column("far", "whole", blank=True),
    Column("note", "text", blank=True),
]
HEADER = "point_id,name,lat,metres,open,far,note"
GOOD = ["B1,大江,32.8,120,true,,", 'B2,"a, b",32.81234567,0,false,7,text']


def table(path: Path, content: bytes | str) -> list[Problem]:
    """Return the problems found in a table with this content; none if it can be read."""
    file = path / "points.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    try:
        read_table(file, COLUMNS, ["point_id"])
    except InputError as error:
        assert_told(error.problems)
        return list(error.problems)
    return []


def assert_told(problems: tuple[Problem, ...]) -> None:
    """Every problem names its file and says what is wrong and what to do in both languages."""
    for problem in problems:
        assert problem.file == "points.csv"
        for lang in ("en", "ja"):
            assert problem.message.say(lang) and problem.remedy.say(lang) and problem.say(lang)


def lines(*rows: str) -> str:
    return "\n".join([HEADER, *rows]) + "\n"


def test_a_good_table(tmp_path: Path) -> None:
    """Numbers become integers, degrees whole hundred-millionths, blanks nothing."""
    file = tmp_path / "points.csv"
    file.write_text(lines(*GOOD), encoding="utf-8")
    read = read_table(file, COLUMNS, ["point_id"])
    assert list(read.index) == [2, 3]
    assert read.loc[2, "lat"] == 328 * COORDINATE_SCALE // 10
    assert read.loc[3, "lat"] == 3281234567
    assert read["metres"].tolist() == [120, 0]
    assert read["open"].tolist() == [True, False]
    assert read["name"].tolist() == ["大江", "a, b"]
    assert read["far"].isna().tolist() == [True, False]


def test_columns_may_stand_in_any_order(tmp_path: Path) -> None:
    """The header decides which column is which."""
    text = "note,far,open,metres,lat,name,point_id\n,,true,120,32.8,大江,B1\n"
    assert table(tmp_path, text) == []


CELLS = [
    ("metres", "-5", "negative"),
    ("lat", "-32.8", "negative"),
    ("metres", "1.5", "fraction"),
    ("metres", "NaN", "not a number"),
    ("lat", "nan", "not a number"),
    ("lat", "inf", "not a number"),
    ("metres", "１２０", "full-width"),
    ("lat", "３２.８", "full-width"),
    ("metres", "1,200", "not a plain number"),
    ("metres", "１,200", "not a plain number"),
    ("metres", "1e3", "not a plain number"),
    ("metres", " 120", "not a plain number"),
    ("metres", "٣", "not a plain number"),
    ("metres", "", "missing"),
    ("metres", "1000000000001", "too large"),
    ("metres", "9" * 5000, "too large"),
    ("lat", "32.123456789", "more than 8 decimals"),
    ("open", "TRUE", "neither true nor false"),
    ("open", "", "neither true nor false"),
    ("point_id", "", "missing"),
    ("point_id", " B1", "spaces"),
    ("point_id", "Ｂ１", "full-width"),
    ("name", "", "missing"),
]


@pytest.mark.parametrize(("column", "value", "words"), CELLS)
def test_bad_cells(tmp_path: Path, column: str, value: str, words: str) -> None:
    """A cell that is not of its kind is told with its row, column and value."""
    cells = dict(zip(HEADER.split(","), GOOD[0].split(","), strict=True))
    cells[column] = f'"{value}"'
    (problem,) = table(tmp_path, lines(GOOD[1], ",".join(cells.values())))
    assert (problem.row, problem.column) == (3, column)
    assert problem.value in (value, "(empty)")
    assert words in problem.message.en


def test_full_width_digits_come_with_the_repair(tmp_path: Path) -> None:
    """Whoever typed full-width digits is told the number to write."""
    (problem,) = table(tmp_path, lines("B1,x,32.8,１２０,true,,"))
    assert "120" in problem.remedy.en and "120" in problem.remedy.ja


def test_unknown_column(tmp_path: Path) -> None:
    """A column that does not belong there is named; nothing is ignored in silence."""
    (problem,) = table(tmp_path, HEADER + ",colour\nB1,x,32.8,1,true,,,red\n")
    assert (problem.row, problem.column) == (1, "colour")
    assert "unknown column" in problem.message.en and "metres" in problem.remedy.en


def test_missing_and_repeated_columns(tmp_path: Path) -> None:
    """A column that is not there, and one that is there twice, are both named."""
    problems = table(tmp_path, "point_id,name,lat,open,open,far,note\n")
    assert [(p.column, p.message.en) for p in problems] == [
        ("metres", "the column is missing"),
        ("open", "the column is there twice"),
    ]


def test_duplicate_id(tmp_path: Path) -> None:
    """A repeated id is told at its second row, with the row of the first."""
    (problem,) = table(tmp_path, lines(*GOOD, GOOD[0]))
    assert (problem.row, problem.column, problem.value) == (4, "point_id", "B1")
    assert "row 2" in problem.message.en and "2行目" in problem.message.ja


@pytest.mark.parametrize("row", ["B1,x,32.8,1,true,", "B1,x,32.8,1,true,,,"])
def test_wrong_cell_count(tmp_path: Path, row: str) -> None:
    """A row with more or fewer cells than the header is told with both numbers."""
    (problem,) = table(tmp_path, lines(GOOD[1], row))
    assert problem.row == 3
    assert "header has 7" in problem.message.en and "7列" in problem.message.ja


def test_all_faults_in_one_run(tmp_path: Path) -> None:
    """Three faults in one file are three problems at once."""
    problems = table(
        tmp_path, lines("B1,x,32.8,-1,true,,", "B2,x,abc,1,maybe,,", "B1,x,1,1,true,,")
    )
    found = [(p.row, p.column, p.value) for p in problems]
    assert found == [
        (2, "metres", "-1"),
        (3, "lat", "abc"),
        (3, "open", "maybe"),
        (4, "point_id", "B1"),
    ]


@pytest.mark.parametrize(
    ("content", "row", "words"),
    [
        (b"", None, "empty"),
        (b" \n\n", None, "empty"),
        (b"\xef\xbb\xbf" + lines(*GOOD).encode(), None, "byte order mark"),
        (lines(*GOOD).encode("cp932"), 2, "CP932"),
        (lines(*GOOD).encode() + b"\xff\xff\xff", 4, "not UTF-8"),
        (lines(*GOOD).encode("utf-16-le"), None, "NUL"),
        (lines('B1,"x,32.8,1,true,,').encode(), None, "not a CSV"),
    ],
    ids=["empty", "blank", "BOM", "CP932", "not UTF-8", "UTF-16", "open quote"],
)
def test_unreadable_files(tmp_path: Path, content: bytes, row: int | None, words: str) -> None:
    """A file that is no UTF-8 CSV table is refused with what it is instead."""
    (problem,) = table(tmp_path, content)
    assert words in problem.message.en
    assert problem.row == row


@pytest.mark.parametrize("start", ["=B1", "+B1", "-B1", "@B1"])
def test_an_id_is_no_formula(tmp_path: Path, start: str) -> None:
    """An id that a spreadsheet would calculate is refused, so that every CSV file may hold ids."""
    (problem,) = table(tmp_path, lines(f"{start},x,32.8,1,true,,"))
    assert (problem.column, problem.value) == ("point_id", start)
    assert "formula" in problem.message.en


def test_csv_text_holds_no_formula() -> None:
    """A text of a table that a spreadsheet would calculate gets an apostrophe; numbers do not."""
    frame = pd.DataFrame({"ward": ["=1+1", "北区", "@x"], "margin": [-1, 0, 1]})
    assert csv_text(frame) == "ward,margin\n'=1+1,-1\n北区,0\n'@x,1\n"
    assert list(frame["ward"]) == ["=1+1", "北区", "@x"]


def test_missing_file_and_folder_in_its_place(tmp_path: Path) -> None:
    """A file that is not there, or not a file, is named."""
    for name in ("gone.csv", "folder.csv"):
        (tmp_path / "folder.csv").mkdir(exist_ok=True)
        with pytest.raises(InputError) as caught:
            read_table(tmp_path / name, COLUMNS, ["point_id"])
        (problem,) = caught.value.problems
        assert problem.file == name
        assert problem.message.ja and problem.remedy.ja
