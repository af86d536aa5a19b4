"""`optimizer firm`: verdicts in words and JSON, kept, taken up again, refused where they do not fit."""

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.cli.conftest import COMMAND, interrupted_between_solves, optimizer


@pytest.fixture
def stored(solved, tmp_path) -> Path:
    return Path(shutil.copytree(solved[0], tmp_path / "base"))


LIMITS = ("--solve-limit", 8, "--time-limit", 25)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_verdicts_fit_and_are_kept(city, stored, lang):
    """The table fits 100 columns in both languages; a second run starts from the file of the first."""
    asked = ("firm", city, "--solution", stored, "--within", "0.5%", *LIMITS, "--lang", lang)
    run = optimizer(*asked, cwd=city)
    assert run.returncode == 0, run.stderr
    assert max(map(cell_len, run.stdout.splitlines())) <= 100
    assert {"en": "firm", "ja": "固定"}[lang] in run.stdout and "■" in run.stdout
    kept = stored.with_name("base.firm-0.5%.json")
    before = json.loads(kept.read_text())["answers"]
    again = optimizer(*asked, "--json", cwd=city)
    data = json.loads(again.stdout)["data"]
    known = {(d["point"], d["period"]): d for d in data["decisions"]}
    assert before and all(known[a["point"], a["period"]] == a for a in before)
    assert data["firm"] + data["arbitrary"] + data["unknown"] == len(known)


def test_answers_to_another_question_are_refused(city, stored, tmp_path):
    """A file about another tolerance is not gone on from, unless --force replaces it."""
    keep = tmp_path / "answers.json"
    asked = ("firm", city, "--solution", stored, "--keep", keep, *LIMITS)
    assert optimizer(*asked, "--within", "0.1%", cwd=city).returncode == 0
    refused = optimizer(*asked, "--within", "0.2%", cwd=city)
    assert refused.returncode == 2 and "--force" in refused.stderr
    assert optimizer(*asked, "--within", "0.2%", "--force", cwd=city).returncode == 0


def test_an_assumption_is_moved(city, stored):
    """A named assumption gets its sides, or unknown; one that is not there is refused."""
    asked = ("firm", city, "--solution", stored, "--within", "20%", "--reach", "10%", *LIMITS)
    run = optimizer(*asked, "--assumption", "running_plaza", "--json", cwd=city)
    assert run.returncode == 0, run.stderr
    (number,) = json.loads(run.stdout)["data"]["numbers"]
    assert (number["name"], number["value"]) == ("running_plaza", "6000000")
    assert number["now"] in ("holds", "unknown")
    shown = optimizer(*asked, "--assumption", "running_plaza", "--lang", "ja", cwd=city)
    assert shown.returncode == 0 and "6,000,000" in shown.stdout
    assert max(map(cell_len, shown.stdout.splitlines())) <= 100
    assert optimizer(*asked, "--assumption", "nothing", cwd=city).returncode == 2


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_an_interrupt_keeps_what_is_known(city, stored):
    """Ctrl-C ends with code 130 and a table of what is known so far."""
    asked = ["firm", city, "--solution", stored, "--within", "0.5%", "--time-limit", 100]
    process = subprocess.Popen(
        [*COMMAND, *map(str, asked)], cwd=city, stdout=-1, stderr=-1, text=True, encoding="utf-8"
    )
    kept = stored.with_name("base.firm-0.5%.json")
    until = time.monotonic() + 60
    while not kept.exists() and time.monotonic() < until:
        time.sleep(0.2)
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    told, _ = process.communicate(timeout=60)
    assert process.returncode in (0, 130) and json.loads(kept.read_text())["answers"]
    assert "●" in told or "■" in told


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_an_interrupt_between_two_solves_is_told(city, stored):
    """A table of what is known does not pass for the whole."""
    asked = ("firm", city, "--solution", stored, "--within", "0.5%", "--lang", "en")
    run = interrupted_between_solves(*asked, cwd=city)
    assert run.returncode == 130 and "interrupted" in run.stdout
