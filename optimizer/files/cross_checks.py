"""Checks between the tables: references, places on the map, and whether everybody can be served."""

from collections.abc import Mapping
from decimal import Decimal

import pandas as pd

from optimizer.base.errors import Problem
from optimizer.base.words import Text
from optimizer.city.city import Sentence
from optimizer.constraints import registry
from optimizer.files.columns import OPTIONAL, TABLES
from optimizer.files.entries import FILE, read_entries, references
from optimizer.files.schema import InstanceSpec
from optimizer.files.tables import COORDINATE_SCALE, dangling
from optimizer.files.toml_checks import WHAT, no_such, toml_problems
from optimizer.model.instance import Instance, out_of_bounds


def cross_check(
    spec: InstanceSpec, tables: Mapping[str, pd.DataFrame], policy: Mapping[str, Sentence]
) -> list[Problem]:
    """Return every reference that leads nowhere and every place that cannot be."""
    problems = toml_problems(spec)
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
        ("neighbours.csv", "district_id", "district"),
        ("neighbours.csv", "other_id", "district"),
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
    if not problems and set(TABLES) - OPTIONAL <= set(tables):
        named = [r for entry in read_entries(spec) for r in references(entry)]
        for number, claim in enumerate(spec.claim, start=1):
            place = f"claim.{number}"
            named.append((f"{place}.source", "sentence", (claim.source,)))
            named.append((f"{place}.points", "point", (*claim.points, *claim.among)))
            named.append((f"{place}.services", "service", claim.services))
        for place, what, ids in named:
            if what in known:
                problems += [no_such(what, place, i) for i in ids if i not in known[what]]
    return problems


def reach_problems(instance: Instance) -> list[Problem]:
    """Return a problem for every (district, service) with demand that no point could ever serve."""
    links = instance.links[~out_of_bounds(instance, instance.links)]
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


def size_problems(instance: Instance) -> list[Problem]:
    """Return a problem where sums would leave the range in which doubles are exact."""
    years = int(instance.periods["years"].sum())
    cases = int(instance.demand.max())
    keys = len(instance.demand)
    worst = {
        "metres": int(instance.travel["metres"].max()) if len(instance.travel) else 0,
        "fee": int(instance.modes["fee"].max()),
    }
    message = Text("cases times this could pass 2**53", "件数との積が2の53乗を超え得る")
    remedy = Text("check the unit", "単位を確かめる")
    return [
        Problem(message, remedy, FILE, None, name, str(value))
        for name, value in worst.items()
        if cases * keys * years * value >= 2**53
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
        "entry": {str(raw.get("id")) for raw in spec.constraint} | set(registry()),
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
    """Return a problem for every known mode of today that the kind of the point does not have."""
    known = {mode.id for mode in spec.mode}
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
        if kind in modes and mode in known and mode not in modes[kind]
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
