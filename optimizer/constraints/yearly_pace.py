"""At most a stated number of counters change in a year, so that people can follow."""

import pandas as pd

from optimizer.rules import Constraint, Count, Decisions, Examples, Instance, KindIds, Plan
from optimizer.rules import Readings, Rows, Text, Words, at_most, changed, town, town_plan


class YearlyPace(Constraint):
    """Sum of enter[p, m, t] over points of `kinds` and all modes <= `changes`."""

    changes: Count
    kinds: KindIds = ("branch",)

    key, unit, limit = ("period",), "changes", "changes"
    words = Words(
        name=Text("Yearly pace of changes", "一年の再編数の上限(激変緩和)"),
        reading=Text("{period}: {actual} branches change (at most {limit}).",
                     "{period}に変わる出張所等は{actual}か所(上限{limit}か所)。"),
        conflict=Text("At most {changes} branches may change in {period}.",
                      "{period}に変えられる出張所等は{changes}か所までである。"),
        repair=Text("Allow {actual} changes in {period} instead of {changes}.",
                    "{period}の変更数の上限を{changes}か所から{actual}か所にする。"),
    )  # fmt: skip

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        kind = instance.points["kind"]
        entered = x.enter.select(point=kind.index[kind.isin(self.kinds)])
        return [entered.sum(by=["period"]) <= self.changes]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        kind = instance.points["kind"]
        moved = changed(instance, plan)
        moved = moved[moved.index.get_level_values("point").map(kind).isin(self.kinds)]
        count = moved.astype(int).groupby(level="period").sum()
        return at_most(count.set_axis(pd.MultiIndex.from_arrays([count.index])), self.changes)

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan()
        return Examples(town(), cls(id="pace", changes=1), plan, {
            "two in the last year": plan.with_mode("B2", 2018, "service_corner"),
            "two in the first year": plan.with_mode("B1", 2017, "service_corner")
                .with_mode("B2", 2017, "service_corner"),
            "one up, one down": plan.with_mode("B2", 2018, "plain_branch"),
        })  # fmt: skip
