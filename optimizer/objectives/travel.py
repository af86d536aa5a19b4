"""Travel: metres between districts and their counters, weighted by cases."""

import pandas as pd

from optimizer.algebra import Affine
from optimizer.instance import Instance
from optimizer.objective import Decisions, Objective
from optimizer.plan import Plan
from optimizer.words import Text


class Travel(Objective):
    """Sum over assignments of years x cases x metres, one way."""

    name = Text("case-weighted travel", "件数で重み付けした移動距離")
    unit = "case-metres"

    def terms(self, instance: Instance, x: Decisions) -> Affine:
        links = x.links.set_index(["district", "service", "point", "period"])
        years = x.links["period"].map(instance.periods["years"]).to_numpy()
        weight = links["cases"] * links["metres"] * years
        metres: Affine = (x.assign * pd.Series(weight, index=links.index)).sum()
        return metres

    def value(self, instance: Instance, plan: Plan) -> int:
        served = plan.served(instance)
        years = served["period"].map(instance.periods["years"])
        return int((served["cases"] * served["metres"] * years).sum())
