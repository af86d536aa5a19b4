"""A district is sent only to a counter whose mode of that year serves the service."""

import numpy as np
import pandas as pd

from optimizer.rules import Constraint, Decisions, Examples, Instance, Plan, Readings, Rows, Text
from optimizer.rules import Words, at_least, town, town_plan


class ServedWhereOpen(Constraint):
    """assign[d, s, p, t] <= sum of mode[p, m, t] over the modes m that serve s."""

    key, always = ("district", "service", "period"), True
    words = Words(
        name=Text("Served only where the counter offers it", "取り扱う窓口だけに割り当て"),
        reading=Text("{district}, {service}, {period}: the counter named offers it: {actual} (1 = yes).",
                     "{district}校区・{service}・{period}: 指定の窓口での取扱い {actual}(1=あり)。"),
        conflict=Text("{service} of {district} in {period} needs a counter that offers it.",
                      "{period}の{district}校区の{service}には、取り扱う窓口が必要である。"),
        repair=Text("Send {district} to a counter that offers {service} in {period}.",
                    "{period}の{district}校区の{service}を、取り扱う窓口に割り当てる。"),
    )  # fmt: skip

    def forbids(self, instance: Instance, links: pd.DataFrame) -> np.ndarray:
        return ~instance.among(links, instance.offers)

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        return [x.assign <= x.open.over(x.assign.index, fill=True)]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        served = plan.served(instance)
        mode = plan.modes.reindex(pd.MultiIndex.from_frame(served[["point", "period"]]))
        offers = pd.MultiIndex.from_arrays([mode, served["service"]]).isin(list(instance.serves))
        pairs = pd.MultiIndex.from_frame(served[["district", "point"]])
        reached = pairs.isin(instance.travel.index)
        actual = pd.Series(
            (offers & reached).astype(int),
            index=pd.MultiIndex.from_frame(served[list(self.key)]),
        )
        return at_least(actual, 1)

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan()
        return Examples(town(), cls(id="served_where_open"), plan, {
            "closed branch still serving": plan.with_mode("B2", 2018, "closed"),
            "welfare at a post office": plan.with_assignment("D2", "welfare", 2017, "P2"),
            "registration at a store": plan.with_assignment("D1", "registration", 2017, "S1"),
            "a store out of reach": plan.with_assignment("D2", "certificate_card", 2017, "S1"),
        })  # fmt: skip
