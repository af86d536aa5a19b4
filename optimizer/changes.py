"""What-if changes to the text of an instance: `--set path=value` and `--drop entry`.

A path names a place in instance.toml, with list entries called by their id:
`constraint.pace.changes`, `assumptions.wage`, `service.registration.ward_bound`.
"""

import re
import tomllib
from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from optimizer.errors import InputError, Problem
from optimizer.words import Text

FILE = "instance.toml"


def apply(raw: dict[str, Any], changes: Iterable[str]) -> dict[str, Any]:
    """Return a copy of the parsed instance.toml with each change made.

    A change is "set PATH=VALUE" or "drop ID". Raises InputError where a path leads nowhere.
    """
    data = deepcopy(raw)
    for change in changes:
        verb, _, rest = change.partition(" ")
        if verb == "drop":
            _drop(data, rest)
        elif verb == "set" and "=" in rest:
            path, _, value = rest.partition("=")
            _set(data, path.strip(), _value(value.strip()))
        else:
            raise _problem(change, "not a change", "変更として読めない", "set PATH=VALUE, drop ID")
    return data


def _set(data: dict[str, Any], path: str, value: Any) -> None:
    *steps, last = path.split(".")
    place: Any = data
    for step in steps:
        place = _step(place, step, path)
    if isinstance(place, dict) and isinstance(place.get(last), dict) and "value" in place[last]:
        place, last = place[last], "value"
    if not isinstance(place, dict) or not steps:
        raise _problem(path, "leads to no value", "値に至らない", "e.g. constraint.pace.changes=3")
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


def _drop(data: dict[str, Any], name: str) -> None:
    entries = data.get("constraint", [])
    kept = [entry for entry in entries if entry.get("id") != name]
    if len(kept) == len(entries):
        known = ", ".join(str(entry.get("id")) for entry in entries)
        raise _problem(name, "no such constraint entry", "該当する制約がない", "one of: " + known)
    data["constraint"] = kept


def _value(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (ValueError, RecursionError):
        return text


def _problem(value: str, en: str, ja: str, remedy: str) -> InputError:
    hint = Text(remedy, remedy.replace("one of: ", "次のいずれか: ").replace("e.g. ", "例: "))
    return InputError([Problem(Text(en, ja), hint, FILE, None, "", value)])
