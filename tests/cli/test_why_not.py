"""`why`, `why-not` and `comments`: words, JSON, tables, refusals, answers kept and taken up again."""

import csv
import json
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.cli.conftest import COMMAND, optimizer


@pytest.fixture
def stored(solved, tmp_path) -> Path:
    return Path(shutil.copytree(solved[0], tmp_path / "base"))


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("about", [("--district", "芳野"), ("--point", "花園総合出張所")])
def test_why_tells_every_alternative(city, stored, about, lang):
    """Fits 100 columns, leaves no blank in its sentences, and cites the policy."""
    run = optimizer("why", city, "--solution", stored, *about, "--lang", lang, cwd=city)
    assert run.returncode == 0, run.stderr
    assert max(map(cell_len, run.stdout.splitlines())) <= 100
    assert about[1] in run.stdout and "{" not in run.stdout and re.search(r"P[0-9]{2}", run.stdout)


def test_why_asks_for_one_district_or_counter(city, stored):
    """Neither, both, and a name that is not there."""
    for about in ((), ("--district", "芳野", "--point", "西区役所"), ("--district", "芳")):
        run = optimizer("why", city, "--solution", stored, *about, cwd=city)
        assert run.returncode == 2 and not run.stdout


def test_why_not_tells_a_cost_or_what_forbids_it(city, stored):
    """The plan found keeps the query; what is impossible names the constraint and its sentence."""
    asked = ("why-not", city, "--solution", stored, "--time-limit", 6, "--lang", "en")
    costs = optimizer(*asked, "西区役所.staff>=12@2019", "--json", cwd=city)
    data = json.loads(costs.stdout)["data"]
    assert costs.returncode == 0 and data["verdict"] == "costs"
    assert data["extra_least"] <= data["extra_attained"] and data["comparison"]
    forbidden = optimizer(*asked, "河内総合出張所=service_corner@2018", cwd=city)
    assert forbidden.returncode == 0, forbidden.stderr
    assert all(word in forbidden.stdout for word in ("proved", "five_km", "P29", "what is asked"))
    assert max(map(cell_len, forbidden.stdout.splitlines())) <= 100
    same = optimizer(*asked, "芳野分室=agency@2020", cwd=city)
    assert "does this already" in same.stdout


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("西部出張所=closed@2018", "花園総合出張所"),
        ("花園総合出張所=open", "general_branch"),
        ("花園総合出張所=closed@2031", "2017, 2018"),
        ("make it good", "POINT=MODE@YEAR"),
    ],
)
def test_a_query_that_is_not_understood_is_refused(city, stored, query, told):
    """The words say what is known, and nothing is solved."""
    run = optimizer("why-not", city, query, "--solution", stored, "--lang", "en", cwd=city)
    assert run.returncode == 2 and told in run.stderr and not run.stdout


ROWS = [
    ("1", "芳野分室=agency@2020", "残してほしい"),
    ("2", "河内総合出張所=service_corner@2018", '=HYPERLINK("x")'),
    ("3", "西区役所.staff>=12@2019", ""),
    ("4", "芳野分室=agency@2020", "=again"),
]


def requests(folder: Path, rows=ROWS) -> Path:
    path = folder / "requests.csv"
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows([("id", "ask", "text"), *rows])
    return path


def _asked(city, stored, *more):
    return ("comments", city, "--solution", stored, "--solve-limit", 6, *more)


def test_every_request_is_answered_once(city, stored, tmp_path):
    """The table holds each row with its text made harmless; a second run solves nothing."""
    path, out = requests(tmp_path), tmp_path / "answers.csv"
    asked = _asked(city, stored, "--requests", path, "--out", out)
    run = optimizer(*asked, "--lang", "ja", cwd=city)
    assert run.returncode == 0, run.stderr
    assert max(map(cell_len, run.stdout.splitlines())) <= 100
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == ["1", "2", "3", "4"]
    verdicts = [row["verdict"] for row in rows]
    assert verdicts == ["adopted", "impossible", "costs", "adopted"]
    assert [row["text"][:2] for row in rows] == ["残し", "'=", "", "'="]
    assert rows[1]["entries"] == "five_km" and "P29" in rows[1]["policy"]
    assert rows[2]["extra_attained"] and int(rows[2]["extra_least"]) <= int(
        rows[2]["extra_attained"]
    )
    assert run.stderr.count("反映済み") == 1  # asked once, though it stands there twice
    again = optimizer(*asked, "--force", "--json", "--time-limit", 0, cwd=city)
    assert again.returncode == 0
    assert [a["verdict"] for a in json.loads(again.stdout)["data"]["answers"]] == verdicts


def test_without_time_a_request_is_unknown(city, stored, tmp_path):
    """Never adopted, never impossible."""
    asked = _asked(city, stored, "--requests", requests(tmp_path), "--time-limit", 0)
    run = optimizer(*asked, "--json", cwd=city)
    answers = json.loads(run.stdout)["data"]["answers"]
    assert {a["verdict"] for a in answers} == {"unknown"}
    assert all("time was over" in a["answer_en"] for a in answers)


def test_faults_are_named_all_at_once(city, stored, tmp_path):
    """File, row and value of every query that is not understood; nothing is overwritten."""
    wrong = [("1", "nothing", ""), ("2", "芳野分室=agency@2020", ""), ("3", "西区役所=xx", "")]
    asked = _asked(city, stored, "--requests", requests(tmp_path, wrong), "--lang", "en")
    run = optimizer(*asked, cwd=city)
    assert run.returncode == 2 and "2 problem(s)" in run.stderr
    assert "requests.csv, row 2" in run.stderr and "row 4" in run.stderr
    path = requests(tmp_path)
    before = path.read_bytes()
    onto = optimizer(*_asked(city, stored, "--requests", path, "--out", path), cwd=city)
    assert onto.returncode == 2 and "--force" in onto.stderr and path.read_bytes() == before


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_an_interrupt_keeps_what_was_answered(city, stored, tmp_path):
    """Ctrl-C ends with code 130, all answers so far, and the rest as not asked."""
    rows = [(str(n), f"西区役所.staff>={11 + n}@2019", "") for n in range(8)]
    path, out = requests(tmp_path, rows), tmp_path / "answers.csv"
    asked = _asked(city, stored, "--requests", path, "--out", out, "--lang", "en")
    process = subprocess.Popen(
        [*COMMAND, *map(str, asked)], cwd=city, stdout=-1, stderr=-1, text=True, encoding="utf-8"
    )
    kept, until = stored.with_name("base.comments.json"), time.monotonic() + 90
    while not kept.exists() and time.monotonic() < until:
        time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    told, _ = process.communicate(timeout=60)
    assert process.returncode == 130 and json.loads(kept.read_text())["answers"]
    with out.open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == len(rows)
    assert "Not asked" in told
