"""Every fault of an instance folder is told with file, row, column, value and what to do."""

import csv
import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optimizer.base.errors import InputError, Problem
from optimizer.city.city import UNLIMITED, Extension
from optimizer.files.columns import TABLES
from optimizer.files.instance_folder import fingerprint, input_files, read_instance
from optimizer.model.instance import Instance
from tests.conftest import KUMAMOTO


def found(folder: Path) -> tuple[Problem, ...]:
    """Return the problems of a folder, each of them told in both languages."""
    with pytest.raises(InputError) as caught:
        read_instance(folder)
    problems = caught.value.problems
    assert problems
    for problem in problems:
        for lang in ("en", "ja"):
            assert problem.message.say(lang) and problem.remedy.say(lang)
            assert problem.file in problem.say(lang)
    return problems


def place(problem: Problem) -> tuple[str, int | None, str, str]:
    """Where a problem is."""
    return problem.file, problem.row, problem.column, problem.value


def replaced(folder: Path, file: str, old: str, new: str) -> Path:
    """Replace the first `old` in a file of the folder."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"the test looks for {old!r} in {file}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def with_cell(folder: Path, file: str, row: int, column: str, value: str) -> Path:
    """Write `value` into the cell of `row` (the header is row 1) and `column`."""
    path = folder / file
    table = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    table[row - 1][table[0].index(column)] = value
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(table)
    path.write_text(text.getvalue(), encoding="utf-8")
    return folder


def appended(folder: Path, text: str, file: str = "instance.toml") -> Path:
    """Add text at the end of a file."""
    path = folder / file
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
    return folder


def test_numbers_come_out_as_integers(kumamoto: Instance) -> None:
    """Whatever is a number in the tables of an instance is a whole one."""
    columns = [kumamoto.demand, kumamoto.travel["metres"], kumamoto.office_distances["metres"]]
    columns += [kumamoto.districts[n] for n in ("residents", "residents65", "residents75")]
    columns += [kumamoto.modes[n] for n in ("crew", "running_cost", "fee", "move_in_cost")]
    assert all(str(column.dtype) == "int64" for column in columns)


CELLS = [
    ("districts.csv", 5, "residents", "-1", "negative"),
    ("districts.csv", 5, "residents", "10.5", "fraction"),
    ("districts.csv", 5, "residents", "NaN", "not a number"),
    ("districts.csv", 5, "residents", "１２", "full-width"),
    ("districts.csv", 5, "residents", "9" * 5000, "too large"),
    ("districts.csv", 5, "district_id", "D01", "already in row 2"),
    ("districts.csv", 5, "room_id", "R99", "no such exchange room"),
    ("points.csv", 5, "kind", "castle", "no such kind"),
    ("points.csv", 5, "mode_today", "asleep", "no such mode"),
    ("points.csv", 5, "mode_today", "store", "kind of this point has no such mode"),
    ("points.csv", 5, "ward", "火星区", "no such ward"),
    ("rooms.csv", 5, "lat", "abc", "not a plain number"),
    ("travel.csv", 5, "point_id", "B99", "no such point"),
    ("travel.csv", 5, "district_id", "D99", "no such district"),
    ("travel.csv", 5, "origin", "guess", "no such origin"),
    ("travel.csv", 5, "straight_metres", "-3", "negative"),
    ("office_distances.csv", 5, "other_id", "W9", "no such point"),
    ("office_distances.csv", 5, "forced", "yes", "neither true nor false"),
]


@pytest.mark.parametrize(("file", "row", "column", "value", "words"), CELLS)
def test_bad_cells(folder: Path, file: str, row: int, column: str, value: str, words: str) -> None:
    """A cell that cannot be, or that refers to nothing, is told with its place and value."""
    told = [p for p in found(with_cell(folder, file, row, column, value)) if words in p.message.en]
    assert {place(p) for p in told} == {(file, row, column, value)}


def test_swapped_coordinates(folder: Path) -> None:
    """Latitude and longitude in each other's place are recognised as that."""
    with_cell(folder, "districts.csv", 2, "lat", "130.7")
    (problem,) = found(with_cell(folder, "districts.csv", 2, "lng", "32.8"))
    assert place(problem) == ("districts.csv", 2, "lat, lng", "130.7, 32.8")
    assert "swapped" in problem.message.en and "逆" in problem.message.ja


