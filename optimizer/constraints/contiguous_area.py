"""The districts that go to one counter for a service form one connected area, without enclaves."""

from dataclasses import replace

import pandas as pd

from optimizer.rules import Constraint, Decisions, DistrictIds, Examples, Instance, Plan, Problem
from optimizer.rules import Readings, Rows, ServiceIds, Text, Words, adjacency, at_most
from optimizer.rules import connected_rows, town, town_plan


class ContiguousArea(Constraint):
    """A root sends flow to all other districts of the area (Shirabe, Environment and Planning B 36,
    2009). With n districts that could come and flow[d, e] from d to its neighbour e:
    flow into d - flow out of d >= assign[d, s, p, t] - n root[d]; flow into d <= (n - 1) assign;
    root <= assign; sum of root <= 1. A district without demand for s in t belongs to no counter,
    and every area may pass through it; one of `apart` (an island) may lie apart and needs no flow.

    A reading is the number of parts beyond the first, not counting parts of `apart` alone.
    """

    services: ServiceIds = ()
    apart: DistrictIds = ()

    key = ("point", "service", "period")
    words = Words(
        name=Text("Connected areas", "飛び地のない区域"),
        reading=Text("{point}, {service}, {period}: {actual} parts beyond the first (at most {limit}).",
                     "{point}・{service}・{period}: 飛び地{actual}か所(上限{limit}か所)。"),
        conflict=Text("The districts sent to {point} for {service} in {period} must be connected.",
                      "{period}に{service}を{point}に割り当てる校区は、地続きでなければならない。"),
        repair=Text("Let the area of {point} have {actual} more parts for {service} in {period}.",
                    "{period}の{point}の{service}の区域に、飛び地{actual}か所を認める。"),
    )  # fmt: skip

    def problems(self, instance: Instance) -> list[Problem]:
        borders = adjacency.beside(instance).items() if len(instance.districts) > 1 else []
        alone = [district for district, near in borders if not near and district not in self.apart]
        message, place = (
            Text("this district borders on no other", "隣接する校区がない"),
            "district_id",
        )
        remedy = Text(f"add its borders, or name it in constraint.{self.id}.apart",
                      f"隣接を加えるか、constraint.{self.id}.apart に書く")  # fmt: skip
        return [Problem(message, remedy, "neighbours.csv", None, place, d) for d in alone]

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        return connected_rows(self.id, instance, x, self.services, self.apart)

    def check(self, instance: Instance, plan: Plan) -> Readings:
        found = adjacency.areas(instance, plan, self.services, self.apart).items()
        further = [max(len(area.roots) - 1, 0) for _, area in found]
        index = pd.MultiIndex.from_tuples([key for key, _ in found], names=self.key)
        return at_most(pd.Series(further, index=index, dtype="int64"), 0)

    @classmethod
    def examples(cls) -> Examples:
        # Borders D2 - D1 - D3 - D4, a chain.
        chain = {("D1", "D2"), ("D1", "D3"), ("D3", "D4")}
        borders = frozenset(chain | {(b, a) for a, b in chain})
        plan = town_plan().with_assignment("D3", "registration", 2018, "W1")
        entry = cls(id="connected", services=("registration", "welfare"))
        return Examples(replace(town(), neighbours=borders), entry, plan, {
            "past the district between": plan.with_assignment("D2", "registration", 2017, "B1"),
            "across the whole town": plan.with_assignment("D4", "welfare", 2017, "B2"),
            "an enclave in the middle": plan.with_assignment("D1", "registration", 2018, "B2")
                .with_assignment("D2", "registration", 2018, "W1"),
        })  # fmt: skip
