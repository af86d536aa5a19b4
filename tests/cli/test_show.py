"""`optimizer show` of a stored plan: what is wrong with it is told before anything it claims."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import optimizer


@pytest.fixture
def tampered(solved, tmp_path) -> Path:
    """A stored solution whose bound was raised above what anybody proved."""
    copy = Path(shutil.copytree(solved[0], tmp_path / "copy"))
    outcome = json.loads((copy / "outcome.json").read_text())
    outcome["stages"][0]["bound"] = outcome["stages"][0]["value"] + 1
    (copy / "outcome.json").write_text(json.dumps(outcome))
    return copy


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_findings_come_before_the_claims(city, tampered, lang):
    """The findings of `verify` are the first lines of `show`, in both languages; code 1."""
    told = optimizer("verify", city, tampered, "--lang", lang, cwd=city)
    shown = optimizer("show", tampered, "--instance", city, "--lang", lang, cwd=city)
    assert told.returncode == shown.returncode == 1
    findings = [line for line in told.stdout.splitlines() if line.startswith("✗")]
    assert len(findings) >= 2
    lines = shown.stdout.splitlines()
    assert lines[0].startswith({"en": "asked: ", "ja": "対象: "}[lang])
    assert lines[1 : 1 + len(findings)] == findings


def test_findings_stand_in_the_json(city, tampered, solved):
    """The JSON of `show` carries the same findings as that of `verify`; none for a sound plan."""
    told = optimizer("verify", city, tampered, "--json", cwd=city)
    shown = optimizer("show", tampered, "--instance", city, "--json", cwd=city)
    assert shown.returncode == 1
    data = json.loads(shown.stdout)["data"]
    assert data["findings"] == json.loads(told.stdout)["data"]["findings"] != []
    sound = optimizer("show", solved[0], "--instance", city, "--json", cwd=city)
    assert sound.returncode == 0 and json.loads(sound.stdout)["data"]["findings"] == []


def test_a_broken_outcome_is_a_finding_and_claims_nothing(city, solved, tmp_path):
    """Where outcome.json cannot be read the plan is shown with findings, and nothing as proved."""
    copy = Path(shutil.copytree(solved[0], tmp_path / "copy"))
    (copy / "outcome.json").write_text("{")
    run = optimizer("show", copy, "--instance", city, cwd=city)
    assert run.returncode == 1 and "outcome.json" in run.stdout.splitlines()[1]
    assert "nothing is proved" in run.stdout and "no plan has less" not in run.stdout


def test_an_unknown_format_is_refused(city, solved, tmp_path):
    """A manifest of another format is not read as if it were ours."""
    copy = Path(shutil.copytree(solved[0], tmp_path / "copy"))
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["format"] = 3
    (copy / "manifest.json").write_text(json.dumps(manifest))
    for run in (
        optimizer("show", copy, "--instance", city, cwd=city),
        optimizer("verify", city, copy, cwd=city),
    ):
        assert run.returncode == 2 and "format" in run.stderr


def test_the_instance_is_looked_for_and_asked_for(city, solved, tmp_path):
    """`show` finds the instance beside its solutions; elsewhere it names where it looked and the option."""
    root = tmp_path / "repository"
    shutil.copytree(city, root / "instances" / "kumamoto-2015")
    stored = Path(shutil.copytree(solved[0], root / "solutions" / "kumamoto-2015" / "base"))
    assert optimizer("show", stored, cwd=tmp_path).returncode == 0
    away = Path(shutil.copytree(solved[0], tmp_path / "base"))
    run = optimizer("show", away, cwd=tmp_path)
    assert run.returncode == 2 and "--instance" in run.stderr
    assert "instances/kumamoto-2015" in run.stderr


def test_a_plan_typed_by_hand_is_shown(city, solved, tmp_path):
    """A folder with nothing but plan/ is shown with --instance, and claims nothing."""
    shutil.copytree(solved[0] / "plan", tmp_path / "hand" / "plan")
    run = optimizer("show", tmp_path / "hand", "--instance", city, cwd=tmp_path)
    assert run.returncode == 0 and "nothing is proved" in run.stdout
    assert optimizer("show", tmp_path / "hand", cwd=tmp_path).returncode == 2
