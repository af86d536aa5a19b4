"""A counter goes over to a smaller form only once few enough cases were served there the year before."""

import pandas as pd

from optimizer.rules import Cases, Constraint, Decisions, Examples, Instance, KindIds, ModeIds, Plan
from optimizer.rules import Readings, Rows, ServiceIds, Text, Words, at_most, caseload, caseloads
from optimizer.rules import moves_made, possible_moves, town, town_plan


class TriggerVolume(Constraint):
    """volume[p, t-1] <= `cases` + (most[p, t-1] - `cases`) (1 - mode[p, m, t] + mode[p, m, t-1]) for m
    in `modes`, where volume is what the plan sends to the point (today's derived one before the
    first planned period) of `services`, all if empty, and most is what it can be at all.

    A reading is that volume where the point goes over to such a mode, and 0 where it does not.
    """

    cases: Cases
    modes: ModeIds = ("service_corner",)
    kinds: KindIds = ("branch",)
    services: ServiceIds = ()

    key, unit, limit = ("point", "period"), "cases", "cases"
    words = Words(
        name=Text("Reduced only once its volume is low", "取扱件数が基準以下になってからの縮小"),
        reading=Text("{point}, reduced in {period}: {actual} cases the year before (at most {limit}).",
                     "{point}({period}の縮小): 前年の取扱い{actual}件(上限{limit}件)。"),
        conflict=Text("{point} may be reduced in {period} only if it had at most {cases} cases before.",
                      "{point}を{period}に縮小できるのは、前年の取扱いが{cases}件以下のときに限る。"),
        repair=Text("Allow it from {actual} cases a year instead of {cases}.",
                    "縮小の基準を{cases}件から{actual}件に上げる。"),
    )  # fmt: skip

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        index = pd.MultiIndex.from_frame(possible_moves(instance, self.kinds, self.modes))
        sent, most = caseload(instance, x, self.services)
        excess = (most - self.cases).clip(lower=0).rename_axis(["point", "before"])
        moved = (x.mode - x.mode_before).over(index)
        return [sent.rename(period="before").over(index) <= (1 - moved) * excess + self.cases]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        moved = moves_made(instance, plan, self.kinds, self.modes)
        sent = caseloads(instance, plan, self.services)
        before = [(point, instance.previous(period)) for point, period in moved.index]
        volume_before = pd.Series(sent.reindex(before).to_numpy(), index=moved.index)
        return at_most(volume_before.where(moved, 0), self.cases)

    @classmethod
    def examples(cls) -> Examples:
        # B1 has 7,000 cases today; stores and a ward office take 2,000 of them from 2017 on.
        plan = town_plan()
        corner = plan.with_mode("B1", 2018, "service_corner")
        return Examples(town(), cls(id="low_volume", cases=5000), corner, {
            "with the volume of today": plan.with_mode("B1", 2017, "service_corner"),
            "another branch too early": plan.with_mode("B2", 2017, "service_corner"),
            "sent more the year before": corner.with_assignment("D1", "certificate_counter", 2017, "B1"),
        })  # fmt: skip