@pytest.mark.parametrize("file", ["districts.csv", "points.csv", "rooms.csv"])
def test_out_of_bounds(folder: Path, file: str) -> None:
    """A place outside the city is told with the bounds it should lie in."""
    with_cell(folder, file, 3, "lng", "130.7")
    (problem,) = found(with_cell(folder, file, 3, "lat", "35.6"))
    assert place(problem) == (file, 3, "lat, lng", "35.6, 130.7")
    assert "outside" in problem.message.en and "32.60" in problem.remedy.en


def test_more_old_people_than_residents(folder: Path) -> None:
    """The age groups of a district must fit into one another."""
    (problem,) = found(with_cell(folder, "districts.csv", 2, "residents65", "99999"))
    assert place(problem) == ("districts.csv", 2, "residents65", "99999")


def test_district_without_a_point_in_reach(folder: Path) -> None:
    """A district that nobody could ever serve is named, with the service it lacks."""
    path = folder / "travel.csv"
    rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(r for r in rows if not r.startswith("D01,")), encoding="utf-8")
    problems = found(folder)
    assert {place(p) for p in problems} == {("travel.csv", None, "district_id", "D01")}
    assert any("welfare" in p.message.en for p in problems)


def test_demand_of_today_alone_needs_no_counter_later(folder: Path) -> None:
    """A service that is asked for today and never again is no reason to refuse the instance."""
    shares = '{ 2016 = "1", 2017 = "0.95", 2018 = "0.90", 2019 = "0.90", 2020 = "0.90" }'
    none = '{ 2016 = "1", 2017 = "0", 2018 = "0", 2019 = "0", 2020 = "0" }'
    read_instance(replaced(folder, "instance.toml", shares, none))


def test_travel_cell_without_its_number(folder: Path) -> None:
    """A cell whose origin needs a number must have it."""
    (problem,) = found(with_cell(folder, "travel.csv", 2, "straight_metres", ""))
    assert place(problem)[:3] == ("travel.csv", 2, "straight_metres")


@pytest.mark.parametrize("file", [path.name for path in input_files(KUMAMOTO)])
def test_missing_file(folder: Path, file: str) -> None:
    """Each file that is not there is named."""
    (folder / file).unlink()
    assert (file, None, "", "") in [place(p) for p in found(folder)]


@pytest.mark.parametrize("file", TABLES)
@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda raw: b"", "empty"),
        (lambda raw: b"\xef\xbb\xbf" + raw, "byte order mark"),
        (lambda raw: raw.replace(b"\n", b",surplus\n", 1), "unknown column"),
        (lambda raw: raw + b"a,b\n", "cells where the header has"),
    ],
    ids=["empty", "BOM", "unknown column", "cell count"],
)
def test_spoilt_files(folder: Path, file: str, spoil: Callable[[bytes], bytes], words: str) -> None:
    """Each table that cannot be read as one is named, whichever it is."""
    (folder / file).write_bytes(spoil((folder / file).read_bytes()))
    assert words in " ".join(p.message.en for p in found(folder) if p.file == file)


def test_cp932_file(folder: Path) -> None:
    """A table saved by a Japanese spreadsheet is recognised, with the row where it shows."""
    text = (folder / "rooms.csv").read_text(encoding="utf-8")
    (folder / "rooms.csv").write_bytes(text.encode("cp932"))
    (problem,) = found(folder)
    assert place(problem) == ("rooms.csv", 2, "", "")
    assert "CP932" in problem.message.en and "シフトJIS" in problem.message.ja


def test_no_such_folder(tmp_path: Path) -> None:
    """A folder that is not there is named."""
    (problem,) = found(tmp_path / "nowhere")
    assert problem.file.endswith("nowhere")


