"""The network of today: given modes, and what follows from them for any period's demand.

Nobody publishes which counter a district uses or how many people work where. So both are
derived: each district uses the nearest point that serves it (ties by id; inside its ward where
the service is bound to it), and each point has the fewest persons who can do that work.
"""

from functools import lru_cache

import numpy as np
import pandas as pd

from optimizer.base.labels import group_labels
from optimizer.city.city import City
from optimizer.city.links import linked
from optimizer.city.plan import Plan


@lru_cache(maxsize=8)
def baseline(instance: City) -> Plan:
    """Return the derived baseline: period 0 with today's modes and demand."""
    return network(instance, instance.points["mode_today"], instance.today)


def network(instance: City, modes: pd.Series, period: int) -> Plan:
    """Return the plan of one period in which every point has `modes` and people go to the nearest.

    modes: index point -> mode. Districts that nobody serves are left out.
    """
    index = pd.MultiIndex.from_product([instance.points.index, [period]], names=["point", "period"])
    held = pd.Series(modes.reindex(instance.points.index).to_numpy(), index=index)
    ways = _nearest(instance, modes, period)
    minutes = ways["cases"] * instance.per_link(ways, instance.services["minutes"])
    work = minutes.groupby(level=["point", "period"]).sum().reindex(index, fill_value=0)
    assignments = ways.reset_index("point")["point"].sort_index()
    return Plan(held, assignments, _persons(instance, held, work))


def _nearest(instance: City, modes: pd.Series, period: int) -> pd.DataFrame:
    """Return the link of every way of `period` to the nearest point that serves it under `modes`."""
    demand = instance.demand[instance.demand > 0]
    offers = [
        (point, service)
        for point, mode in modes.items()
        for service in instance.services.index
        if (mode, service) in instance.serves
    ]
    serving = pd.MultiIndex.from_tuples(offers, names=["point", "service"])
    links = linked(demand[demand.index.get_level_values("period") == period], instance.travel)
    links = links[instance.among(links, serving)]
    links = links[~instance.outside_ward(links)]
    way, _ = group_labels(links.index, ["district", "service"])
    order = np.lexsort(
        [links["metres"], way]
    )  # links of the same length stay in the order of points
    first = np.unique(way[order], return_index=True)[1]
    return links.iloc[order[first]]


def least_staff(instance: City, plan: Plan) -> pd.Series:
    """Return the fewest whole persons per (point, period) that carry the work assigned in `plan`."""
    return _persons(instance, plan.modes, plan.minutes(instance))


def _persons(instance: City, modes: pd.Series, minutes: pd.Series) -> pd.Series:
    needed = -(-minutes // instance.person_minutes)
    crew = modes.map(instance.modes["crew"])
    staffed = modes.isin(instance.city_modes)
    return needed.where(needed > crew, crew).where(staffed, 0).astype("int64")


def baseline_metres(instance: City) -> pd.Series:
    """Return metres to the counter of today, index (district, service)."""
    named = baseline_counters(instance).rename("point").reset_index()
    metres = instance.per_link(named, instance.travel["metres"])
    return pd.Series(metres, index=baseline(instance).assignments.index.droplevel("period"))


def baseline_counters(instance: City) -> pd.Series:
    """Return the counter of today, index (district, service)."""
    return baseline(instance).assignments.droplevel("period")
