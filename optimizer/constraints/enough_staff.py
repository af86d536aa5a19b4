"""Counter staff can do the work assigned to their counter, with a stated reserve."""

from typing import Annotated

from pydantic import Field

from optimizer.rules import Constraint, Decisions, Examples, Instance, Plan, Readings, Rows, Text
from optimizer.rules import Words, at_most, ratio, town, town_plan


class EnoughStaff(Constraint):
    """(100 + reserve) x minutes of assigned work <= 100 x the minutes that the staff can work in a
    year: staff x minutes a person, and more where a counter has longer hours.
    """

    reserve: Annotated[int, Field(strict=True, ge=0, le=100, description="%")] = 0

    key, unit, limit, widens, always = ("point", "period"), "min", "reserve", "down", True
    words = Words(
        name=Text("Enough staff for the work", "業務量に見合う職員"),
        reading=Text("{point} in {period}: work of {actual} min with reserve, staff for {limit} min.",
                     "{point}({period}): 業務量{actual}分(余力込み)、職員の対応可能量{limit}分。"),
        conflict=Text("{point} needs staff for its work in {period} with {reserve} % in reserve.",
                      "{period}の{point}には業務量に見合う職員(余力{reserve}%)が必要である。"),
        repair=Text("Lower the reserve of {reserve} % or staff {point} better in {period}.",
                    "余力{reserve}%を下げるか、{period}の{point}の職員を増やす。"),
    )  # fmt: skip

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        up, down = ratio(100 + self.reserve)
        partners = x.in_modes(instance.modes.index[instance.modes["run_by"] == "partner"])
        excused = partners.over(x.staff.index) * x.most_work
        return [(x.work - excused) * up <= x.capacity * down]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        up, down = ratio(100 + self.reserve)
        partner = plan.modes.map(instance.modes["run_by"]) == "partner"
        staffed = plan.modes.index.get_level_values("point").isin(instance.staffed_points)
        work = plan.minutes(instance)[~partner & staffed] * up
        return at_most(-(-work // down), plan.capacity(instance))

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan()
        return Examples(town(), cls(id="enough_staff"), plan, {
            "one person short": plan.with_staff("W1", 2017, plan.staff["W1", 2017] - 1),
            "nobody at a branch": plan.with_staff("B2", 2018, 0),
            "a district too many": plan.with_assignment("D1", "certificate_counter", 2017, "B1"),
        })  # fmt: skip
