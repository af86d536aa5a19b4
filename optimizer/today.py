"""The network of today: given modes, and what follows from them for any period's demand.

Nobody publishes which counter a district uses or how many people work where. So both are
derived: each district uses the nearest point that serves it (ties by id; inside its ward where
the service is bound to it), and each point has the fewest persons who can do that work.
"""

from functools import lru_cache

import pandas as pd

from optimizer.instance import Instance
from optimizer.plan import Plan


@lru_cache(maxsize=8)
def today(instance: Instance) -> Plan:
    """Return the derived baseline: period 0 with today's modes and demand."""
    return network(instance, instance.points["mode_today"], instance.today)


def network(instance: Instance, modes: pd.Series, period: int) -> Plan:
    """Return the plan of one period in which every point has `modes` and people go to the nearest.

    modes: index point -> mode. Districts that nobody serves are left out.
    """
    demand = instance.demand[instance.demand > 0].reset_index()
    keys = demand.loc[demand["period"] == period, ["district", "service"]]
    table = keys.merge(instance.travel["metres"].reset_index(), on="district")
    mode = table["point"].map(modes)
    serving = pd.MultiIndex.from_arrays([mode, table["service"]]).isin(list(instance.serves))
    table = table[serving & ~instance.outside_ward(table)]
    table = table.sort_values(["district", "service", "metres", "point"])
    nearest = table.drop_duplicates(["district", "service"]).assign(period=period)
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
    return today(instance).served(instance).set_index(["district", "service"])["metres"]


def counters_today(instance: Instance) -> pd.Series:
    """Return the counter of today, index (district, service)."""
    return today(instance).assignments.droplevel("period")
