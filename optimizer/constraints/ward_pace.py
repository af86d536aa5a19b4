"""At most a stated number of counters of one ward change in a year, so that none bears all at once."""

import pandas as pd

from optimizer.rules import Constraint, Count, Decisions, Examples, Instance, KindIds, Plan, Problem
from optimizer.rules import Readings, Rows, Text, Words, at_most, changed, town, town_plan


class WardPace(Constraint):
    """Sum of enter[p, m, t] over all modes and the points of `kinds` in ward w <= `changes`."""

    changes: Count
    kinds: KindIds = ("branch",)

    key, unit, limit = ("ward", "period"), "changes", "changes"
    words = Words(
        name=Text("Yearly pace of changes in a ward", "区ごとの一年の再編数の上限"),
        reading=Text("{ward}, {period}: {actual} counters change (at most {limit}).",
                     "{ward}({period}): 変わる窓口は{actual}か所(上限{limit}か所)。"),
        conflict=Text("At most {changes} counters of {ward} may change in {period}.",
                      "{ward}で{period}に変えられる窓口は{changes}か所までである。"),
        repair=Text("Allow {actual} changes in {ward} in {period} instead of {changes}.",
                    "{ward}の{period}の変更数の上限を{changes}か所から{actual}か所にする。"),
    )  # fmt: skip

    def _wards(self, instance: Instance) -> pd.Series:
        """The ward of every point of `kinds`, index point."""
        return instance.points.loc[instance.points["kind"].isin(self.kinds), "ward"]

    def problems(self, instance: Instance) -> list[Problem]:
        wards = self._wards(instance)
        message = Text("this point lies in no ward", "この窓口はどの区にも属していない")
        remedy = Text(
            f"give it a ward, or take its kind out of constraint.{self.id}.kinds",
            f"区を記入するか、constraint.{self.id}.kinds からこの種別を除く",
        )
        return [
            Problem(message, remedy, "points.csv", None, "ward", str(point))
            for point in wards.index[wards == ""]
        ]

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        wards = self._wards(instance)
        entered = x.enter.select(point=wards.index)
        table = entered.index.to_frame(index=False)
        table["ward"] = table["point"].map(wards)
        return [entered.over(pd.MultiIndex.from_frame(table)).sum(by=self.key) <= self.changes]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        wards = self._wards(instance)
        table = changed(instance, plan).astype(int).rename("changes").reset_index()
        table["ward"] = table["point"].map(wards)
        count = table.dropna(subset="ward").groupby(list(self.key))["changes"].sum()
        return at_most(count, self.changes)

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan()
        return Examples(town(), cls(id="ward_pace", changes=1), plan, {
            "two of ward A in the last year": plan.with_mode("B2", 2018, "service_corner"),
            "two of ward A in the first year": plan.with_mode("B1", 2017, "service_corner")
                .with_mode("B2", 2017, "service_corner"),
            "one unified while another closes": plan.with_mode("B2", 2018, "closed"),
        })  # fmt: skip
