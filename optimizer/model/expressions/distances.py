"""What ways amount to in the program: the metres of each way, and means in whole metres."""

from typing import TYPE_CHECKING

import pandas as pd

from optimizer.base.labels import levels
from optimizer.city.plan import Plan
from optimizer.model.instance import Instance

if TYPE_CHECKING:
    from optimizer.model.algebra import Affine
    from optimizer.model.decisions import Decisions

WAY = ["district", "service", "period"]


def travel_metres(x: "Decisions", index: pd.MultiIndex) -> "Affine":
    """Return sum over p of metres[d, p] assign[d, s, p, t] for every (d, s, t) of `index`.

    index: the levels of WAY, perhaps more. A way without a link has 0.
    """
    ways: Affine = (x.assign * x.ways["metres"]).sum(by=WAY).over(index, fill=True)
    return ways


def furthest(x: "Decisions") -> int:
    """Return the metres of the longest link; 0 if there is none."""
    return int(x.links["metres"].max()) if len(x.links) else 0


def assigned_metres(instance: Instance, plan: Plan, index: pd.MultiIndex) -> pd.Series:
    """Return the metres of every way of `index` in `plan`, 0 where it names no counter."""
    metres = plan.served(instance).set_index(WAY)["metres"]
    wanted = metres.reindex(levels(index, WAY), fill_value=0)
    return pd.Series(wanted.to_numpy(), index=index)


def mean_metres(
    name: str,
    instance: Instance,
    x: "Decisions",
    weight: pd.Series,
    by: list[str],
    *,
    no_less: bool,
) -> "Affine":
    """Return columns `name`, index `by`: the weighted mean of the metres, rounded up.

    weight: index WAY and whatever else `by` names. With W the sum of the weights and S that of
    weight x metres, mean = ceil(S / W) lies between S <= W mean and W mean <= S + W - 1. Only
    one side is asked for, as the other is where the rule wants the column to go by itself:
    `no_less` for a mean that the rule holds down, else for one that it would like to be large.
    Without any weight the mean is 0.
    """
    whole = weight.groupby(level=by).sum().clip(lower=1)
    moved = (travel_metres(x, weight.index) * weight).sum(by=by)

    def value(plan: Plan) -> pd.Series:
        sums = (assigned_metres(instance, plan, weight.index) * weight).groupby(level=by).sum()
        return -(-sums // whole)

    mean = x.derive(name, moved.index, 0, furthest(x), value)
    side = mean * whole >= moved if no_less else mean * whole <= moved + (whole - 1)
    x.program.add_rows(name, side)
    return mean
