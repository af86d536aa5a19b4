"""All districts of an exchange room go to one counter for a service, so that its area stays whole."""

import pandas as pd

from optimizer.rules import Constraint, Decisions, Examples, Instance, Plan, Readings, Rows
from optimizer.rules import ServiceIds, Text, Words, at_most, town, town_plan, weights


class WholeRooms(Constraint):
    """assign[d, s, p, t] = assign[e, s, p, t] for every district d of a room, the first district e of
    that room and every point p; d and e are those with demand for s in t: districts that must not
    be parted, as in districting (Kalcsics, Nickel, Schröder, TOP 13, 2005).

    A reading is the number of counters named for the room; districts without any count as one more.
    """

    services: ServiceIds = ()

    key, unit = ("room", "service", "period"), "counters"
    words = Words(
        name=Text("Areas of exchange rooms stay whole", "まちづくり交流室の区域は一体で割当て"),
        reading=Text("{room}, {service}, {period}: sent to {actual} counters (at most {limit}).",
                     "{room}・{service}・{period}: 割当先の窓口{actual}か所(上限{limit}か所)。"),
        conflict=Text("All districts of {room} must go to one counter for {service} in {period}.",
                      "{period}の{room}の区域の{service}は、全校区を一つの窓口に割り当てる。"),
        repair=Text("Let the districts of {room} go to {actual} counters for {service} in {period}.",
                    "{period}の{room}の区域の{service}を{actual}か所の窓口に分けることを認める。"),
    )  # fmt: skip

    def _asking(self, instance: Instance) -> pd.DataFrame:
        """Who asks for what: columns district, service, period, room; sorted, planned periods."""
        table = weights(instance, "cases", self.services).sort_index().index.to_frame(index=False)
        return table.assign(room=table["district"].map(instance.districts["room"]))

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        asking = self._asking(instance)
        first = asking.groupby(list(self.key), as_index=False)["district"].first()
        pairs = asking.merge(first.rename(columns={"district": "first"}), on=list(self.key))
        pairs = pairs[pairs["district"] != pairs["first"]]
        links = x.links.merge(asking)[[*self.key, "point"]].drop_duplicates()
        index = pd.MultiIndex.from_frame(pairs.merge(links, on=list(self.key)))
        same = x.assign.over(index, fill=True) == x.assign.rename(district="first").over(
            index, fill=True
        )
        return [same]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        asking = self._asking(instance)
        index = pd.MultiIndex.from_frame(asking[["district", "service", "period"]])
        named = plan.assignments.reindex(index).fillna("").to_numpy()
        counters = asking.assign(point=named).groupby(list(self.key))["point"].nunique()
        return at_most(counters, 1)

    @classmethod
    def examples(cls) -> Examples:
        # R1 has the districts D1 and D2, R2 has D3 and D4.
        plan = town_plan()
        for period in (2017, 2018):
            plan = plan.with_assignment("D2", "registration", period, "W1")
            plan = plan.with_assignment("D4", "registration", period, "B1")
        return Examples(town(), cls(id="whole", services=("registration",)), plan, {
            "one district apart": plan.with_assignment("D1", "registration", 2017, "B1"),
            "every room divided": town_plan(),
            "a district forgotten": plan.without_assignment("D3", "registration", 2018),
        })  # fmt: skip
