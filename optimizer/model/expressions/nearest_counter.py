"""Which counter of the city is the nearest to another, as an expression over the modes."""

from typing import TYPE_CHECKING

import pandas as pd

from optimizer.city.stated import stated_pairs
from optimizer.model.instance import Instance

if TYPE_CHECKING:
    from optimizer.model.algebra import Affine
    from optimizer.model.decisions import Decisions


def nearest_counter(instance: Instance, x: "Decisions", service: str) -> "tuple[Affine, Affine]":
    """Return two expressions over the counters that the city runs and that serve `service`.

    - (point, other, period), over all pairs with a stated distance: 1 where `other` is the nearest
      such counter to `point`, at most 0 elsewhere: open[q, t] - sum of open[r, t] over r nearer.
    - (point, period), over all points: how many there are to which a distance is stated.

    `optimizer.city.stated.nearest_city_counter` reads the same off a plan.
    """
    pairs = stated_pairs(instance)[["point", "other"]].reset_index(names="rank")
    each = pairs.merge(pd.Series(instance.planned, name="period"), how="cross")
    closer = each.merge(pairs.rename(columns={"other": "nearer", "rank": "before"}), on="point")
    closer = closer[closer["before"] < closer["rank"]]
    names = ["point", "other", "period"]
    index = pd.MultiIndex.from_frame(each[names])
    passed = pd.MultiIndex.from_frame(closer[[*names, "nearer"]])
    open_ = x.in_modes(instance.city_modes & instance.serving_modes[service])
    there = open_.rename(point="other").over(index)
    nearer = open_.rename(point="nearer").over(passed).sum(by=names)
    number = there.sum(by=["point", "period"]).over(x.everywhere, fill=True)
    return there - nearer.over(index, fill=True), number
