"""What-if changes to the text of an instance: set, scale, add and drop.

A path names a place in instance.toml, with list entries called by their id:
`constraint.pace.changes`, `assumptions.wage`, `service.registration.ward_bound`. A path that begins
with the name of a table leads into that table: `points.csv[point_id=B01|B02].kind` (the part in
brackets chooses rows). Such changes are made in `files/table_changes.py`.
"""

import re
import tomllib
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Union

from optimizer.base.errors import InputError, Problem
from optimizer.base.words import Text

FILE = "instance.toml"
SPLIT = re.compile(r"(?P<path>[^=\[]*(\[[^\]]*\][^=]*)?)=(?P<value>.*)", re.DOTALL)
TABLE = re.compile(r"(set|scale|add|drop) +[a-z_]+\.csv\b", re.ASCII)
FACTOR = re.compile(r"[0-9]{1,6}(\.[0-9]{1,9})?", re.ASCII)


@dataclass(frozen=True)
class Change:
    """One change, read once: "set PATH=VALUE", "scale PATH=FACTOR" (a number, or all numbers of a
    table by period), "add LIST={...}" or "drop ID", where an ID without a dot is that of a constraint.

    text: as it was written, which is what manifests keep. value: its text, None without "=".
    """

    text: str
    verb: str
    path: str
    value: str | None

    @classmethod
    def of(cls, change: Union[str, "Change"]) -> "Change":
        """Return what `change` says. Raises InputError where it says nothing."""
        if isinstance(change, cls):
            return change
        text = str(change)
        if re.search("[\ud800-\udfff]", text):  # bytes of the shell that are no UTF-8
            shown = text.encode("utf-8", "replace").decode()
            raise _problem(shown, "not UTF-8", "文字コードがUTF-8でない", "type it in UTF-8")
        verb, _, rest = text.partition(" ")
        match = SPLIT.fullmatch(rest) if verb != "drop" else None
        path, value = (match["path"], match["value"].strip()) if match else (rest, None)
        read = cls(text, verb, path.strip(), value)
        whole = (verb == "drop" and read.path) or (verb in ("set", "scale", "add") and match)
        if not read.of_table and not whole:
            raise _problem(text, "not a change", "変更として読めない", FORMS)
        return read

    @property
    def of_table(self) -> bool:
        """Whether it is about a CSV table."""
        return TABLE.match(self.text) is not None


Changes = Iterable[str | Change]
"""What readers take: changes, or their text."""

FORMS = "set PATH=VALUE, scale PATH=FACTOR, add LIST={...}, drop ID"


def read_changes(changes: Changes) -> tuple[Change, ...]:
    """Return each of `changes`, read. Raises InputError."""
    return tuple(Change.of(change) for change in changes)


def apply(raw: dict[str, Any], changes: Changes) -> dict[str, Any]:
    """Return a copy of the parsed instance.toml with each change made; those of tables are left.

    Raises InputError where a path leads nowhere.
    """
    data = deepcopy(raw)
    for change in read_changes(changes):
        value = change.value or ""
        if change.of_table:
            continue
        match change.verb:
            case "drop":
                _drop(data, change.path)
            case "set":
                _set(data, change.path, value_of(value))
            case "scale":
                _scale(data, change.path, factor_of(value))
            case "add":
                _add(data, change.path, value_of(value))
    return data


def factor_of(text: str) -> Decimal:
    """Return the factor of a change. Raises InputError."""
    if FACTOR.fullmatch(text.strip('"')):
        return Decimal(text.strip('"'))
    raise _problem(text, "not a factor", "倍率として読めない", "e.g. 1.1")


def half_up(number: Decimal) -> int:
    """Return the whole number nearest to `number`, of two the larger."""
    return int(number.quantize(Decimal(1), ROUND_HALF_UP))


