"""Easements: what makes up for a longer way – an agency or post office nearby, or longer hours."""

from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from optimizer.city.baseline import baseline_metres
from optimizer.city.plan import UNREACHABLE, Plan
from optimizer.model.instance import Instance

if TYPE_CHECKING:
    from optimizer.model.algebra import Affine
    from optimizer.model.decisions import Decisions


class Mitigation(NamedTuple):
    """A way of district d to point p in period t is eased where a point within `within` metres of d
    has one of `modes` in t, or, with `by_hours`, where p has longer opening hours in t.
    """

    modes: Collection[str]
    within: int
    by_hours: bool

    def nearby(self, instance: Instance) -> pd.MultiIndex:
        """Return (district, point) where an easing mode of the point counts for the district."""
        return instance.travel.index[instance.travel["metres"] <= self.within]

    def conceivable(self, instance: Instance, links: pd.DataFrame) -> np.ndarray:
        """Return which `links` some plan could ease."""
        modes = instance.point_modes
        able = modes[modes.isin(self.modes, level="mode")].get_level_values("point")
        near = self.nearby(instance)
        hopeful = near[near.isin(able, level="point")].get_level_values("district")
        eased = instance.having(links, district=hopeful)
        return (
            eased | instance.having(links, point=instance.staffed_points)
            if self.by_hours
            else eased
        )

    def expression(self, instance: Instance, x: "Decisions", index: pd.MultiIndex) -> "Affine":
        """Return how many easements there are, over an `index` with district, point and period."""
        near = self.nearby(instance).to_frame(index=False)
        near = near.merge(pd.DataFrame({"period": instance.planned}), how="cross")
        modes = x.in_modes(self.modes).over(pd.MultiIndex.from_frame(near))
        eased = modes.sum(by=["district", "period"]).over(index, fill=True)
        return eased + x.extended.over(index, fill=True) if self.by_hours else eased

    def granted(self, instance: Instance, plan: Plan, served: pd.DataFrame) -> np.ndarray:
        """Return which ways of `served` (see `Plan.served`) the plan eases, from the raw tables.

        A way without a travel figure is never eased.
        """
        easing = plan.modes[plan.modes.isin(list(self.modes))].index.to_frame(index=False)
        easing = self.nearby(instance).to_frame(index=False).merge(easing, on="point")
        eased = _labels(served, "district").isin(_labels(easing, "district"))
        extended = plan.extended(instance)
        longer = _labels(served, "point").isin(extended.index[extended > 0])
        known = (served["metres"] < UNREACHABLE).to_numpy()
        return np.asarray(known & (eased | (longer & self.by_hours)))


def growth(instance: Instance, ways: pd.DataFrame) -> np.ndarray:
    """Return by how many metres each of `ways` is longer than that of today; not a number where
    there was none.
    """
    grown: np.ndarray = ways["metres"].to_numpy() - instance.per_link(
        ways, baseline_metres(instance)
    )
    return grown


def _labels(table: pd.DataFrame, label: str) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(table[[label, "period"]])
