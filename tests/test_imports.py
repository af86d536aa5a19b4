"""The import law (tests/law.py) holds, sees what breaks it, and is true of what is really loaded."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.law import breaches

PACKAGE = Path(__file__).parents[1] / "optimizer"


def test_the_law_holds() -> None:
    """Every module stands in one layer, no import runs against the direction or in a circle."""
    assert breaches(PACKAGE) == []


@pytest.mark.parametrize(
    ("file", "line", "told"),
    [
        ("city/plan.py", "from optimizer.model import build", "against the direction"),
        ("city/plan.py", "def f():\n    import optimizer.cli.output", "against the direction"),
        ("model/algebra.py", "from optimizer.model.program import Program", "a circle"),
        ("sweep/cases.py", "from optimizer.explain import pareto", "against the direction"),
        ("utils.py", "", "stands in no layer"),
        ("helpers/odds.py", "", "stands in no layer"),
        ("report/table.py", "import typer", "not in this room"),
        ("solver/solve.py", "def f():\n    import ortools", "not in this room"),
        ("solver/engines/pulp.py", "import pulp", "only inside a function"),
        ("audit/verify.py", "from optimizer.model.build import build", "without what solves"),
        ("constraints/one_mode.py", "from optimizer.city.plan import Plan", "the face for rules"),
    ],
)
def test_a_planted_import_is_caught(tmp_path: Path, file: str, line: str, told: str) -> None:
    """In a copy of the package, one wrong line is told by the file it stands in."""
    copy = tmp_path / "optimizer"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    place = copy / file
    place.parent.mkdir(exist_ok=True)
    before = place.read_text(encoding="utf-8") if place.exists() else ""
    place.write_text(f"{before}\n{line}\n", encoding="utf-8")
    assert [breach for breach in breaches(copy) if told in breach and file in breach]


def test_few_rooms() -> None:
    """The root of the package can be taken in at a glance."""
    entries = [p for p in PACKAGE.iterdir() if p.name != "__pycache__"]
    assert sum(p.is_dir() for p in entries) <= 16 and sum(p.is_file() for p in entries) <= 4


def loaded(code: str) -> set[str]:
    """Return the modules that a fresh interpreter holds after `code`."""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
        cwd=PACKAGE.parent,
    )
    return set(done.stdout.split())


def test_checking_a_plan_loads_no_program() -> None:
    """In a fresh interpreter, all rules checked on their examples leave program and engines out."""
    code = """
from optimizer import constraints, objectives
from optimizer.audit import verify
for rule in constraints.registry().values():
    example = rule.examples()
    example.entry.readings(example.instance, example.accepted)
objectives.registry()
"""
    unwanted = {"pulp", "ortools", "highspy", "typer", "rich", "geopandas", "optimizer.solver"}
    unwanted |= {f"optimizer.model.{name}" for name in ("program", "build", "decisions", "frozen")}
    assert loaded(code) & unwanted == set()


def test_engines_start_without_pandas() -> None:
    """The child process of an engine is started for every solve; pandas would take half the time."""
    code = "import optimizer.solver.engines.worker, optimizer.solver.engines.relaxing"
    assert "pandas" not in loaded(code)
