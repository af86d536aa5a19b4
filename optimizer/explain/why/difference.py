"""How unlike a plan is: what an answer keeps small, so that it shows what a query changes and nothing else."""

import numpy as np

from optimizer.base.words import Text
from optimizer.city.plan import Plan
from optimizer.model.algebra import Affine
from optimizer.model.decisions import Decisions
from optimizer.model.instance import Instance, Objective


class Difference(Objective):
    """Number of modes and assignments that are not as in a plan.

    modes: (point, period, mode); ways: (district, service, period, point).
    """

    modes: tuple[tuple[str, int, str], ...]
    ways: tuple[tuple[str, str, int, str], ...]

    name = Text("decisions unlike the plan", "計画と異なる決定の数")
    unit = ""

    @classmethod
    def to(cls, plan: Plan) -> "Difference":
        """Return the difference to `plan`."""
        modes = tuple((p, int(t), m) for (p, t), m in plan.modes.items())
        ways = tuple((d, s, int(t), p) for (d, s, t), p in plan.assignments.items())
        return cls(modes=modes, ways=ways)

    def terms(self, instance: Instance, x: Decisions) -> Affine:
        """Return their number less the columns that are as stated."""
        modes = {(p, m, t) for p, t, m in self.modes}
        ways = {(d, s, p, t) for d, s, t, p in self.ways}
        same = x.mode.select(np.array([label in modes for label in x.mode.index], dtype=bool)).sum()
        sent = np.array([label in ways for label in x.assign.index], dtype=bool)
        kept: Affine = same + x.assign.select(sent).sum()
        return -kept + (len(modes) + len(ways))

    def value(self, instance: Instance, plan: Plan) -> int:
        """Count them in `plan`."""
        modes = sum(bool(plan.modes.get((p, t)) != m) for p, t, m in self.modes)
        return modes + sum(bool(plan.assignments.get((d, s, t)) != p) for d, s, t, p in self.ways)
