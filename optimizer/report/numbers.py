"""Figures that compare a plan with today, from the raw tables."""

import pandas as pd

from optimizer.ledger import ITEMS, ledger
from optimizer.today import network, today
from optimizer.verifying import Audit


def yearly_costs(audit: Audit) -> pd.DataFrame:
    """Return yen by item (rows) and period (columns), today first."""
    instance = audit.instance
    before = ledger(instance, today(instance))
    both = pd.concat([before, audit.costs]).groupby(level=["item", "period"]).sum()
    return both.unstack("period").reindex(list(ITEMS), fill_value=0)


def against_today(audit: Audit) -> pd.DataFrame:
    """Return the difference to today's cost by planned period, split in two rows.

    demand: what today's network (with the stores, which come whatever is decided) would cost
    under the demand of the year, less today's cost. reorganisation: the rest.
    """
    instance = audit.instance
    start = int(ledger(instance, today(instance)).sum())
    plan = audit.costs.groupby(level="period").sum()
    modes = instance.points["mode_today"].copy()
    modes[instance.points["kind"] == "store"] = "store"
    rows: dict[str, list[int]] = {"demand": [], "reorganisation": []}
    for period in instance.planned:
        same = ledger(instance, network(instance, modes, period))
        unchanged = int(same[same.index.get_level_values("item") != "moving"].sum())
        years = int(instance.periods["years"][period])
        rows["demand"].append(unchanged - start * years)
        rows["reorganisation"].append(int(plan[period]) - unchanged)
    return pd.DataFrame(rows, index=instance.planned).T


def moved_districts(audit: Audit) -> pd.DataFrame:
    """Return district, service, before, point, metres_before, metres, cases where the counter of
    the last year is not today's, the largest growth of the way first. Stores, which people choose
    themselves, are left out.
    """
    instance = audit.instance
    last = instance.planned[-1]
    then = audit.plan.served(instance)
    then = then[then["period"] == last].set_index(["district", "service"])
    now = today(instance).served(instance).set_index(["district", "service"])
    now = now[["point", "metres"]].set_axis(["before", "metres_before"], axis=1)
    table = then.join(now).dropna()
    kind = table["point"].map(instance.points["kind"])
    table = table[(table["point"] != table["before"]) & (kind != "store")]
    table["metres_before"] = table["metres_before"].astype("int64")
    table["growth"] = table["metres"] - table["metres_before"]
    return table.sort_values(["growth", "cases"], ascending=False).reset_index()
