"""Nobody is sent further than a stated distance."""

from typing import Annotated

import numpy as np
import pandas as pd
from pydantic import Field

from optimizer.rules import Constraint, Examples, Instance, Metres, Plan, Problem, Readings, Text
from optimizer.rules import Words, at_most, town, town_plan

Share = Annotated[int, Field(strict=True, ge=0, le=100, description="%")]


class TravelLimit(Constraint):
    """assign[d, s, p, t] = 0 where metres[d, p] > `metres`, in the districts concerned: those with
    100 residents65[d] >= `share65` residents[d] and 100 residents75[d] >= `share75` residents[d].

    At 100 % of a city this is the reach of the location set covering problem (Toregas, Swain,
    ReVelle, Bergman, Operations Research 19, 1971).
    """

    metres: Metres
    share65: Share = 0
    share75: Share = 0

    key, unit, limit = ("district", "service", "period"), "m", "metres"
    words = Words(
        name=Text("No way beyond a stated distance", "窓口までの距離の上限"),
        reading=Text("{district}, {service}, {period}: {actual} m to its counter (at most {limit}).",
                     "{district}校区・{service}・{period}: 窓口まで{actual}m(上限{limit}m)。"),
        conflict=Text("{district} needs a counter for {service} within {metres} m in {period}.",
                      "{period}の{district}校区には、{metres}m以内に{service}の窓口が必要である。"),
        repair=Text("Allow {actual} m instead of {metres} m for {service} of {district}.",
                    "{district}校区の{service}の距離の上限を{metres}mから{actual}mに広げる。"),
    )  # fmt: skip

    def _concerned(self, instance: Instance) -> pd.Index:
        table = instance.districts
        older = 100 * table["residents65"] >= self.share65 * table["residents"]
        oldest = 100 * table["residents75"] >= self.share75 * table["residents"]
        return table.index[older & oldest]

    def problems(self, instance: Instance) -> list[Problem]:
        if len(self._concerned(instance)):
            return []
        message = Text(
            "no district has such a share of older residents",
            "高齢者の割合がこれほど高い校区はない",
        )
        remedy = Text("lower share65 or share75", "share65 又は share75 を下げる")
        value = f"share65={self.share65}, share75={self.share75}"
        return [Problem(message, remedy, "instance.toml", None, f"constraint.{self.id}", value)]

    def forbids(self, instance: Instance, links: pd.DataFrame) -> np.ndarray:
        concerned = instance.having(links, district=self._concerned(instance))
        return np.asarray(concerned & (links["metres"] > self.metres))

    def check(self, instance: Instance, plan: Plan) -> Readings:
        served = plan.served(instance)
        served = served[served["district"].isin(self._concerned(instance))]
        index = pd.MultiIndex.from_frame(served[list(self.key)])
        return at_most(pd.Series(served["metres"].to_numpy(), index=index), self.metres)

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan()
        return Examples(town(), cls(id="travel_limit", metres=3000, share65=25), plan, {
            "sent across town": plan.with_assignment("D1", "registration", 2017, "B2"),
            "a nearby counter passed by": plan.with_assignment("D4", "welfare", 2017, "W1"),
            "a point without a travel figure": plan.with_assignment("D2", "certificate_card", 2018, "S1"),
        })  # fmt: skip
