"""Questions about modes that an exact solve can answer: a cap on the cost, and plans unlike a plan.

The entries and the objective here stand in no file; an explanation adds them to an instance, as a
scenario would.
"""

from dataclasses import replace
from typing import Annotated

import pandas as pd
from pydantic import Field

from optimizer.base.words import Text
from optimizer.city.plan import Plan
from optimizer.constraints.allowed_modes import AllowedModes
from optimizer.explain.robust.at_most import AtMost
from optimizer.model.algebra import Affine
from optimizer.model.decisions import Decisions
from optimizer.model.instance import Instance, Objective
from optimizer.model.where import Where

Decision = tuple[str, int]
"""A point and a year."""


class Likeness(Objective):
    """Number of `decisions` (point, period, mode) that a plan takes as stated."""

    decisions: Annotated[tuple[tuple[str, int, str], ...], Field(description="decisions")]

    name = Text("decisions as in the plan", "計画と同じ決定の数")
    unit = ""

    def terms(self, instance: Instance, x: Decisions) -> Affine:
        """Return the sum of the stated modes."""
        wanted = {(p, m, t) for p, t, m in self.decisions}
        chosen = [label in wanted for label in x.mode.index]
        total: Affine = x.mode.select(pd.array(chosen, dtype=bool).to_numpy()).sum()
        return total

    def value(self, instance: Instance, plan: Plan) -> int:
        """Count them in `plan`."""
        return sum(plan.modes.get((p, t)) == m for p, t, m in self.decisions)


def capped(instance: Instance, most: int) -> Instance:
    """Return `instance` in which the first objective may be at most `most`."""
    entry = AtMost(id="cost cap", objective=instance.objectives[0], most=most)
    return replace(instance, entries=(*instance.entries, entry))


def unlike(instance: Instance, plan: Plan, decisions: list[Decision]) -> Instance:
    """Return `instance` in which as few as possible of `decisions` are as in `plan`."""
    stated = tuple((p, t, str(plan.modes[p, t])) for p, t in decisions)
    return replace(instance, objectives=(Likeness(decisions=stated),))


def without_mode(instance: Instance, point: str, period: int, mode: str) -> Instance:
    """Return `instance` in which `point` may have every mode of its kind but `mode` in `period`."""
    others = tuple(m for m in instance.kinds[instance.points["kind"][point]] if m != mode)
    where = Where(points=(point,), periods=(period,))
    entry = AllowedModes(id=f"not {mode}", modes=others, where=where)
    return replace(instance, entries=(*instance.entries, entry))


def with_modes(instance: Instance, plan: Plan) -> Instance:
    """Return `instance` in which every point has the modes of `plan`; all else is left open."""
    fixed = [
        AllowedModes(
            id=f"as in the plan: {mode} {period}",
            modes=(mode,),
            where=Where(points=tuple(sorted(group)), periods=(period,)),
        )
        for (mode, period), group in _points_by_mode(plan).items()
    ]
    return replace(instance, entries=(*instance.entries, *fixed))


def _points_by_mode(plan: Plan) -> dict[tuple[str, int], list[str]]:
    found: dict[tuple[str, int], list[str]] = {}
    for (point, period), mode in plan.modes.items():
        found.setdefault((mode, int(period)), []).append(point)
    return found
