"""A solution on disk: the plan, what was claimed and measured of it, and what it was made from.

    plan/modes.csv plan/assignments.csv plan/staff.csv plan/<extra decision>.csv
    costs.csv readings.csv fairness.csv outcome.json report.html report.xlsx manifest.json

A solution is written beside its place and renamed, so that a killed run leaves the old one or
the new one, never half of either.
"""

import hashlib
import platform
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from os.path import lexists
from pathlib import Path
from typing import Any

import pandas as pd

from optimizer.base.errors import InputError, Problem, refuse
from optimizer.base.words import Text
from optimizer.city.plan import Plan
from optimizer.files.decisions import LABELS, labels_of
from optimizer.files.entries import read_spec
from optimizer.files.exchange import exchange
from optimizer.files.json_files import read_json
from optimizer.files.neutral import neutral
from optimizer.files.rule_versions import rules_of
from optimizer.files.schema import ManifestSpec, OutcomeSpec
from optimizer.files.seal import SINCE, sealed, unbroken
from optimizer.files.tables import Column, checked_table, dangling, read_lines
from optimizer.model.instance import Instance

MANIFEST, OUTCOME = "manifest.json", "outcome.json"
PACKAGES = ("optimizer", "ortools", "pandas", "numpy", "geopandas", "pydantic")
"""Whose versions a manifest records, beside that of Python."""


class TakenError(InputError):
    """The place of a solution holds something that may not be replaced."""


def reserve(folder: Path, force: bool) -> None:
    """Make the parent of `folder` and try that a solution can be written there, before solving.

    Raises InputError if it cannot, and TakenError as `write_solution` would.
    """
    try:
        with _beside(folder):
            pass
    except OSError as error:
        raise _unwritable(folder, error) from None
    _refuse_taken(folder, force)


def write_solution(
    folder: Path, tables: Mapping[str, str | bytes], manifest: Mapping[str, object], force: bool
) -> None:
    """Write `tables` (relative path -> text or bytes) and the manifest with their hashes to `folder`.

    Raises TakenError if something stands there: anything without `force`, anything but a stored
    solution with it. Raises InputError if the folder cannot be written.
    """
    _refuse_taken(folder, force)
    try:
        with _beside(folder) as fresh:
            _fill(fresh, tables, manifest)
            _swap(fresh, folder, force)
    except OSError as error:
        raise _unwritable(folder, error) from None


def first_free(folder: Path) -> Path:
    """Return `folder`, or the first of its name with -2, -3, ... that does not exist."""
    names = (folder.name, *(f"{folder.name}-{number}" for number in range(2, 10**6)))
    return next(folder.with_name(n) for n in names if not lexists(folder.with_name(n)))


def _refuse_taken(folder: Path, force: bool) -> None:
    """Raise TakenError if `folder` is there; with `force` only if it is no stored solution."""
    message = Text("this folder exists already", "このフォルダは既にある")
    remedy = Text(
        "give another --out, or --force to replace it", "--out を変えるか --force で置き換える"
    )
    if force:
        message = Text("this is not a stored solution", "保存した計画のフォルダではない")
        remedy = Text("give another --out", "--out を変える")
    if lexists(folder) and not (force and (folder / MANIFEST).is_file()):
        raise TakenError([Problem(message, remedy, str(folder))])


def _unwritable(path: Path, error: OSError) -> InputError:
    return refuse(
        Text(f"cannot be written: {error.strerror}", f"書き込めない: {error.strerror}"),
        Text(
            "check the folder, its permissions and the disk",
            "フォルダ、権限、空き容量を確かめる",
        ),
        file=str(path),
    )


def write_text(path: Path, text: str) -> None:
    """Write one file beside its place and rename it. Raises InputError if it cannot be written."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, data: bytes) -> None:
    """Write one file beside its place and rename it. Raises InputError if it cannot be written."""
    fresh = path.with_name(f".{path.name}-new")
    try:
        fresh.write_bytes(data)
        fresh.replace(path)
    except OSError as error:
        raise _unwritable(path, error) from None


def plan_tables(plan: Plan) -> dict[str, str]:
    """Return the CSV files of a plan: relative path -> text.

    Of a fallback, which is there once for every period after which the plan could stop, only
    what is not 0 is written; what a plan leaves out is 0.
    """
    named = {"modes": plan.modes.rename("mode"), "staff": plan.staff.rename("persons")}
    named["assignments"] = plan.assignments.rename("point")
    for name, series in plan.extra.items():
        kept = series != 0 if "frozen" in series.index.names else slice(None)
        named[name] = series[kept].rename("value")
    return {f"plan/{name}.csv": csv_text(series.sort_index()) for name, series in named.items()}


def csv_text(table: "pd.Series | pd.DataFrame") -> str:
    """Return a table as CSV with the column names of the instance's files; no text is a formula."""
    frame = table.reset_index() if isinstance(table, pd.Series) else table
    frame = frame.rename(columns={label: column.name for label, column in LABELS.items()})
    for name in frame.columns[~frame.dtypes.map(pd.api.types.is_numeric_dtype)]:
        frame[name] = frame[name].map(lambda cell: neutral(cell) if isinstance(cell, str) else cell)
    return str(frame.to_csv(index=False, lineterminator="\n"))


