"""Random cities: small, odd, legal for the loader, the same for the same seed.

A city starts from the example town, whose points it keeps because the examples of the constraints
name them; everything that a rule could depend on is drawn anew.
"""

from dataclasses import replace
from functools import cache
from itertools import pairwise, product
from random import Random

import pandas as pd

from optimizer.city.city import UNLIMITED, Extension
from optimizer.model.example import town
from optimizer.model.instance import Instance

ANNEX_MODES = [("annex", "agency"), ("agency", "post_office"), ("annex", "agency", "post_office")]


@cache
def city(seed: int) -> Instance:
    """Return a random city of 1-6 districts, 8-11 points, 1-3 rooms and 1-3 planned periods."""
    random, base = Random(seed), town()
    years = sorted({2016, *random.sample(range(2017, 2021), random.randint(1, 3))})
    kinds = {**base.kinds, "annex": random.choice(ANNEX_MODES)}
    points = _points(random, base, kinds)
    districts = _districts(random, random.randint(1, 6))
    services = base.services.assign(
        minutes=[random.choice([6, 10, 30]) for _ in base.services.index],
        ward_bound=[random.random() < 0.4 for _ in base.services.index],
    )
    keys = product(districts.index, services.index, years)
    demand = {key: random.choice([0, 1, random.randint(2, 6000)]) for key in keys}
    return replace(
        base,
        id=f"city-{seed}",
        districts=districts,
        points=points,
        rooms=pd.DataFrame({"name": "room", "ward": "A"}, index=_rooms(3)),
        periods=pd.DataFrame(
            {"years": [random.randint(1, 3) for _ in years]}, index=pd.Index(years, name="period")
        ),
        services=services,
        modes=_costs(random, base.modes),
        kinds=kinds,
        travel=_travel(random, districts, points),
        office_distances=_office_distances(random, points),
        demand=pd.Series(demand).rename_axis(["district", "service", "period"]).sort_index(),
        wage=random.randint(1, 9_000_000),
        person_minutes=random.choice([7_001, 20_000, 50_000]),
        community_today=random.randint(0, 12),
        neighbours=_neighbours(random, list(districts.index)),
        extension=random.choice(
            [None, Extension(random.randint(0, 9_000), random.randint(0, 10**6))]
        ),
    )


def without_kind(instance: Instance, kind: str) -> Instance:
    """Return the city without the points of `kind`, as the loader would give it."""
    points = instance.points[instance.points["kind"] != kind]
    offices = instance.office_distances.index
    kept = offices.isin(points.index, level="point") & offices.isin(points.index, level="other")
    return replace(
        instance,
        points=points,
        travel=instance.travel[instance.travel.index.isin(points.index, level="point")],
        office_distances=instance.office_distances[kept],
    )


def _points(random: Random, base: Instance, kinds: dict[str, tuple[str, ...]]) -> pd.DataFrame:
    rows = {p: (row.kind, row.ward) for p, row in base.points.iterrows()}
    for number in range(random.randint(0, 3)):
        rows[f"E{number}"] = (random.choice(sorted(kinds)), random.choice("AB"))
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["kind", "ward"])
    table["mode_today"] = [random.choice(kinds[kind]) for kind in table["kind"]]
    table["site_cost"] = [random.choice([0, 0, random.randint(1, 10**6)]) for _ in table.index]
    table["capacity"] = [random.choice([UNLIMITED, random.randint(0, 9000)]) for _ in table.index]
    return table.assign(name=table.index).rename_axis("point").sort_index()


def _districts(random: Random, count: int) -> pd.DataFrame:
    def each(*choices: object) -> list[object]:
        return [random.choice(choices) for _ in range(count)]

    return pd.DataFrame(
        {
            "name": [f"district {n}" for n in range(count)],
            "ward": each("A", "B"),
            "room": each(*_rooms(random.randint(1, 3))),
            "residents": 8000,
            "residents65": [(2000, 1000, 4000)[n % 3] for n in range(count)],
            "residents75": [(1000, 0, 2500)[n % 3] for n in range(count)],
            "store_access": each(True, False),
        },
        index=pd.Index([f"D{n}" for n in range(count)], name="district"),
    )


def _neighbours(random: Random, districts: list[str]) -> frozenset[tuple[str, str]]:
    """A chain of districts, perhaps broken, and some further borders; both ways round."""
    pairs = {pair for pair in pairwise(districts) if random.random() < 0.8}
    for _ in districts if len(districts) > 1 else ():
        a, b = random.sample(districts, 2)
        pairs.add((a, b))
    return frozenset(pairs) | frozenset((b, a) for a, b in pairs)


def _travel(random: Random, districts: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """Metres of some cells, and always of one point that could serve everything in the ward."""
    cells, share = {}, random.choice([0.2, 0.6, 1.0])
    full = points[points["kind"].isin(["ward_office", "branch"])]
    for district, ward in districts["ward"].items():
        sure = random.choice(list(full.index[full["ward"] == ward]))
        for point in points.index:
            if point == sure or random.random() < share:
                cells[district, point] = 100 * random.randint(1, 90)
    return _table(cells, ["district", "point"])


def _office_distances(random: Random, points: pd.DataFrame) -> pd.DataFrame:
    offices = points.index[points["kind"] == "ward_office"]
    pairs = [(p, office) for p in points.index for office in offices if p < office]
    cells = {pair: 100 * random.randint(1, 90) for pair in pairs}
    return _table(cells | {(b, a): metres for (a, b), metres in cells.items()}, ["point", "other"])


def _costs(random: Random, modes: pd.DataFrame) -> pd.DataFrame:
    """Random costs and crews; a fee only where a partner runs the mode."""
    modes, size = modes.copy(), len(modes)
    draw = Random(random.random())
    modes["crew"] = [draw.randint(0, 4) for _ in range(size)]
    modes["fee"] = [draw.choice([0, 100, 350]) for _ in range(size)] * (
        modes["run_by"] == "partner"
    )
    modes["running_cost"] = [draw.randint(0, 9_000_000) for _ in range(size)]
    modes["move_in_cost"] = [draw.randint(0, 2_000_000) for _ in range(size)]
    return modes


def _rooms(count: int) -> pd.Index:
    return pd.Index([f"R{n}" for n in range(count)], name="room")


def _table(cells: dict[tuple[str, str], int], names: list[str]) -> pd.DataFrame:
    index = pd.MultiIndex.from_tuples(cells, names=names)
    return pd.DataFrame(
        {"metres": list(cells.values()), "origin": "random"}, index=index
    ).sort_index()
