"""The ledger as expressions over the decisions: yen of a period, item by item.

Objectives minimise it and constraints limit it; both rest on the same columns.
"""

from typing import TYPE_CHECKING

import pandas as pd

from optimizer.instance import Instance
from optimizer.links import LINK

if TYPE_CHECKING:
    from optimizer.algebra import Affine
    from optimizer.build import Decisions


def costs(instance: Instance, x: "Decisions") -> "dict[str, Affine]":
    """Return yen of every item of the ledger, by item, index (period).

    Fees and moves rest on columns that rows hold up and nothing holds down, so these expressions
    are for rows and objectives in which less is better.
    """
    years, modes = instance.periods["years"], instance.modes
    run = x.mode.select(mode=instance.open_modes)
    items = {
        "wages": [x.staff * years * instance.wage],
        "running": [
            x.mode * modes["running_cost"] * years,
            run * instance.points["site_cost"] * years,
        ],
        "fees": _fees(instance, x),
        "moving": [x.enter * modes["move_in_cost"]],
    }
    if instance.extension is not None:
        items["hours"] = [x.extended * years * instance.extension.cost]
    periods = pd.MultiIndex.from_arrays([instance.planned], names=["period"])
    return {
        item: sum(
            (part.sum(by=["period"]).over(periods, fill=True) for part in parts[1:]),
            start=parts[0].sum(by=["period"]).over(periods, fill=True),
        )
        for item, parts in items.items()
    }


def _fees(instance: Instance, x: "Decisions") -> "list[Affine]":
    """Return fees to partners: a link pays the fee of the mode that serves it.

    A fee depends on the mode, and only modes run by partners have one. Where every serving mode
    of a point has the same fee, the link alone knows it. Elsewhere a column `paid` per link and
    mode is pushed up by assign + mode - 1 and priced.
    """
    offers, ways = _offers(instance), x.ways
    fees = offers.groupby(["point", "service"])["fee"]
    sure = instance.per_way(ways, fees.min(), otherwise=0)
    varied = instance.per_way(ways, fees.max(), otherwise=0) > sure
    cases = ways["cases"] * instance.per_way(ways, instance.periods["years"])
    price = cases * sure
    if not varied.any():
        return [x.assign * price]
    table = ways.assign(cases=cases, sure=sure)[varied].reset_index()
    table = table.merge(offers[offers["fee"] > 0], on=["point", "service"])
    worth = (table["fee"] - table["sure"]) * table["cases"]
    index = pd.MultiIndex.from_frame(table[[*LINK, "mode"]])
    if "paid" not in x.shared:
        both = x.assign.over(index) + x.mode.over(index) - 1
        x.shared["paid"] = x.derive("paid", index, 0, 1, both)
        x.program.add_rows("fees", x.shared["paid"] >= both)
    return [x.assign * price, x.shared["paid"] * pd.Series(worth.to_numpy(), index=index)]


def _offers(instance: Instance) -> pd.DataFrame:
    """Which mode of which point serves what, and its fee: columns point, mode, service, fee."""
    serves = pd.DataFrame(sorted(instance.serves), columns=["mode", "service"])
    offers = instance.point_modes.to_frame(index=False).merge(serves, on="mode")
    return offers.assign(fee=offers["mode"].map(instance.modes["fee"]))
