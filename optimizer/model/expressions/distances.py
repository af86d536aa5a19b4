"""What ways amount to in the program: the metres of each way, and means in whole metres."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pandas as pd

from optimizer.base.labels import levels
from optimizer.city.plan import Plan
from optimizer.city.weights import assigned_links, weights
from optimizer.model.instance import Instance

if TYPE_CHECKING:
    from optimizer.model.algebra import Affine
    from optimizer.model.decisions import Decisions

WAY = ["district", "service", "period"]


def travel_metres(x: "Decisions", index: pd.MultiIndex) -> "Affine":
    """Return sum over p of metres[d, p] assign[d, s, p, t] for every (d, s, t) of `index`.

    index: the levels of WAY, perhaps more. A way without a link has 0.
    """
    ways: Affine = (x.assign * x.by_link["metres"]).sum(by=WAY).over(index, fill=True)
    return ways


def furthest(x: "Decisions") -> int:
    """Return the metres of the longest link; 0 if there is none."""
    return int(x.links["metres"].max()) if len(x.links) else 0


def assigned_metres(instance: Instance, plan: Plan, index: pd.MultiIndex) -> pd.Series:
    """Return the metres of every way of `index` in `plan`, 0 where it names no counter."""
    metres = plan.served(instance).set_index(WAY)["metres"]
    wanted = metres.reindex(levels(index, WAY), fill_value=0)
    return pd.Series(wanted.to_numpy(), index=index)


def metres_at(instance: Instance, plan: Plan, weight: pd.Series, worst: pd.Series) -> pd.Series:
    """Return, index period, the metres of the way with which the longest ways together reach the
    weight `worst` of the period. weight: index WAY.
    """
    table = assigned_metres(instance, plan, weight.index).to_frame("metres")
    table = table.assign(weight=weight).sort_values("metres", ascending=False)
    reached = table.groupby("period")["weight"].cumsum()
    due = reached.index.get_level_values("period").map(worst)
    return table["metres"][(reached >= due).to_numpy()].groupby("period").max()


def ways_by_year(
    instance: Instance, plan: Plan, group: str, services: Iterable[str] = ()
) -> dict[int, tuple[int, pd.DataFrame]]:
    """Return of every planned period the weight of all ways, and those for which `plan` names a
    counter: columns as of `assigned_links`. A way that is left out so counts as 0 m.
    """
    whole = weights(instance, group, services).groupby("period").sum()
    table = assigned_links(instance, plan, group, services)
    return {t: (int(whole.get(t, 0)), table[table["period"] == t]) for t in instance.planned}


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
