"""The districts that go to one counter for a service form one connected area, without enclaves."""

from dataclasses import replace

import pandas as pd

from optimizer.rules import (
    Constraint,
    Decisions,
    DistrictIds,
    Examples,
    Instance,
    Plan,
    Problem,
    Readings,
    Rows,
    ServiceIds,
    Text,
    Words,
    adjacency,
    at_most,
    town,
    town_plan,
)


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
        reading=Text(
            "{point}, {service}, {period}: {actual} parts beyond the first (at most {limit}).",
            "{point}・{service}・{period}: 飛び地{actual}か所(上限{limit}か所)。",
        ),
        conflict=Text(
            "The districts sent to {point} for {service} in {period} must be connected.",
            "{period}に{service}を{point}に割り当てる校区は、地続きでなければならない。",
        ),
        repair=Text(
            "Let the area of {point} have {actual} more parts for {service} in {period}.",
            "{period}の{point}の{service}の区域に、飛び地{actual}か所を認める。",
        ),
    )

    def problems(self, instance: Instance) -> list[Problem]:
        alone = [
            d for d, near in adjacency.beside(instance).items() if not near and d not in self.apart
        ]
        message = Text("this district borders on no other", "隣接する校区がない")
        remedy = Text(
            f"add its borders, or name it in constraint.{self.id}.apart",
            f"隣接を加えるか、constraint.{self.id}.apart に書く",
        )
        return [
            Problem(message, remedy, "neighbours.csv", None, "district_id", district)
            for district in (alone if len(instance.districts) > 1 else [])
        ]

    def _areas(self, instance: Instance, plan: Plan) -> dict[adjacency.Key, adjacency.Area]:
        return adjacency.areas(instance, plan, self.services, self.apart)

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        key, node = list(self.key), [*self.key, "district"]
        links = x.links.loc[x.links["service"].isin(self.services or instance.services.index), node]
        needed = links[~links["district"].isin(self.apart)]
        n = needed.groupby(key).size()
        n = n[n > 1]
        keys = n.index.to_frame(index=False)
        links, needed = links.merge(keys), needed.merge(keys)
        nodes = pd.concat([links, keys.merge(adjacency.idle(instance))])[node]
        borders = pd.DataFrame(sorted(instance.neighbours), columns=["district", "other"])
        steps = nodes.merge(borders).merge(nodes.rename(columns={"district": "other"}))
        most = n.reindex(pd.MultiIndex.from_frame(steps[key])).to_numpy() - 1
        index = pd.MultiIndex.from_frame(steps)
        flow = x.derive(
            f"{self.id} flow",
            index,
            0,
            most,
            lambda plan: adjacency.flows(self._areas(instance, plan)),
        )
        index = pd.MultiIndex.from_frame(needed)
        root = x.derive(
            f"{self.id} root",
            index,
            0,
            1,
            lambda plan: adjacency.roots(self._areas(instance, plan)),
        )
        at, inside = pd.MultiIndex.from_frame(nodes), pd.MultiIndex.from_frame(links)
        due = x.assign.over(root.index)
        out = flow.sum(by=node).over(at, fill=True)
        into = flow.rename(district="from", other="district").sum(by=node).over(at, fill=True)
        least = [
            into - out - due.over(at, fill=True) + root.over(at, fill=True) * n,
            x.assign.over(inside) * (n - 1) - into.over(inside),
            due - root,
        ]
        # `where` is about the counter: what the rows say of a district must not be taken for the key.
        return [
            *(expression.rename(district="member") >= 0 for expression in least),
            root.sum(by=key) <= 1,
        ]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        found = self._areas(instance, plan).items()
        further = [max(len(area.roots) - 1, 0) for _, area in found]
        index = pd.MultiIndex.from_tuples([key for key, _ in found], names=self.key)
        return at_most(pd.Series(further, index=index, dtype="int64"), 0)

    @classmethod
    def examples(cls) -> Examples:
        # Borders D2 - D1 - D3 - D4, a chain.
        chain = {("D1", "D2"), ("D1", "D3"), ("D3", "D4")}
        borders = frozenset(chain | {(b, a) for a, b in chain})
        plan = town_plan().with_assignment("D3", "registration", 2018, "W1")
        return Examples(
            replace(town(), neighbours=borders),
            cls(id="connected", services=("registration", "welfare")),
            plan,
            {
                "past the district between": plan.with_assignment("D2", "registration", 2017, "B1"),
                "across the whole town": plan.with_assignment("D4", "welfare", 2017, "B2"),
                "an enclave in the middle": plan.with_assignment(
                    "D1", "registration", 2018, "B2"
                ).with_assignment("D2", "registration", 2018, "W1"),
            },
        )