def test_all_faults_of_all_files_in_one_run(folder: Path) -> None:
    """Three faults in one table and one in another are told together."""
    with_cell(folder, "districts.csv", 2, "residents", "x")
    with_cell(folder, "districts.csv", 3, "lat", "y")
    with_cell(folder, "districts.csv", 4, "store_access", "z")
    with_cell(folder, "points.csv", 2, "lng", "w")
    assert {place(p) for p in found(folder)} >= {
        ("districts.csv", 2, "residents", "x"),
        ("districts.csv", 3, "lat", "y"),
        ("districts.csv", 4, "store_access", "z"),
        ("points.csv", 2, "lng", "w"),
    }


def test_faults_do_not_breed(folder: Path) -> None:
    """A missing policy.toml is one problem, not one for every sentence that is referred to."""
    (folder / "policy.toml").unlink()
    assert len(found(folder)) == 1


#       what it is, old text, new text -> column, value, words
TOML = [
    ("unknown key", "[travel]", "[travel]\nspeed = 5", "travel.speed", "5", "not permitted"),
    ("unknown type", '"yearly_pace"', '"yearly_pase"', "constraint.pace.type", "yearly_pase", "type"),
    ("unknown objective", 'type = "travel"', 'type = "time"', "objective.type", "time", "type"),
    ("repeated entry id", 'id = "pace"', 'id = "five_km"', "five_km", "", "repeats"),
    ("id of an always-on rule", 'id = "pace"', 'id = "one_mode"', "one_mode", "", "repeats"),
    ("unknown parameter", 'id = "pace"', 'id = "pace"\npase = 1', "constraint.pace.pase", "1",
     "not permitted"),
    ("missing parameter", 'changes = "pace_changes"', "", "constraint.pace.changes", "", "required"),
    ("negative parameter", "metres = 5000", "metres = -1", "constraint.five_km.metres", "-1",
     "greater"),
    ("fraction", "metres = 5000", "metres = 0.5", "constraint.five_km.metres", "0.5", "integer"),
    ("flag for a number", "metres = 5000", "metres = true", "constraint.five_km.metres", "True",
     "integer"),
    ("no such assumption", 'changes = "pace_changes"', 'changes = "hurry"',
     "constraint.pace.changes", "hurry", ""),
    ("no such assumption of staff", 'wage = "wage"', 'wage = "pay"', "staff.wage", "pay",
     "no such assumption"),
    ("no such assumption of demand", 'rate = "welfare_rate"', 'rate = "wellfare"',
     "demand.welfare.rate", "wellfare", "no such assumption"),
    ("decimal assumption for a limit", 'changes = "pace_changes"', 'changes = "certificate_rate"',
     "constraint.pace.changes", None, "integer"),
    ("yearly assumption for a limit", 'changes = "pace_changes"', 'changes = "card_uptake"',
     "constraint.pace.changes", None, "integer"),
    ("where not in the key", 'changes = "pace_changes"',
     'changes = "pace_changes"\nwhere = { points = ["B01"] }', "constraint.pace.where.points", "",
     "no key 'point'"),
    ("unknown where", "where = { kinds =", "where = { kind =", "constraint.stores_open.where.kind",
     "['store']", "not permitted"),
    ("dangling point", 'points = ["X02"]', 'points = ["X99"]', "constraint.plaza.points", "X99",
     "no such point"),
    ("dangling point in where", 'points = ["X01"]', 'points = ["X99"]',
     "constraint.yoshino.where.points", "X99", "no such point"),
    ("dangling kind in where", 'kinds = ["ward_office"]', 'kinds = ["castle"]',
     "constraint.ward_office_reserve.where.kinds", "castle", "no such kind"),
    ("dangling period in where", "periods = [2020]", "periods = [2099]",
     "constraint.yoshino.where.periods", "2099", "no such period"),
    ("today in where", "periods = [2020]", "periods = [2016]",
     "constraint.yoshino.where.periods", "2016", "no such period"),
    ("dangling mode", 'modes = ["agency"]', 'modes = ["agent"]', "constraint.yoshino.modes",
     "agent", "no such mode"),
    ("dangling sentence", 'source = ["P32"]', 'source = ["P98"]', "constraint.one_function.source",
     "P98", "no such policy sentence"),
    ("a year beyond the plan", '= 2020\n\n[[constraint]]', '= 2099\n\n[[constraint]]',
     "constraint.one_function.", "2099", "no such period"),
    ("dangling office kind", 'id = "five_km"', 'id = "five_km"\noffice_kinds = ["castle"]',
     "constraint.five_km.office_kinds", "castle", "no such kind"),
    ("dangling service of a mode", 'serves = ["certificate_card"]', 'serves = ["dancing"]',
     "mode.store.serves", "dancing", "no such service"),
    ("dangling move", '["plaza", "closed"]', '["plaza", "gone"]', "moves", "gone", "no such mode"),
    ("negative assumption", "value = 72000", "value = -72000", "assumptions.person_minutes", "-72000",
     ""),
    ("nobody can work", "value = 72000", "value = 0", "assumptions.person_minutes", "0", ""),
    ("a share above one", '2020 = "0.20"', '2020 = "1.20"', "assumptions.card_uptake", None, "share"),
    ("a year without a value", ', 2020 = "0.20"', "", "assumptions.card_uptake.value", "2020",
     "no such period"),
    ("periods out of order", "{ period = 2017 }", "{ period = 2015 }", "period", "", "order"),
    ("dangling sentence of a claim", 'source = "P50"\ntest', 'source = "P98"\ntest',
     "claim.", "P98", "no such policy sentence"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "column", "value", "words"), [t[1:] for t in TOML], ids=[t[0] for t in TOML]
)
def test_faults_in_instance_toml(
    folder: Path, old: str, new: str, column: str, value: str | None, words: str
) -> None:
    """Each fault in instance.toml is told with the dotted place and the value."""
    problems = found(replaced(folder, "instance.toml", old, new))
    fits = [p for p in problems if p.column.startswith(column) and value in (None, p.value)]
    assert fits, [place(p) for p in problems]
    assert all(p.file == "instance.toml" and words in p.message.en for p in fits)


