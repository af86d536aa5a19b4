"""A district is sent to its nearest open counter, or to one that is hardly further."""

import numpy as np
import pandas as pd

from optimizer.constraint import Constraint, Decisions, Examples, Metres, Rows
from optimizer.example import town, town_plan
from optimizer.instance import Instance
from optimizer.plan import Plan
from optimizer.reading import Readings, at_most
from optimizer.words import Text, Words


class PlausibleCounters(Constraint):
    """For each counter q that serves: sum of assign[d, s, p, t] over p further than q by more than
    `metres` <= 1 - open[q, s, t] (closest-assignment rows with a band: Espejo, Marín,
    Rodríguez-Chía, EJOR 219, 2012, compare such rows). For a service bound to the ward only
    counters of the ward count as nearer ones.
    """

    metres: Metres

    key = ("district", "service", "period")
    unit = "m"
    words = Words(
        name=Text("Sent to a plausible counter", "最寄り又はそれに近い窓口への割当て"),
        reading=Text(
            "{district}, {service}, {period}: {actual} m beyond the nearest open counter"
            " (at most {limit}).",
            "{district}校区・{service}・{period}: 最寄りの窓口より{actual}m遠い(上限{limit}m)。",
        ),
        conflict=Text(
            "{service} of {district} in {period} must go to a counter at most {metres} m beyond"
            " the nearest open one.",
            "{period}の{district}校区の{service}は、最寄りの窓口より{metres}mを超えて遠い窓口に割り当てない。",
        ),
        repair=Text(
            "Allow {actual} m beyond the nearest counter instead of {metres} m for {district}.",
            "{district}校区について、最寄りとの差を{metres}mから{actual}mに広げる。",
        ),
    )

    def forbids(self, instance: Instance, links: pd.DataFrame) -> np.ndarray:
        always = _always_serving(instance)
        pairs = pd.MultiIndex.from_frame(links[["point", "service"]])
        sure = pairs.isin(always) & ~instance.outside_ward(links)
        keys = [links[label] for label in self.key]
        nearest = links["metres"].where(sure).groupby(keys).transform("min")
        return np.asarray(links["metres"] > nearest + self.metres)

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        links = x.links
        nearer = instance.links
        nearer = nearer[~instance.outside_ward(nearer)]
        offered = x.open.index.to_frame(index=False)
        nearer = nearer.merge(offered, on=["point", "service", "period"])
        nearer = nearer.rename(columns={"point": "nearer", "metres": "nearer_metres"})
        pairs = links.merge(nearer[[*self.key, "nearer", "nearer_metres"]], on=list(self.key))
        pairs = pairs[pairs["metres"] > pairs["nearer_metres"] + self.metres]
        index = pd.MultiIndex.from_frame(pairs[[*self.key, "nearer", "point"]])
        far = x.assign.over(index).sum(by=[*self.key, "nearer"])
        return [far + x.open.rename(point="nearer") <= 1]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        served = plan.served(instance)
        modes = plan.modes.rename("mode").reset_index()
        offers = modes.merge(pd.DataFrame(sorted(instance.serves), columns=["mode", "service"]))
        travel = instance.travel["metres"].reset_index()
        open_counters = travel.merge(offers, on="point")
        open_counters = open_counters[~instance.outside_ward(open_counters)]
        nearest = open_counters.groupby(list(self.key))["metres"].min()
        index = pd.MultiIndex.from_frame(served[list(self.key)])
        metres = pd.Series(served["metres"].to_numpy(), index=index)
        least = nearest.reindex(index)
        beyond = (metres - least.where(least.notna(), metres)).clip(lower=0)
        return at_most(beyond, self.metres)

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan()
        return Examples(
            town(),
            cls(id="plausible", metres=2000),
            plan,
            {
                "past two open counters": plan.with_assignment("D1", "registration", 2017, "W2"),
                "past the own ward office": plan.with_assignment("D4", "registration", 2018, "W1"),
                "past the own branch": plan.with_assignment("D3", "certificate_card", 2018, "B2"),
            },
        )


def _always_serving(instance: Instance) -> pd.MultiIndex:
    """(point, service) where every mode of the point's kind serves the service."""
    pairs = [
        (point, service)
        for point, kind in instance.points["kind"].items()
        for service, serving in instance.serving_modes.items()
        if set(instance.kinds[kind]) <= serving
    ]
    return pd.MultiIndex.from_tuples(pairs, names=["point", "service"])
