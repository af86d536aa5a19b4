"""A part of a city that already shows a conflict: looked at first, because questions about it are short.

What is found there is a guess – means and shares over a city mean something else in its part – and
is proved or dropped in the whole city.
"""

from dataclasses import replace

from optimizer.explain.possible import Possible

LARGE = 12
"""Districts from which on a part is looked for."""


def part_of(possible: Possible) -> Possible | None:
    """Return the question about a few districts that cannot keep all entries either, found by
    halving; None where no half of the city shows the conflict.
    """
    city = possible.instance
    chosen = list(city.districts.sort_values(["ward", "room"]).index)
    if len(chosen) < LARGE:
        return None
    found = None
    while len(chosen) > 1 and not possible.late:
        halves = chosen[: len(chosen) // 2], chosen[len(chosen) // 2 :]
        parts = ((half, _only(possible, half)) for half in halves)
        shown = next(((h, p) for h, p in parts if p.ask(p.all_units()) is False), None)
        if shown is None:
            break
        chosen, found = shown
    return found


def _only(possible: Possible, districts: list[str]) -> Possible:
    """Return the same question about a city in which nobody else has demand after today."""
    demand = possible.instance.demand
    here = demand.index.isin(districts, level="district")
    today = demand.index.get_level_values("period") == possible.instance.today
    city = replace(possible.instance, demand=demand[here | today])
    return Possible(city, possible.engine, possible.deadline)
