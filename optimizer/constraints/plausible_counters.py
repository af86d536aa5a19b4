"""A district is sent to its nearest open counter, or to one that is hardly further."""

import numpy as np
import pandas as pd

from optimizer.rules import Constraint, Decisions, Examples, Instance, Metres, Plan, Readings, Rows
from optimizer.rules import Text, Words, at_most, beyond_nearest, closest_rows, never_closest, town
from optimizer.rules import town_plan


class PlausibleCounters(Constraint):
    """For each counter q that serves: sum of assign[d, s, p, t] over p further than q by more than
    `metres` <= 1 - open[q, s, t] (closest-assignment rows with a band: Espejo, Marín,
    Rodríguez-Chía, EJOR 219, 2012, compare such rows). For a service bound to the ward only
    counters of the ward count as nearer ones.
    """

    metres: Metres

    key, unit, limit = ("district", "service", "period"), "m", "metres"
    words = Words(
        name=Text("Sent to a plausible counter", "最寄り又はそれに近い窓口への割当て"),
        reading=Text("{district}, {service}, {period}: {actual} m beyond the nearest open counter (at"
                     " most {limit}).",
                     "{district}校区・{service}・{period}: 最寄りの窓口より{actual}m遠い(上限{limit}m)。"),
        conflict=Text("{service} of {district} in {period} must go to a counter at most {metres} m"
                      " beyond the nearest open one.",
                      "{period}の{district}校区の{service}は、"
                      "最寄りの窓口より{metres}mを超えて遠い窓口に割り当てない。"),
        repair=Text("Allow {actual} m beyond the nearest counter instead of {metres} m for {district}.",
                    "{district}校区について、最寄りとの差を{metres}mから{actual}mに広げる。"),
    )  # fmt: skip

    def forbids(self, instance: Instance, links: pd.DataFrame) -> np.ndarray:
        return never_closest(instance, links, self.metres)

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        return [closest_rows(instance, x, self.metres)]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        return at_most(beyond_nearest(instance, plan), self.metres)

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan()
        return Examples(town(), cls(id="plausible", metres=2000), plan, {
            "past two open counters": plan.with_assignment("D1", "registration", 2017, "W2"),
            "past the own ward office": plan.with_assignment("D4", "registration", 2018, "W1"),
            "past the own branch": plan.with_assignment("D3", "certificate_card", 2018, "B2"),
        })  # fmt: skip
