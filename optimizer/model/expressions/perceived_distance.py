"""Perceived metres of everybody's ways (`optimizer/city/kolm_pollak.py`), summed over links and over a plan."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from optimizer.city import kolm_pollak
from optimizer.city.plan import Plan
from optimizer.city.weights import link_weights, weights
from optimizer.model.expressions.distances import ways_by_year
from optimizer.model.instance import Instance


@dataclass(frozen=True, eq=False)
class PerceivedDistance:
    """Ways of `group` for `services` (all if empty), perceived along `curve`, which is kappa."""

    instance: Instance
    group: str
    services: tuple[str, ...]
    curve: Fraction

    @classmethod
    def of(
        cls, instance: Instance, group: str, services: tuple[str, ...], aversion: int
    ) -> "PerceivedDistance":
        """Return them with the curve that follows from `aversion` and the ways of today."""
        curve = kolm_pollak.kappa(instance, group, services, aversion)
        return cls(instance, group, services, curve)

    def one(self, metres: int) -> int:
        """Return the perceived metres of one way."""
        return kolm_pollak.perceived(metres, self.curve)

    def everybody(self, metres: int) -> pd.Series:
        """Return weight x perceived metres if everybody went `metres`, index period."""
        weight = weights(self.instance, self.group, self.services).groupby("period").sum()
        weight = weight.reindex(self.instance.planned, fill_value=0).rename_axis("period")
        return weight * self.one(metres)

    def links(self, links: pd.DataFrame) -> np.ndarray:
        """Return weight x perceived metres of each of `links`."""
        weight = link_weights(self.instance, links, self.group, self.services)
        metres = kolm_pollak.perceived_metres(links["metres"], self.curve)
        return np.asarray(weight * metres.to_numpy())

    def equivalents(self, plan: Plan) -> dict[int, int]:
        """Return of every planned period the metres as good as the ways of `plan`, rounded up."""
        found = {}
        ways = ways_by_year(self.instance, plan, self.group, self.services)
        for period, (whole, year) in ways.items():
            felt = year["weight"] * kolm_pollak.perceived_metres(year["metres"], self.curve)
            found[period] = kolm_pollak.equivalent(int(felt.sum()), whole, self.curve)
        return found
