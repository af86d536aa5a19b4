"""Checks between the tables: references, places on the map, and whether everybody can be served."""

from collections.abc import Mapping
from decimal import Decimal

import pandas as pd

from optimizer.errors import Problem
from optimizer.files.entries import FILE, read_entries, references
from optimizer.files.schema import InstanceSpec
from optimizer.files.tables import COORDINATE_SCALE, dangling
from optimizer.instance import Instance, Sentence
from optimizer.words import Text

WHAT = {
    "district": Text("district", "校区"),
    "point": Text("point", "窓口"),
    "room": Text("exchange room", "まちづくり交流室"),
    "kind": Text("kind", "種別"),
    "mode": Text("mode", "形態"),
    "service": Text("service", "業務"),
    "ward": Text("ward", "区"),
    "period": Text("period", "年度"),
    "sentence": Text("policy sentence", "方針の文"),
    "assumption": Text("assumption", "仮定"),
    "origin": Text("origin (straight_line, in_district, stated)", "出典の区分"),
}


def cross_check(
    spec: InstanceSpec, tables: Mapping[str, pd.DataFrame], policy: Mapping[str, Sentence]
) -> list[Problem]:
    """Return every reference that leads nowhere and every place that cannot be."""
    problems = _toml_references(spec)
    known = _known_ids(spec, tables, policy)
    columns = [
        ("districts.csv", "room_id", "room"),
        ("points.csv", "kind", "kind"),
        ("points.csv", "mode_today", "mode"),
        ("points.csv", "ward", "ward"),
        ("rooms.csv", "ward", "ward"),
        ("office_distances.csv", "point_id", "point"),
        ("office_distances.csv", "other_id", "point"),
        ("travel.csv", "district_id", "district"),
        ("travel.csv", "point_id", "point"),
        ("travel.csv", "origin", "origin"),
    ]
    for file, column, what in columns:
        if file in tables and what in known:
            problems += dangling(file, tables[file], column, known[what], WHAT[what])
    for file in ("districts.csv", "points.csv", "rooms.csv"):
        if file in tables:
            problems += _misplaced(file, tables[file], spec)
    if "districts.csv" in tables:
        problems += _ages(tables["districts.csv"])
    if "points.csv" in tables:
        problems += _modes_of_kinds(spec, tables["points.csv"])
    if "travel.csv" in tables and "points.csv" in tables and not problems:
        problems += _travel_cells(spec, tables["travel.csv"], tables["points.csv"])
    if "office_distances.csv" in tables:
        problems += _both_ways(tables["office_distances.csv"])
    if not problems and len(tables) == 5:
        named = [r for entry in read_entries(spec) for r in references(entry)]
        for number, claim in enumerate(spec.claim, start=1):
            place = f"claim.{number}"
            named.append((f"{place}.source", "sentence", (claim.source,)))
            named.append((f"{place}.points", "point", (*claim.points, *claim.among)))
            named.append((f"{place}.services", "service", claim.services))
        for place, what, ids in named:
            if what in known:
                problems += [_no_such(what, place, i) for i in ids if i not in known[what]]
    return problems


def reach_problems(instance: Instance) -> list[Problem]:
    """Return a problem for every (district, service) with demand that no point could ever serve."""
    links = instance.links[~instance.outside_ward(instance.links)]
    serves = pd.DataFrame(sorted(instance.serves), columns=["mode", "service"])
    offers = instance.point_modes.to_frame(index=False).merge(serves, on="mode")
    reached = links.merge(offers[["point", "service"]].drop_duplicates())
    pairs = pd.MultiIndex.from_frame(reached[["district", "service"]].drop_duplicates())
    wanted = instance.demand[instance.demand > 0].reset_index()
    wanted = wanted.loc[wanted["period"] != instance.today, ["district", "service"]]
    missing = pd.MultiIndex.from_frame(wanted.drop_duplicates()).difference(pairs)
    return [
        Problem(
            Text(
                f"no point in reach could serve {service} here",
                f"{instance.services['name_ja'][service]}を扱える窓口に届かない",
            ),
            Text("add a row for a point that serves it", "扱える窓口への行を加える"),
            "travel.csv",
            None,
            "district_id",
            str(district),
        )
        for district, service in missing
    ]


def _known_ids(
    spec: InstanceSpec, tables: Mapping[str, pd.DataFrame], policy: Mapping[str, Sentence]
) -> dict[str, set[str]]:
    known = {
        "kind": {k.id for k in spec.kind},
        "mode": {m.id for m in spec.mode},
        "service": {s.id for s in spec.service},
        "period": {str(p.period) for p in spec.period[1:]},
        "origin": {"straight_line", "in_district", "stated"},
    }
    if policy:
        known["sentence"] = set(policy)
    for what, file, column in [
        ("district", "districts.csv", "district_id"),
        ("ward", "districts.csv", "ward"),
        ("point", "points.csv", "point_id"),
        ("room", "rooms.csv", "room_id"),
    ]:
        if file in tables:
            known[what] = set(tables[file][column])
    return known


