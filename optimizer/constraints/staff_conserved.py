"""Staff freed at the counters move to community support; nobody is dismissed or hired."""

import pandas as pd

from optimizer.rules import Constraint, Decisions, Examples, Instance, Plan, Readings, Rows, Text
from optimizer.rules import Words, community_staff, exactly, headcount, posted, town, town_plan


class StaffConserved(Constraint):
    """Sum over rooms of community_staff[r, t] = community today + counter today - counter[t].

    Persons are whole and never negative, so counter staff never exceed today's headcount.
    """

    key, unit = ("period",), "persons"
    words = Words(
        name=Text("Freed staff are conserved", "窓口職員の地域支援への振替(総数維持)"),
        reading=Text("{period}: {actual} persons in community support, {limit} were freed.",
                     "{period}: 地域担当職員{actual}人、窓口から生じた人数{limit}人。"),
        conflict=Text("Counter and community staff together must equal today's number in {period}.",
                      "{period}の窓口職員と地域担当職員の合計は現在の人数と同じでなければならない。"),
        repair=Text("Post {limit} persons in community support in {period} instead of {actual}.",
                    "{period}の地域担当職員を{actual}人から{limit}人にする。"),
    )  # fmt: skip

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        community = community_staff(instance, x).sum(by=["period"])
        return [community + x.all_staff() == headcount(instance)]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        community = posted(instance, plan).groupby(level="period").sum()
        counter = plan.staff.groupby(level="period").sum().reindex(instance.planned, fill_value=0)
        periods = pd.MultiIndex.from_arrays([instance.planned], names=["period"])
        freed = headcount(instance) - counter
        return exactly(
            community.reindex(instance.planned).set_axis(periods), freed.set_axis(periods)
        )

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan()
        staff = plan.extra["community_staff"]
        return Examples(town(), cls(id="staff_conserved"), plan, {
            "one too many": plan.with_extra("community_staff", ("R1", 2017), staff["R1", 2017] + 1),
            "one lost": plan.with_extra("community_staff", ("R1", 2018), staff["R1", 2018] - 1),
            "counter staff hired": plan.with_staff("W1", 2017, plan.staff["W1", 2017] + 1),
        })  # fmt: skip
