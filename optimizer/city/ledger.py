"""The ledger: every yen of a plan, by point, period and item.

Cost of a period = years x (wages of counter staff + running cost of modes and sites + longer
hours + fees) + the one-off cost of moving into a mode. No discounting. Community staff are not in it: they stay on the payroll.
"""

import pandas as pd

from optimizer.city.city import City
from optimizer.city.plan import Plan

ITEMS = ("wages", "running", "hours", "fees", "moving")


def ledger(instance: City, plan: Plan) -> pd.Series:
    """Return yen, index (point, period, item), of every point and period of `plan`."""
    index = plan.modes.index
    years = index.get_level_values("period").map(instance.periods["years"])
    wages = plan.staff.reindex(index, fill_value=0) * instance.wage * years
    site = index.get_level_values("point").map(instance.points["site_cost"])
    run = plan.modes.isin(instance.open_modes).astype("int64")
    running = (plan.modes.map(instance.modes["running_cost"]) + run * site) * years
    longer = instance.extension.cost if instance.extension else 0
    served = plan.served(instance)
    mode = plan.modes.reindex(pd.MultiIndex.from_frame(served[["point", "period"]]))
    fee = mode.map(instance.modes["fee"]).fillna(0).astype("int64").to_numpy()
    fees = (served["cases"] * fee).groupby([served["point"], served["period"]]).sum()
    entered = plan.modes[changed(instance, plan)].map(instance.modes["move_in_cost"])
    items = {
        "wages": wages,
        "running": running,
        "hours": plan.extended(instance) * longer * years,
        "fees": fees.reindex(index, fill_value=0) * years,
        "moving": entered.reindex(index, fill_value=0),
    }
    table = pd.DataFrame(items).astype("int64").rename_axis(columns="item")
    return table.stack().rename("yen").sort_index()


def changed(instance: City, plan: Plan) -> pd.Series:
    """Return, index (point, period), whether the mode differs from the period before."""
    return plan.modes != modes_before(instance, plan)


def modes_before(instance: City, plan: Plan) -> pd.Series:
    """Return, index (point, period), the mode of the period before; today's mode for the first."""
    today = instance.today
    before = []
    for point, period in plan.modes.index:
        last = today if period == today else instance.previous(period)
        first = last == today
        before.append(
            instance.points["mode_today"][point] if first else plan.modes.get((point, last))
        )
    return pd.Series(before, index=plan.modes.index, dtype=object).sort_index()
