"""A district does not come back to a counter that it has left, if it could have stayed there."""

import pandas as pd

from optimizer.rules import Constraint, Decisions, Examples, Instance, Plan, Readings, Rows, Text
from optimizer.rules import Words, at_most, extended, matched, reassignments, town, town_plan

PAIR = ["district", "service"]


class SteadyCounter(Constraint):
    """assign[d, s, p, u] - assign[d, s, p, t-1] + assign[d, s, p, t] + open[p, s, t-1] <= 2 for
    every u before t-1 (today, with its derived counters, among them).

    t-1 is the period before t in which the district has demand for the service. A district that
    left p since p closed may come back when it opens again.
    """

    key = ("district", "service", "period")
    words = Words(
        name=Text("No coming back to a counter", "一度離れた窓口に戻さない"),
        reading=Text("{district}, {service}, {period}: {actual} return to a counter left before (at"
                     " most {limit}).",
                     "{district}校区・{service}・{period}: 離れた窓口に戻す割当て{actual}件(上限{limit}件)。"),
        conflict=Text("{district} must not come back for {service} in {period} to a counter it has left.",
                      "{period}の{district}校区の{service}を、一度離れた窓口に戻してはならない。"),
        repair=Text("Let {district} come back for {service} in {period} to a counter it has left.",
                    "{period}の{district}校区の{service}を、一度離れた窓口に戻すことを認める。"),
    )  # fmt: skip

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        order = reassignments.possible(instance).set_index([*PAIR, "period"])["before"]
        links, past = x.assign.index, reassignments.used(instance, x).index
        at, use = matched(links, past, by=[*PAIR, "point"])
        before = instance.per_link(x.by_link, order, otherwise=instance.today)[at]
        first = past.get_level_values("period").to_numpy()[use]
        earlier = first < before
        index = extended(links[at[earlier]], before=before[earlier], first=first[earlier])
        once, then = (
            reassignments.used(instance, x).rename(period=when).over(index, fill=True)
            for when in ("first", "before")
        )
        could = x.open.rename(period="before").over(index, fill=True)
        return [once - then + x.assign.over(index) + could <= 2]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        named, order = reassignments.counters(instance, plan), reassignments.possible(instance)
        planned = order.set_index([*PAIR, "period"])["before"]
        back = {}
        for district, service, period in plan.assignments.index:
            point = plan.assignments[district, service, period]
            before = planned.get((district, service, period), instance.today)
            left = named.get((district, service, before)) != point
            used_before = any(
                named.get((district, service, t)) == point
                for t in instance.periods.index
                if t < before
            )
            stayed = (plan.modes.get((point, before)), service) in instance.serves
            back[district, service, period] = int(left and used_before and stayed)
        index = pd.MultiIndex.from_tuples(back, names=self.key)
        return at_most(pd.Series(list(back.values()), index=index, dtype="int64"), 0)

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan()
        return Examples(town(), cls(id="steady_counter"), plan, {
            "back to the ward office": plan.with_assignment("D1", "registration", 2017, "B1"),
            "back to the branch": plan.with_assignment("D2", "welfare", 2017, "W1"),
            "back from the store": plan.with_assignment("D4", "certificate_card", 2018, "W2"),
        })  # fmt: skip
