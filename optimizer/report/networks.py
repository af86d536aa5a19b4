"""Today's network and the plan's in one table, for whoever sets them side by side."""

import pandas as pd

from optimizer.audit.verify import Audit
from optimizer.city.baseline import baseline
from optimizer.city.ledger import ledger


def served_by_year(audit: Audit) -> pd.DataFrame:
    """Return every assignment of today and of each planned year.

    Columns district, service, period, point, metres, cases, mode (of the point), origin (of the
    metres; blank without a travel figure). Sorted by district, service, period.
    """
    instance = audit.instance
    table = pd.concat([baseline(instance).served(instance), audit.plan.served(instance)])
    modes = modes_by_year(audit)
    table["mode"] = [modes.loc[p, t] for p, t in zip(table["point"], table["period"], strict=True)]
    pairs = pd.MultiIndex.from_frame(table[["district", "point"]])
    table["origin"] = instance.travel["origin"].reindex(pairs).fillna("").to_numpy()
    return table.sort_values(["district", "service", "period"], ignore_index=True)


def modes_by_year(audit: Audit) -> pd.DataFrame:
    """Return the mode of each point (rows) in today's and every planned year (columns)."""
    plan = audit.plan.modes.unstack("period")
    plan.insert(0, audit.instance.today, audit.instance.points["mode_today"].reindex(plan.index))
    return plan


def staff_by_year(audit: Audit) -> pd.DataFrame:
    """Return the persons at each point (rows) in today's and every planned year (columns)."""
    plan = audit.plan.staff.unstack("period")
    before = baseline(audit.instance).staff.droplevel("period")
    plan.insert(0, audit.instance.today, before.reindex(plan.index, fill_value=0))
    return plan.astype("int64")


def community_by_year(audit: Audit) -> list[int]:
    """Return the persons in community support today and in every planned year."""
    instance = audit.instance
    staff = audit.plan.extra.get("community_staff")
    if staff is None:
        return [instance.community_today, *(0 for _ in instance.planned)]
    sums = staff.groupby(level="period").sum().reindex(instance.planned, fill_value=0)
    return [instance.community_today, *(int(n) for n in sums)]


def costs_by_year(audit: Audit) -> pd.DataFrame:
    """Return yen by item (columns) of every (point, period), today's derived costs first."""
    instance = audit.instance
    both = pd.concat([ledger(instance, baseline(instance)), audit.costs])
    return both.unstack("item").sort_index()
