"""The counters of a district for a service one after the other, from the derived one of today."""

from typing import TYPE_CHECKING

import pandas as pd

from optimizer.instance import Instance
from optimizer.links import LINK
from optimizer.plan import Plan
from optimizer.today import counters_today, today

if TYPE_CHECKING:
    from optimizer.algebra import Affine
    from optimizer.build import Decisions


def turns(instance: Instance) -> pd.DataFrame:
    """Return every planned way with demand that has one before it: columns district, service,
    period, before.

    before: the last earlier period in which the district had demand for the service and, if that
    is today, a counter. A way with none before it cannot change and is left out.
    """
    demand = instance.demand[instance.demand > 0].sort_index()
    planned = demand.index.get_level_values("period") != instance.today
    table = demand.index[planned].union(today(instance).assignments.index).to_frame(index=False)
    table["before"] = table.groupby(["district", "service"])["period"].shift()
    return table.dropna().astype({"before": "int64"}).reset_index(drop=True)


def used(instance: Instance, x: "Decisions") -> "Affine":
    """Return `assign` with the period of today in front: 1 at the counters of today."""
    if "used" not in x.shared:
        given = counters_today(instance).rename("point").reset_index().assign(period=instance.today)
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
    return pd.concat([today(instance).assignments, named])


def changes(instance: Instance, plan: Plan, table: pd.DataFrame) -> pd.Series:
    """Return 1 where `plan` names another counter than in the period before, else 0.

    table: rows of `turns`; the index of the result is (district, service, period).
    """
    named = counters(instance, plan)
    now = named.reindex(pd.MultiIndex.from_frame(table[["district", "service", "period"]]))
    then = named.reindex(pd.MultiIndex.from_frame(table[["district", "service", "before"]]))
    return (now.notna() & (now != then.to_numpy())).astype("int64")