def read_plan(folder: Path, instance: Instance, foreign: bool = False) -> Plan:
    """Return the plan in `folder`/plan, or in `folder` itself if its tables stand there.

    Raises InputError with every unknown id and bad cell.
    foreign: the plan may be one of another instance, with ids that this one does not know.
    """
    place = folder if (folder / "modes.csv").is_file() else folder / "plan"
    problems: list[Problem] = []

    def table(name: str, labels: list[str], value: Column) -> pd.Series:
        columns = [*(LABELS[label] for label in labels), value]
        key = [LABELS[label].name for label in labels]
        try:
            path = place / f"{name}.csv"
            rows = checked_table(path, read_lines(path, marked=True), columns, key)
        except InputError as error:
            problems.extend(error.problems)
            return pd.Series(dtype="int64")
        known = {
            "district_id": (instance.districts.index, Text("district", "校区")),
            "point_id": (instance.points.index, Text("point", "窓口")),
            "room_id": (instance.rooms.index, Text("exchange room", "まちづくり交流室")),
            "service": (instance.services.index, Text("service", "業務")),
            "mode": (instance.modes.index, Text("mode", "形態")),
            "period": (instance.planned, Text("planned period", "計画年度")),
            "frozen": (instance.planned, Text("planned period", "計画年度")),
        }
        for column in columns:
            if column.name in known and not foreign:
                ids, what = known[column.name]
                problems.extend(dangling(f"plan/{name}.csv", rows, column.name, ids, what))
        rows = rows.rename(columns={LABELS[label].name: label for label in labels})
        return rows.set_index(labels)[value.name].sort_index()

    modes = table("modes", ["point", "period"], LABELS["mode"])
    staff = table("staff", ["point", "period"], Column("persons", "whole"))
    sent = table("assignments", ["district", "service", "period"], LABELS["point"])
    extra = {}
    for path in sorted(place.glob("*.csv")):
        if path.stem in ("modes", "staff", "assignments"):
            continue
        try:
            labels = labels_of(path, None if foreign else instance)
        except InputError as error:
            problems += error.problems
            continue
        extra[path.stem] = table(path.stem, labels, Column("value", "whole"))
    if problems:
        raise InputError(problems)
    everywhere = pd.MultiIndex.from_product(
        [instance.points.index, instance.planned], names=["point", "period"]
    )
    return Plan(modes, sent, staff.reindex(everywhere, fill_value=0).astype("int64"), extra)


def read_manifest(folder: Path) -> ManifestSpec:
    """Return the manifest of a solution. Raises InputError."""
    return read_spec(ManifestSpec, read_json(folder / MANIFEST), MANIFEST)


def manifest_data(folder: Path) -> dict[str, Any]:
    """Return the whole manifest of a solution, for people; {} where there is none."""
    return dict(read_json(folder / MANIFEST)) if (folder / MANIFEST).exists() else {}


def seal_holds(folder: Path) -> bool:
    """Return whether the manifest of a solution is to the byte what was sealed. Raises InputError."""
    return unbroken(read_json(folder / MANIFEST), (folder / MANIFEST).read_bytes())


def read_outcome(folder: Path) -> OutcomeSpec:
    """Return what the engine claimed of a solution. Raises InputError."""
    return read_spec(OutcomeSpec, read_json(folder / OUTCOME), OUTCOME)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def provenance(
    instance: Instance, inputs: Iterable[Path], settings: Mapping[str, object]
) -> dict[str, object]:
    """Return the part of a manifest that says what a solution was made from."""
    return {
        "format": SINCE,
        "instance": instance.id,
        "fingerprint": instance.fingerprint,
        "changes": list(instance.changes),
        "rules": rules_of(instance),
        "inputs": {path.name: sha256(path) for path in inputs},
        "versions": {"python": platform.python_version()}
        | {name: version(name) for name in PACKAGES},
        **settings,
    }


def _fill(folder: Path, tables: Mapping[str, str | bytes], manifest: Mapping[str, object]) -> None:
    hashes = {}
    for name, content in sorted(tables.items()):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        hashes[name] = sha256(path)
    (folder / MANIFEST).write_bytes(sealed({**manifest, "outputs": hashes}))
    folder.chmod(0o755)


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    """Make a fresh folder beside `folder`, and its parents; nothing is left of it afterwards."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        yield fresh
    finally:
        if fresh.is_symlink():  # what stood in the place of the solution was a link to one
            fresh.unlink()
        shutil.rmtree(fresh, ignore_errors=True)


def _swap(fresh: Path, folder: Path, force: bool) -> None:
    """Put `fresh` in the place of `folder`; what another process put there meanwhile stays."""
    _refuse_taken(folder, force)
    if force and folder.exists():
        exchange(fresh, folder)  # what was there is now `fresh`, which its maker removes
        if not (fresh / MANIFEST).is_file():  # something else came there meanwhile
            exchange(fresh, folder)
            _refuse_taken(folder, force)
        return
    try:
        fresh.rename(folder)
    except OSError:
        _refuse_taken(folder, force=False)
        raise
