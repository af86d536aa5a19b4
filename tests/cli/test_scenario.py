"""`--scenario` and `optimizer scenario`, from the outside."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import optimizer


@pytest.fixture
def place(city, tmp_path) -> Path:
    return Path(shutil.copytree(city, tmp_path / "west"))


def test_a_scenario_is_made_listed_solved_and_verified(place):
    """What `new` writes, `list`, `show` and `check` read; its plan is stored under its name."""
    made = optimizer(
        "scenario", "new", place, "dear", "--set", "assumptions.wage=8000000",
        "--author", "me", "--reason", "wages rise", "--json", cwd=place,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    fingerprint = json.loads(made.stdout)["data"]["fingerprint"]
    shown = optimizer("scenario", "show", place, "dear", "--json", cwd=place)
    assert json.loads(shown.stdout)["data"]["fingerprint"] == fingerprint
    for lang, told in (("en", "1 scenarios"), ("ja", "シナリオ1件")):
        listed = optimizer("scenario", "list", place, "--lang", lang, cwd=place)
        assert "dear" in listed.stdout and told in listed.stdout
    assert "✓ dear" in optimizer("scenario", "check", place, cwd=place).stdout
    run = optimizer(
        "solve", place, "--scenario", "dear", "--time-limit", 5, "--gap", "50%", cwd=place
    )
    assert run.returncode == 0, run.stderr
    (folder,) = (place / "solutions").glob("*/dear")
    manifest = json.loads((folder / "manifest.json").read_text())
    assert (manifest["scenario"], manifest["fingerprint"]) == ("dear", fingerprint)
    assert manifest["changes"] == ["set assumptions.wage=8000000"]
    assert optimizer("verify", place, folder, cwd=place).returncode == 0


def test_what_cannot_be_is_refused(place):
    """A name taken, no change, a change that leads nowhere and a broken file end with code 2."""
    asked = ("--author", "me", "--reason", "why")
    change = ("--set", "assumptions.wage=8000000")
    assert optimizer("scenario", "new", place, "a", *asked, cwd=place).returncode == 2
    assert optimizer("scenario", "new", place, "../a", *asked, *change, cwd=place).returncode == 2
    nowhere = ("--set", "assumptions.wages=8")
    assert optimizer("scenario", "new", place, "a", *asked, *nowhere, cwd=place).returncode == 2
    assert not (place / "scenarios" / "a.toml").exists()
    assert optimizer("scenario", "new", place, "a", *asked, *change, cwd=place).returncode == 0
    assert optimizer("scenario", "new", place, "a", *asked, *change, cwd=place).returncode == 2
    (place / "scenarios" / "b.toml").write_text('id = "b"\n')
    checked = optimizer("scenario", "check", place, "--json", cwd=place)
    assert checked.returncode == 2
    assert list(json.loads(checked.stdout)["data"]["problems"]) == ["b"]
    wrong = optimizer("validate", place, "--scenario", "c", cwd=place)
    assert wrong.returncode == 2 and "c" in wrong.stderr and "a, b" in wrong.stderr
