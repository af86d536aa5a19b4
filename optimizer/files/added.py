"""Files added to a stored solution: it is copied beside its place, filled and renamed, so that a
killed run leaves the old one or the new one, and the manifest knows every file.
"""

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from optimizer.base.errors import InputError, refuse
from optimizer.base.words import Text
from optimizer.files.exchange import exchange
from optimizer.files.json_files import read_json
from optimizer.files.seal import sealed, unbroken
from optimizer.files.solution_folder import MANIFEST, sha256


def add_files(folder: Path, content: Mapping[str, str | bytes]) -> None:
    """Add or replace files (relative path -> content) of the stored solution in `folder`.

    What is recorded of other files stays as it is, and a broken seal broken, so that `verify` still
    finds what was altered.
    Raises InputError if the folder cannot be written.
    """
    manifest = read_json(folder / MANIFEST)
    whole = unbroken(manifest, (folder / MANIFEST).read_bytes())
    folder = folder.resolve()
    try:
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as place:
            fresh = Path(place) / "new"
            shutil.copytree(folder, fresh, symlinks=True)
            write_files(fresh, content)
            hashes = {name: sha256(fresh / name) for name in content}
            manifest["outputs"] = dict(sorted({**manifest["outputs"], **hashes}.items()))
            (fresh / MANIFEST).write_bytes(sealed(manifest) if whole else sealed(manifest) + b"\n")
            exchange(fresh, folder)
    except OSError as error:
        raise _unwritable(folder, error) from None


def write_files(folder: Path, content: Mapping[str, str | bytes]) -> None:
    """Write files (relative path -> content) into `folder`, each beside its place and renamed.

    Raises InputError if one cannot be written.
    """
    try:
        for name, body in sorted(content.items()):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            fresh = path.with_name(f".{path.name}-new")
            fresh.write_bytes(body.encode() if isinstance(body, str) else body)
            fresh.replace(path)
    except OSError as error:
        raise _unwritable(folder, error) from None


def _unwritable(folder: Path, error: OSError) -> InputError:
    return refuse(
        Text(f"cannot be written: {error.strerror}", f"書き込めない: {error.strerror}"),
        Text(
            "check the folder, its permissions and the disk", "フォルダ、権限、空き容量を確かめる"
        ),
        file=str(folder),
    )
