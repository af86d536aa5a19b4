"""Every point has exactly one of the modes of its kind in every year."""

import pandas as pd

from optimizer.rules import Constraint, Decisions, Examples, Instance, Plan, Readings, Rows, Text
from optimizer.rules import Words, exactly, town, town_plan


class OneMode(Constraint):
    """Sum of mode[point, mode, period] over the modes of the point's kind is 1."""

    key, always = ("point", "period"), True
    words = Words(
        name=Text("One mode", "形態は一つ"),
        reading=Text("{point} has {actual} valid mode(s) in {period}, must have {limit}.",
                     "{point}の{period}の形態は{actual}件(正しくは{limit}件)。"),
        conflict=Text("{point} must have one mode in {period}.",
                      "{point}は{period}に形態を一つだけ持つ。"),
        repair=Text("State one mode for {point} in {period}.",
                    "{period}の{point}の形態を一つ定める。"),
    )  # fmt: skip

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        return [x.mode.sum(by=self.key) == 1]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        index = pd.MultiIndex.from_product(
            [instance.points.index, instance.planned], names=["point", "period"]
        )
        modes = plan.modes.reindex(index)
        held = pd.MultiIndex.from_arrays([index.get_level_values("point"), modes])
        return exactly(pd.Series(held.isin(instance.point_modes).astype(int), index=index), 1)

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan()
        return Examples(town(), cls(id="one_mode"), plan, {
            "unknown mode": plan.with_mode("B1", 2017, "kiosk"),
            "mode of another kind": plan.with_mode("P2", 2017, "ward_office"),
            "closed ward office": plan.with_mode("W1", 2018, "closed"),
        })  # fmt: skip