REPEATED = {
    "service": '[[service]]\nid = "welfare"\nen = "x"\nja = "x"\nminutes = 1\n',
    "mode": '[[mode]]\nid = "annex"\nen = "x"\nja = "x"\nrun_by = "none"\n',
    "kind": '[[kind]]\nid = "annex"\nen = "x"\nja = "x"\nmodes = ["closed"]\n',
    "demand": '[[demand]]\nservices = ["welfare"]\nbase = "residents"\nrate = "welfare_rate"\n',
}


@pytest.mark.parametrize("what", REPEATED)
def test_repeated_tables_in_instance_toml(folder: Path, what: str) -> None:
    """A second service, mode, kind or demand rule of one name is told, not silently preferred."""
    problems = found(appended(folder, "\n" + REPEATED[what]))
    assert any(p.file == "instance.toml" and p.column.startswith(what) for p in problems)


@pytest.mark.parametrize("file", ["instance.toml", "policy.toml"])
@pytest.mark.parametrize("text", ["= 3", "a = [1", "[[[", "a = " + "[" * 5000, "a = " + "9" * 5000])
def test_broken_toml(folder: Path, file: str, text: str) -> None:
    """A file that is not TOML is told as that, however deep it goes."""
    problems = found(appended(folder, "\n" + text + "\n", file))
    assert any(p.file == file and "not valid TOML" in p.message.en for p in problems)


def test_repeated_sentence(folder: Path) -> None:
    """A policy sentence that is there twice is told."""
    (problem, *_) = found(replaced(folder, "policy.toml", 'id = "P02"', 'id = "P01"'))
    assert problem.file == "policy.toml" and "repeats" in problem.message.en


def test_several_faults_in_instance_toml_at_once(folder: Path) -> None:
    """Three faults of entries are told in one run."""
    replaced(folder, "instance.toml", '"yearly_pace"', '"yearly_pase"')
    replaced(folder, "instance.toml", "metres = 5000", "metres = -1")
    replaced(folder, "instance.toml", 'points = ["X02"]\n', "")
    columns = [p.column for p in found(folder)]
    assert sorted(columns) == [
        "constraint.five_km.metres",
        "constraint.pace.type",
        "constraint.plaza.points",
    ]


