"""A counter is wound down only once the counters named for it have been wound down."""

from itertools import product
from typing import Annotated

import numpy as np
import pandas as pd
from pydantic import Field

from optimizer.rules import Constraint, Decisions, Examples, Instance, ModeIds, Plan, PointIds
from optimizer.rules import Problem, Readings, Rows, Text, Words, at_most, baseline, extended
from optimizer.rules import modes_before, period_before, town, town_plan


class LinkedChanges(Constraint):
    """down[p, t] - down[p, t-1] <= down[q, u] for every q of `after`, where u is the latest period
    that begins at least `years_later` years before t; down = the mode is one of `wound_down`. These
    are the precedence rows of project scheduling. With `years_later` = 0, all may go in one period.
    Before today everything is taken to have been as it is today.
    """

    points: PointIds
    after: PointIds
    wound_down: ModeIds = ("service_corner", "closed")
    years_later: Annotated[int, Field(strict=True, ge=0, le=100, description="years")] = 0

    key, unit = ("point", "period"), "counters"
    words = Words(
        name=Text("Wound down only after others", "他の窓口の再編後に限る再編"),
        reading=Text("{point} in {period}: {actual} counters that must go first have not (at most {limit}).",
                     "{point}({period}): 先に再編すべき窓口のうち未了{actual}か所(上限{limit}か所)。"),
        conflict=Text("{point} can be wound down in {period} only after the counters named for it.",
                      "{point}を{period}に再編できるのは、定めた窓口の再編後に限る。"),
        repair=Text("Let {point} be wound down in {period} although {actual} other counters are not.",
                    "定めた窓口のうち{actual}か所が未了でも、{point}の{period}の再編を認める。"),
    )  # fmt: skip

    def problems(self, instance: Instance) -> list[Problem]:
        both = sorted(set(self.points) & set(self.after))
        if self.points and self.after and not both:
            return []
        message = Text("a counter cannot wait for itself, nor for none",
                       "窓口が自分自身を待つか、待つ窓口が定められていない")  # fmt: skip
        remedy = Text("name other counters in both lists", "points と after に別々の窓口を書く")
        place, value = f"constraint.{self.id}.after", ", ".join(both)
        return [Problem(message, remedy, "instance.toml", None, place, value)]

    def _known(self, instance: Instance, period: int) -> int:
        """The period whose modes decide what may go in `period`."""
        return period_before(instance, period, self.years_later) or instance.today

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        names, labels = ["point", "after", "period"], [self.points, self.after, instance.planned]
        index = pd.MultiIndex.from_product(labels, names=names)
        known = np.array([self._known(instance, t) for t in index.get_level_values("period")])
        index = extended(index, known=known)
        down = x.in_modes(self.wound_down)
        before = x.mode_before.select(mode=self.wound_down).sum(by=self.key)
        moved = (down - before.over(down.index, fill=True)).over(index, fill=True)
        begun = instance.points.index[instance.points["mode_today"].isin(self.wound_down)]
        given = (known == instance.today) & index.get_level_values("after").isin(begun)
        done = down.rename(point="after", period="known").over(index, fill=True)
        return [moved <= done + given.astype("int64")]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        modes = pd.concat([baseline(instance).modes, plan.modes])
        down = modes.index[modes.isin(self.wound_down)]
        before = modes_before(instance, plan)
        waiting = {}
        for point, period in product(self.points, instance.planned):
            goes = (point, period) in down and before[point, period] not in self.wound_down
            known = self._known(instance, period)
            late = [other for other in self.after if (other, known) not in down]
            waiting[point, period] = len(late) if goes else 0
        return at_most(pd.Series(waiting).rename_axis(list(self.key)), 0)

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan().with_mode("B1", 2017, "service_corner")
        plan = plan.with_mode("B1", 2018, "service_corner")
        both = plan.with_mode("B2", 2018, "service_corner")
        entry = cls(id="plaza_last", points=("Z1",), after=("B1", "B2"))
        return Examples(town(), entry, both.with_mode("Z1", 2018, "closed"), {
            "one of the two still stands": plan.with_mode("Z1", 2018, "closed"),
            "a year too early": both.with_mode("Z1", 2017, "closed"),
            "nothing has begun": town_plan().with_mode("Z1", 2018, "closed"),
        })  # fmt: skip
