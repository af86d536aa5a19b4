"""Rows and check of a rule side by side, on random cities and plans under drawn entries."""

from collections.abc import Iterator
from functools import cache
from random import Random
from typing import NamedTuple

import numpy as np

from optimizer.city.frozen_plan import nearest_fallback
from optimizer.city.plan import Plan
from optimizer.model.build import Model, build
from optimizer.model.instance import Constraint
from optimizer.model.program import Program
from optimizer.model.random_city import city
from optimizer.model.random_plan import entry_for, perturbed, sound_plan, within_columns

Keys = set[tuple[object, ...]]

CITIES, MOST_CITIES, PLANS = 10, 40, 5
"""Random cities that every rule sees; how many more until its plans hold some that it accepts and some
that it does not; plans in each.
"""


class Case(NamedTuple):
    """What rows and check said of one plan; `broken` is None where the plan has no columns."""

    told: str
    broken: Keys | None
    violated: Keys


@cache
def random_cases(rule: type[Constraint]) -> tuple[Case, ...]:
    """Return what rows and check say of random plans of random cities, under drawn entries.

    At least CITIES cities, and more until there are plans of both kinds. Entries that `problems`
    refuses are left out.
    """
    cases: list[Case] = []
    for seed in range(MOST_CITIES):
        if seed >= CITIES and len({not case.violated for case in cases}) == 2:
            break
        cases += _cases_of(rule, seed)
    return tuple(cases)


def _cases_of(rule: type[Constraint], seed: int) -> Iterator[Case]:
    instance, name = city(seed), rule.type_name()
    entry = entry_for(rule, instance, Random(f"{name} {seed}"))
    if entry.problems(instance):
        return
    model = build(instance, [entry])
    for number, drawn in enumerate(_plans(seed)):
        plan = within_columns(drawn, model)
        values = model.encode(plan)
        broken = None if values is None else _broken_keys(model, values, entry)
        violated = set(entry.readings(instance, plan).violations.index)
        told = f"city({seed}), plan {number}, {entry!r}: rows {broken}, check {violated}"
        yield Case(told, broken, violated)


@cache
def _plans(seed: int) -> tuple[Plan, ...]:
    random = Random(seed)
    plan = sound_plan(city(seed), random)
    plan = nearest_fallback(city(seed), plan, city(seed).planned[:-1])
    return (plan, *(perturbed(plan, city(seed), random) for _ in range(PLANS - 1)))


def _broken_keys(model: Model, values: np.ndarray, entry: Constraint) -> Keys:
    found = set()
    for name, rows in model.program.rows:
        broken = Program(rows=[(name, rows)]).broken(values)
        if name != entry.id:  # rows of columns that follow from the plan
            if broken:
                raise ValueError(f"the rows {name!r}, added beside the rule's own, break: {broken}")
            continue
        position = [rows.index.names.index(label) for label in entry.key]
        found |= {tuple(label[n] for n in position) for _, label in broken}
    return found
