"""Changed cities and, with each, how a plan of the one becomes a plan of the other."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from optimizer.base.words import Text
from optimizer.city.city import UNLIMITED
from optimizer.city.plan import Plan
from optimizer.model.instance import Constraint, Instance
from optimizer.model.parameters import REFERENCES

Names = Mapping[str, Mapping[str, str]]
"""New ids of districts, points and rooms: label -> old -> new."""


def without_ties(instance: Instance) -> Instance:
    """Return the city with no two points equally far from a district: ids then break no tie."""
    travel = instance.travel.copy()
    travel["metres"] += travel.groupby(level="district").cumcount()
    return replace(instance, travel=travel)


def reversed_names(instance: Instance) -> Names:
    """Return new ids under which everything is sorted the other way round."""
    tables = {"district": instance.districts, "point": instance.points, "room": instance.rooms}
    return {
        label: {old: f"{label} {len(table) - n:02}" for n, old in enumerate(table.index)}
        for label, table in tables.items()
    }


def relabelled(instance: Instance, names: Names) -> Instance:
    """Return the same city under other ids, its tables sorted anew."""
    districts = _renamed(instance.districts, names)
    other = instance.office_distances.rename(index=names["point"], level="other")
    return replace(
        instance,
        districts=districts.assign(room=districts["room"].map(names["room"])),
        points=_renamed(instance.points, names),
        rooms=_renamed(instance.rooms, names),
        travel=_renamed(instance.travel, names),
        office_distances=_renamed(other, names),
        demand=_renamed(instance.demand, names),
        neighbours=frozenset(
            (names["district"][a], names["district"][b]) for a, b in instance.neighbours
        ),
        entries=tuple(_relabelled_entry(entry, names) for entry in instance.entries),
    )


def relabelled_plan(plan: Plan, names: Names) -> Plan:
    """Return the plan under the same other ids."""
    sent = plan.assignments.map(names["point"])
    extra = {name: _renamed(series, names) for name, series in plan.extra.items()}
    return Plan(
        _renamed(plan.modes, names), _renamed(sent, names), _renamed(plan.staff, names), extra
    )


def with_long_end(instance: Instance) -> Instance:
    """Return the city with a last period of two years."""
    years = instance.periods["years"].to_list()
    return replace(instance, periods=instance.periods.assign(years=[*years[:-1], 2]))


def with_split_end(instance: Instance) -> Instance:
    """Return the city whose last period of two years is two of one year with the same demand."""
    last = instance.planned[-1]
    years = [*instance.periods["years"].to_list()[:-1], 1, 1]
    index = pd.Index([*instance.periods.index, last + 1], name="period")
    return replace(
        instance,
        periods=pd.DataFrame({"years": years}, index=index),
        demand=_repeated(instance.demand, last),
    )


def repeated(plan: Plan, last: int) -> Plan:
    """Return the plan in which the year after `last` is as `last`."""
    dated = {n: s for n, s in plan.extra.items() if "period" in s.index.names}
    extra = {**plan.extra, **{name: _repeated(series, last) for name, series in dated.items()}}
    parts = (_repeated(part, last) for part in (plan.modes, plan.assignments, plan.staff))
    return Plan(*parts, extra)


def dearer(instance: Instance, factor: int) -> Instance:
    """Return the city in which everything that costs yen costs `factor` times as much."""
    costs = ["running_cost", "fee", "move_in_cost"]
    modes = instance.modes.copy()
    modes[costs] *= factor
    longer = instance.extension
    return replace(
        instance,
        modes=modes,
        points=instance.points.assign(site_cost=instance.points["site_cost"] * factor),
        wage=instance.wage * factor,
        extension=longer and replace(longer, cost=longer.cost * factor),
    )


def with_idle_point(instance: Instance) -> Instance:
    """Return the city with one more point, next to everybody, that never serves anything."""
    mode = instance.modes.iloc[[0]].rename(index=lambda _: "idle")
    mode = mode.assign(run_by="none", crew=0, running_cost=0, fee=0, move_in_cost=0)
    point = instance.points.iloc[[0]].rename(index=lambda _: "idle")
    point = point.assign(kind="idle", mode_today="idle", site_cost=0, capacity=UNLIMITED)
    cells = pd.MultiIndex.from_product(
        [instance.districts.index, ["idle"]], names=["district", "point"]
    )
    near = pd.DataFrame({"metres": 0, "origin": "idle"}, index=cells)
    return replace(
        instance,
        modes=pd.concat([instance.modes, mode]).rename_axis("mode").sort_index(),
        points=pd.concat([instance.points, point]).rename_axis("point").sort_index(),
        kinds={**instance.kinds, "idle": ("idle",)},
        kind_names={**instance.kind_names, "idle": Text("idle", "idle")},
        travel=pd.concat([instance.travel, near]).sort_index(),
    )


def with_idle_mode(plan: Plan, planned: list[int]) -> Plan:
    """Return the plan with the point that never serves."""
    index = pd.MultiIndex.from_product([["idle"], planned], names=["point", "period"])
    modes = pd.concat([plan.modes, pd.Series("idle", index=index)]).sort_index()
    staff = pd.concat([plan.staff, pd.Series(0, index=index)]).sort_index()
    return replace(plan, modes=modes, staff=staff)


def without_idle_mode(plan: Plan) -> Plan:
    """Return the plan without the point that never serves."""
    modes, staff = (
        s[s.index.get_level_values("point") != "idle"] for s in (plan.modes, plan.staff)
    )
    return replace(plan, modes=modes, staff=staff)


def _relabelled_entry(entry: Constraint, names: Names) -> Constraint:
    values = entry.values()
    for name, field in entry.parameters().items():
        known = names.get(REFERENCES.get(field.description or "", ""))
        if known is not None:
            ids = values[name]
            values[name] = tuple(known[i] for i in ids) if isinstance(ids, tuple) else known[ids]
    where = {
        f"{label}s": tuple(known[i] for i in getattr(entry.where, f"{label}s"))
        for label, known in names.items()
    }
    return type(entry)(**values, id=entry.id, where=entry.where.model_copy(update=where))


def _renamed(table, names: Names):  # type: ignore[no-untyped-def]
    if table.index.nlevels == 1:
        return table.rename(index=names[table.index.name]).sort_index()
    for label in set(table.index.names) & set(names):
        table = table.rename(index=names[label], level=label)
    return table.sort_index()


def _repeated(series: pd.Series, last: int) -> pd.Series:
    again = series[series.index.get_level_values("period") == last]
    return pd.concat([series, again.rename(index={last: last + 1}, level="period")]).sort_index()
