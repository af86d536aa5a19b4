"""Whose way counts: cases of a service, or residents of an age group, as whole weights."""

from collections.abc import Iterable

import pandas as pd

from optimizer.instance import Instance
from optimizer.plan import Plan
from optimizer.today import today


def weights(instance: Instance, group: str, services: Iterable[str] = ()) -> pd.Series:
    """Return the weight of every planned way with demand, index (district, service, period).

    group: "cases" (cases a year), or "residents", "residents65", "residents75" (persons of the
    district, the same for every service it uses). services: only those; none means all.
    """
    demand = instance.demand[instance.demand > 0]
    keep = demand.index.get_level_values("period") != instance.today
    if services:
        keep &= demand.index.get_level_values("service").isin(list(services))
    demand = demand[keep].rename("weight")
    if group == "cases":
        return demand
    persons = demand.index.get_level_values("district").map(instance.districts[group])
    return pd.Series(persons, index=demand.index, name="weight", dtype="int64")


def ways(instance: Instance, plan: Plan, group: str, services: Iterable[str] = ()) -> pd.DataFrame:
    """Return the way of everybody in `group` in `plan`: columns district, service, period, point,
    metres, weight; one row per assignment with demand.
    """
    weight = weights(instance, group, services)
    served = plan.served(instance)
    keys = pd.MultiIndex.from_frame(served[["district", "service", "period"]])
    weighed = keys.isin(weight.index)
    table = served.loc[weighed, ["district", "service", "period", "point", "metres"]]
    return table.assign(weight=weight.reindex(keys[weighed]).to_numpy())


def ways_today(instance: Instance, group: str, services: Iterable[str] = ()) -> pd.DataFrame:
    """Return the derived way of everybody in `group` today: columns district, service, metres,
    weight; cases are those of today.
    """
    table = today(instance).served(instance)
    if services:
        table = table[table["service"].isin(list(services))]
    persons = group != "cases"
    weight = table["district"].map(instance.districts[group]) if persons else table["cases"]
    return table[["district", "service", "metres"]].assign(weight=weight.astype("int64"))
