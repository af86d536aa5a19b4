"""Total cost: everything the city pays, the wages of its community staff included."""

from optimizer.objectives.staff_cost import StaffCost
from optimizer.rules import Affine, Decisions, Instance, Objective, Plan, Text, community_staff
from optimizer.rules import ledger, posted


class TotalCost(Objective):
    """staff_cost + sum over periods of years x wage x community_staff. Where staff are conserved, all
    wages together are the same whatever is decided, and what remains is running, fees and moves.

    A plan that names nobody in community support pays nobody there.
    """

    name = Text("total cost with community staff", "地域担当職員を含む総費用")
    unit = "yen"

    def terms(self, instance: Instance, x: Decisions) -> Affine:
        persons = community_staff(instance, x) * instance.periods["years"]
        community: Affine = (persons * instance.wage).sum()
        return StaffCost().terms(instance, x) + community

    def value(self, instance: Instance, plan: Plan) -> int:
        persons = posted(instance, plan).groupby(level="period").sum()
        wages = persons * instance.periods["years"].reindex(persons.index) * instance.wage
        return int(ledger(instance, plan).sum()) + int(wages.sum())
