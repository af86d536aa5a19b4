"""Every district with demand for a service is sent to exactly one counter in every year."""

import pandas as pd

from optimizer.rules import Constraint, Decisions, Examples, Instance, Plan, Readings, Rows, Text
from optimizer.rules import Words, exactly, town, town_plan


class AssignedOnce(Constraint):
    """Sum of assign[district, service, point, period] over points is 1 where there is demand."""

    key, always = ("district", "service", "period"), True
    words = Words(
        name=Text("One counter for each district and service", "校区・業務ごとに窓口は一つ"),
        reading=Text("{district} has {actual} counter(s) for {service} in {period}, must have {limit}.",
                     "{district}校区の{service}の窓口は{period}に{actual}か所(正しくは{limit}か所)。"),
        conflict=Text("{district} must be sent to a counter for {service} in {period}.",
                      "{district}校区には{period}に{service}の窓口が必要である。"),
        repair=Text("Name a counter for {service} of {district} in {period}.",
                    "{period}の{district}校区の{service}の窓口を定める。"),
    )  # fmt: skip

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        demand = instance.demand[instance.demand > 0]
        demand = demand[demand.index.get_level_values("period") != instance.today]
        return [x.assign.sum(by=self.key).over(demand.index, fill=True) == 1]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        wanted = (instance.demand > 0).astype(int)
        wanted = wanted[wanted.index.get_level_values("period") != instance.today]
        named = pd.Series(1, index=plan.assignments.index)
        index = wanted.index.union(named.index)
        keep = wanted.reindex(index, fill_value=0) + named.reindex(index, fill_value=0) > 0
        return exactly(
            named.reindex(index, fill_value=0)[keep], wanted.reindex(index, fill_value=0)[keep]
        )

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan()
        return Examples(town(), cls(id="assigned_once"), plan, {
            "a service forgotten": plan.without_assignment("D1", "registration", 2017),
            "a year forgotten": plan.without_assignment("D3", "welfare", 2018),
            "a service nobody asks for": plan.with_assignment("D4", "welfare", 2018, "W1"),
        })  # fmt: skip
