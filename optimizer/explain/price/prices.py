"""Prices as data: what a solve told, what a change saves or costs, and how far a limit may move."""

from dataclasses import asdict, dataclass
from math import ceil, floor
from typing import Literal

from optimizer.explain.infeasible.limits import stated
from optimizer.model.instance import Constraint, Instance

Change = Literal["left out", "wider", "tighter"]
CHANGES: tuple[Change, ...] = ("left out", "wider", "tighter")

Verdict = Literal["proved", "between", "at least", "open", "impossible", "unknown", "refused"]
"""proved: one number. between: an interval without 0. at least: no upper end. open: 0 is not ruled
out. impossible: no plan keeps the tighter limit. refused: the entry cannot have that limit.
"""


@dataclass(frozen=True)
class Known:
    """What a solve told of the instance in which `entry` has `limit` or is left out (None).

    value: of the plan found, audited, where it is better than any known before. needs: the tightest limit under which that plan is known
    to keep all rules; keeps: whether it keeps them as they stand; beyond: districts at which it
    breaks the entry. seconds: that the solve was given. entry "": the instance as it stands.
    """

    entry: str
    limit: int | None
    value: int | None
    bound: int | None
    seconds: float
    impossible: bool = False
    needs: int | None = None
    keeps: bool = False
    beyond: tuple[str, ...] = ()


@dataclass(frozen=True)
class Price:
    """What one change of an entry saves (left out, wider) or costs (tighter), in the objective's unit.

    least, most: the proved interval. attained: against the plan itself, by a plan found. districts:
    those beyond the present limit in that plan; of a tighter limit, those beyond it in the plan.
    """

    change: Change
    limit: int | None
    verdict: Verdict
    least: int | None = None
    most: int | None = None
    attained: int | None = None
    districts: tuple[str, ...] = ()
    residents: int = 0

    def per_year(self, years: int) -> tuple[int | None, int | None]:
        """Return the interval divided by the years of the plan, rounded outwards."""
        least = None if self.least is None else floor(self.least / years)
        return least, None if self.most is None else ceil(self.most / years)

    def to_json(self, years: int) -> dict[str, object]:
        """Return the price as plain data, for all years and for one."""
        least, most = self.per_year(years)
        return {**asdict(self), "least_a_year": least, "most_a_year": most}


@dataclass(frozen=True)
class Side:
    """How far the limit may move one way while the least value provably stays within [L, U].

    holds: the last limit proved so. changes: the nearest limit proved otherwise (None: none found).
    ends: whether it holds at all limits that way.
    """

    holds: int
    changes: int | None = None
    ends: bool = False


@dataclass(frozen=True)
class Priced:
    """An entry and its prices; those of a moved limit only where it has one that can move."""

    entry: Constraint
    prices: tuple[Price, ...]
    tighter: Side | None = None
    wider: Side | None = None

    @property
    def order(self) -> tuple[int, int]:
        """Sorts entries by what leaving them out saves: the least proved, then the most."""
        first = self.prices[0]
        return (first.least or 0, -1 if first.most is None else first.most)

    def to_json(self, years: int) -> dict[str, object]:
        """Return the prices as plain data."""
        sides = {"tighter": self.tighter, "wider": self.wider}
        return {
            "id": self.entry.id,
            "type": self.entry.type_name(),
            "protected": self.entry.protected,
            "unit": self.entry.unit,
            "limit": None if self.entry.limit is None else stated(self.entry),
            "prices": [price.to_json(years) for price in self.prices],
            "range": {name: asdict(side) for name, side in sides.items() if side is not None},
        }


@dataclass(frozen=True, eq=False)
class Prices:
    """All prices, dearest first. value, bound: of the plan (U, L). best: the least value found of a
    plan that keeps every rule; below `value` where the plan can be bettered.
    """

    instance: Instance
    value: int
    bound: int | None
    best: int
    priced: tuple[Priced, ...]
    known: tuple[Known, ...]
    interrupted: bool = False

    @property
    def years(self) -> int:
        """The years that the value is of."""
        return sum(int(self.instance.periods["years"][t]) for t in self.instance.planned)

    def to_json(self) -> dict[str, object]:
        """Return all prices as plain data."""
        return {
            "objective": self.instance.objectives[0].id,
            "unit": self.instance.objectives[0].measure,
            "years": self.years,
            "value": self.value,
            "bound": self.bound,
            "best": self.best,
            "entries": [priced.to_json(self.years) for priced in self.priced],
            "interrupted": self.interrupted,
        }


def verdict(least: int | None, most: int | None) -> Verdict:
    """Return what may be said of a price between `least` and `most`."""
    if least is not None and least == most:
        return "proved"
    if most is None:
        return "unknown" if least is None or least <= 0 else "at least"
    return "between" if least is not None and (least > 0 or most < 0) else "open"
