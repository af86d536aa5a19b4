"""Travel: metres between districts and their counters, weighted by cases or residents."""

import pandas as pd

from optimizer.algebra import Affine
from optimizer.constraint import Group
from optimizer.groups import ways
from optimizer.instance import Instance
from optimizer.objective import Decisions, Objective
from optimizer.plan import Plan
from optimizer.words import Text


class Travel(Objective):
    """Sum over assignments of years x weight of the group x metres, one way."""

    group: Group = "cases"

    name = Text("case-weighted travel", "件数で重み付けした移動距離")
    unit = "case-metres"

    def terms(self, instance: Instance, x: Decisions) -> Affine:
        links = x.links.set_index(["district", "service", "point", "period"])
        years = x.links["period"].map(instance.periods["years"]).to_numpy()
        weight = (
            x.links["cases"]
            if self.group == "cases"
            else x.links["district"].map(instance.districts[self.group])
        ).to_numpy()
        metres = pd.Series(links["metres"].to_numpy() * weight * years, index=links.index)
        total: Affine = (x.assign * metres).sum()
        return total

    def value(self, instance: Instance, plan: Plan) -> int:
        table = ways(instance, plan, self.group)
        years = table["period"].map(instance.periods["years"])
        return int((table["weight"] * table["metres"] * years).sum())
