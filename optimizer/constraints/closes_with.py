"""A counter closes in the first year in which any branch is wound down, not before and not later."""

import pandas as pd

from optimizer.rules import Constraint, Decisions, Examples, Instance, KindIds, ModeIds, Plan
from optimizer.rules import PointIds, Readings, Rows, Text, Words, exactly, town, town_plan


class ClosesWith(Constraint):
    """closed[p, t] = max over branches b of wound_down[b, t], as two families of rows:
    closed[p, t] >= wound_down[b, t] for each b, and closed[p, t] <= sum over b.
    """

    points: PointIds
    kinds: KindIds = ("branch",)
    wound_down: ModeIds = ("service_corner", "closed")

    key = ("point", "period")
    words = Words(
        name=Text("Closes with the reorganisation", "再編に併せて窓口を廃止"),
        reading=Text("{point} in {period}: closed {actual}, reorganisation begun {limit} (1 = yes).",
                     "{point}({period}): 廃止{actual}、再編の開始{limit}(1=済)。"),
        conflict=Text("{point} must be closed in {period} exactly if a branch has been wound down by then.",
                      "{point}は、{period}までに出張所等の再編が始まっていれば廃止し、それまでは残す。"),
        repair=Text("Free {point} from the reorganisation of the branches in {period}.",
                    "{period}の{point}を出張所等の再編と切り離す。"),
    )  # fmt: skip

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        kind = instance.points["kind"]
        branches = kind.index[kind.isin(self.kinds)]
        closed = x.in_modes(["closed"]).select(point=self.points)
        pairs = pd.MultiIndex.from_product(
            [self.points, branches, instance.planned], names=["point", "branch", "period"]
        )
        down = x.in_modes(self.wound_down).select(point=branches)
        each = down.rename(point="branch").over(pairs)
        return [
            closed.over(pairs) >= each,
            closed <= each.sum(by=self.key).over(closed.index, fill=True),
        ]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        kind = instance.points["kind"]
        table = plan.modes.unstack("period")
        begun = table[table.index.map(kind).isin(self.kinds)].isin(self.wound_down).any()
        closed = plan.modes[plan.modes.index.get_level_values("point").isin(self.points)]
        limit = pd.Series(closed.index.get_level_values("period").map(begun), index=closed.index)
        return exactly((closed == "closed").astype(int), limit.astype(int))

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan()
        begun = plan.with_mode("B1", 2018, "service_corner")
        return Examples(town(), cls(id="plaza", points=("Z1",)), begun.with_mode("Z1", 2018, "closed"), {
            "stays when the first branch goes": begun,
            "closes although nothing happens": plan.with_mode("Z1", 2018, "closed"),
            "closes a year early": begun.with_mode("Z1", 2017, "closed").with_mode("Z1", 2018, "closed"),
        })  # fmt: skip
