"""A benchmark file under a preset -> Instance, with the same entries and checks as a city."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from optimizer.base.errors import InputError, refuse
from optimizer.base.words import Text
from optimizer.files.changes import Changes, apply, read_changes
from optimizer.files.entries import read_entries, read_objectives
from optimizer.files.presets import Preset, PresetOptions, chosen, missing
from optimizer.files.schema import AssumptionSpec
from optimizer.files.text_files import read_bytes
from optimizer.importers import (
    diaz,
    holmberg,
    matrix_csv,
    orlib_pmed,
    orlib_pmedcap,
    orlib_uflp,
    tsplib,
)
from optimizer.importers.location import LocationData
from optimizer.importers.location_instance import instance_of, radius
from optimizer.model.instance import Instance

FORMATS: dict[str, Callable[[Path], LocationData]] = {
    "orlib-pmed": orlib_pmed.read,
    "orlib-uflp": orlib_uflp.read,
    "orlib-pmedcap": orlib_pmedcap.read,
    "holmberg": holmberg.read,
    "diaz": diaz.read,
    "tsplib": tsplib.read,
    "matrix": matrix_csv.read,
}

BY_SUFFIX = {".tsp": "tsplib", ".csv": "matrix"}


@dataclass(frozen=True)
class Lists:
    """The lists of a filled preset, in the form of instance.toml."""

    constraint: list[dict[str, Any]]
    objective: list[dict[str, Any]]
    assumptions: Mapping[str, AssumptionSpec] = field(default_factory=dict)


def read_problem(path: Path, asked: PresetOptions, changes: Changes = ()) -> Instance:
    """Return the instance of the file in `path` under the preset of `asked`, with `changes` made.

    Changes name entries of the preset's lists, such as "set constraint.sites.most=7". Raises
    InputError.
    """
    changes = read_changes(changes)
    preset, asked = settled(path, asked)
    if asked.format not in FORMATS:
        known = ", ".join(FORMATS)
        raise refuse(
            Text("no such format", "該当する形式がない"),
            Text(f"one of: {known}", f"次のいずれか: {known}"),
            column="--format",
            value=asked.format,
        )
    location = FORMATS[asked.format](path)
    values = _values(location, preset, asked, path.name)
    lists = Lists(**apply(preset.filled(values), changes))
    name = _name(path, asked, values)
    instance = instance_of(location, preset, replace(asked, p=values["p"]), path.name, name)
    instance = replace(
        instance,
        entries=read_entries(lists),
        objectives=read_objectives(lists),
        changes=tuple(change.text for change in changes),
        fingerprint=_fingerprint(path, lists, asked),
    )
    problems = [problem for entry in instance.entries for problem in entry.problems(instance)]
    problems += [problem for aim in instance.objectives for problem in aim.problems(instance)]
    if problems:
        raise InputError(problems)
    return instance


def settled(path: Path, asked: PresetOptions) -> tuple[Preset, PresetOptions]:
    """Return the preset, and what was asked with its format and defaults. Raises InputError."""
    suffix = BY_SUFFIX.get(path.suffix.lower(), "")
    return chosen(replace(asked, format=asked.format or suffix))


def _values(
    location: LocationData, preset: Preset, asked: PresetOptions, file: str
) -> dict[str, int | None]:
    """Return the numbers of the preset: the user's, else the file's. Raises InputError."""
    values = {
        "p": location.p if asked.p is None else asked.p,
        "metres": radius(location, asked.metres),
        "parts": asked.parts,
        "capacity": asked.capacity,
    }
    for name in preset.needs:
        if values[name] is None:
            raise missing(preset, name, file)
    if preset.limits_capacity and location.capacity is None and asked.capacity is None:
        raise missing(preset, "capacity", file)
    p, most = values["p"], len(location.sites)
    if "p" in preset.needs and p is not None and not 1 <= p <= most:
        message = Text(f"the file has {most:,} sites", f"候補地は{most:,}か所である")
        remedy = Text(f"give 1 to {most}", f"1〜{most}を指定する")
        raise refuse(message, remedy, file=file, column="-p", value=str(p))
    return values


def _name(path: Path, asked: PresetOptions, values: Mapping[str, int | None]) -> str:
    """Return the id of the instance: file, preset and numbers, such as "pmed1-p-median-p5"."""
    stem = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-") or "file"
    given = {"m": asked.metres, "parts": asked.parts, "c": asked.capacity}
    preset_takes_p = "p" in chosen(PresetOptions(asked.preset))[0].needs
    parts = [f"p{values['p']}"] if preset_takes_p else []
    parts += [
        f"{tag}{value}".replace(".", "-") for tag, value in given.items() if value is not None
    ]
    return "-".join([stem, asked.preset, *parts])


def _fingerprint(path: Path, lists: Lists, asked: PresetOptions) -> str:
    """Return the SHA-256 over the file and everything that makes an instance of it."""
    digest = hashlib.sha256(read_bytes(path))
    for part in (asked.as_data(), lists.constraint, lists.objective):
        digest.update(f"\0{part!r}".encode())
    return digest.hexdigest()
