"""What the manifest of a solution records, against the files that are there."""

from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version

from optimizer.audit.finding import Finding
from optimizer.base.errors import InputError
from optimizer.base.words import Text
from optimizer.files.scenario_files import scenario_changes
from optimizer.files.schema import ManifestSpec
from optimizer.files.seal import SINCE
from optimizer.files.solution_folder import MANIFEST, PACKAGES, seal_holds, sha256
from optimizer.importers.place import files_of
from optimizer.model.instance import Instance


def manifest_findings(
    manifest: ManifestSpec, instance: Instance, place: Path, solution: Path
) -> list[Finding]:
    """Return in what the manifest is not of this instance in `place`, or not of this solution."""
    return [
        *_itself(manifest, solution),
        *_inputs(manifest, instance, place),
        *_scenario(manifest, place),
        *_files(manifest, solution),
    ]


def without_manifest(solution: Path) -> list[Finding]:
    """Return what is missing of a folder without manifest: nothing where it is a plan alone."""
    files = [path for path in solution.rglob("*") if path.is_file()]
    if all(path.suffix == ".csv" and path.parent.name in ("plan", solution.name) for path in files):
        loose = {path.name for path in files if path.parent == solution}
        if not loose & {"costs.csv", "readings.csv"}:
            return []
    message = Text(
        "manifest.json is missing: nothing tells from what this was made",
        "manifest.json がない: 何から作られたか分からない",
    )
    return [Finding("missing", message, MANIFEST)]


def versions_here(recorded: Mapping[str, str]) -> dict[str, str]:
    """Return the versions on this machine of what is recorded; "" where it is not installed."""
    return {name: _version(name) for name in recorded}


def _version(name: str) -> str:
    try:
        return python_version() if name == "python" else version(name)
    except (PackageNotFoundError, ValueError):
        return ""


def _itself(manifest: ManifestSpec, solution: Path) -> list[Finding]:
    found = []
    if not seal_holds(solution):
        message = Text(
            f"{MANIFEST} was altered: its own hash does not fit",
            f"{MANIFEST} が書き換えられている: 自身のハッシュ値と合わない",
        )
        found.append(Finding("seal", message, MANIFEST))
    unnamed = {"python", *PACKAGES} - {name for name, v in manifest.versions.items() if v}
    if manifest.format >= SINCE and unnamed:
        names = ", ".join(sorted(unnamed))
        message = Text(
            f"{MANIFEST} does not record the version of {names}",
            f"{MANIFEST} に {names} の版が記録されていない",
        )
        found.append(Finding("versions", message, MANIFEST))
    return found


def _inputs(manifest: ManifestSpec, instance: Instance, place: Path) -> list[Finding]:
    found = []
    if manifest.instance != instance.id:
        message = Text(
            f"made for the instance {manifest.instance}, not for {instance.id}",
            f"インスタンス {instance.id} でなく {manifest.instance} の計画である",
        )
        found.append(Finding("instance", message))
    here = {path.name: sha256(path) for path in files_of(place)}
    for name in sorted(manifest.inputs | here):
        if name not in here:
            message = Text(f"{name} of the instance is missing", f"インスタンスの {name} がない")
        elif name not in manifest.inputs:
            message = Text(
                f"{name} of the instance was not there when the plan was made",
                f"インスタンスの {name} は、計画作成時にはなかった",
            )
        elif manifest.inputs[name] != here[name]:
            message = Text(
                f"{name} of the instance is not the one the plan was made from",
                f"インスタンスの {name} が、計画作成時のものと異なる",
            )
        else:
            continue
        found.append(Finding("input", message))
    if manifest.fingerprint != instance.fingerprint and not found:
        message = Text(
            "the recorded changes do not give the recorded instance",
            "記録された変更から、記録されたインスタンスにならない",
        )
        found.append(Finding("fingerprint", message))
    return found


def _scenario(manifest: ManifestSpec, place: Path) -> list[Finding]:
    """The changes begin with those of the scenario that the manifest names."""
    if manifest.scenario is None:
        return []
    try:
        stated = scenario_changes(place, manifest.scenario)
    except InputError as error:
        told = [error.problems[0].say(lang) for lang in ("en", "ja")]
        return [Finding("scenario", Text(*told))]
    if manifest.changes[: len(stated)] == tuple(change.text for change in stated):
        return []
    message = Text(
        f"the recorded changes are not those of the scenario {manifest.scenario}",
        f"記録された変更が、シナリオ {manifest.scenario} のものと異なる",
    )
    return [Finding("scenario", message)]


def _files(manifest: ManifestSpec, solution: Path) -> list[Finding]:
    recorded = manifest.outputs
    there = {
        path.relative_to(solution).as_posix()
        for path in solution.rglob("*")
        if (path.is_file() or path.is_symlink()) and path != solution / MANIFEST
    }
    found = []
    for name in sorted(set(recorded) | there):
        if name not in there:
            found.append(Finding("missing", Text(f"{name} is missing", f"{name} がない"), name))
        elif name not in recorded:
            message = Text(f"{name} was added", f"{name} が加えられている")
            found.append(Finding("added", message, name))
        elif recorded[name] != sha256(solution / name):
            message = Text(f"{name} was altered", f"{name} が書き換えられている")
            found.append(Finding("altered", message, name))
    return found
