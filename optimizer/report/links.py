"""The ways of a plan beside those of today: metres of every district and service, and what they amount to."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from optimizer.audit.verify import Audit
from optimizer.city.baseline import baseline
from optimizer.city.plan import UNREACHABLE

WAY = ["district", "service"]


def used_links(audit: Audit) -> pd.DataFrame:
    """Return point, metres and cases, index (district, service, period), today first.

    Only what has demand and a travel figure is a way.
    """
    instance = audit.instance
    parts = [plan.served(instance) for plan in (baseline(instance), audit.plan)]
    table = pd.concat(parts)
    table = table[(table["cases"] > 0) & (table["metres"] < UNREACHABLE)]
    return table.set_index([*WAY, "period"])[["point", "metres", "cases"]].sort_index()


def compared(audit: Audit) -> pd.DataFrame:
    """Return before, after (metres) and cases of the last year, index (district, service).

    Both are weighted by the cases of the last year, so that only the ways differ.
    """
    table = used_links(audit)
    now = _of(table, audit.instance.today)["metres"].rename("before")
    then = _of(table, audit.instance.planned[-1])
    return then.rename(columns={"metres": "after"})[["after", "cases"]].join(now, how="inner")


def _of(table: pd.DataFrame, period: int) -> pd.DataFrame:
    """Return the rows of one period; none where nobody has demand."""
    return table[table.index.get_level_values("period") == period].droplevel("period")


@dataclass(frozen=True)
class Spread:
    """How long ways are, in metres: their mean, the way of the middle case, of nine in ten, of all."""

    mean: int
    median: int
    most: int
    furthest: int


def spread(metres: pd.Series, weight: pd.Series) -> Spread:
    """Return the spread of `metres`, each counted `weight` times. Raises ValueError without weight."""
    order = np.argsort(metres.to_numpy(), kind="stable")
    way, load = metres.to_numpy()[order], weight.to_numpy()[order].cumsum()
    if not len(load) or load[-1] <= 0:
        raise ValueError("a spread needs a weight above 0")
    whole = int(load[-1])
    mean = (2 * int((metres * weight).sum()) + whole) // (2 * whole)

    def quantile(part: int) -> int:
        """Return the shortest way that at least `part` per cent do not exceed."""
        return int(way[np.searchsorted(load * 100, part * whole)])

    return Spread(mean, quantile(50), quantile(90), int(way[-1]))


def reached(metres: pd.Series, weight: pd.Series, limits: list[int]) -> list[float]:
    """Return the share of `weight` whose way is at most each of `limits`."""
    whole = max(int(weight.sum()), 1)
    return [int(weight[metres <= limit].sum()) / whole for limit in limits]
