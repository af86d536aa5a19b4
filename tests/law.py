"""The import law, read from the source: every module stands in one layer, and imports point down."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

#           a module imports from its own layer and from those before it, nothing else
LAYERS = [
    ("base",),
    ("city",),
    ("model",),
    ("rules",),
    ("constraints", "objectives"),
    ("files",),
    ("importers",),
    ("audit",),
    ("solver",),
    ("proof",),
    ("sweep", "explain"),
    ("report",),
    ("testing",),
    ("cli",),
    ("__init__",),
]
"""Rooms and files of the package; every module of it belongs to exactly one."""

APART = [{"constraints", "objectives"}, {"sweep", "explain"}]
"""Rooms of one layer that know nothing of each other."""

PACKAGES: dict[str, tuple[str, ...]] = {
    "ortools": ("solver/engines/",),
    "pulp": ("solver/engines/",),
    "highspy": (),
    "typer": ("cli/",),
    "rich": ("cli/", "report/"),
    "geopandas": ("files/", "importers/", "report/"),
    "scipy": ("importers/",),
    "docx": ("report/",),
    "xlsxwriter": ("report/",),
    "openpyxl": ("files/", "importers/"),
    "tomli_w": ("files/", "importers/"),
    "pyproj": ("files/", "importers/"),
    "weasyprint": ("report/",),
    "distributed": ("sweep/", "cli/"),
    "starlette": ("page/",),
}
"""Where each package may be imported."""

LAZY = ("ortools", "pulp", "geopandas", "weasyprint", "distributed")
"""Heavy ones, imported inside the function that needs them."""

NO_SOLVER = ("constraints/", "objectives/", "audit/", "proof/check.py", "rules.py", "city/")
SOLVING = tuple(
    f"optimizer.{name}"
    for name in ("solver", "model.program", "model.build", "model.frozen", "model.decisions")
)


class Import(NamedTuple):
    """One import: the file it stands in, the module it names; whether a function holds it, and
    whether it is there for annotations alone.
    """

    file: str
    module: str
    in_function: bool
    for_types: bool

    @property
    def package(self) -> str:
        return self.module.partition(".")[0]


def imports(package: Path) -> list[Import]:
    """Return every import of every file of the package, whenever it happens."""
    found = []
    for path in sorted(package.rglob("*.py")):
        file = path.relative_to(package).as_posix()
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found += [Import(file, *one) for one in _walk(tree, False, False)]
    return found


def _walk(node: ast.AST, inside: bool, types: bool) -> Iterator[tuple[str, bool, bool]]:
    if isinstance(node, ast.Import):
        yield from ((alias.name, inside, types) for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        if node.level:
            raise AssertionError("imports are absolute")
        yield from ((f"{node.module}.{alias.name}", inside, types) for alias in node.names)
    only_types = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    deeper = inside or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    for child in ast.iter_child_nodes(node):
        mine = only_types and isinstance(node, ast.If) and child in node.body
        yield from _walk(child, deeper, types or mine)


def modules(package: Path) -> dict[str, str]:
    """Return the dotted name of every module below the package -> its file."""
    names = {}
    for path in sorted(package.rglob("*.py")):
        file = path.relative_to(package).as_posix()
        names[file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")] = file
    return names


def layer_of(file: str) -> int | None:
    """Return the layer in which `file` stands; None if the table does not know it."""
    room = file.partition("/")[0].removesuffix(".py")
    found = [number for number, rooms in enumerate(LAYERS) if room in rooms]
    return found[0] if len(found) == 1 else None


def breaches(package: Path) -> list[str]:
    """Return every breach of the law, in words."""
    known, all_imports = modules(package), imports(package)
    arrows = {(i.file, there) for i in all_imports if (there := _target(i.module, known))}
    return [
        *(f"{file}: stands in no layer" for file in known.values() if layer_of(file) is None),
        *(f"{a} imports {b}, against the direction" for a, b in sorted(arrows) if not _down(a, b)),
        *(f"a circle: {' '.join(circle)}" for circle in circles(arrows)),
        *_packages(all_imports),
        *(
            f"{i.file} imports {i.module}: it must do without what solves"
            for i in all_imports
            if i.file.startswith(NO_SOLVER) and i.module.startswith(SOLVING) and not i.for_types
        ),
        *(
            f"{i.file} imports {i.module}: optimizer.rules is the face for rules"
            for i in all_imports
            if i.package == "optimizer" and _is_rule(i.file) and not _for_rules(i)
        ),
    ]


def _packages(found: Iterable[Import]) -> Iterator[str]:
    for i in found:
        if i.package in PACKAGES and not i.file.startswith(PACKAGES[i.package] or ("nowhere",)):
            yield f"{i.file} imports {i.module}: not in this room"
        if i.package in LAZY and not (i.in_function or i.for_types):
            yield f"{i.file} imports {i.module}: only inside a function"


def _is_rule(file: str) -> bool:
    room, _, name = file.partition("/")
    return room in ("constraints", "objectives") and name != "__init__.py"


def _for_rules(i: Import) -> bool:
    own = f"optimizer.{i.file.partition('/')[0]}."
    return i.module.startswith(("optimizer.rules.", own))


def _target(module: str, known: dict[str, str]) -> str | None:
    """Return the file that an import of `module`, or of a name in it, reads."""
    steps = module.split(".")
    if steps[0] != "optimizer":
        return None
    rest = steps[1:]
    while rest:
        if ".".join(rest) in known:
            return known[".".join(rest)]
        rest = rest[:-1]
    return "__init__.py"


def _down(file: str, there: str) -> bool:
    here, below = layer_of(file), layer_of(there)
    if here is None or below is None:
        return True  # told as unknown
    rooms = {file.partition("/")[0], there.partition("/")[0]}
    return below < here or (below == here and rooms not in APART)


def circles(arrows: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Return the sets of files that import each other in a circle (Tarjan, SIAM Journal on Computing
    1, 1972).
    """
    to: dict[str, list[str]] = {}
    for a, b in sorted(arrows):
        to.setdefault(a, []).append(b)
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(file: str) -> None:
        number[file] = low[file] = len(number)
        stack.append(file)
        for other in to.get(file, []):
            if other not in number:
                visit(other)
            if other in stack:
                low[file] = min(low[file], low[other])
        if low[file] == number[file]:
            circle = stack[stack.index(file) :]
            del stack[stack.index(file) :]
            if len(circle) > 1 or file in to.get(file, []):
                found.append(sorted(circle))

    for file in sorted(to):
        if file not in number:
            visit(file)
    return found
