"""Which districts hang together: areas and their parts, walked over the borders of districts."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from optimizer.city.city import City
from optimizer.city.plan import Plan
from optimizer.city.weights import weights

Key = tuple[str, str, int]
"""A point, a service and a period."""

NODE = ["point", "service", "period", "district"]


def beside(instance: City) -> dict[str, list[str]]:
    """Return the neighbours of every district, sorted."""
    found: dict[str, list[str]] = {str(district): [] for district in instance.districts.index}
    for district, other in sorted(instance.neighbours):
        found[district].append(other)
    return found


@dataclass(frozen=True)
class Area:
    """Districts that should hang together.

    needed: those that count. roots: of each connected part that holds one, the least by id, in
    order. before: of each district reached, the one before it on a shortest way from its root (of
    a root, itself), in the order in which they were reached, part after part.
    """

    needed: frozenset[str]
    roots: list[str]
    before: dict[str, str]

    @classmethod
    def of(
        cls, borders: Mapping[str, Iterable[str]], needed: Iterable[str], passable: Iterable[str]
    ) -> "Area":
        """Return the area of `needed`, whose ways may also pass through `passable`."""
        needed = frozenset(needed)
        inside = needed.union(passable)
        roots: list[str] = []
        before: dict[str, str] = {}
        for first in sorted(needed):
            if first in before:
                continue
            roots.append(first)
            before[first] = first
            waiting = [first]
            for district in waiting:
                for other in borders[district]:
                    if other in inside and other not in before:
                        before[other] = district
                        waiting.append(other)
        return cls(needed, roots, before)

    def flows(self) -> dict[tuple[str, str], int]:
        """Return, for every step (from, to) of the ways, how many needed districts lie behind it."""
        behind: Counter[str] = Counter(self.needed)
        steps = {}
        for district, last in reversed(self.before.items()):
            if last != district:
                steps[last, district] = behind[district]
                behind[last] += behind[district]
        return steps


def areas(
    instance: City, plan: Plan, services: Iterable[str], apart: Iterable[str]
) -> dict[Key, Area]:
    """Return the area of every counter to which `plan` sends somebody, by service and period.

    services: only those; none means all. Districts `apart` are not needed, but ways may pass
    through them if they belong to the area, and through any district without demand.
    """
    free = idle(instance).groupby(["service", "period"])["district"].agg(set).to_dict()
    asking = plan.assignments.index.isin(weights(instance, "cases", services).index)
    sent = plan.assignments[asking].rename("point").reset_index()
    served = sent.groupby(["point", "service", "period"])["district"].agg(set).to_dict()
    borders, alone = beside(instance), set(apart)
    return {
        key: Area.of(borders, own - alone, own | free.get(key[1:], set()))
        for key, own in served.items()
    }


def roots(found: Mapping[Key, Area]) -> pd.Series:
    """Return 1 for the root of every area's first part, index (*key, district)."""
    return _series({(*key, r): 1 for key, area in found.items() for r in area.roots[:1]}, NODE)


def flows(found: Mapping[Key, Area]) -> pd.Series:
    """Return how many districts lie behind each step of every area, index (*key, district, other)."""
    steps = {(*key, *step): n for key, area in found.items() for step, n in area.flows().items()}
    return _series(steps, [*NODE, "other"])


def idle(instance: City) -> pd.DataFrame:
    """Return who asks for nothing: columns district, service, period (planned ones)."""
    everybody = pd.MultiIndex.from_product(
        [instance.districts.index, instance.services.index, instance.planned],
        names=["district", "service", "period"],
    )
    return everybody.difference(weights(instance, "cases").index).to_frame(index=False)


def _series(numbers: Mapping[Any, int], names: list[str]) -> pd.Series:
    index = pd.MultiIndex.from_tuples(list(numbers), names=names)
    return pd.Series(list(numbers.values()), index=index, dtype="int64")
