"""The built wheel holds all that the commands need: tried where nothing else of the project is."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from tests.conftest import KUMAMOTO
from tests.small import write_west_ward

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory) -> Path:
    """A Python of its own with the wheel, which finds its dependencies, and no checkout, in ours."""
    source, place = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("fresh")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    shutil.copytree(ROOT / "optimizer", source / "optimizer", ignore=shutil.ignore_patterns("__pycache__"))  # fmt: skip
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    built = ["wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", source, source]
    run(*pip, *built, cwd=source)
    venv.create(place, with_pip=False)
    python = place / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    (wheel,) = source.glob("*.whl")
    run(*pip, "--python", python, "install", "--no-deps", wheel, cwd=place)
    site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=place).strip())  # fmt: skip
    # A folder named in a .pth file is searched, but .pth files in it, such as that of an editable
    # installation, are not read.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return python


def run(*command: object, cwd: Path) -> str:
    """Run a command that must succeed; returns what it printed."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    asked = [str(c) for c in command]
    done = subprocess.run(asked, cwd=cwd, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_solves_verifies_and_tries_a_rule(fresh, tmp_path):
    """`solve`, `verify` and `constraints TYPE --check` run from the wheel alone."""
    city = write_west_ward(KUMAMOTO, tmp_path / "west")
    optimizer = fresh.with_name("optimizer")
    where = run(fresh, "-c", "import optimizer; print(optimizer.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(fresh.parents[1])
    run(optimizer, "solve", city, "--time-limit", 10, "--out", "plan", cwd=tmp_path)
    assert (tmp_path / "plan" / "report.html").stat().st_size > 100_000
    checked = json.loads(run(optimizer, "verify", city, "plan", "--json", cwd=tmp_path))
    assert checked["ok"]
    tried = run(optimizer, "constraints", "yearly_pace", "--check", cwd=tmp_path)
    assert "passed" in tried
