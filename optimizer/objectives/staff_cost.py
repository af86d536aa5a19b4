"""Staff cost: wages of counter staff, running costs, longer hours, fees to partners, moves."""

import pandas as pd

from optimizer.algebra import Affine
from optimizer.instance import Instance
from optimizer.ledger import ledger
from optimizer.objective import Decisions, Objective
from optimizer.plan import Plan
from optimizer.words import Text


class StaffCost(Objective):
    """Sum over periods of years x (wage staff + (running[m] + site[p]) mode + longer extended
    + fee[m] cases) + move_in[m] enter; site[p] is paid in modes that somebody runs.

    A fee depends on the mode, and only modes run by partners have one. Where a point can have
    several modes with different fees, `paid[d, s, p, m, t]` >= assign + mode - 1 carries it.
    """

    name = Text("staff cost", "職員費等")
    unit = "yen"

    def terms(self, instance: Instance, x: Decisions) -> Affine:
        years = instance.periods["years"]
        modes = instance.modes
        total: Affine = (x.staff * years * instance.wage).sum()
        total = total + (x.mode * modes["running_cost"] * years).sum()
        run = x.mode.select(mode=instance.open_modes)
        total = total + (run * instance.points["site_cost"] * years).sum()
        if instance.extension is not None:
            total = total + (x.extended * years * instance.extension.cost).sum()
        total = total + (x.enter * modes["move_in_cost"]).sum()
        return total + fees(instance, x)

    def value(self, instance: Instance, plan: Plan) -> int:
        return int(ledger(instance, plan).sum())


def fees(instance: Instance, x: Decisions) -> Affine:
    """Return fees to partners, one row: a link pays the fee of the mode that serves it.

    Where every serving mode of a point has the same fee, the link alone knows it. Elsewhere a
    column `paid` per link and mode is pushed up by assign + mode - 1 and priced.
    """
    fee = instance.modes["fee"]
    links = x.links.set_index(["district", "service", "point", "period"])
    serves = pd.DataFrame(sorted(instance.serves), columns=["mode", "service"])
    offers = instance.point_modes.to_frame(index=False).merge(serves, on="mode")
    offers["fee"] = offers["mode"].map(fee)
    spread = offers.groupby(["point", "service"])["fee"].agg(["min", "max"])
    pairs = pd.MultiIndex.from_frame(x.links[["point", "service"]])
    sure = spread["min"].reindex(pairs).fillna(0).astype("int64").to_numpy()
    varied = spread["max"].reindex(pairs).fillna(0).to_numpy() > sure
    years = x.links["period"].map(instance.periods["years"]).to_numpy()
    price = pd.Series(sure * links["cases"].to_numpy() * years, index=links.index)
    total: Affine = (x.assign * price).sum()
    if not varied.any():
        return total
    table = x.links[varied].merge(offers[offers["fee"] > 0], on=["point", "service"])
    index = pd.MultiIndex.from_frame(table[["district", "service", "point", "period", "mode"]])
    base = spread["min"].reindex(pd.MultiIndex.from_frame(table[["point", "service"]]))
    extra = table["fee"].to_numpy() - base.to_numpy()
    worth = extra * table["cases"].to_numpy() * table["period"].map(instance.periods["years"])
    both = x.assign.over(index) + x.mode.over(index) - 1
    if "paid" not in x.program.columns:  # another objective may have asked for them
        x.program.add_rows("objective staff_cost", x.derive("paid", index, 0, 1, both) >= both)
    paid = x.program.columns["paid"].expression
    total = total + (paid * pd.Series(worth.to_numpy(), index=index)).sum()
    return total
