"""The number of open counters of some kinds lies between two bounds, or is given exactly."""

import pandas as pd

from optimizer.rules import UNLIMITED, Constraint, Count, Decisions, Examples, Instance, KindIds
from optimizer.rules import ModeIds, Plan, Problem, Readings, Rows, Text, Words, at_least, at_most
from optimizer.rules import nearer, town, town_plan


class OpenCount(Constraint):
    """`least` <= sum of mode[p, m, t] over points p of `kinds` and modes m of `modes` <= `most`;
    without `modes`, the modes that somebody runs. With `least` = `most` = p these are the rows of
    the p-median and p-center problems (Hakimi, Operations Research 12, 1964; ReVelle, Swain,
    Geographical Analysis 2, 1970). A reading is set beside the bound that it is nearer to.
    """

    kinds: KindIds
    modes: ModeIds = ()
    least: Count = 0
    most: Count = UNLIMITED

    key, unit = ("period",), "counters"
    words = Words(
        name=Text("Number of open counters", "開設する窓口の数"),
        reading=Text("{period}: {actual} open counters (nearest bound: {limit}).",
                     "{period}: 開設する窓口{actual}か所(近い方の限度{limit}か所)。"),
        conflict=Text("At least {least} and at most {most} counters must be open in {period}.",
                      "{period}に開設する窓口は{least}か所以上{most}か所以下でなければならない。"),
        repair=Text("Allow {actual} open counters in {period}, beyond the bound of {limit}.",
                    "{period}の開設数の限度{limit}か所を改め、{actual}か所を認める。"),
    )  # fmt: skip

    def problems(self, instance: Instance) -> list[Problem]:
        if self.least <= self.most:
            return []
        message = Text("the least is above the most", "下限が上限より大きい")
        remedy = Text("exchange the two", "二つを入れ替える")
        place = f"constraint.{self.id}.least"
        return [Problem(message, remedy, "instance.toml", None, place, str(self.least))]

    def _modes(self, instance: Instance) -> tuple[str, ...]:
        return self.modes or tuple(sorted(instance.open_modes))

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        kind = instance.points["kind"]
        periods = pd.MultiIndex.from_arrays([instance.planned], names=["period"])
        run = x.in_modes(self._modes(instance)).select(point=kind.index[kind.isin(self.kinds)])
        count = run.sum(by=["period"]).over(periods, fill=True)
        return [count >= self.least, count <= self.most]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        kind = plan.modes.index.get_level_values("point").map(instance.points["kind"])
        run = plan.modes.isin(self._modes(instance)) & kind.isin(self.kinds)
        count = run.astype("int64").groupby(level="period").sum().reindex(instance.planned)
        count = count.fillna(0).set_axis(
            pd.MultiIndex.from_arrays([instance.planned], names=["period"])
        )
        return nearer(at_least(count, self.least), at_most(count, self.most))

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan()
        closed = plan.with_mode("B1", 2018, "closed")
        return Examples(
            town(), cls(id="offices", kinds=("branch", "ward_office", "plaza"), least=4, most=5), closed, {
            "too few": closed.with_mode("B2", 2018, "closed"),
            "too few, one year early": plan.with_mode("B1", 2017, "closed").with_mode("B2", 2017, "closed")
                .with_mode("Z1", 2017, "closed"),
            "none at all": plan.with_mode("B1", 2018, "closed").with_mode("B2", 2018, "closed")
                .with_mode("Z1", 2018, "closed"),
        })  # fmt: skip
