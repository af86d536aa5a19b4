"""A constraint from another package: its one file is enough for everything.

The package of `tests/outside/` is laid out by hand as an installer would leave it, so that the
test needs neither pip nor network.
"""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pandas as pd
import pytest

from optimizer.base.words import LANGUAGES
from tests.conftest import KUMAMOTO
from tests.small import write_west_ward

OUTSIDE = Path(__file__).parent / "outside"
CODE = (OUTSIDE / "open_late.py").read_text(encoding="utf-8")
ROOT = Path(__file__).parents[1]
ENTRY = '\n[[constraint]]\ntype = "open_late"\nid = "open"\nplaces = {}\nsource = ["P40"]\n'
HOURS = "\n[extension]\nminutes = 6000\ncost = 500000\n"


def install(place: Path, module: str) -> Path:
    """Lay out the package in `place` with `module` as its code; returns the place."""
    project = tomllib.loads((OUTSIDE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    info = place / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir(parents=True)
    head = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    (info / "METADATA").write_text(head, encoding="utf-8")
    groups = project["entry-points"].items()
    points = [f"[{g}]\n" + "".join(f"{n} = {at}\n" for n, at in e.items()) for g, e in groups]
    (info / "entry_points.txt").write_text("\n".join(points), encoding="utf-8")
    (place / "open_late.py").write_text(module, encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def package(tmp_path_factory) -> Path:
    """The package as it is."""
    return install(tmp_path_factory.mktemp("site"), CODE)


@pytest.fixture(scope="module")
def ward(tmp_path_factory) -> Path:
    """The west ward with longer hours on offer and an entry of the outside constraint: two places."""
    folder = write_west_ward(KUMAMOTO, tmp_path_factory.mktemp("city") / "west")
    with (folder / "instance.toml").open("a", encoding="utf-8") as file:
        file.write(HOURS + ENTRY.format(2))
    return folder


@pytest.fixture(scope="module")
def solved(package, ward, tmp_path_factory) -> Path:
    """A solution of that ward."""
    folder = tmp_path_factory.mktemp("solved") / "open"
    run = optimizer(package, "solve", ward, "--out", folder, "--time-limit", 20)
    assert run.returncode == 0, run.stderr
    return folder


def optimizer(place: Path, *arguments: object) -> subprocess.CompletedProcess:
    """Run the command line where `place` is on the path of Python."""
    return python(place, "-m", "optimizer.cli.main", *arguments)


def python(place: Path, *arguments: object) -> subprocess.CompletedProcess:
    """Run Python with `place` on its path."""
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=place,
        env={**os.environ, "LC_ALL": "C.UTF-8", "PYTHONPATH": f"{place}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )


def test_it_is_one_short_file():
    """The package is one module of at most sixty lines, and its project file."""
    assert {p.name for p in OUTSIDE.iterdir() if p.is_file()} == {"pyproject.toml", "open_late.py"}  # fmt: skip
    assert len((OUTSIDE / "open_late.py").read_text(encoding="utf-8").splitlines()) <= 60


def test_it_is_in_the_rule_book(package, tmp_path):
    """`constraints` lists it, shows it with its limit, and writes its page."""
    for lang, head in (("en", "from"), ("ja", "提供元")):
        listed = optimizer(package, "constraints", "--lang", lang).stdout
        assert head in listed and "open_late" in listed and "open-late" in listed
    data = json.loads(optimizer(package, "constraints", "open_late", "--json").stdout)["data"]
    assert data["open_late"]["parameters"]["places"]["default"] == 1
    assert data["open_late"]["limit"] == "places"
    assert data["open_late"]["origin"] == "open-late 1.0"
    shown = optimizer(package, "constraints", "open_late", "--lang", "ja").stdout
    assert "各区で17時以降も開く窓口" in shown and "緩和では `places`" in shown
    optimizer(package, "constraints", "--pages", tmp_path / "pages")
    page = (tmp_path / "pages" / "open_late.md").read_text(encoding="utf-8")
    for words in (
        "Each ward keeps a stated number of places open after 17:00.",
        "各区で17時以降も開く窓口",
        "| `places` | count",
    ):
        assert words in page
    assert "open_late.md" in (tmp_path / "pages" / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "column", "value"),
    [
        ("places=-1", "constraint.open.places", "-1"),
        ('places="many"', "constraint.open.places", "many"),
        ("colour=3", "constraint.open.colour", "3"),
        ('source=["P999"]', "constraint.open.source", "P999"),
        ("where={periods=[1999]}", "constraint.open.where.periods", "1999"),
        ('where={points=["B1"]}', "constraint.open.where.points", ""),
    ],
)
def test_its_entries_are_validated(package, ward, change, column, value):
    """A bad value of an entry ends with 2 and names file, place and value."""
    run = optimizer(package, "validate", ward, "--set", f"constraint.open.{change}", "--json")
    assert run.returncode == 2, run.stdout
    told = [
        (p["file"], p["column"], p["value"]) for p in json.loads(run.stdout)["error"]["problems"]
    ]
    assert ("instance.toml", column, value) in told


def test_set_reaches_its_parameters(package, ward):
    """`--set` changes its parameter and gives it a flex, like any other's."""
    changes = ("--set", "constraint.open.places=3", "--set", "constraint.open.flex=2")
    assert optimizer(package, "validate", ward, *changes).returncode == 0
    run = optimizer(package, "solve", ward, "--set", "constraint.open.places=99", "--out", "none")
    assert run.returncode == 3, "there are not so many counters"


def test_a_solve_obeys_it(package, solved, ward, tmp_path):
    """The plan keeps the limit; without the entry, nobody pays for longer hours."""
    readings = pd.read_csv(solved / "readings.csv", dtype=str)
    mine = readings[readings["entry"] == "open"]
    assert len(mine) == 4 and (mine["actual"].astype(int) >= 2).all()
    assert (mine["limit"] == "2").all()
    free = tmp_path / "free"
    optimizer(package, "solve", ward, "--out", free, "--time-limit", 10, "--drop", "open")
    longer = pd.read_csv(free / "plan" / "extended.csv")
    assert longer.iloc[:, -1].sum() < 8


def test_verify_speaks_its_words(package, ward, solved, tmp_path):
    """`verify` measures a plan on it without a solver, and tells a violation in its own words."""
    fine = optimizer(package, "verify", ward, solved, "--lang", "ja")
    assert fine.returncode == 0 and "各区で17時以降も開く窓口" in fine.stdout
    stricter = tmp_path / "stricter"
    shutil.copytree(ward, stricter)
    text = (stricter / "instance.toml").read_text(encoding="utf-8")
    strict = text.replace("places = 2", "places = 3")
    (stricter / "instance.toml").write_text(strict, encoding="utf-8")
    for lang, words in (
        ("en", "西区, FY2017: 2 counters open after 17:00 (at least 3)."),
        ("ja", "西区・2017年度: 17時以降も開く窓口2か所(下限3か所)。"),
    ):
        run = optimizer(package, "verify", stricter, solved, "--lang", lang)
        assert run.returncode == 1 and words in run.stdout, run.stdout


def test_its_saboteurs_are_counted(package):
    """`--counterexamples` tries its three plans too, and all are caught."""
    data = json.loads(optimizer(package, "constraints", "--counterexamples", "--json").stdout)[
        "data"
    ]
    assert data["kill_rate_percent"] == 100
    mine = [trial for trial in data["counterexamples"] if trial["rule"] == "open_late"]
    assert [trial["killed"] for trial in mine] == [True] * 3


def test_a_hole_in_it_is_told(tmp_path):
    """With rows that forbid too little, or a check that sees too little, the code is 1."""
    for number, hole in enumerate([">= self.places]", "self.places)\n"]):
        assert CODE.count(hole) == 1
        spoilt = CODE.replace(hole, hole.replace("self.places", "self.places - 1"))
        place = install(tmp_path / str(number), spoilt)
        run = optimizer(place, "constraints", "open_late", "--counterexamples")
        assert run.returncode == 1 and "✗" in run.stdout and "0 of 3" in run.stdout, run.stdout


BROKEN = {
    "a module that is missing": ("import no_such_module", "No module named 'no_such_module'"),
    "a syntax error": ("def :", "SyntaxError: invalid syntax"),
    "an error at import": ("1 / 0", "ZeroDivisionError: division by zero"),
    "an exit at import": ("raise SystemExit(3)", "SystemExit: 3"),
    "no such class": ("", "AttributeError"),
    "no constraint": ("OpenLate = int", "open_late:OpenLate is not a constraint"),
    "half a constraint": (
        "from optimizer.rules import Constraint\nclass OpenLate(Constraint): pass",
        "open_late:OpenLate lacks key, words, check, examples",
    ),
}
"""What is wrong with a plug-in -> its code, and what is told of it in English."""


@pytest.mark.parametrize(("code", "error"), BROKEN.values(), ids=BROKEN)
def test_a_broken_one_is_named_and_stops_nothing_else(ward, tmp_path, code, error):
    """Commands work on with a warning; an entry of its type ends with 2, package and error named."""
    place = install(tmp_path / "site", code)
    run = optimizer(place, "validate", KUMAMOTO, "--json")
    assert run.returncode == 0 and json.loads(run.stdout)["ok"], run.stderr
    assert run.stderr.count("\n") == 1 and run.stderr.startswith("warning: the plug-in 'open_")
    assert "open-late 1.0" in run.stderr and error in run.stderr
    listed = optimizer(place, "constraints", "--lang", "ja")
    assert listed.returncode == 0 and "yearly_pace" in listed.stdout
    assert "open_late" not in listed.stdout
    assert listed.stderr.startswith("警告: プラグイン「open_late」(open-late 1.0)")
    english, japanese = (optimizer(place, "validate", ward, "--lang", lang) for lang in LANGUAGES)
    assert english.returncode == japanese.returncode == 2
    told, told_in_japanese = english.stderr.splitlines()[0], japanese.stderr.splitlines()[0]
    assert "column constraint.open.type" in told and "could not be loaded" in told
    assert "open-late 1.0" in told and error in told
    assert "読み込めない" in told_in_japanese and "open-late 1.0" in told_in_japanese
    assert "Traceback" not in english.stderr + japanese.stderr
    assert optimizer(place, "constraints", "open_late").returncode == 2


def test_help_does_not_ask_for_plug_ins(tmp_path):
    """A command that needs no rules loads none and says nothing of a broken plug-in."""
    place = install(tmp_path / "site", "1 / 0")
    for arguments in (("--help",), ("constraints", "--help"), ("doctor",)):
        run = optimizer(place, *arguments)
        assert run.returncode == 0 and run.stderr == ""


@pytest.mark.parametrize("taken", ["yearly_pace", "open_late"])
def test_it_cannot_take_the_name_of_another(tmp_path, taken):
    """Called like one of ours, or like another package's, it is named and not used."""
    place = install(tmp_path / "site", CODE)
    (info,) = place.glob("*.dist-info")
    other = shutil.copytree(info, place / "zebra-2.0.dist-info")
    head = "Metadata-Version: 2.1\nName: zebra\nVersion: 2.0\n"
    (other / "METADATA").write_text(head, encoding="utf-8")
    points = other / "entry_points.txt"
    points.write_text(points.read_text().replace("open_late =", f"{taken} ="))
    run = optimizer(place, "constraints", "--json")
    rules = json.loads(run.stdout)["data"]
    assert run.returncode == 0 and f"the plug-in '{taken}' of zebra 2.0 could not" in run.stderr
    assert rules["open_late"]["origin"] == "open-late 1.0"
    assert rules["yearly_pace"]["origin"] == "optimizer"
    assert optimizer(place, "validate", KUMAMOTO).returncode == 0


def test_its_name_may_differ_from_its_file(ward, tmp_path):
    """The rule is called as its entry point is, in the instance and in what is told of it."""
    place = install(tmp_path / "site", CODE)
    (points,) = place.glob("*.dist-info/entry_points.txt")
    points.write_text(points.read_text().replace("open_late =", "enough_open ="))
    city = shutil.copytree(ward, tmp_path / "city")
    spec = (city / "instance.toml").read_text(encoding="utf-8")
    (city / "instance.toml").write_text(spec.replace('"open_late"', '"enough_open"'))
    assert optimizer(place, "validate", city).returncode == 0
    code = "from optimizer.constraints import registry as r; print(r()['enough_open'].type_name())"
    assert python(place, "-c", code).stdout == "enough_open\n"


def test_our_pages_are_fresh_beside_it(package):
    """The committed pages are ours alone: an installed plug-in does not make them stale."""
    code = "from tests.cli import test_cli; test_cli.test_documentation_pages_are_fresh()"
    run = python(package, "-c", code)
    assert run.returncode == 0, run.stderr
