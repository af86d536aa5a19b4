"""A counter has a stated number of persons, from a least to a most."""

from typing import ClassVar

import pandas as pd

from optimizer.rules import Constraint, Decisions, Examples, Instance, Persons, Plan, Readings, Rows
from optimizer.rules import Text, Where, Words, at_least, at_most, nearer, town, town_plan

CITY = 10**6
"""More persons than anywhere."""


class StaffBetween(Constraint):
    """`least` <= staff[p, t] <= `most` for the points and years of `where`."""

    least: Persons = 0
    most: Persons = CITY

    key = ("point", "period")
    unit: ClassVar[str] = "persons"
    words = Words(
        name=Text("A stated number of staff", "職員数の指定"),
        reading=Text("{point} in {period}: {actual} persons (nearest bound: {limit}).",
                     "{point}({period}): 職員{actual}人(近い方の限度{limit}人)。"),
        conflict=Text("{point} is to have at least {least} and at most {most} persons in {period}.",
                      "{period}の{point}の職員を{least}人以上{most}人以下とする。"),
        repair=Text("Let {point} have {actual} persons in {period}.",
                    "{period}の{point}に職員{actual}人を認める。"),
    )  # fmt: skip

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        index = pd.MultiIndex.from_product(
            [instance.points.index, instance.planned], names=self.key
        )
        staff = x.staff.over(index, fill=True)
        return [staff >= self.least, staff <= self.most]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        staff = plan.staff.reindex(plan.modes.index, fill_value=0)
        return nearer(at_least(staff, self.least), at_most(staff, self.most))

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan()
        persons = int(plan.staff["W1", 2017])
        where = Where(points=("W1",), periods=(2017,))
        entry = cls(id="query", least=persons, most=persons, where=where)
        others = {
            "one more": plan.with_staff("W1", 2017, persons + 1),
            "one fewer": plan.with_staff("W1", 2017, persons - 1),
            "nobody": plan.with_staff("W1", 2017, 0),
        }
        return Examples(town(), entry, plan, others)
