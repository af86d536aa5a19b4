"""Every district has a second open counter within a stated distance when one fails."""

import pandas as pd

from optimizer.rules import Constraint, Count, Decisions, Examples, Instance, Metres, Plan, Readings
from optimizer.rules import Rows, Text, Where, Words, at_least, out_of_bounds, town, town_plan


class BackupCounter(Constraint):
    """sum of open[q, s, t] over q with metres[d, q] <= `metres` >= `counters`, for every district
    and service with demand (backup coverage: Hogan, ReVelle, Management Science 32, 1986).

    For a service bound to the ward only counters of the ward count.
    """

    metres: Metres
    counters: Count = 2

    key, unit, limit, widens = ("district", "service", "period"), "counters", "counters", "down"
    words = Words(
        name=Text("A backup when a counter fails", "窓口が使えないときの代わりの窓口"),
        reading=Text("{district}, {service}, {period}: {actual} open counter(s) within {metres} m (at"
                     " least {limit}).",
                     "{district}校区・{service}・{period}: {metres}m以内の窓口{actual}か所(下限{limit}か所)。"),
        conflict=Text("{district} needs {counters} open counters for {service} within {metres} m in {period}.",
                      "{period}の{district}校区には、"
                      "{metres}m以内に{service}の窓口が{counters}か所必要である。"),
        repair=Text("Be content with {actual} counter(s) instead of {counters} for {service} of {district}.",
                    "{district}校区の{service}の窓口数の下限を{counters}か所から{actual}か所に下げる。"),
    )  # fmt: skip

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        links = instance.links
        near = links[(links["metres"] <= self.metres) & ~out_of_bounds(instance, links)]
        index = pd.MultiIndex.from_frame(near[[*self.key, "point"]])
        counters = x.open.over(index, fill=True).sum(by=self.key)
        return [counters.over(_wanted(instance), fill=True) >= self.counters]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        modes = plan.modes.rename("mode").reset_index()
        offers = modes.merge(pd.DataFrame(sorted(instance.serves), columns=["mode", "service"]))
        travel = instance.travel.loc[instance.travel["metres"] <= self.metres, ["metres"]]
        near = travel.reset_index().merge(offers, on="point")
        near = near[~out_of_bounds(instance, near)]
        found = near.groupby(list(self.key)).size()
        return at_least(found.reindex(_wanted(instance), fill_value=0), self.counters)

    @classmethod
    def examples(cls) -> Examples:
        plan, where = town_plan(), Where(services=("certificate_counter", "registration"))
        later = plan.with_mode("B1", 2018, "service_corner")
        return Examples(town(), cls(id="backup", metres=4500, where=where), later, {
            "the second branch wound down": plan.with_mode("B1", 2017, "service_corner"),
            "a branch closed": plan.with_mode("B2", 2017, "closed"),
            "the agency that stood in never opened": later.with_mode("X1", 2018, "annex"),
        })  # fmt: skip


def _wanted(instance: Instance) -> pd.MultiIndex:
    """Every district and service with demand in a planned period, as keys."""
    demand = instance.demand[instance.demand > 0].index
    return demand[demand.get_level_values("period") != instance.today]
