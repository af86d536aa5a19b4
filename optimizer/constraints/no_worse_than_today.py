"""Nobody's way gets longer than today's by more than a stated distance."""

import numpy as np
import pandas as pd

from optimizer.constraint import Constraint, Examples, Metres
from optimizer.example import town, town_plan
from optimizer.instance import Instance
from optimizer.plan import Plan
from optimizer.reading import Readings, at_most
from optimizer.today import metres_today
from optimizer.words import Text, Words


class NoWorseThanToday(Constraint):
    """assign[d, s, p, t] = 0 where metres[d, p] > metres today[d, s] + `metres`.

    A reading is how many metres the way grows (0 where it shrinks).
    """

    metres: Metres

    key = ("district", "service", "period")
    unit = "m"
    words = Words(
        name=Text("No much longer way than today", "現在より著しく遠くならない"),
        reading=Text(
            "{district}, {service}, {period}: {actual} m further than today (at most {limit}).",
            "{district}校区・{service}・{period}: 現在より{actual}m遠くなる(上限{limit}m)。",
        ),
        conflict=Text(
            "{service} of {district} in {period} may be at most {metres} m further than today.",
            "{period}の{district}校区の{service}は、現在より{metres}mを超えて遠くできない。",
        ),
        repair=Text(
            "Allow {actual} m more than today instead of {metres} m for {service} of {district}.",
            "{district}校区の{service}について、{metres}mまでの増加を{actual}mまで認める。",
        ),
    )

    def forbids(self, instance: Instance, links: pd.DataFrame) -> np.ndarray:
        pairs = pd.MultiIndex.from_frame(links[["district", "service"]])
        today = metres_today(instance).reindex(pairs).to_numpy()
        return np.asarray(links["metres"] > today + self.metres)

    def check(self, instance: Instance, plan: Plan) -> Readings:
        served = plan.served(instance)
        today = metres_today(instance).reindex(
            pd.MultiIndex.from_frame(served[["district", "service"]])
        )
        known = today.notna().to_numpy()
        longer = (served["metres"][known] - today[known].to_numpy()).clip(lower=0)
        index = pd.MultiIndex.from_frame(served.loc[known, list(self.key)])
        return at_most(pd.Series(longer.to_numpy(), index=index), self.metres)

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan()
        return Examples(
            town(),
            cls(id="no_worse", metres=2000),
            plan,
            {
                "sent across town": plan.with_assignment("D1", "registration", 2017, "B2"),
                "sent to the next ward": plan.with_assignment("D3", "registration", 2018, "W2"),
                "loses its branch": plan.with_assignment("D2", "welfare", 2018, "W1"),
            },
        )
