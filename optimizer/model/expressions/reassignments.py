"""The counters of a district for a service one after the other, from the derived one of today."""

from typing import TYPE_CHECKING

import pandas as pd

from optimizer.city.baseline import baseline, baseline_counters
from optimizer.city.links import LINK
from optimizer.city.plan import Plan
from optimizer.model.instance import Instance

if TYPE_CHECKING:
    from optimizer.model.algebra import Affine, Rows
    from optimizer.model.decisions import Decisions


def possible(instance: Instance) -> pd.DataFrame:
    """Return every planned way with demand that has one before it: columns district, service,
    period, before.

    before: the last earlier period in which the district had demand for the service and, if that
    is today, a counter. A way with none before it cannot change and is left out.
    """
    demand = instance.demand[instance.demand > 0].sort_index()
    planned = demand.index.get_level_values("period") != instance.today
    table = demand.index[planned].union(baseline(instance).assignments.index).to_frame(index=False)
    table["before"] = table.groupby(["district", "service"])["period"].shift()
    return table.dropna().astype({"before": "int64"}).reset_index(drop=True)


def used(instance: Instance, x: "Decisions") -> "Affine":
    """Return `assign` with the period of today in front: 1 at the counters of today."""
    if "used" not in x.shared:
        given = (
            baseline_counters(instance).rename("point").reset_index().assign(period=instance.today)
        )
        index = x.assign.index.append(pd.MultiIndex.from_frame(given[LINK]))
        of_today = index.get_level_values("period") == instance.today
        x.shared["used"] = x.assign.over(index, fill=True) + of_today.astype("int64")
    return x.shared["used"]


def counters(instance: Instance, plan: Plan) -> pd.Series:
    """Return the counter of every way with demand in `plan`, and of today; index (district,
    service, period).
    """
    named = plan.assignments[
        plan.assignments.index.isin(instance.demand.index[instance.demand > 0])
    ]
    return pd.concat([baseline(instance).assignments, named])


def switched(
    name: str, instance: Instance, x: "Decisions", table: pd.DataFrame
) -> "tuple[Affine, Rows]":
    """Return columns `name`, 1 where the counter is another than in the period before, and the rows
    that hold them up.

    table: rows of `possible`; the index is (district, service, period).
    """

    def value(plan: Plan) -> pd.Series:
        return made(instance, plan, table)

    ways = pd.MultiIndex.from_frame(table[["district", "service", "period"]])
    switch = x.derive(name, ways, 0, 1, value)
    links = x.links[LINK].merge(table)
    now = x.assign.over(pd.MultiIndex.from_frame(links))
    then = used(instance, x).rename(period="before").over(now.index, fill=True)
    return switch, now - then - switch <= 0


def made(instance: Instance, plan: Plan, table: pd.DataFrame) -> pd.Series:
    """Return 1 where `plan` names another counter than in the period before, else 0.

    table: rows of `possible`; the index of the result is (district, service, period).
    """
    named = counters(instance, plan)
    now = named.reindex(pd.MultiIndex.from_frame(table[["district", "service", "period"]]))
    then = named.reindex(pd.MultiIndex.from_frame(table[["district", "service", "before"]]))
    return (now.notna() & (now != then.to_numpy())).astype("int64")
