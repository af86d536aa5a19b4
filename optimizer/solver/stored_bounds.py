"""What a stored solution proves: the bound that was claimed with it, of the instance it was made from."""

from collections.abc import Callable
from pathlib import Path

from optimizer.audit.verify import values_of
from optimizer.base.errors import InputError
from optimizer.files.rule_versions import rules_of
from optimizer.files.solution_folder import (
    OUTCOME,
    read_manifest,
    read_outcome,
    read_plan,
    seal_holds,
    sha256,
)
from optimizer.model.instance import Instance
from optimizer.solver.known_bounds import KnownBound


def stored_proof(
    folder: Path, read: Callable[[tuple[str, ...]], Instance]
) -> tuple[KnownBound, ...]:
    """Return what the solution in `folder` claims, or nothing where that cannot be traced: a manifest
    that is missing or not as it was sealed, another instance, other rules or another model than now, an
    outcome that is not the one stored, or one that the stored plan refutes.

    read: makes the instance under the changes that the manifest names.
    """
    try:
        manifest = read_manifest(folder)
        if not seal_holds(folder) or manifest.outputs.get(OUTCOME) != sha256(folder / OUTCOME):
            return ()
        instance = read(manifest.changes)
        if (instance.fingerprint, rules_of(instance)) != (manifest.fingerprint, manifest.rules):
            return ()
        outcome = read_outcome(folder).claims()
        if (folder / "plan").is_dir():
            outcome = outcome.settled(values_of(instance, read_plan(folder, instance)))
    except (InputError, OSError):
        return ()
    return () if outcome.contradicted else KnownBound.of(instance, outcome)
