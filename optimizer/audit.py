"""A stored solution against its instance: what was altered, what does not add up, what is broken."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from optimizer.errors import InputError
from optimizer.files.schema import ManifestSpec
from optimizer.files.solution_folder import (
    MANIFEST,
    csv_text,
    read_manifest,
    read_outcome,
    read_plan,
    sha256,
)
from optimizer.files.tables import read_text
from optimizer.importers.place import files_of, read_place
from optimizer.instance import Instance
from optimizer.verifying import Audit, verify
from optimizer.words import Text


@dataclass(frozen=True)
class Finding:
    """Something an auditor must know: code is one word for machines, message for people."""

    code: str
    message: Text


@dataclass(frozen=True, eq=False)
class StoredAudit:
    """The audit of a stored solution and all that was found amiss."""

    audit: Audit
    findings: tuple[Finding, ...]


def verify_folder(instance_folder: Path, solution: Path) -> StoredAudit:
    """Check the solution in `solution` against the raw tables in `instance_folder`.

    A solution of a benchmark file is checked against that file, under the preset it records.

    A folder without a manifest (a plan made by hand) is checked as a plan alone. Raises
    InputError where the files cannot be read at all.
    """
    manifest = read_manifest(solution) if (solution / MANIFEST).exists() else None
    wish = manifest.problem.wish() if manifest and manifest.problem else None
    instance = read_place(instance_folder, manifest.changes if manifest else (), wish)
    audit = verify(instance, read_plan(solution, instance))
    findings = [*_violations(audit)]
    if manifest is not None:
        findings += _provenance(manifest, instance, instance_folder)
        findings += _files(manifest, solution)
        findings += _numbers(audit, solution)
    return StoredAudit(audit, tuple(findings))


def _violations(audit: Audit) -> list[Finding]:
    found = []
    for entry, readings in audit.readings:
        count = len(readings.violations)
        if count:
            worst = readings.tightest()
            message = Text(
                f"{entry.id}: {count} violation(s); {sentence(audit.instance, entry, worst, 'en')}",
                f"{entry.id}: 違反{count}件。{sentence(audit.instance, entry, worst, 'ja')}",
            )
            found.append(Finding("violation", message))
    return found


def sentence(instance: Instance, entry, row: pd.DataFrame, lang: str) -> str:  # type: ignore[no-untyped-def]
    """Return the reading in the one-row table `row` as a sentence of the constraint's own words."""
    label = row.index[0] if isinstance(row.index, pd.MultiIndex) else (row.index[0],)
    names = {
        name: instance.name_of(name, value, lang)
        for name, value in zip(row.index.names, label, strict=True)
    }
    numbers = {name: f"{int(row[name].iloc[0]):,}" for name in ("actual", "limit")}
    return str(entry.words.reading.say(lang, **names, **entry.values(), **numbers))


def _provenance(manifest: ManifestSpec, instance: Instance, folder: Path) -> list[Finding]:
    found = []
    for path in files_of(folder):
        if manifest.inputs.get(path.name) != sha256(path):
            message = Text(
                f"{path.name} of the instance is not the one the plan was made from",
                f"インスタンスの {path.name} が、計画作成時のものと異なる",
            )
            found.append(Finding("input", message))
    if manifest.fingerprint != instance.fingerprint and not found:
        message = Text(
            "the recorded changes do not give the recorded instance",
            "記録された変更から、記録されたインスタンスにならない",
        )
        found.append(Finding("fingerprint", message))
    return found


def _files(manifest: ManifestSpec, solution: Path) -> list[Finding]:
    recorded = manifest.outputs
    there = {
        path.relative_to(solution).as_posix()
        for path in solution.rglob("*")
        if path.is_file() and path.name != MANIFEST
    }
    found = []
    for name in sorted(set(recorded) | there):
        if name not in there:
            found.append(Finding("missing", Text(f"{name} is missing", f"{name} がない")))
        elif name not in recorded:
            message = Text(f"{name} was added", f"{name} が加えられている")
            found.append(Finding("added", message))
        elif recorded[name] != sha256(solution / name):
            message = Text(f"{name} was altered", f"{name} が書き換えられている")
            found.append(Finding("altered", message))
    return found


def _numbers(audit: Audit, solution: Path) -> list[Finding]:
    """Compare every stored number with the recomputed one."""
    found = []
    for name, table in (("costs.csv", audit.costs), ("readings.csv", audit.table())):
        if not (solution / name).exists():
            continue
        stored, fresh = read_text(solution / name).splitlines(), csv_text(table).splitlines()
        wrong = [n for n, (a, b) in enumerate(zip(stored, fresh, strict=False), 1) if a != b]
        if wrong or len(stored) != len(fresh):
            row = wrong[0] if wrong else min(len(stored), len(fresh)) + 1
            was = stored[row - 1] if row <= len(stored) else "-"
            now = fresh[row - 1] if row <= len(fresh) else "-"
            message = Text(
                f"{name}, row {row}: stored {was!r}, recomputed {now!r}",
                f"{name} {row}行目: 記録「{was}」、再計算「{now}」",
            )
            found.append(Finding("number", message))
    try:
        outcome = read_outcome(solution)
    except InputError:
        return found  # its hash tells that it was altered or is missing
    for name, value in audit.values.items():
        if outcome.values.get(name) != value:
            found.append(_disagrees(f"the value of {name}", f"{name} の値", value))
    for stage in outcome.stages:
        name = stage.objective
        actual = audit.values.get(name)
        if actual is not None and (stage.bound or 0) > actual:
            found.append(_disagrees(f"the bound of {name}", f"{name} の下界", actual))
    return found


def _disagrees(en: str, ja: str, actual: int) -> Finding:
    message = Text(
        f"outcome.json: {en} does not agree with {actual:,}, recomputed from the plan",
        f"outcome.json: {ja}が、計画から再計算した {actual:,} と合わない",
    )
    return Finding("number", message)
