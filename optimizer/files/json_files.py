"""JSON files read as they were meant: no key twice, no number that is none, no endless nest."""

import json
from pathlib import Path
from typing import Any, NoReturn

from optimizer.base.errors import refuse
from optimizer.base.words import Text
from optimizer.files.text_files import read_text


def read_json(path: Path) -> Any:
    """Return the value in a JSON file. Raises InputError where it is none, or not a plain one.

    Python takes NaN and Infinity, and of a key that stands twice the last value; both are refused.
    """
    try:
        return json.loads(read_text(path), object_pairs_hook=_object, parse_constant=_constant)
    except (ValueError, RecursionError) as error:
        message = Text(f"not JSON ({error})", f"JSONでない({error})")
        remedy = Text("restore the file", "ファイルを元に戻す")
        raise refuse(message, remedy, file=path.name) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        again = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {again!r} stands twice")
    return found


def _constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")
