"""A counter takes at most as many cases a year as its stated capacity, and none while closed."""

from dataclasses import replace

import pandas as pd

from optimizer.rules import UNLIMITED, Constraint, Decisions, Examples, Instance, Plan, Problem
from optimizer.rules import Readings, Rows, ServiceIds, Text, Words, at_most, town, town_plan


class Capacity(Constraint):
    """Sum of cases[d, s, t] assign[d, s, p, t] over d and s of `services` (all if empty)
    <= capacity[p] x open[p, t], open = the mode is one that somebody runs. These are the rows of
    capacitated facility location (CFLP: Sridharan, EJOR 87, 1995; with whole districts SSCFLP). No
    point can get more than all cases of its links, so the factor of open is the lesser of the two.
    """

    services: ServiceIds = ()

    key, unit = ("point", "period"), "cases"
    words = Words(
        name=Text("Capacity of a counter", "窓口の処理件数の上限"),
        reading=Text("{point} in {period}: {actual} cases a year (at most {limit}).",
                     "{point}({period}): 年{actual}件(上限{limit}件)。"),
        conflict=Text("{point} cannot take more cases in {period} than its capacity.",
                      "{period}の{point}の件数は、処理できる件数を超えられない。"),
        repair=Text("Give {point} a capacity of {actual} cases in {period} instead of {limit}.",
                    "{period}の{point}の処理件数の上限を{limit}件から{actual}件にする。"),
    )  # fmt: skip

    def problems(self, instance: Instance) -> list[Problem]:
        if not self._limits(instance).empty:
            return []
        message = Text("no point has a capacity", "処理件数の上限がある窓口がない")
        remedy = Text("add the column capacity to points.csv", "points.csv に capacity 列を加える")
        return [Problem(message, remedy, "points.csv", None, "capacity", "")]

    def _limits(self, instance: Instance) -> pd.Series:
        """Cases a year of every point that has a limit, index point."""
        capacity = instance.points["capacity"]
        return capacity[capacity < UNLIMITED]

    def _counted(self, instance: Instance) -> list[str]:
        return list(self.services or instance.services.index)

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        limits, key = self._limits(instance), list(self.key)
        links = x.assign.select(point=limits.index, service=self._counted(instance))
        cases = x.by_link["cases"]
        load = (links * cases).sum(by=key)
        every = cases.reindex(links.index).groupby(key).sum().reindex(load.index)
        stated = load.index.get_level_values("point").map(limits)
        most = every.clip(upper=pd.Series(stated, index=load.index))
        return [load <= x.in_modes(instance.open_modes).over(load.index) * most]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        served = plan.served(instance)
        served = served[served["service"].isin(self._counted(instance))]
        limits = self._limits(instance)
        modes = plan.modes[plan.modes.index.get_level_values("point").isin(limits.index)]
        stated = pd.Series(modes.index.get_level_values("point").map(limits), index=modes.index)
        cases = served.groupby(list(self.key))["cases"].sum().reindex(modes.index, fill_value=0)
        return at_most(cases, stated.where(modes.isin(instance.open_modes), 0).astype("int64"))

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan()
        points = town().points.copy()
        # W1 gets 6,000 and 5,500 cases in the two years, B1 5,000 and 5,500, P2 6,000 in both.
        points.loc[["B1", "P2", "W1"], "capacity"] = [5_500, 6_000, 6_000]
        return Examples(replace(town(), points=points), cls(id="capacity"), plan, {
            "one service too many": plan.with_assignment("D2", "registration", 2018, "B1"),
            "a second district": plan.with_assignment("D1", "certificate_counter", 2017, "P2"),
            "closed and still used": plan.with_mode("P2", 2018, "closed"),
        })  # fmt: skip
