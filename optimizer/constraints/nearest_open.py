"""A district is sent to the nearest open counter that serves it."""

import numpy as np
import pandas as pd

from optimizer.rules import Constraint, Decisions, Examples, Instance, Plan, Readings, Rows, Text
from optimizer.rules import Words, at_most, beyond_nearest, closest_rows, never_closest, town
from optimizer.rules import town_plan


class NearestOpen(Constraint):
    """For each counter q that serves: sum of assign[d, s, p, t] over p further than q
    <= 1 - open[q, s, t] (closest-assignment rows: Espejo, Marín, Rodríguez-Chía, EJOR 219, 2012,
    compare such rows). Counters equally near are all right. For a service bound to the ward only
    counters of the ward count as nearer ones.
    """

    key, unit = ("district", "service", "period"), "m"
    words = Words(
        name=Text("Sent to the nearest open counter", "最寄りの窓口への割当て"),
        reading=Text("{district}, {service}, {period}: {actual} m beyond the nearest open counter (must"
                     " be {limit}).",
                     "{district}校区・{service}・{period}: 最寄りの窓口より{actual}m遠い(正しくは{limit}m)。"),
        conflict=Text("{service} of {district} in {period} must go to the nearest open counter.",
                      "{period}の{district}校区の{service}は、開いている最寄りの窓口に割り当てる。"),
        repair=Text("Allow {actual} m beyond the nearest counter for {service} of {district}.",
                    "{district}校区の{service}について、最寄りより{actual}m遠い窓口を認める。"),
    )  # fmt: skip

    def forbids(self, instance: Instance, links: pd.DataFrame) -> np.ndarray:
        return never_closest(instance, links, band=0)

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        return [closest_rows(instance, x, band=0)]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        return at_most(beyond_nearest(instance, plan), 0)

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan()
        return Examples(town(), cls(id="nearest_open"), plan, {
            "second nearest": plan.with_assignment("D1", "registration", 2017, "B1"),
            "past the post office": plan.with_assignment("D2", "certificate_card", 2018, "B2"),
            "a nearer branch passed by": plan.with_assignment("D3", "welfare", 2018, "W1"),
        })  # fmt: skip
