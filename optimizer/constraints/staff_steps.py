"""Staff come in whole teams: the persons at a counter are a multiple of the size of a team."""

from typing import Annotated

import pandas as pd
from pydantic import Field

from optimizer.rules import Constraint, Decisions, Examples, Instance, Plan, Problem, Readings, Rows
from optimizer.rules import Text, Words, exactly, town, town_plan


class StaffSteps(Constraint):
    """staff[p, t] = `persons` x teams[p, t] with whole teams, so that the capacity of a point grows in
    steps (modular capacities: Correia, Captivo, Annals of Operations Research 122, 2003). A reading
    is the number of persons beyond whole teams.
    """

    persons: Annotated[int, Field(strict=True, ge=1, le=10**6, description="persons")]

    key, unit = ("point", "period"), "persons"
    words = Words(
        name=Text("Staff in whole teams", "班単位の職員配置"),
        reading=Text("{point} in {period}: {actual} persons beyond whole teams of {persons}.",
                     "{point}({period}): {persons}人の班に満たない端数{actual}人。"),
        conflict=Text("{point} must be staffed in teams of {persons} persons in {period}.",
                      "{period}の{point}の職員は{persons}人の班を単位とする。"),
        repair=Text("Let {point} have {actual} persons beyond whole teams of {persons} in {period}.",
                    "{period}の{point}に、{persons}人の班のほか{actual}人の端数を認める。"),
    )  # fmt: skip

    def problems(self, instance: Instance) -> list[Problem]:
        largest = int(instance.modes["crew"].max())
        if self.persons <= max(largest, 1):
            return []
        message = Text("larger than the crew of any mode", "どの形態の最低人数よりも大きい")
        remedy = Text(f"at most {largest}", f"{largest}以下にする")
        place = f"constraint.{self.id}.persons"
        return [Problem(message, remedy, "instance.toml", None, place, str(self.persons))]

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        def whole(plan: Plan) -> pd.Series:
            return plan.staff // self.persons

        most = x.most_staff // self.persons
        teams = x.derive(f"{self.id} teams", x.staff.index, 0, most, whole)
        return [x.staff == teams * self.persons]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        staffed = plan.modes.index.get_level_values("point").isin(instance.staffed_points)
        staff = plan.staff.reindex(plan.modes.index[staffed], fill_value=0)
        return exactly(staff % self.persons, 0)

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan().with_staff("B1", 2018, 4).with_staff("B2", 2017, 4)
        plan = plan.with_staff("B2", 2018, 4).with_staff("W1", 2017, 4)
        for point, period in [("X1", 2017), ("Z1", 2017), ("Z1", 2018)]:
            plan = plan.with_staff(point, period, 2)
        return Examples(town(), cls(id="pairs", persons=2), plan, {
            "half a team at a branch": plan.with_staff("B2", 2018, 3),
            "alone at the plaza": plan.with_staff("Z1", 2017, 1),
            "one more at a ward office": plan.with_staff("W1", 2017, 5),
        })  # fmt: skip
