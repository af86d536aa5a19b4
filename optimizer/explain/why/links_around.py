"""Only who goes to some stated counters, or could, is sent elsewhere than in a plan."""

import numpy as np
import pandas as pd

from optimizer.base.words import Text, Words
from optimizer.city.plan import Plan
from optimizer.model.example import town, town_plan
from optimizer.model.instance import Constraint, Examples, Instance
from optimizer.model.readings import Readings, at_most


class LinksAround(Constraint):
    """assign[d, s, p, t] = 0 unless `sent` or `also` names p for d, s, t, or p is one of `points`,
    or `sent` names one of `points`: only who goes to one of them, or could, is sent elsewhere.
    """

    points: tuple[str, ...]
    sent: pd.Series
    also: pd.Series | None = None

    key = ("district", "service", "period")
    words = Words(
        name=Text("All else as in the plan", "他は計画のとおり"),
        reading=Text(
            "{district}, {service}, {period}: {actual} other counter(s) (at most {limit}).",
            "{district}校区・{service}・{period}: 計画と異なる窓口{actual}件(上限{limit}件)。",
        ),
        conflict=Text(
            "{district} stays with its counter for {service} in {period}.",
            "{period}の{district}校区の{service}の窓口は計画のとおりとする。",
        ),
        repair=Text(
            "Send {district} elsewhere for {service} in {period}.",
            "{period}の{district}校区の{service}の窓口を変える。",
        ),
    )

    def _elsewhere(self, ways: pd.DataFrame) -> np.ndarray:
        keys = pd.MultiIndex.from_frame(ways[list(self.key)])
        now = self.sent.reindex(keys).to_numpy()
        there = ways["point"].to_numpy()
        free = ways["point"].isin(self.points).to_numpy() | pd.Index(now).isin(self.points)
        if self.also is not None:
            free |= there == self.also.reindex(keys).to_numpy()
        return np.asarray((there != now) & ~free)

    def forbids(self, instance: Instance, links: pd.DataFrame) -> np.ndarray:
        """Rule out what is further away."""
        return self._elsewhere(links)

    def check(self, instance: Instance, plan: Plan) -> Readings:
        """Read whether a way goes elsewhere."""
        ways = plan.served(instance)
        index = pd.MultiIndex.from_frame(ways[list(self.key)])
        return at_most(pd.Series(self._elsewhere(ways).astype("int64"), index=index), 0)

    @classmethod
    def examples(cls) -> Examples:
        """Return the town's plan, a change around B1 aside, and changes further away."""
        plan = town_plan()
        further = {
            "one way": plan.with_assignment("D1", "welfare", 2017, "B2"),
            "another": plan.with_assignment("D2", "registration", 2018, "W1"),
        }
        entry = cls(id="around", points=("B1",), sent=plan.assignments)
        return Examples(
            town(), entry, plan.with_assignment("D1", "registration", 2017, "B1"), further
        )
