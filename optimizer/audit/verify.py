"""Instance + Plan -> readings, objective values and costs, recomputed from the raw tables.

Nothing here, nor anything it imports, knows a program or an engine.
"""

from dataclasses import dataclass

import pandas as pd

from optimizer.base.words import LABELS
from optimizer.city.ledger import ledger
from optimizer.city.plan import Plan
from optimizer.model.instance import Constraint, Instance
from optimizer.model.readings import Readings


@dataclass(frozen=True, eq=False)
class Audit:
    """What was measured on a plan.

    readings: for every active entry, in their order. values: id of an objective -> its value.
    costs: yen, index (point, period, item).
    """

    instance: Instance
    plan: Plan
    readings: tuple[tuple[Constraint, Readings], ...]
    values: dict[str, int]
    costs: pd.Series

    @property
    def violations(self) -> int:
        """The number of readings beyond their limit."""
        return sum(len(readings.violations) for _, readings in self.readings)

    def table(self) -> pd.DataFrame:
        """Return all readings as one table: entry, labels (blank where none), actual, limit, margin."""
        labels = [label for label in LABELS if label != "frozen"]  # a reading is of no fallback
        parts = []
        for entry, readings in self.readings:
            part = readings.table.reset_index()
            part.insert(0, "entry", entry.id)
            for label in labels:
                part[label] = part[label].astype(str) if label in part else ""
            parts.append(part[["entry", *labels, "actual", "limit", "margin"]])
        return pd.concat(parts, ignore_index=True)


def verify(instance: Instance, plan: Plan) -> Audit:
    """Return every reading and every yen of `plan`, measured on the tables of `instance`."""
    return Audit(
        instance,
        plan,
        tuple((entry, entry.readings(instance, plan)) for entry in instance.entries),
        values_of(instance, plan),
        ledger(instance, plan),
    )


def values_of(instance: Instance, plan: Plan) -> dict[str, int]:
    """Return the value of every objective, by its id."""
    return {o.id: o.value(instance, plan) for o in instance.objectives}
