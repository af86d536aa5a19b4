"""Whom it touches that a plan goes beyond the limit of an entry: districts and their residents."""

import pandas as pd

from optimizer.city.plan import Plan
from optimizer.model.instance import Constraint, Instance


def residents_beyond(instance: Instance, entry: Constraint, plan: Plan) -> int:
    """Return the residents of the districts at which `plan` violates `entry`."""
    beyond = districts_beyond(instance, entry, plan)
    return int(instance.districts.loc[beyond, "residents"].sum())


def districts_beyond(instance: Instance, entry: Constraint, plan: Plan) -> pd.Index:
    """Return the districts at which `plan` violates `entry`.

    A key of a counter stands for the districts sent there, one of a ward or exchange room for its
    districts, and one of a year or service alone for all.
    """
    broken = entry.readings(instance, plan).violations.index.to_frame(index=False)
    table = instance.districts
    if broken.empty:
        return table.index[:0]
    if "district" in broken:
        here = table.index.isin(broken["district"])
    elif "point" in broken:
        sent = plan.assignments.rename("point").reset_index()
        labels = [name for name in ("point", "period") if name in broken]
        here = table.index.isin(sent.merge(broken[labels], on=labels)["district"])
    elif "ward" in broken:
        here = table["ward"].isin(broken["ward"])
    elif "room" in broken:
        here = table["room"].isin(broken["room"])
    else:
        return table.index
    return table.index[here]
