"""The import law: who may know whom (DESIGN, section 3), read from the source and tried out."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

PACKAGE = Path(__file__).parents[1] / "optimizer"
SOLVERS = {"pulp", "ortools", "highspy"}


class Import(NamedTuple):
    """One import: the file it stands in, the module it names, whether a function holds it."""

    file: str
    module: str
    in_function: bool

    @property
    def package(self) -> str:
        return self.module.partition(".")[0]

    def is_in(self, *places: str) -> bool:
        return self.file.startswith(places)


def _imports() -> list[Import]:
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        file = path.relative_to(PACKAGE).as_posix()
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found += [Import(file, name, inside) for name, inside in _walk(tree, False)]
    return found


def _walk(node: ast.AST, inside: bool) -> Iterator[tuple[str, bool]]:
    """Yield (module, in a function) of all imports that happen at run time."""
    if isinstance(node, ast.Import):
        yield from ((alias.name, inside) for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        assert node.level == 0, "imports are absolute"
        yield str(node.module), inside
        yield from ((f"{node.module}.{alias.name}", inside) for alias in node.names)
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        children = list(node.orelse)
    else:
        children = list(ast.iter_child_nodes(node))
    deeper = inside or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    for child in children:
        yield from _walk(child, deeper)


IMPORTS = _imports()


def test_solvers_are_imported_inside_functions_of_engines() -> None:
    """No solver is loaded by importing the package; two of them crash when both are."""
    wrong = [
        i for i in IMPORTS if i.package in SOLVERS and not (i.is_in("engines/") and i.in_function)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("package", "places"),
    [
        ("typer", ("cli/",)),
        ("rich", ("cli/", "report/")),
        ("geopandas", ("files/", "importers/", "report/")),
    ],
)
def test_packages_stay_in_their_rooms(package: str, places: tuple[str, ...]) -> None:
    """The terminal and the map are known only where they are drawn or read."""
    assert [i for i in IMPORTS if i.package == package and not i.is_in(*places)] == []


def test_geopandas_is_imported_inside_functions() -> None:
    """A command that draws no map does not wait for geopandas."""
    assert [i for i in IMPORTS if i.package == "geopandas" and not i.in_function] == []


def test_rules_and_verify_know_no_engine_and_no_program() -> None:
    """What measures a plan imports neither what builds a program nor what solves it."""
    forbidden = tuple(
        f"optimizer.{name}" for name in ("engines", "program", "build", "stopped", "solving")
    )
    places = ("constraints/", "objectives/", "verifying.py", "constraint.py", "objective.py")
    wrong = [i for i in IMPORTS if i.is_in(*places) and i.module.startswith(forbidden)]
    assert wrong == []


def test_checking_a_plan_loads_no_program() -> None:
    """In a fresh interpreter, all rules checked on their examples leave program and engines out."""
    code = """
import sys
from optimizer import constraint, objective, verifying
for rule in constraint.registry().values():
    example = rule.examples()
    example.entry.readings(example.instance, example.accepted)
objective.registry()
unwanted = ("pulp", "ortools", "highspy", "typer", "rich", "geopandas", "optimizer.program",
            "optimizer.build", "optimizer.stopped", "optimizer.engines", "optimizer.solving")
print(*[name for name in unwanted if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PACKAGE.parent
    )
    assert done.stdout.split() == []


def test_engines_start_without_pandas() -> None:
    """The child process of an engine is started for every solve; pandas would take half the time."""
    code = "import sys; import optimizer.engines.worker, optimizer.engines.relaxing; print('pandas' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PACKAGE.parent
    )
    assert done.stdout.strip() == "False"


#       nobody imports what stands further down this list
LAYERS = [
    ("words.py", "errors.py", "outcome.py", "finding.py", "labels.py", "links.py", "matrix.py"),
    ("instance.py", "demand.py", "changes.py", "presets.py", "scenario.py"),
    ("plan.py", "reading.py", "algebra.py"),
    (
        "today.py",
        "ledger.py",
        "borders.py",
        "community.py",
        "costs.py",
        "example.py",
        "fallback.py",
        "volumes.py",
        "years.py",
    ),
    ("constraint.py", "objective.py", "program.py"),
    ("constraints/", "objectives/"),
    ("build.py", "stopped.py", "files/", "verifying.py", "saboteurs.py"),
    ("importers/", "engines/", "recorded.py", "audit.py"),
    ("search/", "proof/"),
    ("fitting.py", "exporting.py"),
    ("solving.py",),
    ("sweep.py",),
    ("case_folder.py",),
    ("explain/",),
    ("report/",),
    ("cli/",),
]


def test_no_import_runs_against_the_arrows() -> None:
    """A module imports only from its own layer and from those before it."""
    layer = {place: number for number, places in enumerate(LAYERS) for place in places}

    def of(file: str) -> int | None:
        return layer.get(file, layer.get(file.partition("/")[0] + "/"))

    wrong = []
    for i in IMPORTS:
        steps = i.module.split(".")
        if steps[0] != "optimizer" or len(steps) < 2:
            continue
        here = of(i.file)
        there = of(f"{steps[1]}.py") if f"{steps[1]}.py" in layer else of(f"{steps[1]}/")
        found = i.file in ("constraint.py", "objective.py") and i.in_function  # the registries
        if here is not None and there is not None and there > here and not found:
            wrong.append(i)
    assert wrong == []
