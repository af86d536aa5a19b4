"""A district is sent to a stated counter."""

import numpy as np
import pandas as pd

from optimizer.rules import Constraint, Decisions, Examples, Instance, Plan, PointId, Readings, Rows
from optimizer.rules import Text, Where, Words, at_least, town, town_plan


class SentTo(Constraint):
    """assign[d, s, p, t] = 1 for the stated point p and the districts, services, years of `where`."""

    point: PointId

    key = ("district", "service", "period")
    words = Words(
        name=Text("Sent to a stated counter", "窓口の指定"),
        reading=Text("{district}, {service}, {period}: sent to {point}: {actual} (1 = yes).",
                     "{district}校区・{service}・{period}: {point}への割当て {actual}(1=あり)。"),
        conflict=Text("{district} is to be sent to {point} for {service} in {period}.",
                      "{district}校区の{service}を{period}に{point}に割り当てる。"),
        repair=Text("Send {district} elsewhere than to {point} for {service} in {period}.",
                    "{period}の{district}校区の{service}を{point}以外に割り当てる。"),
    )  # fmt: skip

    def forbids(self, instance: Instance, links: pd.DataFrame) -> np.ndarray:
        return np.asarray(links["point"] != self.point)

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        named = x.assign.select(point=self.point).sum(by=self.key)
        return [named.over(_wanted(instance), fill=True) >= 1]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        named = (plan.assignments == self.point).astype("int64")
        return at_least(named.reindex(_wanted(instance), fill_value=0), 1)

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan()
        where = Where(districts=("D3",), services=("registration",))
        elsewhere = {
            "one year": plan.with_assignment("D3", "registration", 2017, "W1"),
            "the other year": plan.with_assignment("D3", "registration", 2018, "W2"),
            "nowhere": plan.without_assignment("D3", "registration", 2018),
        }
        return Examples(town(), cls(id="query", point="B1", where=where), plan, elsewhere)


def _wanted(instance: Instance) -> pd.MultiIndex:
    """Every district and service with demand in a planned period."""
    demand = instance.demand.index[instance.demand > 0]
    return demand[demand.get_level_values("period") != instance.today]
