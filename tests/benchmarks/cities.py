"""Made-up cities of any size under the rules of Kumamoto: the same for the same seed.

Districts gather around ward centres; a ward office stands in every centre, branches in districts
drawn by residents, post offices in districts without a store and then anywhere. Modes, services,
costs and rules are Kumamoto's, without the entries that name its points; rates of demand too. As many branches in a hundred may change a year as there.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from optimizer.city.city import UNLIMITED
from optimizer.model.instance import Instance

NAMED = frozenset({"plaza", "yoshino"})
"""Entries of Kumamoto that name points of it."""

REACH = 12
"""Districts without a store from which a post office may be used: the nearest so many."""

CIRCUITY = 1.31
STORE_METRES = 500


def synthetic(
    base: Instance,
    seed: int,
    districts: int = 96,
    wards: int = 5,
    branches: int = 15,
    posts: int = 60,
    services: int = 4,
) -> Instance:
    """Return a city under the rules of `base` (Kumamoto).

    districts, branches, posts: how many; services: the first so many of `base`.
    """
    random = np.random.default_rng(seed)
    width = 1_800 * np.sqrt(districts)
    centres = random.uniform(0.15, 0.85, (wards, 2)) * width
    near = centres[random.integers(wards, size=districts)]
    homes = np.clip(near + random.normal(0, width / 6, (districts, 2)), 0, width)
    ward = np.linalg.norm(homes[:, None] - centres, axis=2).argmin(axis=1)
    people = np.clip(random.lognormal(8.8, 0.5, districts), 1_000, 25_000).astype(int)
    old = (people * random.uniform(0.15, 0.4, districts)).astype(int)
    table = pd.DataFrame(
        {
            "name": [f"district {n}" for n in range(districts)],
            "ward": [f"ward {n}" for n in ward],
            "room": [f"R{n}" for n in ward],
            "residents": people,
            "residents65": old,
            "residents75": old // 2,
            "store_access": random.random(districts) < 0.85,
        },
        index=pd.Index([f"D{n:04}" for n in range(districts)], name="district"),
    )
    sites = random.choice(districts, branches, replace=False, p=people / people.sum())
    lonely = np.flatnonzero(~table["store_access"].to_numpy())
    others = random.permutation(np.flatnonzero(table["store_access"].to_numpy()))
    posted = np.concatenate([lonely, others])[:posts]
    places = np.concatenate([centres, homes[sites] + 200, homes[posted] + 100])
    kind = ["ward_office"] * wards + ["branch"] * branches + ["post_office"] * len(posted)
    today = ["ward_office"] * wards
    today += list(random.choice(["general_branch", "plain_branch"], branches))
    today += ["closed"] * len(posted)
    numbers = [*range(wards), *range(branches), *range(len(posted))]
    points = pd.DataFrame(
        {
            "kind": [*kind, "store"],
            "ward": [*(f"ward {n}" for n in range(wards)), *table["ward"].iloc[sites],
                     *table["ward"].iloc[posted], ""],
            "mode_today": [*today, "store"],
        },
        index=pd.Index(
            [*(f"{k[0].upper()}{n:03}" for k, n in zip(kind, numbers, strict=True)), "S"],
            name="point",
        ),
    )  # fmt: skip
    points = points.assign(name=points.index, site_cost=0, capacity=UNLIMITED)
    kept = base.services.index[:services]
    demand = _demand(base, table, list(kept))
    return replace(
        base,
        id=f"synthetic-{seed}",
        districts=table,
        points=points.sort_index(),
        rooms=pd.DataFrame(
            {"name": "room", "ward": [f"ward {n}" for n in range(wards)]},
            index=pd.Index([f"R{n}" for n in range(wards)], name="room"),
        ),
        services=base.services.loc[kept],
        serves=frozenset((m, s) for m, s in base.serves if s in kept),
        travel=_travel(table, homes, points, places),
        office_distances=_between(points, places, wards + branches),
        demand=demand,
        neighbours=frozenset(),
        entries=tuple(
            e.model_copy(update={"changes": -(-branches * e.changes // 14)})
            if e.id == "pace"
            else e
            for e in base.entries
            if e.id not in NAMED
        ),
        claims=(),
        policy=base.policy,
        fingerprint="",
    )


def _demand(base: Instance, table: pd.DataFrame, services: list[str]) -> pd.Series:
    """Cases by the city-wide rates of `base`: per resident, for the last service per older one."""
    total = base.demand.groupby(level=["service", "period"]).sum()
    cells = {}
    for (service, period), cases in total.items():
        if service in services:
            who = "residents65" if service == "welfare" else "residents"
            each = table[who] * int(cases) // int(base.districts[who].sum())
            cells |= {(d, service, period): int(n) for d, n in each.items()}
    return pd.Series(cells).rename_axis(["district", "service", "period"]).sort_index()


def _travel(
    table: pd.DataFrame, homes: np.ndarray, points: pd.DataFrame, places: np.ndarray
) -> pd.DataFrame:
    """Metres to every office; to a post office from its nearest districts without a store."""
    far = np.rint(np.linalg.norm(homes[:, None] - places, axis=2) * CIRCUITY).astype(int)
    lonely = np.flatnonzero(~table["store_access"].to_numpy())
    cells = {}
    for n, (point, kind) in enumerate(points["kind"].items()):
        if kind == "store":
            who = np.flatnonzero(table["store_access"].to_numpy())
            cells |= {(table.index[d], point): STORE_METRES for d in who}
            continue
        who = np.arange(len(table))
        if kind == "post_office":
            who = lonely[np.argsort(far[lonely, n], kind="stable")[:REACH]]
        cells |= {(table.index[d], point): int(far[d, n]) for d in who}
    return _metres(cells, ["district", "point"])


def _between(points: pd.DataFrame, places: np.ndarray, offices: int) -> pd.DataFrame:
    """Metres between branches and ward offices, both ways."""
    cells = {}
    for a in range(offices):
        for b in range(offices):
            if a != b:
                metres = np.linalg.norm(places[a] - places[b]) * CIRCUITY
                cells[points.index[a], points.index[b]] = round(metres)
    return _metres(cells, ["point", "other"])


def _metres(cells: dict[tuple[str, str], int], labels: list[str]) -> pd.DataFrame:
    metres = pd.Series(cells).rename_axis(labels).rename("metres").sort_index()
    return metres.to_frame().assign(origin="made up")
