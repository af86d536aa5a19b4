"""Tiny cities: cut out of the random ones, so small that all their plans can be looked at."""

from dataclasses import replace
from functools import cache
from random import Random

import pandas as pd

from optimizer.city.city import UNLIMITED
from optimizer.constraints import registry
from optimizer.model.instance import Constraint, Instance
from optimizer.model.parameters import REFERENCES
from optimizer.model.random_city import city
from optimizer.model.random_plan import entry_for
from optimizer.model.where import Where
from optimizer.objectives import registry as objectives

#        planned periods, districts, points, (district, service, period) with demand at most
SHAPES = [(1, 2, 3, 3), (2, 1, 2, 3), (2, 1, 3, 2)]


@cache
def tiny(seed: int) -> Instance:
    """Return a city of 1-2 districts, 2-3 points, 1-2 planned periods, 1-2 services in use.

    At least one point may serve every service; whole work of a year is for 1 or 2 persons.
    """
    random, base = Random(seed), city(seed)
    periods, districts, points, most = random.choice(SHAPES)
    years = list(base.periods.index[: periods + 1])
    kept = sorted(random.sample(list(base.districts.index), min(districts, len(base.districts))))
    places = _places(random, base, points)
    modes = base.modes.assign(crew=[random.choice([0, 1, 1, 2]) for _ in base.modes.index])
    cut = replace(
        base,
        id=f"tiny-{seed}",
        districts=base.districts.loc[kept],
        points=places,
        kinds=_kinds(random, base, places),
        rooms=base.rooms.loc[sorted(set(base.districts.loc[kept, "room"]))],
        periods=base.periods.loc[years],
        modes=modes,
        travel=_travel(random, kept, places),
        office_distances=_among(base.office_distances, places.index, places.index),
        neighbours=frozenset(p for p in base.neighbours if set(p) <= set(kept)),
        community_today=random.randint(0, 1),
    )
    return _with_demand(random, cut, base.demand, most)


def tiny_entry(name: str, instance: Instance, random: Random) -> Constraint | None:
    """Return an entry of the constraint `name` that fits the city, None if the loader takes none."""
    rule = registry()[name]
    entry = entry_for(rule, instance, random)
    known = {
        "point": list(instance.points.index),
        "district": list(instance.districts.index),
        "period": instance.planned,
    }
    changed = {}
    for parameter, field in rule.parameters().items():
        ids = known.get(REFERENCES.get(field.description or "", ""))
        value = getattr(entry, parameter)
        if isinstance(value, tuple) and ids and not set(value) <= set(ids):
            changed[parameter] = tuple(sorted(random.sample(ids, random.randint(1, len(ids)))))
        elif ids == instance.planned and value not in ids:
            changed[parameter] = random.choice(ids)
    entry = rule(**{**entry.values(), **changed}, id=f"{name} asked", where=entry.where)
    return None if entry.problems(instance) else entry


def with_entries(instance: Instance, *entries: Constraint) -> Instance:
    """Return the city under the always-on rules and `entries`, as the loader would give it."""
    whole = {type(entry) for entry in entries if entry.where == Where()}
    rules = registry().items()
    always = [rule(id=name) for name, rule in rules if rule.always and rule not in whole]
    return replace(instance, entries=(*always, *entries))


def with_objectives(instance: Instance, random: Random) -> Instance:
    """Return the city with one or two objectives of the registry in random order."""
    kinds = random.sample(sorted(objectives()), random.randint(1, 2))
    return replace(instance, objectives=tuple(objectives()[kind].example() for kind in kinds))


def _places(random: Random, base: Instance, count: int) -> pd.DataFrame:
    full = base.points[base.points["kind"].isin(["ward_office", "branch"])].index
    sure = random.choice(list(full))
    others = random.sample([p for p in base.points.index if p != sure], count - 1)
    places = base.points.loc[sorted([sure, *others])].copy()
    places["capacity"] = [
        random.choice([UNLIMITED, UNLIMITED, random.randint(0, 9000)]) for _ in places.index
    ]
    return places


def _kinds(random: Random, base: Instance, places: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """At most three modes a kind, among them those that its points have today."""
    kinds = dict(base.kinds)
    for kind, group in places.groupby("kind"):
        today = set(group["mode_today"])
        others = [m for m in kinds[kind] if m not in today]
        some = set(random.sample(others, min(len(others), max(3 - len(today), 0))))
        kinds[kind] = tuple(m for m in kinds[kind] if m in today | some)
    return kinds


def _travel(random: Random, districts: list[str], places: pd.DataFrame) -> pd.DataFrame:
    cells = {
        (d, p): 100 * random.randint(1, 90)
        for d in districts
        for p in places.index
        if places["kind"][p] in ("ward_office", "branch") or random.random() < 0.9
    }
    index = pd.MultiIndex.from_tuples(cells, names=["district", "point"])
    return pd.DataFrame({"metres": list(cells.values()), "origin": "random"}, index=index)


def _with_demand(random: Random, cut: Instance, demand: pd.Series, most: int) -> Instance:
    """Demand of at most `most` planned keys, and that of today; persons to match."""
    wanted = [
        key
        for key in demand.index
        if key[0] in cut.districts.index and key[2] in cut.planned and demand[key] > 0
    ]
    services = random.sample(sorted(cut.services.index), 2)
    wanted = [key for key in wanted if key[1] in services]
    wanted = sorted(random.sample(wanted, min(most, len(wanted))))
    cases = pd.Series(0, index=demand.index)[
        demand.index.get_level_values("district").isin(cut.districts.index)
        & demand.index.get_level_values("period").isin(cut.periods.index)
    ]
    today = cases.index[cases.index.get_level_values("period") == cut.today]
    kept = [key for key in [*wanted, *today] if key[1] in services]
    cases[kept] = demand[kept]
    minutes = cases.index.get_level_values("service").map(cut.services["minutes"])
    work = (cases * minutes).groupby(level="period").sum().max()
    persons = random.choice([1, 2, 2])
    return replace(cut, demand=cases, person_minutes=max(-(-int(work) // persons), 1))


def _among(table: pd.DataFrame, points: pd.Index, others: pd.Index) -> pd.DataFrame:
    kept = table.index.isin(points, level="point") & table.index.isin(others, level="other")
    return table[kept]
