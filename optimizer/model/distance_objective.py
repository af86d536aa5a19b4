"""What the objectives about ways have in common: every way has a price that follows from its metres."""

from abc import abstractmethod
from typing import TYPE_CHECKING

import pandas as pd

from optimizer.city.plan import Plan
from optimizer.city.weights import assigned_links, link_weights
from optimizer.model.algebra import Affine
from optimizer.model.instance import Instance, Objective
from optimizer.model.parameters import Group, ServiceIds

if TYPE_CHECKING:
    from optimizer.model.decisions import Decisions


class DistanceObjective(Objective):
    """Sum over assignments of years x weight of the group x price of the metres, one way.

    group: whose ways count; residents count once for every service. services: only those; none
    means all.
    """

    group: Group = "cases"
    services: ServiceIds = ()

    @abstractmethod
    def price(self, instance: Instance, metres: pd.Series) -> pd.Series:
        """Return the whole price of one way of each length."""

    def terms(self, instance: Instance, x: "Decisions") -> Affine:
        """Return the sum over the links, one row."""
        weight = link_weights(instance, x.by_link, self.group, self.services)
        each = self.price(instance, x.by_link["metres"]) * weight
        total: Affine = (x.assign * each * instance.periods["years"]).sum()
        return total

    def value(self, instance: Instance, plan: Plan) -> int:
        """Return the sum over the ways of `plan`."""
        table = assigned_links(instance, plan, self.group, self.services)
        years = table["period"].map(instance.periods["years"])
        return int((table["weight"] * years * self.price(instance, table["metres"])).sum())
