"""The fairness panel of a plan: how long ways are, for whom, and how unequal; exact, from raw tables.

Over ways of m metres with weights w (cases, or residents of an age group), W = sum of w in all:

- mean = sum of w m / W;
- worst: the longest way;
- EDE: the equally-distributed equivalent of Kolm and Pollak (`optimizer/city/kolm_pollak.py`: sources),
  with one kappa for the group in the whole city, so that wards and years can be compared;
- Gini = sum over pairs of w w' |m - m'| / (2 W^2 mean), between 0 (all ways alike) and 1: Gini,
  Economic Journal 31, 1921; for ways to facilities Drezner, Drezner, Guyse, Computers & Operations
  Research 36, 2009. Summed over sorted ways: sum of w (m W< - S<) / (W S), W< and S< the weight and
  the w m of the ways before, S = sum of w m;
- CVaR: the mean of the K units of weight with the longest ways, K = ceil(`TAIL` W / 100)
  (Rockafellar, Uryasev, Journal of Risk 2, 2000), the last district only in part.

Mean, Gini and CVaR are fractions; for reading, metres are rounded up (as the rules `ede_limit`,
`cvar_limit` and `ward_parity` read them) and Gini to the nearest thousandth.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

import pandas as pd

from optimizer.city.kolm_pollak import equivalent, kappa, perceived
from optimizer.city.plan import Plan
from optimizer.city.weights import assigned_links, baseline_links, weights
from optimizer.model.instance import Instance

GROUPS = ("cases", "residents65")
"""Whose ways a panel is about, unless asked otherwise: everybody's cases, and people of 65 or more."""

AVERSION = 100
"""Aversion to inequality of the EDE, epsilon in per cent: that of Horton et al. (2024)."""

TAIL = 10
"""The CVaR is about so many per cent of all ways, the longest ones."""

MEASURES = ("mean", "worst", "ede", "gini", "cvar")
"""What is measured, in the order in which it is shown; all in metres, Gini in thousandths."""


@dataclass(frozen=True)
class Fairness:
    """What was measured on the ways of one group, of one ward or ("") the whole city, in one year.

    weight: cases a year or persons (once for every service they use). unserved: how much of that
    the plan names no counter for; it is left out of the measures. All measures are 0 if nobody
    goes anywhere.
    """

    group: str
    ward: str
    period: int
    weight: int
    unserved: int
    mean: Fraction
    worst: int
    ede: int
    gini: Fraction
    cvar: Fraction

    def shown(self) -> dict[str, int]:
        """Return the measures as whole numbers, rounded as stated above."""
        return {
            "mean": ceil(self.mean),
            "worst": self.worst,
            "ede": self.ede,
            "gini": floor(self.gini * 1000 + Fraction(1, 2)),
            "cvar": ceil(self.cvar),
        }

    def to_json(self) -> dict[str, object]:
        """Return the measurement as plain data: whole numbers, and the fractions as text."""
        exact = {name: str(getattr(self, name)) for name in ("mean", "gini", "cvar")}
        labels = {"group": self.group, "ward": self.ward, "period": self.period}
        people = {"weight": self.weight, "unserved": self.unserved}
        return {**labels, **people, **self.shown(), "exact": exact}


def fairness(
    instance: Instance,
    plan: Plan,
    groups: Iterable[str] = GROUPS,
    services: tuple[str, ...] = (),
) -> tuple[Fairness, ...]:
    """Return the panel of `plan`: for every group, today and every planned year, city then wards.

    Today's ways are the derived ones (`optimizer/city/baseline.py`). services: only those; none means all.
    """
    found = []
    wards = ["", *sorted(instance.districts["ward"].unique())]
    for group in groups:
        curve = kappa(instance, group, services, AVERSION)
        everybody = weights(instance, group, services).reset_index()
        table = assigned_links(instance, plan, group, services)
        before = baseline_links(instance, group, services)
        before = before[before["weight"] > 0].assign(period=instance.today)
        columns = ["district", "service", "period", "weight"]
        everybody = pd.concat([before[columns], everybody[columns]], ignore_index=True)
        table = pd.concat([before, table], ignore_index=True)
        for period in (instance.today, *instance.planned):
            for ward in wards:
                whole, here = (_of(instance, t, ward, period) for t in (everybody, table))
                weight = int(whole["weight"].sum())
                found.append(_measured(group, ward, period, weight, here, curve))
    return tuple(found)


def fairness_panel(instance: Instance, plan: Plan) -> pd.DataFrame:
    """Return the panel as a table of whole numbers, rounded as `Fairness.shown` does."""
    rows = [
        {"group": f.group, "ward": f.ward, "period": f.period, "weight": f.weight}
        | {"unserved": f.unserved, **f.shown()}
        for f in fairness(instance, plan)
    ]
    return pd.DataFrame(rows)


def _of(instance: Instance, table: pd.DataFrame, ward: str, period: int) -> pd.DataFrame:
    mine = table[table["period"] == period]
    return mine[mine["district"].map(instance.districts["ward"]) == ward] if ward else mine


def _measured(
    group: str, ward: str, period: int, weight: int, table: pd.DataFrame, curve: Fraction
) -> Fairness:
    pairs = zip(table["metres"], table["weight"], strict=True)
    sorted_ways = sorted((int(m), int(w)) for m, w in pairs if w > 0)
    served = sum(w for _, w in sorted_ways)
    moved = sum(m * w for m, w in sorted_ways)
    return Fairness(
        group=group,
        ward=ward,
        period=period,
        weight=weight,
        unserved=weight - served,
        mean=Fraction(moved, max(served, 1)),
        worst=max((m for m, _ in sorted_ways), default=0),
        ede=equivalent(sum(w * perceived(m, curve) for m, w in sorted_ways), served, curve),
        gini=gini(sorted_ways),
        cvar=cvar(sorted_ways),
    )


def gini(sorted_ways: list[tuple[int, int]]) -> Fraction:
    """Return the Gini coefficient of (metres, weight), sorted by metres; 0 if nobody moves."""
    weight = moved = apart = 0
    for metres, w in sorted_ways:
        apart += w * (metres * weight - moved)
        weight += w
        moved += w * metres
    return Fraction(apart, weight * moved) if moved else Fraction(0)


def cvar(sorted_ways: list[tuple[int, int]]) -> Fraction:
    """Return the mean of the longest TAIL per cent of (metres, weight), sorted by metres."""
    left = tail = -(-sum(w for _, w in sorted_ways) * TAIL // 100)
    total = 0
    for metres, w in reversed(sorted_ways):
        total += metres * min(w, left)
        left -= min(w, left)
    return Fraction(total, max(tail, 1))
