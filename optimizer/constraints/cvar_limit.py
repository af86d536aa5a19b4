"""The mean way of those who have it furthest stays within a stated distance."""

from functools import partial
from typing import Annotated

import pandas as pd
from pydantic import Field

from optimizer.rules import Constraint, Decisions, Examples, Group, Instance, Metres, Plan, Readings
from optimizer.rules import Rows, ServiceIds, Text, Words, at_most, by_label, furthest, metres_at
from optimizer.rules import town, town_plan, travel_metres, ways_by_year, weights


class CvarLimit(Constraint):
    """K[t] level[t] + sum of weight[d, s, t] beyond[d, s, t] <= `metres` K[t] and
    beyond[d, s, t] >= sum of metres[d, p] assign[d, s, p, t] - level[t], beyond >= 0, with
    K = ceil(`per_cent` W / 100), W the weight of all ways of the year.

    Conditional value at risk (Rockafellar, Uryasev, Journal of Risk 2, 2000), in location the
    conditional median (Ogryczak, Zawadzki, Annals of Operations Research 110, 2002). The rows
    can hold exactly if the K units of weight with the longest ways, the last district only in
    part, have a mean of at most `metres`: level is then the way of the last of them, a whole
    number. A reading is that mean, rounded up, which does not change the verdict. A way for
    which the plan names no counter counts as 0 m.
    """

    metres: Metres
    per_cent: Annotated[int, Field(strict=True, ge=1, le=100, description="%")]
    group: Group = "cases"
    services: ServiceIds = ()

    key, unit, limit = ("period",), "m", "metres"
    words = Words(
        name=Text("The worst-off have it near enough", "最も遠い人々の平均移動距離の上限"),
        reading=Text("{period}: the {per_cent} % with the longest ways go {actual} m on average (at"
                     " most {limit} m).",
                     "{period}: 移動距離が長い方から{per_cent}%の平均は{actual}m(上限{limit}m)。"),
        conflict=Text("The {per_cent} % with the longest ways in {period} may go {metres} m on average.",
                      "{period}の移動距離が長い方から{per_cent}%の平均は、{metres}m以下でなければならない。"),
        repair=Text("Allow the {per_cent} % with the longest ways {actual} m on average instead of"
                    " {metres} m in {period}.",
                    "{period}の移動距離が長い方から{per_cent}%の平均の上限を{metres}mから{actual}mに広げる。"),
    )  # fmt: skip

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        weight = weights(instance, self.group, self.services)
        worst = -(-weight.groupby("period").sum() * self.per_cent // 100)
        way, most = travel_metres(x, weight.index), furthest(x)
        years = pd.MultiIndex.from_arrays([worst.index])
        last = partial(metres_at, instance, weight=weight, worst=worst)
        level = x.derive(f"{self.id} level", years, 0, most, last)
        beyond = x.derive(f"{self.id} beyond", way.index, 0, most, way - level)
        total = (beyond * weight).sum(by=self.key)
        return [beyond >= way - level, level * worst + total <= worst * self.metres]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        actual = {}
        for t, (whole, year) in ways_by_year(instance, plan, self.group, self.services).items():
            worst = -(-whole * self.per_cent // 100)
            year = year.sort_values("metres", ascending=False)
            reached = year["weight"].cumsum().clip(upper=worst)
            total = int((year["metres"] * (reached - reached.shift(fill_value=0))).sum())
            actual[t] = -(-total // max(worst, 1))
        return at_most(by_label("period", actual), self.metres)

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan()
        entry = cls(id="cvar", metres=1400, per_cent=30, services=("registration",))
        return Examples(town(), entry, plan, {
            "one long way": plan.with_assignment("D2", "registration", 2017, "W1"),
            "another district is the worst": plan.with_assignment("D3", "registration", 2018, "W1"),
            "the second worst gets as far": plan.with_assignment("D1", "registration", 2017, "Z1"),
        })  # fmt: skip
