"""A counter that has changed stays as it is for a stated number of years."""

from typing import Annotated

import pandas as pd
from pydantic import Field

from optimizer.rules import Constraint, Decisions, Examples, Instance, ModeIds, Plan, Readings, Rows
from optimizer.rules import Text, Words, at_least, changed, town, town_plan, years_between


class MinimumStay(Constraint):
    """mode[p, m, t] - mode[p, m, t-1] <= mode[p, m, u] for every u > t that begins less than `years`
    years after t: the minimum up time of unit commitment (Rajan, Takriti, IBM Research Report
    RC23628, 2005), with modes for units. `modes`: those it holds for, all if empty.

    A reading is for how many years a point keeps the mode it goes over to in the period, counted
    up to `years`, and `years` where it does not change or keeps it to the end of the plan.
    """

    years: Annotated[int, Field(strict=True, ge=1, le=100, description="years")]
    modes: ModeIds = ()

    key, unit, limit, widens = ("point", "period"), "years", "years", "down"
    words = Words(
        name=Text("Stays as it is for some years", "再編後の形態を一定年数維持"),
        reading=Text("{point}, changed in {period}: stays so for {actual} years (at least {limit}).",
                     "{point}({period}の変更後): {actual}年維持(下限{limit}年)。"),
        conflict=Text("{point} must keep for {years} years what it becomes in {period}.",
                      "{point}は{period}に変えた形態を{years}年間維持しなければならない。"),
        repair=Text("Let {point} change again after {actual} years instead of {years}.",
                    "{point}を{years}年でなく{actual}年で再び変えることを認める。"),
    )  # fmt: skip

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        modes = self.modes or tuple(instance.modes.index)
        stays = [
            (point, mode, period, later)
            for point, mode in instance.point_modes
            if mode in modes
            for period in instance.planned
            for later in instance.planned
            if period < later and years_between(instance, period, later) < self.years
        ]
        index = pd.MultiIndex.from_tuples(stays, names=["point", "mode", "period", "later"])
        moved = (x.mode - x.mode_before).over(index)
        return [moved <= x.mode.rename(period="later").over(index)]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        moved = changed(instance, plan) & plan.modes.isin(self.modes or instance.modes.index)
        kept = pd.Series(self.years, index=plan.modes.index)
        for point, period in moved.index[moved]:
            later = [t for t in instance.planned if t > period]
            left = [t for t in later if plan.modes.get((point, t)) != plan.modes[point, period]]
            if left:
                years = years_between(instance, period, left[0])
                kept[point, period] = min(years, self.years)
        return at_least(kept, self.years)

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan()
        corner = plan.with_mode("B2", 2017, "service_corner")
        return Examples(town(), cls(id="stay", years=2), corner.with_mode("B2", 2018, "service_corner"), {
            "a corner for a year, then closed": corner.with_mode("B2", 2018, "closed"),
            "back after a year": corner.with_mode("B2", 2018, "general_branch"),
            "a post office for a year": plan.with_mode("P2", 2018, "closed"),
        })  # fmt: skip
