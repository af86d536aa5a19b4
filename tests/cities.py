"""Random cities, entries and plans: small, odd, legal for the loader, the same for the same seed.

A city starts from `optimizer.model.example.town()`, whose points it keeps because the examples of the
constraints name them; everything that a rule could depend on is drawn anew.
"""

from dataclasses import replace
from functools import cache
from itertools import pairwise, product
from random import Random
from typing import get_origin

import numpy as np
import pandas as pd
from pydantic import ValidationError

from optimizer.city.baseline import network
from optimizer.city.city import UNLIMITED, Extension
from optimizer.city.plan import Plan
from optimizer.model.build import Model
from optimizer.model.example import town
from optimizer.model.expressions.community import districts_of_rooms, headcount
from optimizer.model.instance import Constraint, Instance
from optimizer.model.parameters import REFERENCES
from optimizer.model.where import Where

everybody = cache(headcount)
"""Persons of a city today; an instance never changes, so it is worked out once."""

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


def entry_for(rule: type[Constraint], instance: Instance, random: Random) -> Constraint:
    """Return the rule's example entry with other parameters and keys, if the loader takes them."""
    example = rule.examples().entry
    values = {"id": example.id, **example.values()}
    for name, field in rule.parameters().items():
        if random.random() < 0.3:
            continue
        if field.annotation is int:
            old = values[name]
            changed = random.choice([0, 1, old - 1, old // 2, old * 2, random.randint(0, 9000)])
        elif get_origin(field.annotation) is tuple and field.description in REFERENCES:
            known = sorted(_known(instance).get(REFERENCES[field.description], []))
            if not known:
                continue
            fewest = 0 if field.default == () else 1
            changed = tuple(random.sample(known, random.randint(fewest, len(known))))
        elif field.annotation is bool:
            changed = random.random() < 0.5
        else:
            continue
        try:
            rule.model_validate({**values, name: changed})
        except ValidationError:
            continue
        values[name] = changed
    entry = rule(**values, where=_where(rule, instance, random))
    return example if entry.problems(instance) else entry


def sound_plan(instance: Instance, random: Random) -> Plan:
    """Return a plan with legal moves, nearest counters, fewest staff and shared community staff."""
    modes, plans = instance.points["mode_today"].copy(), []
    for period in instance.planned:
        for point, mode in modes.items():
            steps = [n for m, n in sorted(instance.moves) if m == mode]
            steps = [n for n in steps if n in instance.kinds[instance.points["kind"][point]]]
            if steps and random.random() < 0.4:
                modes[point] = random.choice(steps)
        plans.append(network(instance, modes, period))
    parts = ("modes", "assignments", "staff")
    plan = Plan(*(pd.concat([getattr(p, part) for p in plans]).sort_index() for part in parts))
    share, everyone = districts_of_rooms(instance), everybody(instance)
    rooms = {}
    for period in instance.planned:
        freed = max(everyone - int(plan.staff.xs(period, level="period").sum()), 0)
        ends = [freed * int(n) // int(share.sum()) for n in [0, *share.cumsum()]]
        rooms |= {
            (room, period): b - a for room, (a, b) in zip(share.index, pairwise(ends), strict=True)
        }
    extra = {"community_staff": _series(rooms, ["room", "period"])}
    if instance.extension is not None:
        extra["extended"] = pd.Series(
            [random.choice([0, 0, 1]) for _ in plan.staff.index], index=plan.staff.index
        )[plan.staff.index.get_level_values("point").isin(instance.staffed_points)]
    return replace(plan, extra=extra)


def perturbed(plan: Plan, instance: Instance, random: Random) -> Plan:
    """Return `plan` after up to three random edits, each of which the program has columns for."""
    for _ in range(random.randint(0, 3)):
        point, period = random.choice(list(plan.staff.index))
        match random.randint(0, 5):
            case 0:
                modes = instance.kinds[instance.points["kind"][point]]
                plan = plan.with_mode(point, period, random.choice(modes))
            case 1 if len(instance.links):
                link = instance.links.iloc[random.randrange(len(instance.links))]
                plan = plan.with_assignment(link.district, link.service, link.period, link.point)
            case 2 if len(plan.assignments):
                plan = plan.without_assignment(*random.choice(list(plan.assignments.index)))
            case 3:
                persons = plan.staff[point, period] + random.choice([-3, -2, -1, 1, 2, 3])
                plan = plan.with_staff(point, period, persons)
            case 4:
                room = random.choice(list(instance.rooms.index))
                now = plan.extra["community_staff"][room, period]
                persons = now + random.choice([-1, 1])
                plan = plan.with_extra("community_staff", (room, period), persons)
            case 5 if "extended" in plan.extra:
                key = random.choice(list(plan.extra["extended"].index))
                plan = plan.with_extra("extended", key, 1 - plan.extra["extended"][key])
    return plan


def within_columns(plan: Plan, model: Model) -> Plan:
    """Return `plan` with numbers inside the bounds of the columns."""
    instance = model.instance
    most = model.decisions.most_staff.reindex(plan.staff.index, fill_value=0)
    staff = plan.staff.clip(lower=0).clip(upper=most)
    community = plan.extra["community_staff"].clip(0, everybody(instance))
    return replace(plan, staff=staff, extra={**plan.extra, "community_staff": community})


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
    pairs |= {tuple(random.sample(districts, 2)) for _ in districts if len(districts) > 1}
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


def _where(rule: type[Constraint], instance: Instance, random: Random) -> Where:
    fields = [name for name, labels in Where.LABELS.items() if set(labels) & set(rule.key)]
    if not fields or random.random() < 0.5:
        return Where()
    field = random.choice(fields)
    known = {
        "periods": instance.planned,
        "wards": ["A", "B"],
        "rooms": list(instance.rooms.index),
        **{f"{what}s": ids for what, ids in _known(instance).items()},
    }[field]
    return Where(**{field: tuple(random.sample(sorted(known), random.randint(1, len(known))))})


def _known(instance: Instance) -> dict[str, list[str]]:
    return {
        "district": list(instance.districts.index),
        "point": list(instance.points.index),
        "kind": list(instance.kinds),
        "mode": list(instance.modes.index),
        "service": list(instance.services.index),
    }


def _rooms(count: int) -> pd.Index:
    return pd.Index([f"R{n}" for n in range(count)], name="room")


def _series(numbers: dict[tuple[object, ...], int], names: list[str]) -> pd.Series:
    return pd.Series(numbers, dtype=np.int64).rename_axis(names).sort_index()


def _table(cells: dict[tuple[str, str], int], names: list[str]) -> pd.DataFrame:
    index = pd.MultiIndex.from_tuples(cells, names=names)
    return pd.DataFrame(
        {"metres": list(cells.values()), "origin": "random"}, index=index
    ).sort_index()
