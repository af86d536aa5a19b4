"""A sound solution of a small city on disk, and how a forger covers the traces of a change."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from optimizer.audit.fairness import fairness_panel
from optimizer.audit.stored import StoredAudit, verify_folder
from optimizer.audit.verify import verify
from optimizer.base.errors import InputError
from optimizer.city.plan import Plan
from optimizer.cli.actions.solution import solution_tables
from optimizer.files.instance_folder import input_files, read_instance
from optimizer.files.seal import sealed
from optimizer.files.solution_folder import (
    csv_text,
    plan_tables,
    provenance,
    read_plan,
    sha256,
    write_solution,
)
from optimizer.model.instance import Instance
from optimizer.solver.solve import SolveSettings, solve
from tests.conftest import KUMAMOTO
from tests.small import write_west_ward


@dataclass(frozen=True)
class Stored:
    """A city, a solution of it that nobody altered, and a place for copies."""

    city: Path
    solution: Path
    instance: Instance
    plan: Plan

    @contextmanager
    def copy(self, part: Literal["city", "solution"] = "solution") -> Iterator[Path]:
        """Give a copy of the city or of the solution, to be spoilt."""
        with TemporaryDirectory() as folder:
            yield Path(shutil.copytree(getattr(self, part), Path(folder) / "copy"))


def stored(place: Path) -> Stored:
    """Make the west ward and a solution of it in `place`."""
    city = write_west_ward(KUMAMOTO, place / "city")
    instance = read_instance(city)
    found = solve(instance, SolveSettings(time_limit=8))
    solution = place / "base"
    tables = solution_tables(verify(instance, found.plan), found.outcome)
    write_solution(solution, tables, provenance(instance, input_files(city), {}), force=False)
    return Stored(city, solution, instance, read_plan(solution, instance))


def found_out(city: Path, solution: Path) -> tuple[StoredAudit | None, str]:
    """Return what `verify` finds, in words: findings, or why the files are refused; "" if nothing."""
    try:
        audit = verify_folder(city, solution)
    except InputError as error:
        return None, str(error)
    return audit, "; ".join(f"{f.code}: {f.message.en}" for f in audit.findings)


def sign(solution: Path, change: Callable[[dict], object] = lambda manifest: None) -> None:
    """Record the files as they are, make `change` to the manifest and seal it anew."""
    manifest = json.loads((solution / "manifest.json").read_text())
    files = [p for p in solution.rglob("*") if p.is_file() and p.name != "manifest.json"]
    hashes = {path.relative_to(solution).as_posix(): sha256(path) for path in sorted(files)}
    manifest["outputs"] = hashes
    change(manifest)
    (solution / "manifest.json").write_bytes(sealed(manifest))


def write_plan(solution: Path, plan: Plan) -> None:
    """Replace the tables of the plan."""
    shutil.rmtree(solution / "plan")
    (solution / "plan").mkdir()
    for name, text in plan_tables(plan).items():
        (solution / name).write_text(text, encoding="utf-8")


def publish(solution: Path, instance: Instance, plan: Plan) -> None:
    """Recompute every published number from a forged plan, as its best friend would."""
    audit = verify(instance, plan)
    (solution / "costs.csv").write_text(csv_text(audit.costs), encoding="utf-8")
    (solution / "readings.csv").write_text(csv_text(audit.table()), encoding="utf-8")
    panel = csv_text(fairness_panel(instance, plan))
    (solution / "fairness.csv").write_text(panel, encoding="utf-8")
    claims = json.loads((solution / "outcome.json").read_text())
    claims["values"] = audit.values
    for stage in claims["stages"]:
        stage["value"] = stage["bound"] = audit.values[stage["objective"]]
        stage |= {"status": "optimal", "gap": "0.000000"}
    claims["status"] = "optimal"
    (solution / "outcome.json").write_text(json.dumps(claims), encoding="utf-8")


def with_staff(plan: Plan, changes: dict[tuple[str, int], int]) -> Plan:
    """Return the plan with other numbers of staff."""
    staff = plan.staff.copy()
    for key, persons in changes.items():
        staff.loc[key] = persons
    return replace(plan, staff=staff)
