"""Figures that compare a plan with today, from the raw tables."""

from functools import lru_cache

import pandas as pd

from optimizer.audit.verify import Audit
from optimizer.city.baseline import baseline, network
from optimizer.city.ledger import ITEMS, ledger


def yearly_costs(audit: Audit) -> pd.DataFrame:
    """Return yen by item (rows) and period (columns), today first."""
    instance = audit.instance
    before = ledger(instance, baseline(instance))
    both = pd.concat([before, audit.costs]).groupby(level=["item", "period"]).sum()
    return both.unstack("period").reindex(list(ITEMS), fill_value=0)


@lru_cache(maxsize=4)
def against_today(audit: Audit) -> pd.DataFrame:
    """Return the difference to today's cost by planned period, split in three rows.

    demand: what today's counters would cost under the demand of the year, less today's cost.
    stores: what then changes once the stores of the plan serve too. reorganisation: the rest.
    """
    instance = audit.instance
    before = instance.points["mode_today"]
    stores = instance.points.index[instance.points["kind"] == "store"]
    plan = audit.costs.groupby(level="period").sum()
    start = _yearly(audit, before, instance.today)
    rows = []
    for period in instance.planned:
        opened = before.copy()
        opened[stores] = [audit.plan.modes[point, period] for point in stores]
        years = int(instance.periods["years"][period])
        same = _yearly(audit, before, period) * years
        with_stores = _yearly(audit, opened, period) * years
        rows.append((same - start * years, with_stores - same, int(plan[period]) - with_stores))
    return pd.DataFrame(rows, instance.planned, ["demand", "stores", "reorganisation"]).T


def _yearly(audit: Audit, modes: pd.Series, period: int) -> int:
    """Return yen a year of a network with `modes` under the demand of `period`, without moves."""
    instance = audit.instance
    yen = ledger(instance, network(instance, modes, period))
    running = int(yen[yen.index.get_level_values("item") != "moving"].sum())
    return running // int(instance.periods["years"][period])


def moved_districts(audit: Audit) -> pd.DataFrame:
    """Return district, service, before, point, metres_before, metres, cases where the counter of
    the last year is not today's, the largest growth of the way first. Stores, which people choose
    themselves, are left out.
    """
    instance = audit.instance
    last = instance.planned[-1]
    then = audit.plan.served(instance)
    then = then[then["period"] == last].set_index(["district", "service"])
    now = baseline(instance).served(instance).set_index(["district", "service"])
    now = now[["point", "metres"]].set_axis(["before", "metres_before"], axis=1)
    table = then.join(now).dropna()
    kind = table["point"].map(instance.points["kind"])
    table = table[(table["point"] != table["before"]) & (kind != "store")]
    table["metres_before"] = table["metres_before"].astype("int64")
    table["growth"] = table["metres"] - table["metres_before"]
    return table.sort_values(["growth", "cases"], ascending=False).reset_index()
