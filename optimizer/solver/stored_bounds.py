"""What a stored solution proves: the bound that was claimed with it, of the instance it was made from."""

from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from optimizer.base.errors import InputError
from optimizer.files.solution_folder import OUTCOME, read_manifest, read_outcome, sha256
from optimizer.model.instance import Instance
from optimizer.solver.known_bounds import KnownBound


def stored_proof(
    folder: Path, read: Callable[[tuple[str, ...]], Instance]
) -> tuple[KnownBound, ...]:
    """Return what the solution in `folder` claims, or nothing where that cannot be traced: no
    manifest, another instance or version of the program than now, or an outcome that is not the one
    stored.

    read: makes the instance under the changes that the manifest names.
    """
    try:
        manifest = read_manifest(folder)
        if manifest.outputs.get(OUTCOME) != sha256(folder / OUTCOME):
            return ()
        if manifest.versions.get("optimizer") != version("optimizer"):
            return ()
        instance = read(manifest.changes)
        found = KnownBound.of(instance, read_outcome(folder).claims())
    except (InputError, OSError):
        return ()
    return found if instance.fingerprint == manifest.fingerprint else ()
