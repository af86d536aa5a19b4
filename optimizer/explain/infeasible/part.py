"""A part of a city that already shows a conflict: looked at first, because questions about it are short.

What is found there is a guess – means and shares over a city mean something else in its part – and
is proved or dropped in the whole city.
"""

from collections.abc import Sequence
from dataclasses import replace

from optimizer.explain.infeasible.feasibility import Possible

LARGE = 12
"""Districts from which on a part is looked for."""

NEAR = (0, 1, 4, 16)
"""How many of the districts near to what is asked for are looked at: first none, which shows what
cannot be whatever the demand.
"""


def part_of(possible: Possible, near: Sequence[str] = ()) -> Possible | None:
    """Return the question about a few districts that cannot keep all entries either: the first of
    those that are `near` to the matter, or found by halving; None where no part shows the conflict.
    """
    city = possible.instance
    for count in [n for n in NEAR if n <= len(near)]:
        part = _only(possible, list(near[:count]))
        if part.ask(part.all_units()) is False:
            return part
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
    part = Possible(city, possible.engine, possible.deadline)
    for plan in possible.known:
        here = plan.assignments.index.isin(districts, level="district")
        part.learn(replace(plan, assignments=plan.assignments[here]))
    return part
