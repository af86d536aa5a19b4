"""A counter goes over to a smaller form only once its cases have fallen by a stated part."""

from typing import Annotated

import pandas as pd
from pydantic import Field

from optimizer.rules import Constraint, Decisions, Examples, Instance, KindIds, ModeIds, Plan
from optimizer.rules import Readings, Rows, ServiceIds, Text, Words, at_least, caseload, caseloads
from optimizer.rules import moves_made, period_before, possible_moves, ratio, town, town_plan


class TriggerFall(Constraint):
    """100 volume[p, t-1] <= (100 - `per_cent`) volume[p, u] + 100 most[p, t-1] (1 - mode[p, m, t] +
    mode[p, m, t-1]) for m in `modes`, where u is the latest period that begins at least `years`
    years before t-1, and mode[p, m, t] <= mode[p, m, t-1] where the instance does not reach back
    that far. Volumes as in trigger_volume; what was nothing and is nothing counts as fallen.

    A reading is the fall in whole per cent, rounded down and counted from 0 (as where nothing is
    known) up to `per_cent`, and `per_cent` where the point does not go over to such a mode.
    """

    per_cent: Annotated[int, Field(strict=True, ge=1, le=100, description="%")]
    years: Annotated[int, Field(strict=True, ge=1, le=100, description="years")] = 1
    modes: ModeIds = ("service_corner",)
    kinds: KindIds = ("branch",)
    services: ServiceIds = ()

    key, unit, limit, widens = ("point", "period"), "%", "per_cent", "down"
    words = Words(
        name=Text("Reduced only once its volume has fallen", "取扱件数が減ってからの縮小"),
        reading=Text("{point}, reduced in {period}: {actual} % fewer cases over {years} years before"
                     " (at least {limit} %).",
                     "{point}({period}の縮小): 前年までの{years}年間に{actual}%減(下限{limit}%)。"),
        conflict=Text("{point} may be reduced in {period} only if its cases fell by {per_cent} % in"
                      " {years} years.",
                      "{point}を{period}に縮小できるのは、"
                      "取扱いが{years}年間で{per_cent}%以上減ったときに限る。"),
        repair=Text("Allow it from a fall of {actual} % instead of {per_cent} %.",
                    "縮小の基準を{per_cent}%減から{actual}%減に緩める。"),
    )  # fmt: skip

    def _since(self, instance: Instance, period: int) -> int | None:
        """The period that the volume of the one before `period` is compared with."""
        return period_before(instance, instance.previous(period), self.years)

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        table = possible_moves(instance, self.kinds, self.modes)
        since = table["period"].map({t: self._since(instance, t) for t in instance.planned})
        known = since.notna()
        never = pd.MultiIndex.from_frame(table[~known])
        index = pd.MultiIndex.from_frame(table[known].assign(since=since[known].astype("int64")))
        down, up = ratio(100 - self.per_cent)
        sent, most = caseload(instance, x, self.services)
        moved = x.mode - x.mode_before
        free = (1 - moved.over(index)) * (most * up).rename_axis(["point", "before"])
        late = sent.rename(period="before").over(index) * up
        early = sent.rename(period="since").over(index) * down
        return [late <= early + free, moved.over(never) <= 0]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        moved = moves_made(instance, plan, self.kinds, self.modes)
        sent = caseloads(instance, plan, self.services)
        fall = pd.Series(self.per_cent, index=moved.index)
        for point, period in moved.index[moved]:
            since = self._since(instance, period)
            late = int(sent[point, instance.previous(period)])
            early = late if since is None else int(sent[point, since])
            # What was nothing and is nothing has nothing left to lose.
            whole = 100 * (early - late) // early if early else 100 * (late == 0)
            fall[point, period] = 0 if since is None else min(max(whole, 0), self.per_cent)
        return at_least(fall, self.per_cent)

    @classmethod
    def examples(cls) -> Examples:
        # From 2016 to 2017, B2 falls from 7,500 to 1,500 cases (80 %), B1 from 7,000 to 5,000 (28 %).
        plan = town_plan()
        corner = plan.with_mode("B2", 2018, "service_corner")
        return Examples(town(), cls(id="fallen", per_cent=30), corner, {
            "not fallen enough": plan.with_mode("B1", 2018, "service_corner"),
            "before anything is known": plan.with_mode("B2", 2017, "service_corner"),
            "kept up the year before": corner.with_assignment("D2", "certificate_counter", 2017, "B2"),
        })  # fmt: skip
