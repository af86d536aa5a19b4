"""Files of text: read whole, and refused in words where they are missing, too large or not UTF-8."""

from pathlib import Path

from optimizer.base.errors import InputError, Problem
from optimizer.base.words import Text

BOM = b"\xef\xbb\xbf"
LARGEST_FILE = 64 * 2**20


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a file. Raises InputError for a missing, oversized or unreadable one."""
    check_size(path)
    try:
        return path.read_bytes()
    except OSError as error:
        raise _cannot(path, error) from None


def check_size(path: Path) -> None:
    """Raise InputError for a file that is missing, oversized, or none that can be looked at."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise unreadable(path, Text("the file is over 64 MiB", "ファイルが64MiBを超えている"))
    except FileNotFoundError:
        raise unreadable(
            path,
            Text("the file is missing", "ファイルがない"),
            Text("add it, or check the folder's name", "ファイルを置くか、フォルダ名を確かめる"),
        ) from None
    except OSError as error:
        raise _cannot(path, error) from None


def _cannot(path: Path, error: OSError) -> InputError:
    message = Text(f"cannot be read ({error.strerror})", f"読めない({error.strerror})")
    return unreadable(path, message)


def read_text(path: Path, marked: bool = False) -> str:
    """Return the text of a UTF-8 file. Raises InputError for a missing, oversized or other file.

    marked: it may begin with the byte order mark that spreadsheets write.
    """
    raw = read_bytes(path)
    raw = raw.removeprefix(BOM) if marked else raw
    utf8 = Text("save it as UTF-8 without BOM", "BOMなしUTF-8で保存する")
    if raw.startswith(BOM):
        raise unreadable(
            path, Text("the file starts with a byte order mark", "先頭にBOMがある"), utf8
        )
    if b"\0" in raw:
        raise unreadable(path, Text("the file holds NUL bytes", "NULバイトを含む"), utf8)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        row = raw[: error.start].count(b"\n") + 1
        try:
            raw.decode("cp932")
            message = Text("the file is CP932 (Shift_JIS)", "文字コードがCP932(シフトJIS)である")
        except UnicodeDecodeError:
            message = Text("the file is not UTF-8", "文字コードがUTF-8でない")
        raise InputError([Problem(message, utf8, path.name, row)]) from None


def unreadable(path: Path, message: Text, remedy: Text | None = None) -> InputError:
    """Return the error that the file at `path` is no such file as is wanted."""
    remedy = remedy or Text("give a readable CSV or TOML file", "読めるCSVかTOMLにする")
    return InputError([Problem(message, remedy, path.name)])
