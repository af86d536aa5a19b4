"""EDE: travel in which a long way weighs more than its metres, and the longer the more."""

from fractions import Fraction

import pandas as pd

from optimizer.rules import GROUPS, DistanceObjective, Instance, Plan, Problem, Text, kolm_pollak
from optimizer.rules import weights


class Ede(DistanceObjective):
    """Sum over assignments of years x weight of the group x felt metres F, one way.

    The least sum has the least equally-distributed equivalent of Kolm and Pollak
    (`optimizer/city/kolm_pollak.py`), taken over all planned years: a year stands in it with its
    weight. `aversion` is epsilon in per cent; with 0 the sum is that of `travel`.
    """

    aversion: kolm_pollak.Aversion = 100

    name = Text("felt travel (EDE)", "体感換算の移動距離(EDE)")
    unit = "felt case-metres"

    @property
    def title(self) -> Text:
        """The name, with the people whose way counts."""
        whose = GROUPS[self.group]
        return Text(f"felt travel of {whose.en} (EDE)", f"{whose.ja}の体感換算の移動距離(EDE)")

    @property
    def measure(self) -> str:
        """Felt metres of a case or of a person."""
        return self.unit if self.group == "cases" else "felt person-metres"

    def problems(self, instance: Instance) -> list[Problem]:
        found = super().problems(instance)
        curve, place = self._curve(instance), f"objective.{self.id}"
        return found or kolm_pollak.lacking(instance, curve, self.aversion, place)

    def _curve(self, instance: Instance) -> Fraction:
        return kolm_pollak.kappa(instance, self.group, self.services, self.aversion)

    def price(self, instance: Instance, metres: pd.Series) -> pd.Series:
        return kolm_pollak.perceived_metres(metres, self._curve(instance))

    def metres(self, instance: Instance, plan: Plan) -> int:
        """Return the equivalent of `plan` in metres, rounded up: what a report can say."""
        weight = weights(instance, self.group, self.services).reset_index()
        whole = int((weight["weight"] * weight["period"].map(instance.periods["years"])).sum())
        return kolm_pollak.equivalent(self.value(instance, plan), whole, self._curve(instance))
