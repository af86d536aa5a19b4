"""`optimizer conflict` and `optimizer repair` as a person or a script meets them."""

import json

import pytest
from rich.cells import cell_len

from tests.cli.conftest import optimizer

TIGHT = ("--set", "constraint.store_free.metres=100")


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "has no store and needs a counter"), ("ja", "空白校区である")]
)
def test_conflict_names_the_place_in_both_languages(city, lang, words):
    """Code 3, the district, the limit and the policy sentence, within 100 columns."""
    run = optimizer("conflict", city, *TIGHT, "--lang", lang, cwd=city)
    assert run.returncode == 3, run.stderr
    assert words in run.stdout and "P38" in run.stdout and "store_free" in run.stdout
    assert max(map(cell_len, run.stdout.splitlines())) <= 100


def test_solve_tells_the_conflict_by_itself(city, tmp_path):
    """Where no plan exists, the error of `solve --json` carries the conflict; nothing is stored."""
    run = optimizer("solve", city, "--out", tmp_path / "x", "--json", *TIGHT, cwd=city)
    assert run.returncode == 3
    error = json.loads(run.stdout)["error"]
    assert error["code"] == "infeasible" and error["conflict"]["minimal"]
    assert [member["id"] for member in error["conflict"]["members"]] == ["store_free"]
    assert not (tmp_path / "x").exists()


def test_repair_writes_scenarios_and_says_the_change(city, tmp_path):
    """Code 0, your value and the suggested one, and a file for each repair."""
    run = optimizer(
        "repair", city, *TIGHT, "--count", 1, "--time-limit", 40, "--out", tmp_path / "s",
        "--lang", "en", cwd=city,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert "100 m" in run.stdout and "--set constraint.store_free.metres=" in run.stdout
    assert max(map(cell_len, run.stdout.splitlines()[:-1])) <= 100
    assert "[[change]]" in (tmp_path / "s" / "repair-1.toml").read_text(encoding="utf-8")


def test_a_feasible_instance_has_neither(city):
    """Code 0 and a sentence from both commands."""
    for command in ("conflict", "repair"):
        run = optimizer(command, city, "--lang", "en", cwd=city)
        assert run.returncode == 0 and "a plan exists" in run.stdout
