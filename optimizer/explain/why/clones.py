"""Readings of many alternatives of one district at once: each is tried by a copy of the district.

Some rules look at a district by itself: what they read of it depends on its own counters and on the
modes of all points, but on no other district. For these, one check of a city that consists of
copies of the district, each sent another way, gives the readings of all alternatives.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from optimizer.audit.verify import Audit
from optimizer.city.plan import Plan
from optimizer.explain.why.alternatives import Ruling, newly_broken
from optimizer.model.instance import Instance

ONE_DISTRICT = frozenset(
    {
        "assigned_once",
        "backup_counter",
        "nearest_open",
        "no_worse_than_today",
        "plausible_counters",
        "served_where_open",
        "steady_counter",
        "store_free_districts",
        "travel_limit",
        "within_ward",
    }
)
"""Constraints that look at each district by itself."""


@dataclass(frozen=True)
class Way:
    """Sending a district elsewhere: for a service, in some years, to a point."""

    district: str
    service: str
    periods: tuple[int, ...]
    point: str

    def made(self, plan: Plan) -> Plan:
        """Return `plan` with the district sent this way."""
        changed = plan.assignments.copy()
        for period in self.periods:
            changed[self.district, self.service, period] = self.point
        return replace(plan, assignments=changed)


def alone(audit: Audit, ways: Sequence[Way]) -> list[list[Ruling]]:
    """Return for each of `ways`, all of one district, which entries of ONE_DISTRICT break."""
    entries = [(e, r) for e, r in audit.readings if e.type_name() in ONE_DISTRICT]
    found: list[list[Ruling]] = [[] for _ in ways]
    if not ways or not entries:
        return found
    city, plan = copies(audit.instance, audit.plan, ways)
    district = ways[0].district
    for entry, before in entries:
        table = entry.check(city, plan).violations.reset_index()
        copy = table["district"].astype(int)
        table["district"] = district
        here = entry.where.mask(audit.instance, table[list(entry.key)])
        table = table.set_index(list(entry.key))
        for number, mine in table[here].groupby(copy[here].to_numpy()):
            broken = newly_broken(before.table, mine)
            if len(broken):
                found[number].append(Ruling(entry, broken))
    return found


def copies(instance: Instance, plan: Plan, ways: Sequence[Way]) -> tuple[Instance, Plan]:
    """Return a city of copies of the district of `ways`, called 0, 1, ..., each with demand for
    the service of its way alone, and the plan that sends each of them its way.
    """
    district = ways[0].district
    names = [str(number) for number in range(len(ways))]
    index = pd.Index(names, name="district")
    towns = pd.concat([instance.districts.loc[[district]]] * len(ways)).set_index(index)
    travel = instance.travel.loc[[district]].droplevel("district")
    demand = instance.demand.xs(district, level="district", drop_level=True)
    sent = plan.assignments.xs(district, level="district", drop_level=True)
    cases, assigned = {}, {}
    for name, way in zip(names, ways, strict=True):
        cases[name] = demand[demand.index.get_level_values("service") == way.service]
        mine = sent[sent.index.get_level_values("service") == way.service].copy()
        for period in way.periods:
            mine[way.service, period] = way.point
        assigned[name] = mine
    city = replace(
        instance,
        districts=towns,
        travel=pd.concat(dict.fromkeys(names, travel), names=["district"]),
        demand=pd.concat(cases, names=["district"]),
        neighbours=frozenset(),
    )
    return city, replace(plan, assignments=pd.concat(assigned, names=["district"]))
