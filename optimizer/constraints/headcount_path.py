"""The city has at least a stated number of persons fewer than today at counters and in community support."""

import pandas as pd

from optimizer.rules import Constraint, Decisions, Examples, Instance, Persons, Plan, Readings, Rows
from optimizer.rules import Text, Words, YesNo, at_most, baseline, community_staff, headcount
from optimizer.rules import posted, town, town_plan


class HeadcountPath(Constraint):
    """Sum over p of staff[p, t] + sum over r of community_staff[r, t] <= today's number - `fewer`;
    with `counters_only` community staff count on neither side. Today's number is derived, so the
    path says by how many persons it falls: one entry for each step, with its `where.periods`.
    Together with `staff_conserved` the sum of both stays today's, and only counters can shrink.
    """

    fewer: Persons = 0
    counters_only: YesNo = False

    key, unit, limit, widens = ("period",), "persons", "fewer", "down"
    words = Words(
        name=Text("Path of the headcount", "職員総数の上限"),
        reading=Text("{period}: {actual} persons counted (at most {limit}).",
                     "{period}: 対象の職員{actual}人(上限{limit}人)。"),
        conflict=Text("The staff counted in {period} must be at least {fewer} persons fewer than today.",
                      "{period}の対象の職員は、現在より{fewer}人以上少なくなければならない。"),
        repair=Text("Allow {actual} persons in {period} instead of {limit}.",
                    "{period}の職員数の上限を{limit}人から{actual}人にする。"),
    )  # fmt: skip

    def _most(self, instance: Instance) -> int:
        counters = int(baseline(instance).staff.sum())
        return (counters if self.counters_only else headcount(instance)) - self.fewer

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        counted = x.all_staff()
        if not self.counters_only:
            counted = counted + community_staff(instance, x).sum(by=["period"])
        return [counted <= self._most(instance)]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        counted = plan.staff.groupby(level="period").sum().reindex(instance.planned, fill_value=0)
        if not self.counters_only:
            counted = counted + posted(instance, plan).groupby(level="period").sum()
        periods = pd.MultiIndex.from_arrays([instance.planned], names=["period"])
        return at_most(counted.set_axis(periods), self._most(instance))

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan()
        posts = plan.extra["community_staff"]
        more = plan.with_extra("community_staff", ("R1", 2017), posts["R1", 2017] + 1)
        return Examples(town(), cls(id="no_growth"), plan, {
            "one more at a counter": plan.with_staff("B2", 2018, plan.staff["B2", 2018] + 1),
            "one more in community support": more,
            "freed at one counter, twice hired": more.with_staff("X1", 2017, 0).with_staff("W2", 2017, 3),
        })  # fmt: skip