def _toml_references(spec: InstanceSpec) -> list[Problem]:
    modes, services = {m.id for m in spec.mode}, {s.id for s in spec.service}
    periods = {str(p.period) for p in spec.period}
    found = [
        ("mode", f"mode.{m.id}.serves", s, "service", services) for m in spec.mode for s in m.serves
    ]
    found += [("kind", f"kind.{k.id}.modes", m, "mode", modes) for k in spec.kind for m in k.modes]
    found += [("moves", "moves", m, "mode", modes) for pair in spec.moves for m in pair]
    found += [
        ("demand", "demand.services", s, "service", services)
        for d in spec.demand
        for s in d.services
    ]
    numbers = [(f"service.{s.id}.minutes", s.minutes) for s in spec.service]
    numbers += [
        (f"mode.{m.id}.{name}", getattr(m, name))
        for m in spec.mode
        for name in ("crew", "running_cost", "fee", "move_in_cost")
    ]
    numbers += [(f"staff.{name}", value) for name, value in spec.staff]
    numbers += [(f"travel.in_district.{k}", v) for k, v in spec.travel.in_district.items()]
    problems = [
        _no_such(what, place, value) for _, place, value, what, known in found if value not in known
    ]
    rates = [
        (f"demand.{d.services[0]}.{name}", getattr(d, name), True)
        for d in spec.demand
        for name in ("rate", "remaining", "share")
        if getattr(d, name) is not None
    ]
    for place, name, decimal in [
        *((p, v, False) for p, v in numbers if isinstance(v, str)),
        *rates,
    ]:
        if name not in spec.assumptions:
            problems.append(_no_such("assumption", place, name))
            continue
        value = spec.assumptions[name].value
        if isinstance(value, dict):
            for period in sorted(periods - set(value)) if decimal else ["*"]:
                problems.append(_no_such("period", f"assumptions.{name}.value", period))
        elif not decimal and not str(value).isdigit():
            message = Text("a whole number is due here", "ここには整数が必要である")
            remedy = Text("round the assumption", "仮定の値を整数にする")
            problems.append(Problem(message, remedy, FILE, None, f"assumptions.{name}", str(value)))
        for period in sorted(set(value) - periods) if isinstance(value, dict) else ():
            problems.append(_no_such("period", f"assumptions.{name}.value", period))
        shares = [str(v) for v in (value.values() if isinstance(value, dict) else [value])]
        for share in [v for v in shares if place.endswith(".share") and Decimal(v) > 1]:
            message = Text("a share is at most 1", "割合は1以下である")
            remedy = Text("write 0.12 for 12 %", "12%は 0.12 と書く")
            problems.append(Problem(message, remedy, FILE, None, f"assumptions.{name}", share))
    problems += _repeated(spec)
    years = [p.period for p in spec.period]
    if years != sorted(set(years)):
        message = Text("the periods are not in rising order", "年度が昇順でない")
        problems.append(Problem(message, Text("sort them", "並べ替える"), FILE, None, "period"))
    wrong_share = [d for d in spec.demand if (len(d.services) == 2) != (d.share is not None)]
    for rule in wrong_share:
        message = Text("a share goes with two services", "shareは業務が二つのときだけ要る")
        place = f"demand.{rule.services[0]}.share"
        problems.append(
            Problem(message, Text("add or remove it", "加えるか除く"), FILE, None, place)
        )
    return problems


def _repeated(spec: InstanceSpec) -> list[Problem]:
    """Return a problem for every id given twice, and for a person without minutes."""
    lists = {
        "service": [s.id for s in spec.service],
        "mode": [m.id for m in spec.mode],
        "kind": [k.id for k in spec.kind],
        "demand": [s for d in spec.demand for s in d.services],
    }
    problems = []
    for place, ids in lists.items():
        for again in sorted({i for i in ids if ids.count(i) > 1}):
            message = Text("given twice", "二度書かれている")
            remedy = Text("keep one of the two", "どちらか一つだけ残す")
            problems.append(Problem(message, remedy, FILE, None, place, again))
    minutes = spec.staff.person_minutes
    number = spec.assumptions[minutes].value if minutes in spec.assumptions else minutes
    if str(number) == "0":
        message = Text("a person works 0 minutes", "一人の年間時間が0分である")
        remedy = Text("give at least 1", "1以上にする")
        place = f"assumptions.{minutes}" if isinstance(minutes, str) else "staff.person_minutes"
        problems.append(Problem(message, remedy, FILE, None, place, "0"))
    for mode in spec.mode:
        if mode.run_by != "city" and mode.crew != 0:
            message = Text(
                "only modes run by the city have a crew", "市の職員を置くのは市の窓口だけである"
            )
            remedy = Text("leave it out", "除く")
            place = f"mode.{mode.id}.crew"
            problems.append(Problem(message, remedy, FILE, None, place, str(mode.crew)))
    return problems


