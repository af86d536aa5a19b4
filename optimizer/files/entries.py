"""The [[constraint]] and [[objective]] tables of instance.toml -> objects of their classes."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from optimizer.base.errors import InputError, Problem
from optimizer.base.words import LABELS, LANGUAGES, Text
from optimizer.constraints import registry, unusable
from optimizer.files.schema import AssumptionSpec
from optimizer.model.instance import Constraint, Objective
from optimizer.model.parameters import REFERENCES
from optimizer.model.where import Where
from optimizer.objectives import registry as objectives

FILE = "instance.toml"
RESERVED = "canonical"
"""The stage that breaks ties; no objective may be called so."""

Spec = TypeVar("Spec", bound=BaseModel)


class Stated(Protocol):
    """What states constraints and objectives: an instance.toml, or a preset that is filled in."""

    @property
    def constraint(self) -> Sequence[Mapping[str, Any]]:
        """Raw tables of constraints."""

    @property
    def objective(self) -> Sequence[Mapping[str, Any]]:
        """Raw tables of objectives."""

    @property
    def assumptions(self) -> Mapping[str, AssumptionSpec]:
        """Numbers that a parameter may name."""


def read_entries(spec: Stated) -> tuple[Constraint, ...]:
    """Return the always-on constraints, then the stated ones, in order of the file.

    A parameter that expects a number may name an assumption. Raises InputError.
    """
    rules = registry()
    problems: list[Problem] = []
    stated = [_entry(n, dict(raw), rules, spec, problems) for n, raw in enumerate(spec.constraint)]
    entries = [entry for entry in stated if entry is not None]
    names = {type(entry) for entry in entries}
    always = [rule(id=name) for name, rule in rules.items() if rule.always and rule not in names]
    # An entry of an always-on rule that covers only some keys adds to the rule, it does not replace it.
    for name, rule in rules.items():
        partial = [e for e in entries if type(e) is rule and e.where != Where()]
        if rule.always and rule in names and len(partial) == sum(type(e) is rule for e in entries):
            always.append(rule(id=name))
    seen: set[str] = set()
    for entry in [*always, *entries]:
        if entry.id in seen:
            problems.append(
                _problem(
                    entry.id,
                    Text("the id repeats", "idが重複している"),
                    Text("give each entry its own id", "別のidにする"),
                )
            )
        seen.add(entry.id)
    if problems:
        raise InputError(problems)
    return (*sorted(always, key=lambda entry: entry.id), *entries)


def read_objectives(spec: Stated) -> tuple[Objective, ...]:
    """Return the objectives in order of the file. Raises InputError."""
    kinds = objectives()
    problems: list[Problem] = []
    found: list[Objective] = []
    for raw in spec.objective:
        values = dict(raw)
        name = str(values.pop("type", ""))
        if name not in kinds:
            problems.append(_unknown_type("objective", name, list(kinds)))
            continue
        _fill_in(values, kinds[name].parameters(), spec)
        try:
            found.append(kinds[name].model_validate(values))
        except ValidationError as error:
            problems += pydantic_problems(error, FILE, f"objective.{name}")
    taken = [RESERVED, *(each.id for each in found)]
    for again in sorted({name for name in taken if taken.count(name) > 1}):
        message = Text("the id of an objective is taken", "目的のidが既に使われている")
        remedy = Text("give each objective its own id", "目的ごとに別のidを付ける")
        problems.append(_problem(f"objective.{again}", message, remedy, again))
    if problems:
        raise InputError(problems)
    return tuple(found)


def _entry(
    number: int,
    raw: dict[str, Any],
    rules: dict[str, type[Constraint]],
    spec: Stated,
    problems: list[Problem],
) -> Constraint | None:
    name = str(raw.pop("type", ""))
    place = str(raw.get("id", f"number {number + 1}"))
    if name not in rules:
        problems.append(_no_rule(f"constraint.{place}", name, list(rules)))
        return None
    assumed = _fill_in(raw, rules[name].parameters(), spec)
    try:
        entry = rules[name].model_validate({**raw, "assumed": tuple(assumed)})
    except ValidationError as error:
        problems += pydantic_problems(error, FILE, f"constraint.{place}")
        return None
    problems += _flex_problems(entry, f"constraint.{place}.flex")
    for field_name in Where.model_fields:
        labels = Where.LABELS[field_name]
        if getattr(entry.where, field_name) and not set(labels) & set(entry.key):
            message = Text(
                f"this constraint has no key {labels[0]!r}",
                f"この制約には「{LABELS[labels[0]].ja}」の区別がない",
            )
            keys = Text(*(", ".join(LABELS[k].say(lang) for k in entry.key) for lang in LANGUAGES))
            remedy = Text(f"its keys are {keys.en}", f"区別は {keys.ja}")
            problems.append(_problem(f"constraint.{place}.where.{field_name}", message, remedy))
    return entry


def _flex_problems(entry: Constraint, place: str) -> list[Problem]:
    """Return what is wrong with a `flex`: there is no limit to move, or nobody may move it."""
    if entry.flex is None or (entry.limit is not None and not entry.protected):
        return []
    message = Text("this constraint has no limit to move", "この制約には動かせる上限・下限がない")
    if entry.limit is not None:
        message = Text("a protected entry cannot be moved", "保護された項目は動かせない")
    return [_problem(place, message, Text("leave flex out", "flex を除く"), str(entry.flex))]


def _fill_in(raw: dict[str, Any], parameters: Mapping[str, Any], spec: Stated) -> list[str]:
    """Put numbers where `raw` names assumptions for them; return those that nobody published."""
    assumed = []
    for parameter, field in parameters.items():
        value = raw.get(parameter)
        if field.annotation is int and isinstance(value, str) and value in spec.assumptions:
            if str(spec.assumptions[value].value).isdigit():
                raw[parameter] = int(str(spec.assumptions[value].value))
            if spec.assumptions[value].assumed:
                assumed.append(value)
    return assumed


def references(entry: Constraint) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return (place in the file, what it names, the ids) for every id the entry mentions."""
    found = [
        (name, REFERENCES[field.description], _ids(getattr(entry, name)))
        for name, field in entry.parameters().items()
        if field.description in REFERENCES
    ]
    labels = {
        "districts": "district",
        "wards": "ward",
        "rooms": "room",
        "points": "point",
        "kinds": "kind",
        "services": "service",
    }
    found += [(f"where.{n}", what, getattr(entry.where, n)) for n, what in labels.items()]
    found += [("where.periods", "period", tuple(str(t) for t in entry.where.periods))]
    found += [("source", "sentence", entry.source)]
    return [(f"constraint.{entry.id}.{name}", what, ids) for name, what, ids in found]


