"""Where a solution goes: a bad place is refused before the solve, and no finished plan is lost."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from optimizer.base.errors import InputError
from optimizer.cli.actions.storing import store
from optimizer.files.solution_folder import TakenError, first_free, reserve, write_solution
from tests.cli.conftest import optimizer

TABLES = {"a.csv": "x\n"}


def test_a_place_under_a_file_is_refused_before_the_solve(city, tmp_path):
    """`--out file/x` ends with code 2 and its place, and no second of solving."""
    (tmp_path / "file").write_text("")
    run = optimizer("solve", city, "--out", tmp_path / "file" / "x", cwd=tmp_path)
    assert run.returncode == 2 and "cannot be written" in run.stderr
    assert "gap" not in run.stderr


@pytest.mark.parametrize("place", ["file/x", "file/x/y", "n" * 300, "new/..", "link"])
def test_reserve_refuses_every_place_that_could_not_be_written(tmp_path, place):
    """Files in the way, names too long, ways back and dangling links are refused at once."""
    (tmp_path / "file").write_text("")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    with pytest.raises(InputError):
        reserve(tmp_path / place, force=False)
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_reserve_refuses_a_parent_without_permission(tmp_path):
    """A parent folder that may not be written is refused at once."""
    (tmp_path / "closed").mkdir(mode=0o500)
    with pytest.raises(InputError):
        reserve(tmp_path / "closed" / "x", force=False)


def test_reserve_and_write_refuse_alike(tmp_path):
    """A taken folder is refused by the same words before and after; force replaces only solutions."""
    place = tmp_path / "x"
    write_solution(place, TABLES, {}, force=False)
    words = []
    for refuses in (reserve, lambda f, force: write_solution(f, TABLES, {}, force)):
        with pytest.raises(TakenError) as caught:
            refuses(place, False)
        words.append([problem.say("ja") for problem in caught.value.problems])
    assert words[0] == words[1] and "--force" in words[0][0]
    reserve(place, force=True)
    (place / "manifest.json").unlink()
    with pytest.raises(TakenError):
        reserve(place, force=True)


@pytest.mark.parametrize("force", [False, True])
def test_a_place_taken_meanwhile_gives_the_next_free_name(tmp_path, capsys, force):
    """What came into the place during the solve stays, and the plan is stored beside it, told so."""
    place = tmp_path / "x"
    reserve(place, force)
    place.mkdir()
    (place / "letter.txt").write_text("not ours")
    assert store(place, TABLES, {}, force) == tmp_path / "x-2"
    assert (place / "letter.txt").read_text() == "not ours"
    assert (tmp_path / "x-2" / "a.csv").read_text() == "x\n"
    assert "x-2" in capsys.readouterr().err
    assert store(place, TABLES, {}, force) == tmp_path / "x-3"


def test_two_solves_into_one_folder_keep_both_plans(tmp_path, monkeypatch):
    """A folder that appears between the last look and the rename is not replaced either."""
    place = tmp_path / "x"
    rename = Path.rename

    def late(self, target):
        monkeypatch.setattr(Path, "rename", rename)
        write_solution(place, {"a.csv": "first\n"}, {}, force=False)
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", late)
    assert store(place, {"a.csv": "second\n"}, {}, force=False) == tmp_path / "x-2"
    assert (place / "a.csv").read_text() == "first\n"
    assert (tmp_path / "x-2" / "a.csv").read_text() == "second\n"


def test_free_names_count_from_two(tmp_path):
    """The first free name is the name itself, then the name with -2, -3, ..."""
    assert first_free(tmp_path / "plan-2017") == tmp_path / "plan-2017"
    (tmp_path / "plan-2017").mkdir()
    (tmp_path / "plan-2017-2").write_text("")
    assert first_free(tmp_path / "plan-2017") == tmp_path / "plan-2017-3"


SPOILT = """
from optimizer.cli.actions import {module} as place
def spoilt(*given, **more):
    raise ZeroDivisionError("no cases at all")
place.{name} = spoilt
from optimizer.cli.main import main
main()
"""
"""The command, with one maker of reports that fails."""


@pytest.mark.parametrize(
    ("module", "name", "file"),
    [
        ("solution", "workbook", "report.xlsx"),
        ("solution", "html_report", "report.html"),
        ("solution", "fairness_panel", "fairness.csv"),
        ("solve", "full_report", None),
    ],
)
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_report_that_fails_loses_no_plan(city, tmp_path, module, name, file, lang):
    """The plan is stored and sound without it; the fault is named, with code 7."""
    command = [sys.executable, "-c", SPOILT.format(module=module, name=name), "solve", str(city)]
    out = tmp_path / "x"
    run = subprocess.run(
        [*command, "--out", str(out), "--time-limit", "2", "--lang", lang],
        capture_output=True, text=True, encoding="utf-8", env={**os.environ, "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    assert run.returncode == 7, run.stderr
    told = run.stderr.splitlines()[-1]
    assert "ZeroDivisionError: no cases at all" in told and "Traceback" not in run.stderr
    assert (file or {"en": "the report", "ja": "報告"}[lang]) in told
    assert file is None or not (out / file).exists()
    files = {"report.xlsx", "report.html", "fairness.csv"} - {file}
    assert all((out / each).stat().st_size for each in files)
    assert optimizer("verify", city, out, cwd=tmp_path).returncode == 0


def test_a_city_without_any_case_has_its_reports(city, tmp_path):
    """Nobody lives there: page, workbook and tables are made all the same."""
    empty = Path(shutil.copytree(city, tmp_path / "empty"))
    table = pd.read_csv(empty / "districts.csv", dtype=str, keep_default_na=False)
    for column in ("residents", "residents65", "residents75"):
        table[column] = "0"
    table.to_csv(empty / "districts.csv", index=False)
    out = tmp_path / "x"
    run = optimizer("solve", empty, "--out", out, "--time-limit", 2, cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert {"report.html", "report.xlsx", "fairness.csv"} <= {p.name for p in out.iterdir()}