def _both_ways(table: pd.DataFrame) -> list[Problem]:
    """Return a problem for every pair of offices stated twice with different metres."""
    stated = {(r.point_id, r.other_id): r.metres for r in table.itertuples()}
    message = Text("the way back has another distance", "逆向きの距離と異なる")
    remedy = Text("keep one row for the pair", "組ごとに一行だけ残す")
    return [
        Problem(message, remedy, "office_distances.csv", int(r.Index), "metres", str(r.metres))
        for r in table.itertuples()
        if stated.get((r.other_id, r.point_id), r.metres) != r.metres
    ]


def _misplaced(file: str, table: pd.DataFrame, spec: InstanceSpec) -> list[Problem]:
    b = spec.bounds
    low = {"lat": Decimal(b.lat_min), "lng": Decimal(b.lng_min)}
    high = {"lat": Decimal(b.lat_max), "lng": Decimal(b.lng_max)}
    problems = []

    def inside(value: Decimal, axis: str) -> bool:
        return low[axis] <= value <= high[axis]

    for row, lat, lng in zip(table.index, table["lat"], table["lng"], strict=True):
        if pd.isna(lat) or pd.isna(lng):
            continue
        north, east = Decimal(int(lat)) / COORDINATE_SCALE, Decimal(int(lng)) / COORDINATE_SCALE
        if inside(north, "lat") and inside(east, "lng"):
            continue
        swapped = inside(east, "lat") and inside(north, "lng")
        message = (
            Text("latitude and longitude are swapped", "緯度と経度が逆である")
            if swapped
            else Text("the point lies outside the city's bounds", "市域の範囲の外にある")
        )
        remedy = Text(
            f"lat {b.lat_min}-{b.lat_max}, lng {b.lng_min}-{b.lng_max} (bounds in instance.toml)",
            f"緯度 {b.lat_min}〜{b.lat_max}、経度 {b.lng_min}〜{b.lng_max}(instance.toml の bounds)",
        )
        problems.append(Problem(message, remedy, file, int(row), "lat, lng", f"{north}, {east}"))
    return problems


def _ages(table: pd.DataFrame) -> list[Problem]:
    message = Text("more old people than residents", "高齢者数が人口を超えている")
    remedy = Text("residents >= residents65 >= residents75", "人口 ≧ 65歳以上 ≧ 75歳以上 とする")
    wrong = (table["residents65"] > table["residents"]) | (
        table["residents75"] > table["residents65"]
    )
    return [
        Problem(
            message,
            remedy,
            "districts.csv",
            int(row),
            "residents65",
            str(table["residents65"][row]),
        )
        for row in table.index[wrong]
    ]


def _modes_of_kinds(spec: InstanceSpec, table: pd.DataFrame) -> list[Problem]:
    modes = {kind.id: kind.modes for kind in spec.kind}
    message = Text("the kind of this point has no such mode", "この種別の窓口にない形態である")
    return [
        Problem(
            message,
            Text("one of: " + ", ".join(modes[kind]), "次のいずれか: " + ", ".join(modes[kind])),
            "points.csv",
            int(row),
            "mode_today",
            mode,
        )
        for row, kind, mode in zip(table.index, table["kind"], table["mode_today"], strict=True)
        if kind in modes and mode not in modes[kind]
    ]


def _travel_cells(spec: InstanceSpec, table: pd.DataFrame, points: pd.DataFrame) -> list[Problem]:
    kind = dict(zip(points["point_id"], points["kind"], strict=True))
    problems = []
    for row in table.itertuples():
        number, missing = int(row.Index), ""
        if row.origin == "straight_line" and pd.isna(row.straight_metres):
            missing = "straight_metres"
        if row.origin == "stated" and pd.isna(row.stated_metres):
            missing = "stated_metres"
        if row.origin == "in_district" and kind[row.point_id] not in spec.travel.in_district:
            missing = "origin"
        if missing:
            message = Text(
                "the number that this origin needs is missing", "出典の区分に要る値がない"
            )
            remedy = Text("fill it, or change the origin", "値を入れるか区分を直す")
            problems.append(Problem(message, remedy, "travel.csv", number, missing, row.origin))
    return problems


def _no_such(what: str, place: str, value: str) -> Problem:
    text = WHAT[what]
    message = Text(f"no such {text.en}", f"該当する{text.ja}がない")
    remedy = Text(f"use a {text.en} that the instance has", f"インスタンスにある{text.ja}を使う")
    return Problem(message, remedy, FILE, None, place, value)