def read_spec(model: type[Spec], data: Any, file: str) -> Spec:
    """Return `data` as a `model`. Raises InputError naming every key that does not fit."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise InputError(pydantic_problems(error, file)) from None


def _ids(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, tuple) else (str(value),)


def pydantic_problems(error: ValidationError, file: str, prefix: str = "") -> list[Problem]:
    """Return what pydantic found, as problems with dotted places.

    Where a value may be of several types, what each of them misses is told in one problem.
    """
    found: dict[str, Problem] = {}
    remedy = Text("see docs/instance.md for what stands here", "docs/instance.md の説明に合わせる")
    if file.endswith(".json"):
        remedy = Text("restore the file", "ファイルを元に戻す")
    for fault in error.errors():
        steps = [str(step) for step in fault["loc"] if step not in ALTERNATIVES]
        path = ".".join([prefix, *steps]).strip(".")
        value = "" if fault["type"] == "missing" else _shown(fault["input"])
        message = Text(fault["msg"], _in_japanese(fault["type"], fault.get("ctx", {})))
        if path in found:
            before = found[path].message
            message = Text(f"{before.en}; or: {message.en}", f"{before.ja}、又は{message.ja}")
        found[path] = Problem(message, remedy, file, None, path, value)
    return list(found.values())


def _in_japanese(kind: str, values: dict[str, Any]) -> str:
    """Return the Japanese words for a type of fault; `values` are the limits that go with it."""
    if "expected" in values:
        choices = [choice.strip("'") for choice in re.split(", | or ", values["expected"])]
        values = {"expected": "".join(f"「{choice}」" for choice in choices)}
    return JAPANESE.get(kind, "値が正しくない").format(**values)


def _shown(value: object) -> str:
    try:
        return str(value)[:60]
    except ValueError:  # a whole number of more digits than Python prints
        return "…"


ALTERNATIVES = ("constrained-int", "constrained-str", "dict[str,constrained-str]")
"""What pydantic puts into a place to tell which of several types it tried."""

JAPANESE = {
    "missing": "必要な項目がない",
    "extra_forbidden": "知らない項目である",
    "bool_type": "「true」でも「false」でもない",
    "bool_parsing": "「true」でも「false」でもない",
    "int_type": "整数でない",
    "int_parsing": "整数でない",
    "int_parsing_size": "整数の桁が多すぎる",
    "int_from_float": "整数でない",
    "float_type": "数値でない",
    "float_parsing": "数値でない",
    "finite_number": "有限の数値でない",
    "string_type": "文字列でない",
    "string_too_short": "文字が足りない({min_length}文字以上)",
    "string_unicode": "文字列として読めない",
    "dict_type": "表でない",
    "model_type": "表でない",
    "tuple_type": "配列でない",
    "too_short": "数が足りない({min_length}個以上)",
    "too_long": "数が多すぎる({max_length}個以下)",
    "greater_than_equal": "値が小さすぎる({ge}以上)",
    "less_than_equal": "値が大きすぎる({le}以下)",
    "string_pattern_mismatch": "書き方が正しくない(書式「{pattern}」)",
    "literal_error": "選べる値でない({expected}のいずれか)",
    "circuity_below_one": "道のりは直線距離より短くならない(1以上)",
    "claim_compares_nothing": "比べる窓口又は業務と割合が足りない",
    "published_or_assumed": "仮定(「assumed = true」)か出典のある値(「source」)のどちらかにする",
    "no_such_objective": "該当する目的がない(「{type}」。次のいずれか「{known}」)",
    "weight_due": "「{type}」には1以上10億以下の整数の重み「weight」が必要である",
    "stage_only": "「{known}」は「{type}」ではなく加重和に書く",
    "wrong_part": "「{type}」の項目が正しくない(「{known}」)",
}
"""Type of a fault, as pydantic or a model calls it -> words, with the limits it carries."""


def _no_rule(place: str, name: str, known: list[str]) -> Problem:
    """Return that there is no such constraint, or which package should have brought it."""
    for plug_in in unusable():
        if plug_in.name == name:
            return _problem(f"{place}.type", plug_in.message, plug_in.remedy, name)
    return _unknown_type(place, name, known)


def _unknown_type(place: str, name: str, known: list[str]) -> Problem:
    return _problem(
        f"{place}.type",
        Text("no such type", "該当する種類がない"),
        Text("one of: " + ", ".join(known), "次のいずれか: " + ", ".join(known)),
        name,
    )


def _problem(place: str, message: Text, remedy: Text, value: str = "") -> Problem:
    return Problem(message, remedy, FILE, None, place, value)
