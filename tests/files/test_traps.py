"""What has fooled other programs: digits that are none, keys that stand twice, files that unpack."""

import gzip
import json
import shutil
from pathlib import Path

import pytest

from optimizer.base.errors import InputError
from optimizer.cli.actions.sweep import Request, cases_of
from optimizer.cli.options import parse_gap
from optimizer.files import text_files
from optimizer.files.areas import read_areas
from optimizer.files.instance_folder import read_instance
from optimizer.files.json_files import read_json
from optimizer.files.kept import kept
from optimizer.files.text_files import read_text
from optimizer.importers import matrix_csv
from tests.conftest import KUMAMOTO
from tests.files.test_instance_folder import found, replaced, with_cell

DIGITS = ["１２", "1_000", "٣", "²", "1e3", "0x10", "+1", "1.", "NaN", "9" * 5000]
"""What `int`, `float`, `Decimal` or `str.isdigit` take and people do not mean, or too much of it."""


@pytest.mark.parametrize("text", DIGITS)
def test_cells_take_plain_digits_only(folder, text):
    """A cell of an instance that Python would take for a number is refused with row and column."""
    problem = found(with_cell(folder, "districts.csv", 2, "residents", text))[0]
    assert (problem.file, problem.row, problem.column) == ("districts.csv", 2, "residents")


@pytest.mark.parametrize(
    "text", [d for d in DIGITS if d not in ("1e3", "1.")] + ["", "%", "-1%", "1"]
)
def test_a_gap_takes_plain_digits_only(text):
    """`--gap` refuses what `Decimal` would take; one and more is no gap."""
    with pytest.raises(InputError, match="not a gap"):
        parse_gap(text)


@pytest.mark.parametrize(("text", "gap"), [("0.1%", "1/1000"), ("0", "0"), (".05", "1/20"), ("1e-4", "1/10000")])  # fmt: skip
def test_gaps(text, gap):
    """Per cent, plain and small numbers are exact gaps."""
    assert str(parse_gap(text)) == gap


@pytest.mark.parametrize(
    "text", ['"' + "9" * 5000 + '"', '"１2"', "1_000_000_000_000", "nan", "inf", "1.5"]
)
def test_numbers_of_instance_toml(folder, text):
    """An assumption that is too long, full-width, a float or no number is refused in words."""
    found(replaced(folder, "instance.toml", "value = 7000000", f"value = {text}"))


@pytest.mark.parametrize(
    "text", ['{"a": NaN}', '{"a": -Infinity}', '{"a": 1, "a": 2}', "[" * 100_000, "{", ""]
)
def test_json_is_plain(tmp_path, text):
    """NaN, a key that stands twice, an endless nest and half a file are no JSON for us."""
    file = tmp_path / "x.json"
    file.write_text(text)
    with pytest.raises(InputError) as caught:
        read_json(file)
    assert caught.value.problems[0].file == "x.json"


def test_answers_with_a_key_twice(tmp_path):
    """Answers beside a solution are read as strictly."""
    (tmp_path / "base.price.json").write_text('{"question": {}, "question": {}, "answers": []}')
    with pytest.raises(InputError, match="twice"):
        kept(tmp_path / "base", "price", {})


def test_utf8_is_tried_before_cp932(tmp_path):
    """A UTF-8 text whose bytes are also CP932 is read as UTF-8; CP932 is named as what it is."""
    file = tmp_path / "x.csv"
    for text in ("あい", "校区"):
        file.write_text(text, encoding="utf-8")
        assert read_text(file) == text
    assert "あい".encode().decode("cp932") != "あい"  # the bytes are both
    file.write_bytes("校区".encode("cp932"))
    with pytest.raises(InputError, match="CP932"):
        read_text(file)


@pytest.mark.parametrize("id", ["Ｂ99", "B９9", "B99\u200b", "ﾊ99", "e\u0301"])
def test_ids_that_look_alike_are_refused(folder, id):
    """An id that is another one after NFKC never becomes a second point of the same name."""
    problem = found(with_cell(folder, "points.csv", 2, "point_id", id))[0]
    assert (problem.file, problem.column) == ("points.csv", "point_id")


def test_a_file_too_large_says_how_large(tmp_path, monkeypatch):
    """The limit of size stands in the error, for tables, JSON and shapes; nothing is read of it."""
    monkeypatch.setattr(text_files, "LARGEST_FILE", 1000)
    for name, read in (
        ("x.json", read_json),
        ("districts.geojson", lambda p: read_areas(p.parent)),
    ):
        (tmp_path / name).write_bytes(bytes(1001))
        with pytest.raises(InputError, match="over 64 MiB"):
            read(tmp_path / name)


def test_a_proof_that_unpacks_to_too_much(tmp_path):
    """200 kB that unpack to 200 MB are refused with the limit, unread."""
    from optimizer.proof.check import UNPACKED, Refused, check

    bomb = gzip.compress(bytes(200 * 2**20), 9)
    assert len(bomb) < 250_000
    with pytest.raises(Refused, match=str(UNPACKED)):
        check(bomb)


def test_a_weight_of_five_thousand_digits(tmp_path):
    """A weight that is too long for Python to read is refused with its cell."""
    file = tmp_path / "m.csv"
    file.write_text(f"id,a,weight\nc,1,{'9' * 5000}\n")
    with pytest.raises(InputError) as caught:
        matrix_csv.read(file)
    assert (caught.value.problems[0].row, caught.value.problems[0].column) == (2, "weight")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda t: t.replace('"Polygon"', '"Point"', 1),
        lambda t: t.replace('"Polygon"', '"LineString"', 1),
        lambda t: t.replace("district_id", "\udc93"),
        lambda t: t[: len(t) // 2],
        lambda t: t.replace("]", "", 1),
    ],
)
def test_shapes_that_are_no_areas(tmp_path, spoil):
    """Points, lines, half a file and bytes that are no text end in words."""
    text = (KUMAMOTO / "districts.geojson").read_text(encoding="utf-8")
    raw = spoil(text).encode("utf-8", "surrogateescape")
    (tmp_path / "districts.geojson").write_bytes(raw)
    with pytest.raises(InputError) as caught:
        read_areas(tmp_path)
    assert caught.value.problems[0].file == "districts.geojson"


def test_a_table_of_cases_with_a_lone_carriage_return(tmp_path):
    """A sweep's table that is no CSV is refused in words."""
    table = tmp_path / "cases.csv"
    table.write_bytes(b"a,b\r1,2\n3,4\n")
    blank = dict.fromkeys(Request.__dataclass_fields__, ()) | {"instance": tmp_path, "table": table}
    with pytest.raises(InputError, match="CSV"):
        cases_of(Request(**blank))


def test_the_order_of_rows_changes_nothing(folder, tmp_path):
    """An instance with its rows the other way round is the same to the last number."""
    other = Path(shutil.copytree(folder, tmp_path / "other"))
    for name in ("districts.csv", "points.csv", "travel.csv", "rooms.csv", "office_distances.csv"):
        header, *rows = (other / name).read_text(encoding="utf-8").splitlines(keepends=True)
        (other / name).write_text("".join([header, *rows[::-1]]), encoding="utf-8")
    one, two = read_instance(folder), read_instance(other)
    for part in ("districts", "points", "rooms", "travel", "office_distances", "links"):
        assert getattr(one, part).equals(getattr(two, part)), part
    assert one.demand.equals(two.demand) and json.dumps(sorted(one.kinds)) == json.dumps(
        sorted(two.kinds)
    )
