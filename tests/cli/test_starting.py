"""Where a solve begins and how far it can be repeated."""

import json
import shutil
from pathlib import Path

from tests.cli.conftest import optimizer


def _plan(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((folder / "plan").iterdir())}


def test_a_solve_begins_from_a_stored_plan(city, solved, tmp_path):
    """`--start` takes the plan of another solve, also one whose points this instance lacks."""
    folder, _ = solved
    run = optimizer(
        "solve", city, "--out", tmp_path / "x", "--start", folder, "--gap", "0", cwd=city
    )
    assert run.returncode == 0, run.stderr
    assert json.loads((tmp_path / "x/manifest.json").read_text())["settings"]["start"]
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    modes = other / "plan/modes.csv"
    modes.write_text(modes.read_text().replace("office", "elsewhere"))
    run = optimizer("solve", city, "--out", tmp_path / "y", "--start", other, cwd=city)
    assert run.returncode == 0, run.stderr


def test_a_start_that_is_no_plan_is_refused(city, tmp_path):
    """A folder without a plan is bad input: code 2, the file named, nothing written."""
    run = optimizer("solve", city, "--out", tmp_path / "x", "--start", tmp_path, cwd=city)
    assert run.returncode == 2 and "modes.csv" in run.stderr
    assert not (tmp_path / "x").exists()


def test_deterministic_plans_are_equal_to_the_byte(city, tmp_path):
    """Rows in another order, another place, language, zone and hash seed give the same files."""
    turned = tmp_path / "turned"
    shutil.copytree(city, turned)
    for path in turned.glob("*.csv"):
        head, *rows = path.read_text(encoding="utf-8").splitlines()
        path.write_text("\n".join([head, *reversed(rows)]) + "\n", encoding="utf-8")
    first = {"PYTHONHASHSEED": "1", "TZ": "UTC"}
    second = {"PYTHONHASHSEED": "2", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    for place, out, env in ((city, "a", first), (turned, "b", second)):
        run = optimizer(
            "solve", place, "--out", tmp_path / out, "--deterministic", cwd=tmp_path, **env
        )
        assert run.returncode == 0, run.stderr
    assert _plan(tmp_path / "a") == _plan(tmp_path / "b")
