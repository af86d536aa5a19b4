"""`optimizer price`: words, JSON, picture, answers kept and taken up again, interrupts."""

import json
import shutil
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.cli.conftest import COMMAND, interrupted_between_solves, optimizer


@pytest.fixture
def stored(solved, tmp_path) -> Path:
    return Path(shutil.copytree(solved[0], tmp_path / "base"))


def _asked(city, stored, *more):
    entries = ("--entry", "store_free", "--entry", "pace")
    return ("price", city, "--solution", stored, *entries, "--solve-limit", 2, *more)


@pytest.mark.parametrize(
    ("lang", "words"), [("en", ("left out", "a year")), ("ja", ("外す", "1年当たり"))]
)
def test_prices_fit_and_are_kept(city, stored, tmp_path, lang, words):
    """The tables fit 100 columns, the picture is sound and whole, and nothing is solved twice."""
    picture = tmp_path / "prices.svg"
    run = optimizer(*_asked(city, stored, "--svg", picture, "--lang", lang), cwd=city)
    assert run.returncode == 0, run.stderr
    assert max(map(cell_len, run.stdout.splitlines())) <= 100
    assert all(word in run.stdout for word in (*words, "3,000", "3,500", "2,500"))
    texts = [node.text or "" for node in ET.parse(picture).iter() if node.tag.endswith("text")]
    assert any("left out" in text for text in texts) and any("外す" in text for text in texts)
    assert "href" not in picture.read_text(encoding="utf-8")
    kept = json.loads(stored.with_name("base.price.json").read_text(encoding="utf-8"))["answers"]
    again = optimizer(*_asked(city, stored, "--json", "--time-limit", 0), cwd=city)
    assert again.returncode == 0 and "solves" not in again.stderr
    data = json.loads(again.stdout)["data"]
    assert {entry["id"] for entry in data["entries"]} == {"store_free", "pace"}
    outs = {answer["entry"]: answer for answer in kept if answer["limit"] is None}
    for entry in data["entries"]:
        first = entry["prices"][0]
        assert first["change"] == "left out"
        if (bound := outs[entry["id"]]["bound"]) is not None:
            assert first["most"] is not None and first["most"] <= data["best"] - bound


def test_without_time_it_is_unknown(city, stored):
    """No solve is begun, and the words say so; a tighter limit that the plan keeps needs none."""
    run = optimizer(*_asked(city, stored, "--time-limit", 0, "--lang", "en"), cwd=city)
    assert run.returncode == 0 and "unknown" in run.stdout
    assert not stored.with_name("base.price.json").exists()


def test_what_cannot_be_priced_is_refused(city, stored, tmp_path):
    """An unknown entry, and a file of answers to another question."""
    unknown = optimizer("price", city, "--solution", stored, "--entry", "nothing", cwd=city)
    assert unknown.returncode == 2 and "store_free" in unknown.stderr
    other = tmp_path / "other.json"
    other.write_text('{"question": {}, "answers": []}', encoding="utf-8")
    refused = optimizer(*_asked(city, stored, "--keep", other), cwd=city)
    assert refused.returncode == 2 and "--force" in refused.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_an_interrupt_in_a_solve_keeps_what_is_known(city, stored):
    """Ctrl-C ends with code 130 and the answers so far, at whatever moment it comes."""
    asked = ["price", city, "--solution", stored, "--solve-limit", 20, "--lang", "en"]
    process = subprocess.Popen(
        [*COMMAND, *map(str, asked)], cwd=city, stdout=-1, stderr=-1, text=True, encoding="utf-8"
    )
    kept = stored.with_name("base.price.json")
    until = time.monotonic() + 90
    while not kept.exists() and time.monotonic() < until:
        time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    told, _ = process.communicate(timeout=60)
    assert process.returncode == 130 and json.loads(kept.read_text())["answers"]
    assert "What the rules cost" in told and "interrupted" in told


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_an_interrupt_between_two_solves_is_told(city, stored):
    """A table of what is known does not pass for the whole."""
    asked = ("price", city, "--solution", stored, "--solve-limit", 20, "--lang", "en")
    run = interrupted_between_solves(*asked, cwd=city)
    assert run.returncode == 130 and "interrupted" in run.stdout
    kept = json.loads(stored.with_name("base.price.json").read_text(encoding="utf-8"))
    assert len(kept["answers"]) == 1
