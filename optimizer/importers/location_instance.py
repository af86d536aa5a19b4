"""A location problem -> Instance: customers are districts, sites are points, one year is planned."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pandas as pd

from optimizer.base.words import Text
from optimizer.city.city import UNLIMITED, Classical
from optimizer.files.presets import Preset, PresetOptions
from optimizer.importers.location import NO_WAY, LocationData
from optimizer.importers.location_checks import check
from optimizer.model.instance import Instance

TODAY, PLANNED = 0, 1
SERVICE, SITE, OPEN, CLOSED = "demand", "site", "open", "closed"

IN_FILES_UNIT = ("cost", "distance", "felt")
"""Units of objectives that count the costs or distances of the file."""


def instance_of(
    location: LocationData, preset: Preset, asked: PresetOptions, file: str, name: str
) -> Instance:
    """Return the instance of `location` under `preset`, without constraints and objectives.

    Today all sites are closed (or, for a preset with a baseline, all but those that greedy adding
    opens); in the planned year each is closed or open, run by a partner at its fixed cost. Metres
    are the costs of the file. Cases are its demands (capacity counts them), residents its weights
    (what a distance counts): the two differ where the file gives the cost of a whole customer.

    With `asked.parts` every customer becomes that many equal parts, each a district with the cost
    and demand of the whole customer, while capacities and fixed costs are multiplied: all stays
    whole, and every sum is `parts` times the file's. Raises InputError.
    """
    parts = asked.parts or 1
    location = _sorted(location)
    check(location, preset, parts, file)
    which = np.repeat(np.arange(len(location.customers)), parts)
    districts = _districts(location, which, parts)
    sites = _ids(location.sites)
    ways = location.cost[which] if preset.customers else None
    between = location.between if preset.between else None
    return Instance(
        id=name,
        name=Text(f"{file}: {preset.name.en}", f"{file}: {preset.name.ja}"),
        districts=districts.sort_index(),
        points=_points(location, preset, asked, parts),
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
        moves=frozenset({(CLOSED, OPEN), (OPEN, CLOSED)}),
        travel=_metres(districts.index, sites, ways, ["district", "point"]),
        office_distances=_metres(sites, sites, between, ["point", "other"]),
        demand=_demand(location, districts, which, preset),
        wage=0,
        person_minutes=1,
        community_today=0,
        entries=(),
        objectives=(),
        assumptions={},
        policy={},
        notes=location.notes,
        classical=_classical(location, preset, parts),
    )


def _classical(location: LocationData, preset: Preset, parts: int) -> Classical:
    whole = 10**location.cost_decimals * parts if preset.unit in IN_FILES_UNIT else 1
    cases = 10**location.demand_decimals * parts
    return Classical(preset.id, preset.name, preset.unit, preset.largest, whole, cases, parts)


def _districts(location: LocationData, which: np.ndarray, parts: int) -> pd.DataFrame:
    """Return a district per part of a customer; `which` numbers the customer of each."""
    tags = [f"-{n:0{len(str(parts))}}" for n in range(1, parts + 1)] if parts > 1 else [""]
    return pd.DataFrame(
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


def _demand(
    location: LocationData, districts: pd.DataFrame, which: np.ndarray, preset: Preset
) -> pd.Series:
    """Return cases: the file's demand where capacities count, else 1; 0 where only sites matter."""
    cases = location.demand[which] if preset.limits_capacity else np.ones_like(which)
    keys = pd.MultiIndex.from_product(
        [districts.index, [SERVICE], [TODAY, PLANNED]], names=["district", "service", "period"]
    )
    both = np.repeat(cases * int(preset.customers), 2)
    return pd.Series(both, index=keys, name="cases").sort_index()


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


def _points(
    location: LocationData, preset: Preset, asked: PresetOptions, parts: int
) -> pd.DataFrame:
    capacity = location.capacity
    if capacity is None and asked.capacity is not None:
        capacity = np.full(len(location.sites), asked.capacity * 10**location.demand_decimals)
    if capacity is None or not preset.limits_capacity:
        capacity = np.full(len(location.sites), UNLIMITED)
    first = greedy(location, asked.p or 0) if preset.baseline else []
    today = [OPEN if site in first else CLOSED for site in range(len(location.sites))]
    return pd.DataFrame(
        {
            "name": location.sites,
            "kind": SITE,
            "ward": "",
            "lat": pd.NA,
            "lng": pd.NA,
            "mode_today": today,
            "site_cost": location.site_cost * parts,
            "capacity": np.minimum(capacity, UNLIMITED // parts) * parts,
        },
        index=pd.Index(_ids(location.sites), name="point"),
    )


def greedy(location: LocationData, p: int) -> list[int]:
    """Return `p` sites, each the one that then shortens the weighted ways most, ties by order.

    The adding of Kuehn and Hamburger (Management Science 9, 1963). A missing way counts as
    longer than any other.
    """
    far = int(location.cost.max()) + 1
    cost = np.where(location.cost == NO_WAY, far, location.cost)
    nearest = np.full(len(cost), far, dtype=np.int64)
    chosen: list[int] = []
    for _ in range(p):
        total = location.weight @ np.minimum(nearest[:, None], cost)
        total[chosen] = np.iinfo(np.int64).max
        chosen.append(int(np.argmin(total)))
        nearest = np.minimum(nearest, cost[:, chosen[-1]])
    return chosen


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


def _metres(
    rows: pd.Index | list[str], sites: list[str], cost: np.ndarray | None, names: list[str]
) -> pd.DataFrame:
    """Return metres of every pair that the file knows; a site is at no distance from itself."""
    if cost is None:
        index = pd.MultiIndex.from_arrays([[], []], names=names)
        return pd.DataFrame({"metres": np.empty(0, dtype=np.int64), "origin": ""}, index=index)
    index = pd.MultiIndex.from_product([rows, sites], names=names)
    table = pd.DataFrame({"metres": cost.reshape(-1)}, index=index).assign(origin="file")
    known = cost != NO_WAY
    if names[0] == "point":
        known &= ~np.eye(len(sites), dtype=bool)
    table = table if known.all() else table[known.reshape(-1)]
    return table if table.index.is_monotonic_increasing else table.sort_index()
