"""`optimizer constraints --new NAME`, and `--check` of a file that is not installed."""

import json

import pytest

from tests.cli.conftest import optimizer


def test_a_new_rule_passes_and_says_what_to_fill_in(tmp_path):
    """The file that is written passes every check as it stands, and is short."""
    assert optimizer("constraints", "--new", "crowded", cwd=tmp_path).returncode == 0
    text = (tmp_path / "crowded.py").read_text(encoding="utf-8")
    assert "class Crowded(Constraint)" in text and text.count("FILL IN") >= 6
    assert len(text.splitlines()) <= 60
    checked = optimizer("constraints", "crowded.py", "--check", "--json", cwd=tmp_path)
    assert checked.returncode == 0, checked.stderr
    assert json.loads(checked.stdout)["data"] == {"crowded": []}


def test_a_hole_in_the_file_is_told(tmp_path):
    """A rule whose rows forbid too little fails by name, with 1."""
    optimizer("constraints", "--new", "crowded", cwd=tmp_path)
    file = tmp_path / "crowded.py"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("[x.staff <= self.persons]", "[x.staff <= self.persons + 1]"))
    run = optimizer("constraints", "crowded.py", "--check", cwd=tmp_path)
    assert run.returncode == 1 and "✗ crowded, rows_and_check_agree" in run.stdout, run.stdout


@pytest.mark.parametrize("name", ["Crowded", "two words", "class", "one_mode", "json", "x-y", ""])
def test_a_bad_name_is_refused(tmp_path, name):
    """No file is written under a name that cannot be imported or is taken."""
    for lang in ("en", "ja"):
        run = optimizer("constraints", "--new", name, "--lang", lang, cwd=tmp_path)
        assert run.returncode == 2 and "--new" in run.stderr and "Traceback" not in run.stderr
    assert not list(tmp_path.iterdir())


def test_nothing_is_overwritten(tmp_path):
    """A file that stands there stays."""
    (tmp_path / "crowded.py").write_text("mine")
    assert optimizer("constraints", "--new", "crowded", cwd=tmp_path).returncode == 2
    assert (tmp_path / "crowded.py").read_text() == "mine"


@pytest.mark.parametrize(
    ("name", "code", "told"),
    [
        ("gone", None, "no such Python file"),
        ("empty", "", "must hold exactly one constraint"),
        ("broken", "x =", "SyntaxError"),
        ("exits", "raise SystemExit(0)", "SystemExit"),
        (
            "half",
            "from optimizer.rules import Constraint\nclass Half(Constraint): pass",
            "lacks key",
        ),
        ("one_mode", "", "taken"),
    ],
)
def test_a_file_without_a_rule_is_refused(tmp_path, name, code, told):
    """What is wrong with the file is said, with 2."""
    if code is not None:
        (tmp_path / f"{name}.py").write_text(code)
    run = optimizer("constraints", f"{name}.py", "--check", cwd=tmp_path)
    assert run.returncode == 2 and told in run.stderr and "Traceback" not in run.stderr
    assert f"{name}.py" in run.stderr
