"""Questions about modes that an exact solve can answer: a cap on the cost, and plans unlike a plan.

The entries and the objective here stand in no file; an explanation adds them to an instance, as a
scenario would.
"""

from dataclasses import replace
from typing import Annotated, ClassVar

import pandas as pd
from pydantic import Field

from optimizer.algebra import Affine
from optimizer.constraint import Constraint, Decisions, Examples, Rows, Where
from optimizer.constraints.allowed_modes import AllowedModes
from optimizer.example import town, town_plan
from optimizer.instance import Instance
from optimizer.objective import Objective
from optimizer.objectives.staff_cost import StaffCost
from optimizer.plan import Plan
from optimizer.reading import Readings, at_most, by_label
from optimizer.words import Text, Words

Decision = tuple[str, int]
"""A point and a year."""


class AtMost(Constraint):
    """The value of `objective` <= `most`."""

    objective: Objective
    most: int = Field(strict=True)

    key = ("objective",)
    words = Words(
        name=Text("A value stays within a sum", "目的値の上限"),
        reading=Text("value {actual} (at most {limit}).", "値{actual}(上限{limit})。"),
        conflict=Text("The value may be at most {most}.", "値は{most}以下でなければならない。"),
        repair=Text("Allow {actual} instead of {most}.", "上限を{most}から{actual}に広げる。"),
    )
    unit: ClassVar[str] = ""

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        """One row."""
        value = self.objective.terms(instance, x)
        index = pd.MultiIndex.from_arrays([[self.objective.id]], names=self.key)
        named = Affine(index, value.at, value.column, value.coefficient, value.constant)
        return [named <= self.most]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        """Read the value of the plan."""
        value = self.objective.value(instance, plan)
        return at_most(by_label("objective", {self.objective.id: value}), self.most)

    @classmethod
    def examples(cls) -> Examples:
        """Return the town's plan at its own cost, and dearer ones."""
        city, plan, cost = town(), town_plan(), StaffCost()
        more = plan.with_staff("W1", 2017, int(plan.staff["W1", 2017]) + 1)
        entry = cls(id="cap", objective=cost, most=cost.value(city, plan))
        dear = {
            "one more person": more,
            "one more a year later": plan.with_staff("W2", 2018, 9),
        }
        return Examples(city, entry, plan, dear)

    @classmethod
    def type_name(cls) -> str:
        """Return a name, though no file can ask for this entry."""
        return "at_most"


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
