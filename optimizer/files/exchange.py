"""One folder in the place of another, in a single step where the system has one."""

import ctypes
import errno
import os
import sys
import tempfile
from pathlib import Path

AT_FDCWD, EXCHANGE = -100, 2  # of renameat2(2)
RENAME_SWAP = 2  # of renamex_np(2)
CANNOT = (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EPERM)


def exchange(fresh: Path, old: Path) -> None:
    """Make `fresh` stand where `old` stood and the other way round; both are there.

    A process that is killed leaves one or the other in each place, never neither: Linux and macOS
    exchange two names in one step. Where a file system cannot, two renames do it, and a run that is
    killed between them leaves the old folder beside its place, as `.NAME-old-...`.
    Raises OSError.
    """
    if not _at_once(fresh, old):
        aside = Path(tempfile.mkdtemp(prefix=f".{old.name}-old-", dir=old.parent))
        old.rename(aside)  # onto the empty folder
        try:
            fresh.rename(old)
        except OSError:
            aside.rename(old)
            raise
        aside.rename(fresh)


def _at_once(a: Path, b: Path) -> bool:
    """Exchange two names in one step; False where that cannot be done."""
    names = os.fsencode(a), os.fsencode(b)
    try:
        library = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            failed = library.renamex_np(*names, RENAME_SWAP)
        else:
            failed = library.renameat2(AT_FDCWD, names[0], AT_FDCWD, names[1], EXCHANGE)
    except (OSError, AttributeError, TypeError):  # another system, or an old library
        return False
    if failed and ctypes.get_errno() not in CANNOT:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(b))
    return not failed
