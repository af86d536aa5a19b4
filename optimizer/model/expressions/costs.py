"""The ledger as expressions over the decisions: yen of a period, item by item.

Objectives minimise it and constraints limit it; both rest on the same columns.
"""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from optimizer.base.labels import extended, matched
from optimizer.model.instance import Instance

if TYPE_CHECKING:
    from optimizer.model.algebra import Affine
    from optimizer.model.decisions import Decisions


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
    fee, links = _fee(instance), x.assign.index
    each = fee.groupby(level=["point", "service"])
    sure = instance.per_link(x.by_link, each.min(), otherwise=0)
    varied = instance.per_link(x.by_link, each.max(), otherwise=0) > sure
    cases = (
        x.by_link["cases"] * instance.per_link(x.by_link, instance.periods["years"])
    ).to_numpy()
    price = pd.Series(sure * cases, index=links)
    if not varied.any():
        return [x.assign * price]
    fee = fee[fee > 0]
    at, offer = matched(links[varied], fee.index, by=["point", "service"])
    at = np.flatnonzero(varied)[at]
    index = extended(links[at], mode=fee.index.get_level_values("mode").to_numpy()[offer])
    worth = (fee.to_numpy()[offer] - sure[at]) * cases[at]
    if "paid" not in x.shared:
        both = x.assign.over(index) + x.mode.over(index) - 1
        x.shared["paid"] = x.derive("paid", index, 0, 1, both)
        x.program.add_rows("fees", x.shared["paid"] >= both)
    return [x.assign * price, x.shared["paid"] * pd.Series(worth, index=index)]


def _fee(instance: Instance) -> pd.Series:
    """Return the fee of every mode of every point for what it serves, index (point, mode, service)."""
    fee = instance.modes["fee"]
    offers = {
        (point, mode, service): fee[mode]
        for point, mode in instance.point_modes
        for service in sorted(instance.services.index)
        if (mode, service) in instance.serves
    }
    index = pd.MultiIndex.from_tuples(offers, names=["point", "mode", "service"])
    return pd.Series(list(offers.values()), index=index, dtype="int64")
