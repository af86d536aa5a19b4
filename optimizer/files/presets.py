"""The classical location problems: lists of constraints and objectives, read from presets.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from optimizer.base.errors import InputError, Problem
from optimizer.base.words import Text


@dataclass(frozen=True)
class PresetOptions:
    """What the user asks for beside a file: how to read it and the numbers of the preset.

    metres is in the unit of the file. format "" means the one that the preset usually comes in.
    """

    preset: str
    format: str = ""
    p: int | None = None
    metres: Decimal | None = None
    parts: int | None = None
    capacity: int | None = None

    def as_data(self) -> dict[str, object]:
        """Return what was given as plain data for JSON."""
        given = {f.name: getattr(self, f.name) for f in fields(self)}
        return {
            name: str(value) if isinstance(value, Decimal) else value
            for name, value in given.items()
            if value not in (None, "")
        }


@dataclass(frozen=True)
class Preset:
    """One preset as presets.toml states it.

    needs: parameters that the user gives, unless the file does. may: parameters with a default.
    unit: what the first objective counts. customers: whether anybody is served at all.
    between: whether distances between sites are needed. largest: whether the quantity is to be
    made large, its objective being the negative. baseline: whether today's ways count, so that
    some sites must be open today.
    """

    id: str
    name: Text
    format: str
    needs: tuple[str, ...]
    may: Mapping[str, Any]
    unit: str
    constraint: tuple[Mapping[str, Any], ...]
    objective: tuple[Mapping[str, Any], ...]
    customers: bool = True
    between: bool = False
    largest: bool = False
    baseline: bool = False

    @property
    def limits_capacity(self) -> bool:
        """Whether the sites' capacities count."""
        return any(entry["type"] == "capacity" for entry in self.constraint)

    @property
    def takes(self) -> tuple[str, ...]:
        """Every parameter that the user can give."""
        capacity = ("capacity",) if self.limits_capacity else ()
        return (*self.needs, *self.may, *capacity)

    def filled(self, values: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
        """Return the lists as in instance.toml, every "$name" replaced by its value."""
        lists = {"constraint": self.constraint, "objective": self.objective}
        return {what: [_filled(dict(e), values) for e in rows] for what, rows in lists.items()}


@cache
def presets() -> dict[str, Preset]:
    """Return every preset by its id, in the order of presets.toml."""
    text = files("optimizer.files").joinpath("presets.toml").read_text("utf-8")
    return {name: _preset(name, raw) for name, raw in tomllib.loads(text).items()}


def chosen(asked: PresetOptions) -> tuple[Preset, PresetOptions]:
    """Return the preset asked for, and what was asked with its defaults filled in.

    Raises InputError where there is no such preset, or a parameter is none of its own.
    """
    known = presets()
    if asked.preset not in known:
        raise InputError([_unknown("--preset", asked.preset, list(known))])
    preset = known[asked.preset]
    given = {name: getattr(asked, name) for name in ("p", "metres", "parts", "capacity")}
    problems = []
    for name, value in given.items():
        if value is not None and name not in preset.takes:
            message = Text(f"{preset.id} has no such parameter", f"{preset.id} にこの項目はない")
            taken = ", ".join(preset.takes) or "–"
            remedy = Text(f"leave it out; it takes: {taken}", f"除く。使える項目: {taken}")
            problems.append(Problem(message, remedy, column=_option(name), value=str(value)))
    if asked.parts is not None and not 1 <= asked.parts <= 100:
        message = Text("not 1 to 100 parts", "分割数が1〜100でない")
        remedy = Text("e.g. 10: shares of a tenth", "例: 10(1割ずつ)")
        problems.append(Problem(message, remedy, column="--parts", value=str(asked.parts)))
    if problems:
        raise InputError(problems)
    full = {
        name: given[name] if given[name] is not None else preset.may.get(name) for name in given
    }
    return preset, PresetOptions(asked.preset, asked.format or preset.format, **full)


def missing(preset: Preset, name: str, file: str) -> InputError:
    """Return the error that neither the user nor the file gives the parameter `name`."""
    option = _option(name)
    message = Text(f"{preset.id} needs {option}", f"{preset.id} には {option} が要る")
    remedy = Text(f"give {option} N", f"{option} N を指定する")
    return InputError([Problem(message, remedy, file, column=option)])


def _option(name: str) -> str:
    return "-p" if name == "p" else f"--{name}"


def _preset(name: str, raw: dict[str, Any]) -> Preset:
    return Preset(
        name,
        Text(raw.pop("en"), raw.pop("ja")),
        raw.pop("format"),
        tuple(raw.pop("needs", ())),
        raw.pop("may", {}),
        raw.pop("unit"),
        tuple(raw.pop("constraint", ())),
        tuple(raw.pop("objective")),
        **raw,
    )


def _filled(value: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(value, dict):
        return {name: _filled(part, values) for name, part in value.items()}
    if isinstance(value, list):
        return [_filled(part, values) for part in value]
    if isinstance(value, str) and value.startswith("$"):
        return values[value[1:]]
    return value


def _unknown(option: str, value: str, known: list[str]) -> Problem:
    remedy = Text("one of: " + ", ".join(known), "次のいずれか: " + ", ".join(known))
    return Problem(Text("no such name", "該当する名前がない"), remedy, "", None, option, value)
