"""Solved cases of a sweep on disk: one folder each, a stored solution, named by its content."""

import json
from dataclasses import dataclass
from pathlib import Path

from optimizer.audit.verify import values_of, verify
from optimizer.base.errors import EngineError, InputError
from optimizer.base.words import Text
from optimizer.files.solution_folder import (
    OUTCOME,
    csv_text,
    plan_tables,
    provenance,
    read_manifest,
    read_outcome,
    read_plan,
    seal_holds,
    sha256,
    write_solution,
)
from optimizer.model.instance import Instance
from optimizer.solver.solve import SolveSettings
from optimizer.sweep.cases import Case
from optimizer.sweep.sweep import Solved


@dataclass(frozen=True)
class CaseFolder:
    """Keeps every case in a folder of `place`; `inputs` are the files of the instance."""

    place: Path
    inputs: tuple[Path, ...]
    settings: SolveSettings

    def folder(self, key: str) -> Path:
        """Return where the case with this key is kept."""
        return self.place / key

    def get(self, key: str, instance: Instance) -> Solved | None:
        """Return what is kept under `key`; None where there is nothing, or not what was stored."""
        folder = self.folder(key)
        try:
            manifest = read_manifest(folder)
            sound = all(sha256(folder / n) == digest for n, digest in manifest.outputs.items())
            if not (sound and seal_holds(folder)) or manifest.fingerprint != instance.fingerprint:
                return None
            claims = read_outcome(folder).claims()
            there = (folder / "plan").is_dir()
            plan = read_plan(folder, instance) if there else None
            if plan is not None and claims.settled(values_of(instance, plan)) != claims:
                return None  # what is claimed, the plan refutes
        except (InputError, OSError):
            return None
        return Solved(plan, claims, sum(stage.seconds for stage in claims.stages), False)

    def put(self, key: str, case: Case, instance: Instance, solved: Solved) -> None:
        """Keep it. Raises EngineError where the plan breaks a rule, InputError where it cannot."""
        tables: dict[str, str | bytes] = {}
        values: dict[str, int] = {}
        if solved.plan is not None:
            audit = verify(instance, solved.plan)
            if audit.violations:
                raise EngineError(
                    Text(
                        f"the engine's plan breaks {audit.violations} reading(s)",
                        f"ソルバーの計画が制約に{audit.violations}件違反している",
                    )
                )
            tables |= plan_tables(solved.plan)
            tables |= {"costs.csv": csv_text(audit.costs), "readings.csv": csv_text(audit.table())}
            values = audit.values
        claims = {**solved.outcome.as_data(), "values": values}
        tables[OUTCOME] = json.dumps(claims, ensure_ascii=False, indent=2) + "\n"
        how = {
            "case": case.name,
            "settings": {
                "gap": str(self.settings.gap),
                "time_limit": self.settings.time_limit,
                "engine": self.settings.engine,
                "seed": self.settings.seed,
            },
            "seconds": round(solved.seconds, 1),
        }
        folder = self.folder(key)
        manifest = provenance(instance, self.inputs, how)
        write_solution(folder, tables, manifest, force=folder.exists())
