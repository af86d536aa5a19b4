"""Worst travel: the longest way of anybody who has to go."""

import pandas as pd

from optimizer.rules import Affine, Decisions, Instance, Objective, Plan, ServiceIds, Text
from optimizer.rules import assigned_links, furthest, travel_metres, weights


class WorstTravel(Objective):
    """longest >= sum over p of metres[d, p] assign[d, s, p, t] for every way with demand.

    The p-center problem (Hakimi, Operations Research 12, 1964), over all planned years.
    services: only those; none means all.
    """

    services: ServiceIds = ()

    name = Text("longest way", "最長の移動距離")
    unit = "m"

    def terms(self, instance: Instance, x: Decisions) -> Affine:
        block = " ".join(["longest way", *self.services])
        if block not in x.program.columns:
            one = pd.MultiIndex.from_tuples([("total",)], names=["total"])

            def value(plan: Plan) -> pd.Series:
                return pd.Series({"total": self.value(instance, plan)})

            longest = x.derive(block, one, 0, furthest(x), value)
            keys = weights(instance, "cases", self.services).index.to_frame(index=False)
            index = pd.MultiIndex.from_frame(keys.assign(total="total"))
            x.program.add_rows(block, longest.over(index) >= travel_metres(x, index))
        total: Affine = x.program.columns[block].expression.sum()
        return total

    def value(self, instance: Instance, plan: Plan) -> int:
        return int(max(assigned_links(instance, plan, "cases", self.services)["metres"], default=0))
