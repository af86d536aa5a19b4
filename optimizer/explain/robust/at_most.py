"""The value of an objective stays within a sum."""

from typing import ClassVar

import pandas as pd
from pydantic import Field

from optimizer.base.words import Text, Words
from optimizer.city.plan import Plan
from optimizer.model.algebra import Affine, Rows
from optimizer.model.decisions import Decisions
from optimizer.model.example import town, town_plan
from optimizer.model.instance import Constraint, Examples, Instance, Objective
from optimizer.model.readings import Readings, at_most, by_label
from optimizer.objectives.staff_cost import StaffCost


class AtMost(Constraint):
    """The value of `objective` <= `most`."""

    objective: Objective
    most: int = Field(strict=True)

    key = ("objective",)
    words = Words(
        name=Text("A value stays within a sum", "目的値の上限"),
        reading=Text("value {actual} (at most {limit}).", "値{actual}(上限{limit})。"),
        conflict=Text("The value may be at most {most}.", "値は{most}以下でなければならない。"),
        repair=Text("Allow {actual} instead of {most}.", "上限を{most}から{actual}に広げる。"),
    )
    unit: ClassVar[str] = ""

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        """One row."""
        value = self.objective.terms(instance, x)
        index = pd.MultiIndex.from_arrays([[self.objective.id]], names=self.key)
        named = Affine(index, value.at, value.column, value.coefficient, value.constant)
        return [named <= self.most]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        """Read the value of the plan."""
        value = self.objective.value(instance, plan)
        return at_most(by_label("objective", {self.objective.id: value}), self.most)

    @classmethod
    def examples(cls) -> Examples:
        """Return the town's plan at its own cost, and dearer ones."""
        city, plan, cost = town(), town_plan(), StaffCost()
        more = plan.with_staff("W1", 2017, int(plan.staff["W1", 2017]) + 1)
        entry = cls(id="cap", objective=cost, most=cost.value(city, plan))
        dear = {
            "one more person": more,
            "one more a year later": plan.with_staff("W2", 2018, 9),
        }
        return Examples(city, entry, plan, dear)
