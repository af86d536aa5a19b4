"""scenarios/*.toml of an instance -> Scenario, and back."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from optimizer.base.errors import InputError, Problem, refuse
from optimizer.base.words import LANGUAGES, Text
from optimizer.files.changes import Change, read_changes, value_of
from optimizer.files.entries import read_spec
from optimizer.files.instance_folder import read_toml
from optimizer.files.scenario import Scenario, Step
from optimizer.files.schema import Strict

FOLDER = "scenarios"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", re.ASCII)
DEEPEST = 10
"""Scenarios that may stand on each other."""

Said = Annotated[str, Field(min_length=1)]


class ChangeSpec(Strict):
    """One change: exactly one of set, scale, add, drop, fix and forbid, with what it needs."""

    set: str | None = None
    scale: str | None = None
    add: str | None = None
    drop: str | None = None
    fix: tuple[str, ...] | None = None
    forbid: tuple[str, ...] | None = None
    value: Any = None
    by: str | None = None
    entry: Any = None
    modes: tuple[str, ...] | None = None
    periods: tuple[int, ...] | None = None
    author: Said
    reason_en: Said
    reason_ja: Said
    source: str = ""


class ScenarioSpec(Strict):
    """A scenario file."""

    id: str
    base: str
    name_en: Said
    name_ja: Said
    change: tuple[ChangeSpec, ...] = ()


NEEDS = {
    "set": ("value",),
    "scale": ("by",),
    "add": ("entry",),
    "drop": (),
    "fix": ("modes", "periods"),
    "forbid": ("modes", "periods"),
}
"""What goes with each kind of change."""


def scenario_names(folder: Path) -> list[str]:
    """Return the names of the scenarios of the instance in `folder`, sorted."""
    return sorted(path.stem for path in (folder / FOLDER).glob("*.toml"))


def read_scenario(folder: Path, name: str, kinds: Mapping[str, Sequence[str]]) -> Scenario:
    """Return a scenario of the instance in `folder`, with the steps of those it stands on first.

    kinds: point -> the modes of its kind, which "forbid" needs. Raises InputError.
    """
    return _read(folder, name, (), kinds)


def point_modes(folder: Path) -> dict[str, tuple[str, ...]]:
    """Return of every point of the instance in `folder` the modes of its kind. Raises InputError."""
    from optimizer.files.columns import TABLES
    from optimizer.files.schema import InstanceSpec
    from optimizer.files.tables import read_table

    spec = read_spec(InstanceSpec, read_toml(folder / "instance.toml"), "instance.toml")
    kinds = {kind.id: kind.modes for kind in spec.kind}
    points = read_table(folder / "points.csv", *TABLES["points.csv"])
    pairs = zip(points["point_id"], points["kind"], strict=True)
    return {str(point): kinds.get(str(kind), ()) for point, kind in pairs}


def scenario_changes(folder: Path, name: str) -> tuple[Change, ...]:
    """Return the changes of a scenario of the instance in `folder`. Raises InputError."""
    return read_scenario(folder, name, point_modes(folder)).changes


def _read(
    folder: Path, name: str, above: tuple[str, ...], kinds: Mapping[str, Sequence[str]]
) -> Scenario:
    known = scenario_names(folder)
    path = folder / FOLDER / f"{name}.toml"
    if not NAME.fullmatch(name) or name not in known:
        raise refuse(
            Text("no such scenario", "該当するシナリオがない"),
            Text(*[", ".join(known) or "optimizer scenario new"] * 2),
            column="--scenario" if not above else f"{above[-1]}.toml: base",
            value=name,
        )
    if name in above or len(above) >= DEEPEST:
        raise refuse(
            Text("scenarios stand on each other in a ring", "シナリオのbaseが循環している"),
            Text("let one stand on the instance", "いずれかのbaseをインスタンスにする"),
            file=path.name,
            value=" > ".join((*above, name)),
        )
    spec = read_spec(ScenarioSpec, read_toml(path), path.name)
    if spec.id != name:
        raise refuse(
            Text("the id is not the name of the file", "idがファイル名と異なる"),
            Text(f"write {name}", f"{name} と書く"),
            file=path.name,
            column="id",
            value=spec.id,
        )
    instance = read_toml(folder / "instance.toml").get("id")
    below = () if spec.base == instance else _read(folder, spec.base, (*above, name), kinds).steps
    problems: list[Problem] = []
    own = [
        step
        for number, change in enumerate(spec.change, 1)
        for step in _steps(change, path.name, number, kinds, problems)
    ]
    if problems:
        raise InputError(problems)
    return Scenario(spec.id, spec.base, Text(spec.name_en, spec.name_ja), (*below, *own))


def _steps(
    spec: ChangeSpec,
    file: str,
    number: int,
    kinds: Mapping[str, Sequence[str]],
    problems: list[Problem],
) -> list[Step]:
    verbs = [verb for verb in NEEDS if getattr(spec, verb) is not None]
    given = [part for part in ("value", "by", "entry", "modes", "periods") if _has(spec, part)]
    if len(verbs) != 1 or sorted(given) != sorted(NEEDS[verbs[0]]):
        wanted = "; ".join(" + ".join((verb, *parts)) for verb, parts in NEEDS.items())
        message = Text("a change has one verb and what it needs", "変更の書き方が正しくない")
        remedy = Text(f"one of: {wanted}", f"次のいずれか: {wanted}")
        place = f"change {number}"
        problems.append(Problem(message, remedy, file, None, place, ", ".join([*verbs, *given])))
        return []
    reason = Text(spec.reason_en, spec.reason_ja)
    try:
        changes = read_changes(_texts(spec, verbs[0], kinds))
    except InputError as error:
        problems += [
            Problem(p.message, p.remedy, file, None, f"change {number}", p.value)
            for p in error.problems
        ]
        return []
    return [Step(change, spec.author, reason, spec.source) for change in changes]


def _has(spec: ChangeSpec, part: str) -> bool:
    return getattr(spec, part) is not None


def _texts(spec: ChangeSpec, verb: str, kinds: Mapping[str, Sequence[str]]) -> list[str]:
    match verb:
        case "set":
            return [f"set {spec.set}={toml(spec.value)}"]
        case "scale":
            return [f"scale {spec.scale}={spec.by}"]
        case "add":
            return [f"add {spec.add}={toml(spec.entry)}"]
        case "drop":
            return [f"drop {spec.drop}"]
    return _modes_of(spec, verb, kinds)


def _modes_of(spec: ChangeSpec, verb: str, kinds: Mapping[str, Sequence[str]]) -> list[str]:
    """Return changes that add one constraint for the points that are left the same modes."""
    points, stated = spec.fix or spec.forbid or (), spec.modes or ()
    periods = list(spec.periods or ())
    groups: dict[tuple[str, ...], list[str]] = {}
    for point in points:
        if point not in kinds:
            raise refuse(
                Text("no such point", "該当する窓口がない"),
                Text(*["points.csv"] * 2),
                value=point,
            )
        left = stated if verb == "fix" else tuple(m for m in kinds[point] if m not in stated)
        groups.setdefault(tuple(left), []).append(point)
    years = "-".join(map(str, (periods[0], periods[-1]) if len(periods) > 1 else periods))
    return [
        "add constraint="
        + toml(
            {
                "type": "allowed_modes",
                "id": f"{verb}-{'+'.join(some)}-{years}",
                "modes": list(left),
                "where": {"points": some, "periods": periods},
            }
        )
        for left, some in groups.items()
    ]


def toml(value: Any) -> str:
    """Return `value` as TOML on one line. Raises InputError for what changes cannot hold."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list | tuple):
        return f"[{', '.join(toml(each) for each in value)}]"
    if isinstance(value, dict):
        inside = ", ".join(f"{_key(k)} = {toml(v)}" for k, v in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    raise refuse(
        Text("decimals are written as text", "小数は文字列で書く"),
        Text('e.g. "0.5"', '例: "0.5"'),
        value=str(value),
    )


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key, re.ASCII) else toml(key)


def scenario_text(scenario: Scenario) -> str:
    """Return the text of a scenario file whose changes are `set`, `scale`, `add` and `drop`."""
    import tomli_w

    names = {"name_en": scenario.name.en, "name_ja": scenario.name.ja}
    told = {"id": scenario.id, "base": scenario.base, **names}
    return tomli_w.dumps({**told, "change": [_step(step) for step in scenario.steps]})


def _step(step: Step) -> dict[str, Any]:
    reasons = {f"reason_{lang}": step.reason.say(lang) for lang in LANGUAGES}
    source = {"source": step.source} if step.source else {}
    return {**_stated(step.change), "author": step.author, **reasons, **source}


def _stated(change: Change) -> dict[str, Any]:
    text = change.value or ""
    match change.verb:
        case "drop":
            return {"drop": change.path}
        case "scale":
            return {"scale": change.path, "by": text}
    value = value_of(text)
    part = "value" if change.verb == "set" else "entry"
    return {change.verb: change.path, part: text if isinstance(value, float) else value}
