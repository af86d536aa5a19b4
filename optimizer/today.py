"""The network of today: given modes, and what follows from them for any period's demand.

Nobody publishes which counter a district uses or how many people work where. So both are
derived: each district uses the nearest point that serves it (ties by id; inside its ward where
the service is bound to it), and each point has the fewest persons who can do that work.
"""

from functools import lru_cache

import numpy as np
import pandas as pd

from optimizer.instance import Instance
from optimizer.labels import group_labels
from optimizer.links import linked
from optimizer.plan import Plan


@lru_cache(maxsize=8)
def today(instance: Instance) -> Plan:
    """Return the derived baseline: period 0 with today's modes and demand."""
    return network(instance, instance.points["mode_today"], instance.today)


def network(instance: Instance, modes: pd.Series, period: int) -> Plan:
    """Return the plan of one period in which every point has `modes` and people go to the nearest.

    modes: index point -> mode. Districts that nobody serves are left out.
    """
    demand = instance.demand[instance.demand > 0]
    demand = demand[demand.index.get_level_values("period") == period]
    serving = [
        (p, s)
        for p, m in modes.items()
        for s in instance.services.index
        if (m, s) in instance.serves
    ]
    ways = linked(demand, instance.travel)
    ways = ways[
        instance.among(ways, pd.MultiIndex.from_tuples(serving, names=["point", "service"]))
    ]
    ways = ways[~instance.outside_ward(ways)]
    way, _ = group_labels(ways.index, ["district", "service"])
    order = np.lexsort([ways["metres"], way])  # ways of the same length stay in the order of points
    first = np.unique(way[order], return_index=True)[1]
    nearest = ways.iloc[order[first]].reset_index()
    index = pd.MultiIndex.from_product([instance.points.index, [period]], names=["point", "period"])
    plan = Plan(
        modes=pd.Series(modes.reindex(instance.points.index).to_numpy(), index=index),
        assignments=nearest.set_index(["district", "service", "period"])["point"].sort_index(),
        staff=pd.Series(0, index=index),
    )
    return Plan(plan.modes, plan.assignments, least_staff(instance, plan))


def least_staff(instance: Instance, plan: Plan) -> pd.Series:
    """Return the fewest whole persons per (point, period) that carry the work assigned in `plan`."""
    needed = -(-plan.minutes(instance) // instance.person_minutes)
    crew = plan.modes.map(instance.modes["crew"])
    staffed = plan.modes.isin(instance.city_modes)
    return needed.where(needed > crew, crew).where(staffed, 0).astype("int64")


def metres_today(instance: Instance) -> pd.Series:
    """Return metres to the counter of today, index (district, service)."""
    named = counters_today(instance).rename("point").reset_index()
    metres = instance.per_way(named, instance.travel["metres"])
    return pd.Series(metres, index=today(instance).assignments.index.droplevel("period"))


def counters_today(instance: Instance) -> pd.Series:
    """Return the counter of today, index (district, service)."""
    return today(instance).assignments.droplevel("period")
