"""From one year to the next a counter keeps its mode or takes one legal step, never two."""

import pandas as pd

from optimizer.rules import Constraint, Decisions, Examples, Instance, Plan, Readings, Rows, Text
from optimizer.rules import Words, at_most, modes_before, town, town_plan


class LegalMoves(Constraint):
    """mode[p, n, t] <= sum of mode[p, m, t-1] over m = n and the moves m -> n of the instance.

    Also ties enter[p, n, t] >= mode[p, n, t] - mode[p, n, t-1], which other files count and pay.
    """

    key, always = ("point", "period"), True
    words = Words(
        name=Text("Step by step, along the legal moves", "段階的な移行(定めた順序のみ)"),
        reading=Text("{point} in {period}: {actual} step(s) outside the legal moves (at most {limit}).",
                     "{point}({period}): 定めた順序にない移行{actual}件(上限{limit}件)。"),
        conflict=Text("{point} can only take a legal step in {period}.",
                      "{point}は{period}に定めた順序の一段階しか移行できない。"),
        repair=Text("Leave more years for the steps of {point} before {period}.",
                    "{period}より前に{point}の段階を踏む。"),
    )  # fmt: skip

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        kind = instance.points["kind"]
        steps = [
            (p, n, m, t)
            for p, n in instance.point_modes
            for m in instance.kinds[kind[p]]
            if m == n or (m, n) in instance.moves
            for t in instance.planned
        ]
        index = pd.MultiIndex.from_tuples(steps, names=["point", "next", "mode", "period"])
        reachable = x.mode_before.over(index).sum(by=["point", "next", "period"])
        reachable = reachable.rename(next="mode")
        return [x.mode <= reachable, x.enter >= x.mode - x.mode_before]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        before = modes_before(instance, plan).reindex(plan.modes.index)
        step = pd.MultiIndex.from_arrays([before, plan.modes])
        legal = (before == plan.modes) | step.isin(list(instance.moves))
        return at_most((~legal).astype(int), 0)

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan()
        return Examples(town(), cls(id="legal_moves"), plan, {
            "skipped stage": plan.with_mode("B2", 2018, "closed"),
            "back again": plan.with_mode("B1", 2017, "service_corner"),
            "branch made plain": plan.with_mode("B2", 2017, "plain_branch"),
        })  # fmt: skip
