"""The neighbourhood of a query: what lies near the points that it is about, and cities in which only
that, or what two plans decide differently, is decided anew. A plan of such a city is one of the
whole city, and is found fast.
"""

from collections.abc import Collection
from dataclasses import replace

import pandas as pd

from optimizer.city.plan import Plan
from optimizer.constraints.allowed_modes import AllowedModes
from optimizer.constraints.counters_in_ward import CountersInWard
from optimizer.constraints.sent_to import SentTo
from optimizer.constraints.staff_between import StaffBetween
from optimizer.explain.robust.cost_cap import with_modes
from optimizer.explain.why.links_around import LinksAround
from optimizer.model.instance import Constraint, Instance
from optimizer.model.where import Where


def near_points(instance: Instance, plan: Plan, query: Constraint) -> list[str]:
    """Return the points with more than one mode, the nearest to what `query` is about first.

    Two points are as near as the shortest way of a district from one to the other.
    """
    metres = instance.travel["metres"].unstack("point")
    centres = [p for p in _points_of(instance, plan, query) if p in metres]
    apart = pd.DataFrame({p: metres.add(metres[p], axis=0).min() for p in centres}).min(axis=1)
    apart[centres] = -1
    free = [p for p, k in instance.points["kind"].items() if len(instance.kinds[k]) > 1]
    near = apart.reindex(free).dropna().sort_values(kind="stable")
    return [str(p) for p in near.index if instance.points["kind"][p] != "store"]


def near_districts(instance: Instance, plan: Plan, query: Constraint) -> list[str]:
    """Return the districts, those that `query` names and then the nearest to its points first."""
    metres = instance.travel["metres"].unstack("point")
    centres = [p for p in _points_of(instance, plan, query) if p in metres]
    apart = metres[centres].min(axis=1)
    apart[list(query.where.districts)] = -1
    return [str(d) for d in apart.sort_values(kind="stable").index]


def around(city: Instance, plan: Plan, points: Collection[str], sent: Plan) -> Instance:
    """Return `city` in which the modes of `plan` are kept but at `points`, and the ways of `sent`
    but those from and to them.
    """
    modes = plan.modes[~plan.modes.index.isin(list(points), level="point")]
    kept = with_modes(city, replace(plan, modes=modes))
    entry = LinksAround(id="around", points=tuple(points), sent=sent.assignments)
    return replace(kept, entries=(*kept.entries, entry))


def between(city: Instance, plan: Plan, other: Plan) -> Instance:
    """Return `city` in which every point has the mode, and every district the counter, that one of
    the two plans gives it.
    """
    same = (plan.modes == other.modes).reindex(plan.modes.index)
    kept = with_modes(city, replace(plan, modes=plan.modes[same]))
    entries = [
        AllowedModes(
            id=f"as in either plan: {point} {period}",
            modes=(plan.modes[point, period], other.modes[point, period]),
            where=Where(points=(point,), periods=(period,)),
        )
        for point, period in plan.modes.index[~same]
    ]
    ways = LinksAround(id="between", points=(), sent=plan.assignments, also=other.assignments)
    return replace(kept, entries=(*kept.entries, *entries, ways))


def toward(instance: Instance, plan: Plan, query: Constraint) -> Plan:
    """Return `plan` with the modes that `query` needs, and as few others as legal steps to them
    take: where to begin from.
    """
    where = query.where
    if isinstance(query, AllowedModes):
        changed = {p: _path(instance, plan, p, query.modes, where.periods) for p in where.points}
    elif isinstance(query, StaffBetween) and query.least:
        run = instance.city_modes
        changed = {p: _path(instance, plan, p, run, where.periods) for p in where.points}
    elif isinstance(query, SentTo):
        serving = frozenset.intersection(*(instance.serving_modes[s] for s in where.services))
        changed = {query.point: _path(instance, plan, query.point, serving, where.periods)}
    elif isinstance(query, CountersInWard):
        changed = _opened(instance, plan, query)
    else:
        changed = {}
    for point, path in changed.items():
        for period, mode in zip(instance.planned, path[1] if path else (), strict=False):
            plan = plan.with_mode(point, period, mode)
    return plan


Path = tuple[int, tuple[str, ...]]
"""In how many years it differs from the plan, and the mode of every year."""


def _opened(instance: Instance, plan: Plan, query: CountersInWard) -> dict[str, Path | None]:
    """Return paths of points of the ward, easiest first, until the least is open in every year."""
    periods = query.where.periods
    points = query.points_of(instance)
    shut = [p for p in points if any(plan.modes[p, t] not in instance.city_modes for t in periods)]
    paths = {str(p): _path(instance, plan, str(p), instance.city_modes, periods) for p in shut}
    easy = sorted((path[0], p) for p, path in paths.items() if path is not None)
    missing = query.least - (len(points) - len(shut))
    return {p: paths[p] for _, p in easy[: max(missing, 0)]}


def _path(
    instance: Instance, plan: Plan, point: str, modes: Collection[str], periods: Collection[int]
) -> Path | None:
    """Return the legal modes of `point`, in `periods` one of `modes`, that differ least from the
    plan; None if there are none.
    """
    kinds = instance.kinds[instance.points["kind"][point]]
    paths: dict[str, Path] = {str(instance.points["mode_today"][point]): (0, ())}
    for period in instance.planned:
        allowed = [m for m in kinds if m in modes or period not in periods]
        steps = [
            (count + int(mode != plan.modes[point, period]), (*path, mode))
            for last, (count, path) in paths.items()
            for mode in allowed
            if mode == last or (last, mode) in instance.moves
        ]
        paths = {}
        for count, path in sorted(steps):
            paths.setdefault(path[-1], (count, path))
    return min(paths.values(), default=None)


def _points_of(instance: Instance, plan: Plan, query: Constraint) -> list[str]:
    """Return the points that the query is about: named, in the ward, or the present counters."""
    if isinstance(query, CountersInWard):
        return list(map(str, query.points_of(instance)))
    if isinstance(query, SentTo):
        mine = plan.assignments[query.where.mask(instance, plan.assignments.index)]
        return list(dict.fromkeys([query.point, *map(str, mine)]))
    return list(query.where.points)