def _place(data: dict[str, Any], path: str) -> tuple[dict[str, Any], str]:
    """Return the table that holds the value at `path`, and its key there."""
    *steps, last = path.split(".")
    place: Any = data
    for step in steps:
        place = _step(place, step, path)
    if isinstance(place, dict) and isinstance(place.get(last), dict) and "value" in place[last]:
        place, last = place[last], "value"
    if not isinstance(place, dict) or not steps:
        raise _problem(path, "leads to no value", "値に至らない", "e.g. constraint.pace.changes=3")
    return place, last


def _scale(data: dict[str, Any], path: str, factor: Decimal) -> None:
    place, last = _place(data, path)
    was = place.get(last)
    if isinstance(was, dict):
        place[last] = {key: _scaled(value, factor, path) for key, value in was.items()}
    else:
        place[last] = _scaled(was, factor, path)


def _scaled(value: Any, factor: Decimal, path: str) -> int | str:
    """Return a whole number scaled and rounded half up, or a decimal text scaled exactly."""
    if isinstance(value, int) and not isinstance(value, bool):
        return half_up(value * factor)
    if isinstance(value, str) and FACTOR.fullmatch(value):
        return f"{(Decimal(value) * factor).normalize():f}"
    raise _problem(path, "leads to no number", "数に至らない", "e.g. assumptions.wage")


def _add(data: dict[str, Any], path: str, value: Any) -> None:
    there = data.get(path, [] if path in ("constraint", "claim", "note") else None)
    if not isinstance(there, list):
        lists = ", ".join(name for name, part in data.items() if isinstance(part, list))
        raise _problem(path, "not a list", "一覧でない", "one of: " + lists)
    data[path] = [*there, value]


def _set(data: dict[str, Any], path: str, value: Any) -> None:
    place, last = _place(data, path)
    if re.fullmatch(r"[0-9.]+", str(place.get(last, ""))) and isinstance(place[last], str):
        value = str(value)  # decimals are kept as text, exactly
    place[last] = value


def _step(place: Any, step: str, path: str) -> Any:
    if isinstance(place, dict) and step in place:
        return place[step]
    known = list(place) if isinstance(place, dict) else []
    if isinstance(place, list):
        items = [item for item in place if isinstance(item, dict)]
        known = [_names(item)[0] for item in items]
        found = [item for item in items if step in _names(item)]
        if len(found) == 1:
            return found[0]
        if found:
            both = ", ".join(_names(item)[0] for item in found)
            raise _problem(
                path, f"{step!r} means several", f"「{step}」が複数ある", "one of: " + both
            )
    raise _problem(
        path, f"{step!r} is not there", f"「{step}」がない", "one of: " + ", ".join(known)
    )


def _names(item: dict[str, Any]) -> list[str]:
    """Return what an entry of a list can be called: its id, its type, its period."""
    return [str(item[name]) for name in ("id", "type", "period") if name in item] or ["?"]


def _drop(data: dict[str, Any], path: str) -> None:
    """Drop an item of a list; with a year also the values of that year."""
    name, _, item = path.rpartition(".")
    part = data.get(name or "constraint", [])
    if not isinstance(part, list) or (name == "constraint" and not part):
        raise _problem(path, "leads to no list", "一覧に至らない", "e.g. drop constraint.pace")
    kept = [each for each in part if not (isinstance(each, dict) and item == _names(each)[0])]
    if len(kept) == len(part):
        known = ", ".join(_names(each)[0] for each in part if isinstance(each, dict))
        told = ("no such constraint entry", "該当する制約がない") if not name else NOT_THERE
        raise _problem(path, *told, "one of: " + known)
    data[name or "constraint"] = kept
    if name == "period":
        for assumption in data.get("assumptions", {}).values():
            if isinstance(assumption.get("value"), dict):
                assumption["value"].pop(item, None)


NOT_THERE = ("not there", "ない")


def value_of(text: str) -> Any:
    """Return the TOML value that `text` states, or else the text itself."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (ValueError, RecursionError):
        return text


def _problem(value: str, en: str, ja: str, remedy: str) -> InputError:
    hint = Text(remedy, remedy.replace("one of: ", "次のいずれか: ").replace("e.g. ", "例: "))
    return InputError([Problem(Text(en, ja), hint, FILE, None, "", value)])
