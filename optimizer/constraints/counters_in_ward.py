"""A ward has a stated number of counters run by the city, from a least to a most."""

from typing import ClassVar

import pandas as pd

from optimizer.rules import UNLIMITED, Constraint, Count, Decisions, Examples, Instance, KindId
from optimizer.rules import Plan, Readings, Rows, Text, WardId, Words, at_least, at_most, nearer
from optimizer.rules import town, town_plan


class CountersInWard(Constraint):
    """`least` <= sum of mode[p, m, t] over points p of the `ward` (of one `kind`, if stated) and
    modes m run by the city <= `most`.
    """

    ward: WardId
    kind: KindId = ""
    least: Count = 0
    most: Count = UNLIMITED

    key = ("period",)
    unit: ClassVar[str] = "counters"
    words = Words(
        name=Text("Counters in a ward", "区内の窓口数の指定"),
        reading=Text("{period}: {actual} counters run by the city in {ward} (nearest bound: {limit}).",
                     "{period}: {ward}の市の窓口{actual}か所(近い方の限度{limit}か所)。"),
        conflict=Text("{ward} is to have at least {least} and at most {most} counters run by the city"
                      " in {period}.",
                      "{period}の{ward}の市の窓口を{least}か所以上{most}か所以下とする。"),
        repair=Text("Allow {actual} counters in {ward} in {period}.",
                    "{period}の{ward}に市の窓口{actual}か所を認める。"),
    )  # fmt: skip

    def points_of(self, instance: Instance) -> pd.Index:
        """Return the points that count."""
        table = instance.points
        here = table["ward"] == self.ward
        return table.index[here & (table["kind"] == self.kind) if self.kind else here]

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        run = x.in_modes(instance.city_modes).select(point=self.points_of(instance))
        periods = pd.MultiIndex.from_arrays([instance.planned], names=["period"])
        count = run.sum(by=["period"]).over(periods, fill=True)
        return [count >= self.least, count <= self.most]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        here = plan.modes.index.get_level_values("point").isin(self.points_of(instance))
        run = (plan.modes.isin(instance.city_modes) & here).astype("int64")
        count = run.groupby(level="period").sum().reindex(instance.planned, fill_value=0)
        count = count.set_axis(pd.MultiIndex.from_arrays([instance.planned], names=["period"]))
        return nearer(at_least(count, self.least), at_most(count, self.most))

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan()
        entry = cls(id="query", ward="A", kind="branch", least=2)
        fewer = {
            "one closed": plan.with_mode("B1", 2018, "closed"),
            "the other closed": plan.with_mode("B2", 2018, "closed"),
            "both closed": plan.with_mode("B1", 2017, "closed").with_mode("B2", 2017, "closed"),
        }
        return Examples(town(), entry, plan, fewer)
