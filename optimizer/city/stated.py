"""Distances stated between offices: what rules between points rest on, never computed ones."""

import pandas as pd

from optimizer.city.city import City
from optimizer.city.plan import Plan


def stated_pairs(instance: City) -> pd.DataFrame:
    """Return the pairs of points to which a distance is stated: columns point, other, metres; the
    nearest of each point first, equally near ones by id.
    """
    table = instance.office_distances["metres"].reset_index()
    table = table[table["point"] != table["other"]]
    return table.sort_values(["point", "metres", "other"]).reset_index(drop=True)


def nearest_city_counter(instance: City, plan: Plan, service: str) -> pd.DataFrame:
    """Return for every (point, period) the nearest other counter that the city runs and that
    serves `service`: columns point, period, other. Points from which no such one is stated lack.
    """
    serving = instance.city_modes & instance.serving_modes[service]
    held = plan.modes[plan.modes.isin(serving)].rename_axis(["other", "period"]).reset_index()
    near = stated_pairs(instance).merge(held[["other", "period"]], on="other")
    return near.groupby(["point", "period"])["other"].first().reset_index()
