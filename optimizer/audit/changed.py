"""What differs between two instances of one city, change by change, and the instances between them.

A change is a constraint entry that was added, dropped or given other values, or a number, a column
or a table that is another one. Each can be made alone: `between` gives the instance in which some
of the changes are made and the others are not. Names, notes and reasons are no changes.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from optimizer.base.errors import refuse
from optimizer.base.words import Text
from optimizer.model.instance import Constraint, Instance

NUMBERS = {
    "wage": Text("wage of a person and year", "職員一人・年当たりの人件費"),
    "person_minutes": Text(
        "counter minutes of a person and year", "職員一人・年当たりの窓口業務分"
    ),
    "community_today": Text("persons in community support today", "現在の地域担当職員"),
    "extension": Text("longer opening hours", "開庁時間の延長"),
    "kinds": Text("modes of each kind", "種別ごとの形態"),
    "serves": Text("services of each mode", "形態ごとの業務"),
    "moves": Text("moves between modes", "形態の移り変わり"),
    "neighbours": Text("neighbouring districts", "隣接する校区"),
}
TABLES = {
    "districts": Text("districts", "校区"),
    "points": Text("counters", "窓口"),
    "rooms": Text("exchange rooms", "まちづくり交流室"),
    "periods": Text("years", "年度"),
    "services": Text("services", "業務"),
    "modes": Text("modes", "形態"),
    "travel": Text("travel", "移動距離"),
    "office_distances": Text("distances between offices", "拠点間の距離"),
    "demand": Text("demand", "件数"),
}
COLUMNS = {
    "modes.crew": Text("crew of a mode", "形態ごとの最低人数"),
    "modes.running_cost": Text("running cost of a mode", "形態ごとの維持運営費"),
    "modes.fee": Text("fee per case", "1件当たりの手数料"),
    "modes.move_in_cost": Text("cost of moving into a mode", "移行費"),
    "services.minutes": Text("minutes per case", "1件当たりの処理時間"),
    "services.ward_bound": Text("services bound to the ward", "区内に限る業務"),
    "travel.metres": Text("travel", "移動距離"),
    "demand.cases": Text("demand", "件数"),
    "points.capacity": Text("capacity of a counter", "窓口の処理能力"),
    "points.site_cost": Text("cost of a site", "施設の費用"),
}
SILENT = {"name", "name_en", "name_ja", "lat", "lng", "origin"}
"""Columns that decide nothing."""

SHOWN = 3
"""Cells of a column that are told one by one."""

PLACES = "places"
"""The id of the one change that is made of all tables, where they name other districts, ..."""


@dataclass(frozen=True)
class Difference:
    """One difference: kind (entry, number, column, table or objective), id, name, from, to.

    before, after: the values as text; empty where there is nothing, as for an entry added.
    """

    kind: str
    id: str
    name: Text
    before: str
    after: str

    @property
    def decides(self) -> bool:
        """Whether the cost can depend on it; that of a plan is always told by the same formula."""
        return self.kind != "objective"

    def to_json(self) -> dict[str, str]:
        """Return the change as plain data."""
        names = {"name_en": self.name.en, "name_ja": self.name.ja}
        return {
            "kind": self.kind,
            "id": self.id,
            **names,
            "before": self.before,
            "after": self.after,
        }


def changes(first: Instance, other: Instance) -> tuple[Difference, ...]:
    """Return what must be changed in `first` to get `other`. Raises InputError for two cities."""
    if first.id != other.id:
        raise refuse(
            Text("these are plans of two instances", "別のインスタンスの計画である"),
            Text("compare plans of one instance", "同じインスタンスの計画を比べる"),
            value=f"{first.id} | {other.id}",
        )
    parts = (_entries, _numbers, _tables, _objectives)
    return tuple(change for part in parts for change in part(first, other))


def between(
    first: Instance,
    other: Instance,
    all_changes: Collection[Difference],
    made: Collection[Difference],
) -> Instance:
    """Return `first` with those of `all_changes` to `other` that are `made`."""
    if len(made) == len(all_changes):
        return other
    if not made:
        return first
    values: dict[str, Any] = {}
    there = {entry.id: entry for entry in other.entries}
    asked = {change.id for change in made if change.kind == "entry"}
    kept = [
        there.get(e.id) if e.id in asked else e for e in first.entries
    ]  # None where it is dropped
    known = {entry.id for entry in first.entries}
    added = [e for e in other.entries if e.id in asked and e.id not in known]
    values["entries"] = (*(entry for entry in kept if entry is not None), *added)
    for change in made:
        if change.kind == "number":
            values[change.id] = getattr(other, change.id)
        elif change.kind == "objective":
            values["objectives"] = other.objectives
        elif change.kind == "table":
            names = [*TABLES, "kinds", "serves", "moves", "neighbours"]
            values |= {name: getattr(other, name) for name in names}
        elif change.kind == "column":
            table, _, column = change.id.partition(".")
            whole = getattr(other, table)
            if isinstance(whole, pd.DataFrame):
                before = values.get(table, getattr(first, table))
                whole = before.assign(**{column: whole[column]})
            values[table] = whole
    text = "\0".join([first.fingerprint, other.fingerprint, *(c.id for c in made)])
    print_ = hashlib.sha256(text.encode()).hexdigest()
    return replace(first, **values, fingerprint=print_)


def _entries(first: Instance, other: Instance) -> list[Difference]:
    mine = {entry.id: entry for entry in first.entries}
    theirs = {entry.id: entry for entry in other.entries}
    found = []
    for name in [*mine, *(name for name in theirs if name not in mine)]:
        a, b = mine.get(name), theirs.get(name)
        if a is None or b is None or _rule(a) != _rule(b):
            rule = a or b
            assert rule is not None
            before, after = _told(a, b), _told(b, a)
            found.append(Difference("entry", name, rule.words.name, before, after))
    return found


def _rule(entry: Constraint) -> tuple[type, Any, Any]:
    """What decides of an entry; not its source, nor what a repair may do with it."""
    return type(entry), entry.where, entry.values()


def _told(entry: Constraint | None, beside: Constraint | None) -> str:
    """Return the values of `entry` in which it differs from the one `beside` it."""
    if entry is None:
        return ""
    values = {**entry.values(), "where": entry.where.model_dump(exclude_defaults=True)}
    if type(beside) is type(entry):
        others = {**beside.values(), "where": beside.where.model_dump(exclude_defaults=True)}
        values = {name: value for name, value in values.items() if value != others[name]}
    told = [f"{name}={_plain(value)}" for name, value in values.items() if value not in ({}, ())]
    return ", ".join(told) or "–"


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_plain(part)}" for name, part in value.items()) + "}"
    return " ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)


def _numbers(first: Instance, other: Instance) -> list[Difference]:
    found = []
    structure = _other_places(first, other)
    for name, words in NUMBERS.items():
        a, b = getattr(first, name), getattr(other, name)
        if a == b or (structure and name in ("kinds", "serves", "moves", "neighbours")):
            continue
        if isinstance(a, int) and isinstance(b, int):
            found.append(Difference("number", name, words, f"{a:,}", f"{b:,}"))
        else:
            found.append(Difference("number", name, words, "–", _difference(a, b)))
    return found


def _difference(a: Any, b: Any) -> str:
    """Return what is only in `b` (+) and only in `a` (-) of two collections; else `b` itself."""
    if isinstance(a, frozenset) and isinstance(b, frozenset):
        parts = [
            *(f"+{_plain(v)}" for v in sorted(b - a)),
            *(f"-{_plain(v)}" for v in sorted(a - b)),
        ]
        more = f" ({len(parts)})" if len(parts) > SHOWN else ""
        return ", ".join(parts[:SHOWN]) + more
    return _plain(b) if b is not None else "–"


def _other_places(first: Instance, other: Instance) -> list[str]:
    """Return the tables that name other things, or in the case of pairs other pairs of things."""
    tables = ("districts", "points", "rooms", "periods", "services", "modes")
    return [t for t in tables if not getattr(first, t).index.equals(getattr(other, t).index)]


def _tables(first: Instance, other: Instance) -> list[Difference]:
    different = _other_places(first, other)
    if different:
        before, after = ("", "")
        for table in different:
            a, b = getattr(first, table).index, getattr(other, table).index
            before += _plain(tuple(a.difference(b))) + " "
            after += _plain(tuple(b.difference(a))) + " "
        name = Text(*("・".join(TABLES[t].say(lang) for t in different) for lang in ("en", "ja")))
        name = Text(name.en.replace("・", ", "), name.ja)
        return [Difference("table", PLACES, name, before.strip(), after.strip())]
    found = []
    for table, words in TABLES.items():
        a, b = getattr(first, table), getattr(other, table)
        a, b = (t.rename("cases").to_frame() if isinstance(t, pd.Series) else t for t in (a, b))
        if not a.index.equals(b.index):  # other pairs: no column can be changed alone
            found.append(Difference("number", table, words, f"{len(a):,}", f"{len(b):,}"))
            continue
        for column in [c for c in b.columns if c not in SILENT]:
            changed = (a[column] != b[column]).to_numpy()
            if not changed.any():
                continue
            cells = list(zip(a.index[changed], a[column][changed], b[column][changed], strict=True))
            place = f"{table}.{column}"
            name = COLUMNS.get(place, Text(f"{words.en}: {column}", f"{words.ja}({column})"))
            texts = [_cells(cells, which) for which in (1, 2)]
            found.append(Difference("column", place, name, *texts))
    return found


def _cells(cells: list[tuple[Any, Any, Any]], which: int) -> str:
    """Return the values of a few cells; the sum of them where there are many numbers."""
    if (
        len(cells) > SHOWN
        and isinstance(cells[0][which], int)
        and not isinstance(cells[0][1], bool)
    ):
        return f"Σ {sum(int(cell[which]) for cell in cells):,} ({len(cells):,})"
    told = [f"{_plain(cell[0])} {cell[which]}" for cell in cells[:SHOWN]]
    return ", ".join(told) + (f" ({len(cells):,})" if len(cells) > SHOWN else "")


def _objectives(first: Instance, other: Instance) -> list[Difference]:
    if first.objectives == other.objectives:
        return []
    told = [" > ".join(o.heading.en for o in i.objectives) for i in (first, other)]
    return [Difference("objective", "objectives", Text("objectives", "目的"), *told)]
