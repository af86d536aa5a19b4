"""Staff cost: wages of counter staff, running costs, longer hours, fees to partners, moves."""

from optimizer.rules import Affine, Decisions, Instance, Objective, Plan, Text, costs, ledger


class StaffCost(Objective):
    """Sum over periods of years x (wage staff + (running[m] + site[p]) mode + longer extended
    + fee[m] cases) + move_in[m] enter; site[p] is paid in modes that somebody runs.
    """

    name = Text("staff cost", "職員費等")
    unit = "yen"

    def terms(self, instance: Instance, x: Decisions) -> Affine:
        first, *others = [yen.sum() for yen in costs(instance, x).values()]
        return sum(others, start=first)

    def value(self, instance: Instance, plan: Plan) -> int:
        return int(ledger(instance, plan).sum())
