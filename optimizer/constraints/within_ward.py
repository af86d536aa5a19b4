"""A service bound to the ward is given at a counter of the resident's own ward."""

import numpy as np
import pandas as pd

from optimizer.rules import Constraint, Examples, Instance, Plan, Readings, ServiceIds, Text, Words
from optimizer.rules import at_most, town, town_plan


class WithinWard(Constraint):
    """assign[d, s, p, t] = 0 where s is bound to the ward and p lies in another ward than d. Bound are
    the services marked `ward_bound`, today and always, and those of `services` where the entry
    applies: some years, some wards, or everywhere.
    """

    services: ServiceIds = ()

    key, always, out_of_bounds = ("district", "service", "period"), True, True
    words = Words(
        name=Text("Ward-bound services stay in the ward", "区に属する業務は自区の窓口で"),
        reading=Text("{district}, {service}, {period}: {actual} counter(s) in another ward (at most {limit}).",
                     "{district}校区・{service}・{period}: 他区の窓口{actual}件(上限{limit}件)。"),
        conflict=Text("{service} of {district} in {period} needs a counter in its own ward.",
                      "{period}の{district}校区の{service}には自区の窓口が必要である。"),
        repair=Text("Free {service} from the ward boundary for {district} in {period}.",
                    "{period}の{district}校区の{service}を区の境界に縛らない。"),
    )  # fmt: skip

    def forbids(self, instance: Instance, links: pd.DataFrame) -> np.ndarray:
        return instance.outside_ward(links, self.services)

    def check(self, instance: Instance, plan: Plan) -> Readings:
        served = plan.served(instance)
        marked = instance.services.index[instance.services["ward_bound"]]
        served = served[served["service"].isin([*marked, *self.services])]
        home = instance.districts["ward"].reindex(served["district"]).to_numpy()
        there = instance.points["ward"].reindex(served["point"]).to_numpy()
        index = pd.MultiIndex.from_frame(served[list(self.key)])
        return at_most(pd.Series((home != there).astype(int), index=index), 0)

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan()
        return Examples(town(), cls(id="within_ward"), plan, {
            "welfare in the next ward": plan.with_assignment("D4", "welfare", 2017, "B2"),
            "only in one year": plan.with_assignment("D3", "welfare", 2018, "W2"),
            "past the own ward office": plan.with_assignment("D1", "welfare", 2017, "W2"),
            "to a counter of no ward": plan.with_assignment("D1", "welfare", 2018, "S1"),
        })  # fmt: skip
