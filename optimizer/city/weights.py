"""Whose way counts: cases of a service, or residents of an age group, as whole weights."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from optimizer.city.baseline import baseline
from optimizer.city.city import City
from optimizer.city.plan import Plan


def weights(instance: City, group: str, services: Iterable[str] = ()) -> pd.Series:
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


def link_weights(
    instance: City, links: pd.DataFrame, group: str, services: Iterable[str] = ()
) -> np.ndarray:
    """Return the weight of the way that each of `links` serves, 0 for services left out."""
    return instance.per_link(links, weights(instance, group, services), otherwise=0)


def assigned_links(
    instance: City, plan: Plan, group: str, services: Iterable[str] = ()
) -> pd.DataFrame:
    """Return the way of everybody in `group` in `plan`: columns district, service, period, point,
    metres, weight; one row per assignment with demand.
    """
    weight = weights(instance, group, services)
    served = plan.served(instance)
    keys = pd.MultiIndex.from_frame(served[["district", "service", "period"]])
    weighed = keys.isin(weight.index)
    table = served.loc[weighed, ["district", "service", "period", "point", "metres"]]
    return table.assign(weight=weight.reindex(keys[weighed]).to_numpy())


def baseline_links(instance: City, group: str, services: Iterable[str] = ()) -> pd.DataFrame:
    """Return the derived way of everybody in `group` today: columns district, service, metres,
    weight; cases are those of today. Nobody, where all counters are closed today.
    """
    table = baseline(instance).served(instance)
    if services:
        table = table[table["service"].isin(list(services))]
    persons = group != "cases"
    weight = table["district"].map(instance.districts[group]) if persons else table["cases"]
    return table[["district", "service", "metres"]].assign(weight=weight.astype("int64"))


def shortest_links(instance: City, group: str, services: Iterable[str] = ()) -> pd.DataFrame:
    """Return the way of everybody in `group` in the first planned period if every point served
    what it ever could: columns district, service, metres, weight.
    """
    links = instance.links[instance.links["period"] == instance.planned[0]]
    if services:
        links = links[links["service"].isin(list(services))]
    offers = instance.point_modes.to_frame(index=False)
    offers = offers.merge(pd.DataFrame(sorted(instance.serves), columns=["mode", "service"]))
    links = links.merge(offers[["point", "service"]].drop_duplicates())
    links = links[~instance.outside_ward(links)].sort_values("metres", kind="stable")
    links = links.drop_duplicates(["district", "service"])
    weight = link_weights(instance, links, group, services)
    return links[["district", "service", "metres"]].assign(weight=weight)