def test_always_on_rules_are_there_unasked(kumamoto: Instance) -> None:
    """Rules that every plan needs are active though the file does not name them."""
    ids = [entry.id for entry in kumamoto.entries]
    assert {"one_mode", "assigned_once", "served_where_open", "enough_staff"} <= set(ids)
    assert len(ids) == len(set(ids))


def test_fingerprint_sees_every_file_and_change(folder: Path) -> None:
    """Another byte in any file, or another change, gives another fingerprint."""
    seen = {fingerprint(folder), fingerprint(folder, ["drop pace"])}
    for path in input_files(folder):
        appended(folder, "\n", path.name)
        seen.add(fingerprint(folder))
    assert len(seen) == 2 + len(input_files(folder))


@pytest.fixture(scope="module")
def small(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy for many examples in a row, each of which puts back what it spoilt."""
    copy = tmp_path_factory.mktemp("fuzz") / "kumamoto-2015"
    shutil.copytree(template, copy)
    assert isinstance(read_instance(copy), Instance)
    return copy


SPECIAL = ["", "-1", "1.5", "nan", "１", "true", "D01", "W1", "9" * 30, "9" * 5000, '"', "\r", "\0"]
NASTY = st.sampled_from(SPECIAL) | st.text(max_size=8)
HARMLESS = settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])


@HARMLESS
@given(st.sampled_from(sorted(TABLES)), st.data())
def test_any_cell_gives_an_instance_or_problems(
    small: Path, file: str, data: st.DataObject
) -> None:
    """Whatever stands in a cell, reading ends with an Instance or an InputError."""
    raw = (small / file).read_bytes()
    table = list(csv.reader(io.StringIO(raw.decode())))
    row = data.draw(st.integers(0, len(table) - 1))
    column = data.draw(st.integers(0, len(table[0]) - 1))
    table[row][column] = data.draw(NASTY)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(table)
    _read_spoilt(small / file, text.getvalue().encode("utf-8", "surrogatepass"), raw)


@HARMLESS
@given(st.sampled_from([p.name for p in input_files(KUMAMOTO)]), st.data())
def test_any_bytes_give_an_instance_or_problems(
    small: Path, file: str, data: st.DataObject
) -> None:
    """Whatever bytes are written over part of a file, reading ends in the same two ways."""
    raw = (small / file).read_bytes()
    start = data.draw(st.integers(0, len(raw)))
    length = data.draw(st.integers(0, 20))
    spoilt = raw[:start] + data.draw(st.binary(max_size=20)) + raw[start + length :]
    _read_spoilt(small / file, spoilt, raw)


def _read_spoilt(path: Path, spoilt: bytes, raw: bytes) -> None:
    path.write_bytes(spoilt)
    try:
        assert isinstance(read_instance(path.parent), Instance)
    except InputError as error:
        assert error.problems
    finally:
        path.write_bytes(raw)


def test_optional_columns_and_tables(folder: Path) -> None:
    """A site's own cost and capacity, borders and longer hours may be left out, or stated."""
    plain = read_instance(folder)
    assert set(plain.points["site_cost"]) == {0} and set(plain.points["capacity"]) == {UNLIMITED}
    assert plain.extension is None
    header, first, *rest = (folder / "points.csv").read_text(encoding="utf-8").splitlines()
    lines = [header + ",capacity,site_cost", first + ",700,", *(row + ",,5" for row in rest)]
    (folder / "points.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    text = (folder / "instance.toml").read_text(encoding="utf-8")
    text = text.replace("[staff]", "[extension]\nminutes = 6000\ncost = 9\n\n[staff]", 1)
    (folder / "instance.toml").write_text(text, encoding="utf-8")
    stated = read_instance(folder)
    point = first.partition(",")[0]
    assert stated.points["capacity"][point] == 700 and stated.points["site_cost"][point] == 0
    assert stated.extension == Extension(6000, 9)
    assert all((b, a) in stated.neighbours for a, b in stated.neighbours)
    (folder / "neighbours.csv").unlink()
    assert read_instance(folder).neighbours == frozenset()
