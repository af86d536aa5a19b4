"""A location problem -> Instance: customers are districts, sites are points, one year is planned."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pandas as pd

from optimizer.errors import refuse
from optimizer.importers.location import NO_WAY, LocationData
from optimizer.instance import UNLIMITED, Classical, Instance
from optimizer.presets import Preset, Wish
from optimizer.words import Text

TODAY, PLANNED = 0, 1
SERVICE, SITE, OPEN, CLOSED = "demand", "site", "open", "closed"

MOST_LINKS = 10_000_000
"""Pairs of customer and site that a program may hold; that many take five gigabytes to build."""


def instance_of(
    location: LocationData, preset: Preset, wish: Wish, file: str, name: str
) -> Instance:
    """Return the instance of `location` under `preset`, without constraints and objectives.

    Today all sites are closed; in the planned year each is closed or open, run by a partner at
    its fixed cost. Metres are the costs of the file. Cases are its demands (capacity counts
    them), residents its weights (what a distance counts): the two differ where the file gives
    the cost of serving a whole customer. With `wish.parts` every customer becomes that many
    equal parts, each a district with the cost and demand of the whole customer, while capacities
    and fixed costs are multiplied: all stays whole, and every sum is `parts` times the file's.
    Raises InputError.
    """
    parts = wish.parts or 1
    location = _sorted(location)
    _check(location, preset, parts, file)
    which = np.repeat(np.arange(len(location.customers)), parts)
    tags = [f"-{n:0{len(str(parts))}}" for n in range(1, parts + 1)] if parts > 1 else [""]
    districts = pd.DataFrame(
        {
            "name": [f"{customer}{tag}" for customer in location.customers for tag in tags],
            "ward": "",
            "room": "all",
            "residents": location.weight[which],
            "residents65": 0,
            "residents75": 0,
            "store_access": False,
        },
        index=pd.Index([f"{c}{tag}" for c in _ids(location.customers) for tag in tags]),
    ).rename_axis("district")
    cases = location.demand[which] if preset.limits_capacity else np.ones(len(which), np.int64)
    keys = pd.MultiIndex.from_product(
        [districts.index, [SERVICE], [TODAY, PLANNED]], names=["district", "service", "period"]
    )
    demand = pd.Series(np.repeat(cases, 2), index=keys, name="cases") * int(preset.customers)
    return Instance(
        id=name,
        name=Text(f"{file}: {preset.name.en}", f"{file}: {preset.name.ja}"),
        districts=districts.sort_index(),
        points=_points(location, preset, wish, parts),
        rooms=pd.DataFrame({"name": ["–"], "ward": [""]}, index=pd.Index(["all"], name="room")),
        periods=pd.DataFrame({"years": [1, 1]}, index=pd.Index([TODAY, PLANNED], name="period")),
        services=pd.DataFrame(
            {"name_en": ["demand"], "name_ja": ["需要"], "minutes": [0], "ward_bound": [False]},
            index=pd.Index([SERVICE], name="service"),
        ),
        modes=_modes(),
        kinds={SITE: (CLOSED, OPEN)},
        kind_names={SITE: Text("site", "候補地")},
        serves=frozenset({(OPEN, SERVICE)}),
        moves=frozenset({(CLOSED, OPEN)}),
        travel=_ways(districts.index, location, location.cost[which], preset.customers, "district"),
        office_distances=_ways(
            _ids(location.sites), location, location.between, preset.between, "point"
        ),
        demand=demand.sort_index(),
        wage=0,
        person_minutes=1,
        community_today=0,
        entries=(),
        objectives=(),
        assumptions={},
        policy={},
        notes=location.notes,
        classical=Classical(
            preset.id,
            preset.name,
            preset.unit,
            preset.largest,
            10**location.cost_decimals * parts if preset.unit in ("cost", "distance") else 1,
            10**location.demand_decimals * parts,
            parts,
        ),
    )


def radius(location: LocationData, metres: Decimal | None) -> int | None:
    """Return a distance in the file's unit as one in the instance's.

    Rounded down, which changes no comparison: all distances are whole there.
    """
    return None if metres is None else int(metres.scaleb(location.cost_decimals))


def _ids(names: list[str]) -> list[str]:
    """Return ids that sort as the numbers they are: "1" ... "10" become "01" ... "10"."""
    if not all(name.isascii() and name.isdigit() for name in names):
        return names
    width = max(len(name) for name in names)
    return [name.zfill(width) for name in names]


def _sorted(location: LocationData) -> LocationData:
    """Return the same problem with customers and sites in the order of their ids."""
    rows, columns = np.argsort(_ids(location.customers)), np.argsort(_ids(location.sites))
    between, capacity = location.between, location.capacity
    return replace(
        location,
        customers=[location.customers[n] for n in rows],
        sites=[location.sites[n] for n in columns],
        cost=location.cost[np.ix_(rows, columns)],
        weight=location.weight[rows],
        demand=location.demand[rows],
        site_cost=location.site_cost[columns],
        capacity=None if capacity is None else capacity[columns],
        between=None if between is None else between[np.ix_(columns, columns)],
    )


def _check(location: LocationData, preset: Preset, parts: int, file: str) -> None:
    """Raise InputError where the preset asks for more than the file has or a program can hold."""
    links = len(location.customers) * len(location.sites) * parts
    if preset.customers and links > MOST_LINKS:
        message = Text(
            f"{links:,} pairs of customer and site would not fit the memory of most machines",
            f"需要地と候補地の組が{links:,}あり、多くの計算機の記憶容量を超える",
        )
        remedy = Text(
            f"give a file with at most {MOST_LINKS:,} pairs (with --parts: fewer parts)",
            f"組が{MOST_LINKS:,}以下のファイルにする(--parts は小さくする)",
        )
        raise refuse(message, remedy, file=file)
    if preset.between and location.between is None:
        message = Text(
            "the file has no distances between sites", "候補地どうしの距離がファイルにない"
        )
        remedy = Text(
            "give one whose sites are its customers, with the same distance both ways",
            "候補地が需要地でもあり、往復の距離が同じファイルにする",
        )
        raise refuse(message, remedy, file=file)
    alone = (location.cost == NO_WAY).all(axis=1)
    if preset.customers and alone.any():
        name = location.customers[int(np.argmax(alone))]
        message = Text("no site can be reached from this customer", "どの候補地にも届かない需要地")
        remedy = Text("give it a way, or leave it out", "経路を加えるか、その需要地を除く")
        raise refuse(message, remedy, file=file, value=name)
    if preset.limits_capacity and (location.demand == 0).any():
        name = location.customers[int(np.argmin(location.demand))]
        message = Text("a customer without demand", "需要のない需要地がある")
        remedy = Text("leave it out", "除く")
        raise refuse(message, remedy, file=file, value=name)
    total = int(location.cost.max(axis=1) @ location.weight.astype(object))
    total += int(location.site_cost.astype(object).sum())
    demand = int(location.demand.sum())
    if max(total, int(location.site_cost.max())) * parts >= 2**53 or demand * parts >= UNLIMITED:
        message = Text(
            "the sums of this file pass what stays exact", "合計が正確に扱える範囲を超える"
        )
        remedy = Text("round or rescale its numbers", "値を丸めるか単位を変える")
        raise refuse(message, remedy, file=file)


def _points(location: LocationData, preset: Preset, wish: Wish, parts: int) -> pd.DataFrame:
    capacity = location.capacity
    if capacity is None and wish.capacity is not None:
        capacity = np.full(len(location.sites), wish.capacity * 10**location.demand_decimals)
    if capacity is None or not preset.limits_capacity:
        capacity = np.full(len(location.sites), UNLIMITED)
    return pd.DataFrame(
        {
            "name": location.sites,
            "kind": SITE,
            "ward": "",
            "lat": pd.NA,
            "lng": pd.NA,
            "mode_today": CLOSED,
            "site_cost": location.site_cost * parts,
            "capacity": np.minimum(capacity, UNLIMITED // parts) * parts,
        },
        index=pd.Index(_ids(location.sites), name="point"),
    )


def _modes() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name_en": ["open", "closed"],
            "name_ja": ["開設", "非開設"],
            "run_by": ["partner", "none"],
            "crew": 0,
            "running_cost": 0,
            "fee": 0,
            "move_in_cost": 0,
        },
        index=pd.Index([OPEN, CLOSED], name="mode"),
    )


def _ways(
    rows: object, location: LocationData, cost: np.ndarray | None, wanted: bool, first: str
) -> pd.DataFrame:
    """Return metres of every pair that the file knows, index (`first`, point or other)."""
    names = [first, "point" if first == "district" else "other"]
    if not wanted or cost is None:
        index = pd.MultiIndex.from_arrays([[], []], names=names)
        return pd.DataFrame({"metres": np.empty(0, dtype=np.int64), "origin": ""}, index=index)
    index = pd.MultiIndex.from_product([rows, _ids(location.sites)], names=names)
    metres = cost.reshape(-1)
    table = pd.DataFrame({"metres": metres}, index=index).assign(origin="file")
    known = metres != NO_WAY
    if first == "point":  # a site is at no distance from itself
        known &= ~np.eye(len(location.sites), dtype=bool).reshape(-1)
    table = table if known.all() else table[known]
    return table if table.index.is_monotonic_increasing else table.sort_index()
