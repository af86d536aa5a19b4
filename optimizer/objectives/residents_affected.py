"""Residents affected: those who are sent to another counter than today's."""

import pandas as pd

from optimizer.rules import Affine, Decisions, Instance, Objective, People, Plan, ServiceIds, Text
from optimizer.rules import baseline_counters

PAIR = ["district", "service"]


class ResidentsAffected(Objective):
    """Sum of group[d] affected[d, s], where affected[d, s] >= sum of assign[d, s, p, t] over every
    p but the derived counter of today, for each t.

    A resident counts once for every service whose counter is another one in any planned year,
    for however long. services: only those; none means all. Without a counter today nobody is
    affected.
    """

    group: People = "residents"
    services: ServiceIds = ()

    name = Text("residents with another counter than today", "現在と窓口が変わる住民")
    unit = "residents x services"

    def terms(self, instance: Instance, x: Decisions) -> Affine:
        block = " ".join(["affected", *self.services])
        if block not in x.program.columns:
            keys = pd.MultiIndex.from_frame(x.links[PAIR])
            given = baseline_counters(instance).reindex(keys)
            moved = given.notna().to_numpy() & (x.links["point"] != given.to_numpy()).to_numpy()
            if self.services:
                moved &= x.links["service"].isin(list(self.services)).to_numpy()
            away = x.assign.select(moved).sum(by=[*PAIR, "period"])
            pairs = away.sum(by=PAIR).index
            affected = x.derive(block, pairs, 0, 1, lambda plan: self._affected(instance, plan))
            x.program.add_rows(block, away - affected <= 0)
        affected = x.program.columns[block].expression
        total: Affine = (affected * instance.districts[self.group]).sum()
        return total

    def value(self, instance: Instance, plan: Plan) -> int:
        affected = self._affected(instance, plan)
        persons = affected.index.get_level_values("district").map(instance.districts[self.group])
        return int((affected * persons).sum())

    def _affected(self, instance: Instance, plan: Plan) -> pd.Series:
        """1 where a district has another counter than today in any year, index (d, s)."""
        table = plan.served(instance)
        table = table[table["cases"] > 0]
        if self.services:
            table = table[table["service"].isin(list(self.services))]
        given = baseline_counters(instance).reindex(pd.MultiIndex.from_frame(table[PAIR]))
        moved = given.notna().to_numpy() & (table["point"] != given.to_numpy())
        return moved.astype("int64").groupby([table[name] for name in PAIR]).max()
