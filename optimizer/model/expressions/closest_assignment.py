"""Closest assignment: how far beyond the nearest open counter a district may be sent.

Two constraints say it: one with a band of metres, one without. The rows are the closest-assignment
rows with a band (Espejo, Marín, Rodríguez-Chía, EJOR 219, 2012, compare such rows). For a service
bound to the ward only counters of the ward count as nearer ones.
"""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from optimizer.base.labels import extended, matched
from optimizer.city.links import LINK
from optimizer.city.plan import Plan
from optimizer.model.instance import Instance, out_of_bounds

if TYPE_CHECKING:
    from optimizer.model.algebra import Rows
    from optimizer.model.decisions import Decisions

KEY = ["district", "service", "period"]


def never_closest(instance: Instance, links: pd.DataFrame, band: int) -> np.ndarray:
    """Return which `links` are over `band` metres longer than one to a counter that always serves."""
    sure = instance.among(links, instance.always_offers) & ~out_of_bounds(instance, links)
    nearest = links[sure].groupby(KEY)["metres"].min()
    return np.asarray(links["metres"] > instance.per_link(links, nearest) + band)


def closest_rows(instance: Instance, x: "Decisions", band: int) -> "Rows":
    """Return, for each counter q that can serve, the row: sum of assign[d, s, p, t] over p that are
    further than q by more than `band` metres <= 1 - open[q, s, t].

    Labels district, service, period, nearer (that is q).
    """
    links, ways = instance.links, x.by_link
    furthest = ways["metres"].groupby(level=KEY).max()
    near = instance.among(links, x.open.index) & ~out_of_bounds(instance, links)
    near &= instance.per_link(links, furthest) > links["metres"] + band
    counters = instance.link_labels(links, LINK)[near]
    at, nearer = matched(ways.index, counters, by=KEY)
    further = ways["metres"].to_numpy()[at] > links.loc[near, "metres"].to_numpy()[nearer] + band
    names = counters.get_level_values("point").to_numpy()[nearer[further]]
    index = extended(ways.index[at[further]], nearer=names)
    far = x.assign.over(index).sum(by=[*KEY, "nearer"])
    return far + x.open.rename(point="nearer") <= 1


def beyond_nearest(instance: Instance, plan: Plan) -> pd.Series:
    """Return the metres from the nearest open counter to the one named, index (district, service,
    period), from the raw tables; 0 where no counter is open.
    """
    served = plan.served(instance)
    modes = plan.modes.rename("mode").reset_index()
    offers = modes.merge(pd.DataFrame(sorted(instance.serves), columns=["mode", "service"]))
    open_counters = instance.travel["metres"].reset_index().merge(offers, on="point")
    open_counters = open_counters[~out_of_bounds(instance, open_counters)]
    nearest = open_counters.groupby(KEY)["metres"].min()
    index = pd.MultiIndex.from_frame(served[KEY])
    metres = pd.Series(served["metres"].to_numpy(), index=index)
    least = nearest.reindex(index)
    return (metres - least.where(least.notna(), metres)).clip(lower=0)
