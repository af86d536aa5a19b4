"""People of no ward travel much further on average than those of the whole city."""

import pandas as pd

from optimizer.rules import Constraint, Decisions, Examples, Group, Instance, Percent, Plan, Problem
from optimizer.rules import Readings, Rows, ServiceIds, Text, Where, Words, assigned_links, at_most
from optimizer.rules import extended, mean_metres, ratio, town, town_plan, weights


class WardParity(Constraint):
    """100 ward_mean[w, t] <= `per_cent` city_mean[t], divided by gcd(100, `per_cent`).

    Both means are columns in whole metres, rounded up: W ward_mean >= sum of weight metres assign
    and W city_mean <= the same + W - 1, with W the sum of the weights (`optimizer/model/expressions/distances.py`).
    A reading is ward_mean in per cent of city_mean, rounded up, which does not change the
    verdict. A way for which the plan names no counter counts as 0 m.
    """

    per_cent: Percent
    group: Group = "cases"
    services: ServiceIds = ()

    key, unit, limit = ("ward", "period"), "%", "per_cent"
    words = Words(
        name=Text("Wards on a par", "区の間の移動距離の均衡"),
        reading=Text("{ward}, {period}: mean travel is {actual} % of the city's (at most {limit} %).",
                     "{ward}・{period}: 平均移動距離は全市平均の{actual}%(上限{limit}%)。"),
        conflict=Text("Mean travel in {ward} in {period} may be at most {per_cent} % of the city's.",
                      "{period}の{ward}の平均移動距離は、全市平均の{per_cent}%以下でなければならない。"),
        repair=Text("Allow {ward} {actual} % of the city's mean travel instead of {per_cent} %.",
                    "{ward}の平均移動距離の上限を、全市平均の{per_cent}%から{actual}%に広げる。"),
    )  # fmt: skip

    def problems(self, instance: Instance) -> list[Problem]:
        if self.per_cent >= 100 or self.where != Where():
            return []
        message = Text("not all wards can be below the mean", "全ての区が平均を下回ることはない")
        remedy = Text("write 120 for 20 % above it", "平均の2割増しまでなら 120 と書く")
        place, value = f"constraint.{self.id}.per_cent", str(self.per_cent)
        return [Problem(message, remedy, "instance.toml", None, place, value)]

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        weight = weights(instance, self.group, self.services)
        ward_of = weight.index.get_level_values("district").map(instance.districts["ward"])
        by_ward = weight.set_axis(extended(weight.index, ward=ward_of))
        city = mean_metres(f"{self.id} city", instance, x, weight, ["period"], no_less=False)
        ward = mean_metres(f"{self.id} ward", instance, x, by_ward, list(self.key), no_less=True)
        up, down = ratio(self.per_cent)
        return [ward * down <= city.over(ward.index) * up]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        ward_of = instance.districts["ward"]
        everybody = weights(instance, self.group, self.services).reset_index()
        named = assigned_links(instance, plan, self.group, self.services)
        everybody["ward"], named["ward"] = (t["district"].map(ward_of) for t in (everybody, named))
        named["moved"] = named["weight"] * named["metres"]

        def mean(labels: list[str]) -> pd.Series:
            whole = everybody.groupby(labels)["weight"].sum().clip(lower=1)
            moved = named.groupby(labels)["moved"].sum().reindex(whole.index, fill_value=0)
            return -(-moved // whole)

        index = pd.MultiIndex.from_product(
            [sorted(ward_of.unique()), instance.planned], names=self.key
        )
        ward = mean(list(self.key)).reindex(index, fill_value=0)
        city = mean(["period"]).reindex(index.get_level_values("period"), fill_value=0)
        return at_most(-(-100 * ward // city.clip(lower=1).to_numpy()), self.per_cent)

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan()
        return Examples(town(), cls(id="ward_parity", per_cent=120), plan, {
            "the small ward sent across town": plan.with_assignment("D4", "registration", 2017, "W1"),
            "the large ward sent across town":
                plan.with_assignment("D2", "certificate_counter", 2018, "W2"),
            "a small service decides": plan.with_assignment("D4", "welfare", 2017, "W1"),
        })  # fmt: skip
