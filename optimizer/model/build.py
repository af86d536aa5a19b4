"""Instance -> decisions (mode, assign, staff) -> rows of every active constraint."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from optimizer.city.links import LINK
from optimizer.city.plan import Plan
from optimizer.model.algebra import Affine
from optimizer.model.decisions import Decisions
from optimizer.model.frozen import FrozenDecisions
from optimizer.model.instance import Constraint, Instance, completed, forbidden
from optimizer.model.program import Program


@dataclass(frozen=True, eq=False)
class Model:
    """An instance as a program, the decisions whose labels give its columns a meaning, entries and objectives."""

    instance: Instance
    program: Program
    decisions: Decisions
    entries: list[Constraint]
    objectives: list[Affine]

    def encode(self, plan: Plan, whole: bool = True) -> np.ndarray | None:
        """Return the column values of `plan`; None if it uses a label that is no column.

        whole: without, such labels are left out and bounds may be broken, as when a plan of one
        instance is the start of another.
        """
        program = self.program
        values = np.zeros(program.width, dtype=np.int64)
        modes = plan.modes.rename("mode").reset_index()
        assigned = plan.assignments.rename("point").reset_index()
        staff = plan.staff[plan.staff != 0]
        ones = {
            "mode": pd.MultiIndex.from_frame(modes[["point", "mode", "period"]]),
            "assign": pd.MultiIndex.from_frame(assigned[LINK]),
            "staff": staff.index,
        }
        numbers = {name: np.ones(len(index), dtype=np.int64) for name, index in ones.items()}
        numbers["staff"] = staff.to_numpy()
        for name, series in plan.extra.items():
            ones[name], numbers[name] = series.index, series.to_numpy()
        for name, index in ones.items():
            if name not in program.columns:
                continue
            block = program.columns[name]
            position = block.index.get_indexer(index)
            known = position >= 0
            if whole and not known.all():
                return None
            values[block.first + position[known]] = numbers[name][known]
        for name, how in self.decisions.derived.items():
            block = program.columns[name]
            if isinstance(how, Affine):
                numbers[name] = np.maximum(_evaluate(how, values), 0)
            else:
                numbers[name] = _looked_up(how(plan), block.index)
            values[block.first : block.first + len(block.index)] = numbers[name]
        low, high = np.concatenate(program.lower), np.concatenate(program.upper)
        if not whole:
            return np.clip(values, low, high)
        return values if ((values >= low) & (values <= high)).all() else None

    def decode(self, values: np.ndarray) -> Plan:
        """Return the plan that the column `values` stand for, completed by the entries."""
        series = {
            name: pd.Series(values[b.first : b.first + len(b.index)], index=b.index)
            for name, b in self.program.columns.items()
        }
        mode, assign = series.pop("mode"), series.pop("assign")
        staff = series.pop("staff")
        for name in self.decisions.derived:
            series.pop(name)
        chosen = mode[mode == 1].reset_index("mode")["mode"]
        sent = assign[assign == 1].reset_index("point")["point"]
        plan = Plan(
            chosen.sort_index(),
            sent.sort_index(),
            staff.reindex(self.decisions.everywhere, fill_value=0).astype("int64"),
            {name: values.sort_index() for name, values in series.items()},
        )
        return completed(self.instance, self.entries, plan)


def build(instance: Instance, entries: Iterable[Constraint] | None = None) -> Model:
    """Return the model of `instance` under `entries` (default: all of its own)."""
    entries = list(instance.entries if entries is None else entries)
    links = instance.links
    program = Program()
    links = links[~forbidden(instance, entries, links)].reset_index(drop=True)
    x = Decisions(instance, program, links, FrozenDecisions)
    for entry in entries:
        for rows in entry.rows(instance, x):
            program.add_rows(entry.id, rows.select(entry.where.mask(instance, rows.index)))
    objectives = [objective.terms(instance, x) for objective in instance.objectives]
    return Model(instance, program, x, entries, objectives)


def _looked_up(series: pd.Series, index: pd.MultiIndex) -> np.ndarray:
    """Return the numbers of `series` in the order of `index`, 0 where it has none."""
    labels = index if series.index.nlevels > 1 else index.get_level_values(0)
    if series.index.nlevels > 1:
        series = series.reorder_levels(index.names)
    numbers: np.ndarray = series.reindex(labels, fill_value=0).to_numpy(dtype=np.int64)
    return numbers


def _evaluate(expression: Affine, values: np.ndarray) -> np.ndarray:
    result = expression.constant.copy()
    np.add.at(result, expression.at, expression.coefficient * values[expression.column])
    return result
