"""Ways do not exceed the city's mean by more than a stated distance, on average over everybody."""

from optimizer.rules import Constraint, Decisions, Examples, Group, Instance, Metres, Plan, Readings
from optimizer.rules import Rows, ServiceIds, Text, Words, at_most, by_label, furthest, mean_metres
from optimizer.rules import town, town_plan, travel_metres, ways_by_year, weights


class SpreadLimit(Constraint):
    """sum of weight[d, s, t] above[d, s, t] <= `metres` W[t] and
    above[d, s, t] >= sum of metres[d, p] assign[d, s, p, t] - mean[t], above >= 0, with W the
    weight of all ways of the year and mean the city's, a column in whole metres, rounded up
    (`optimizer/model/expressions/distances.py`).

    Half the mean absolute deviation; divided by the mean it is the index of Hoover (Review of
    Economics and Statistics 18, 1936) and Schutz (American Economic Review 41, 1951); decision
    0009 says why not the Gini coefficient. A reading is the left side by W, rounded up, which
    does not change the verdict. A way for which the plan names no counter counts as 0 m.
    """

    metres: Metres
    group: Group = "cases"
    services: ServiceIds = ()

    key, unit, limit = ("period",), "m", "metres"
    words = Words(
        name=Text("Ways differ little", "移動距離のばらつきの上限"),
        reading=Text("{period}: ways are beyond the city's mean by {actual} m on average (at most {limit} m).",
                     "{period}: 全市平均を超える移動距離は一件・一人当たり平均{actual}m(上限{limit}m)。"),
        conflict=Text("Ways in {period} may be beyond the city's mean by {metres} m on average.",
                      "{period}の全市平均を超える移動距離は、"
                      "一件・一人当たり平均{metres}m以下でなければならない。"),
        repair=Text("Allow ways {actual} m beyond the city's mean instead of {metres} m in {period}.",
                    "{period}の全市平均を超える移動距離の上限を、平均{metres}mから{actual}mに広げる。"),
    )  # fmt: skip

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        weight = weights(instance, self.group, self.services)
        mean = mean_metres(f"{self.id} mean", instance, x, weight, ["period"], no_less=False)
        way = travel_metres(x, weight.index)
        above = x.derive(f"{self.id} above", way.index, 0, furthest(x), way - mean)
        limit = weight.groupby("period").sum() * self.metres
        return [above >= way - mean, (above * weight).sum(by=self.key) <= limit]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        actual = {}
        for t, (all_, year) in ways_by_year(instance, plan, self.group, self.services).items():
            whole = max(all_, 1)
            mean = -(-int((year["weight"] * year["metres"]).sum()) // whole)
            above = (year["metres"] - mean).clip(lower=0) * year["weight"]
            actual[t] = -(-int(above.sum()) // whole)
        return at_most(by_label("period", actual), self.metres)

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan()
        return Examples(town(), cls(id="spread", metres=400, services=("registration",)), plan, {
            "one long way": plan.with_assignment("D1", "registration", 2017, "B2"),
            "one way of medium length": plan.with_assignment("D3", "registration", 2018, "W1"),
            "two long ways raise the mean too": plan.with_assignment("D2", "registration", 2018, "W1")
                .with_assignment("D4", "registration", 2018, "W1"),
        })  # fmt: skip
