"""Rows and checks are written apart; on random cities and plans they must say the same."""

from functools import cache
from random import Random
from typing import NamedTuple

import numpy as np
import pytest

from optimizer.city.frozen_plan import nearest_fallback
from optimizer.city.plan import Plan
from optimizer.constraints import registry
from optimizer.model.build import Model, build
from optimizer.model.example import town
from optimizer.model.instance import Constraint
from optimizer.model.program import Program
from tests.cities import city, entry_for, perturbed, sound_plan, within_columns, without_kind

CITIES = 10
PLANS = 5

NEVER_BROKEN = {"one_mode"}
"""Every plan with columns has one mode a point; the examples of the rule test the others."""

Keys = set[tuple[object, ...]]


class Case(NamedTuple):
    """What rows and check said of one plan; `broken` is None where the plan has no columns."""

    told: str
    broken: Keys | None
    violated: Keys


@pytest.mark.parametrize("name", registry())
def test_rows_and_check_agree(name: str) -> None:
    """A plan breaks a row of a constraint exactly when its check finds a violation."""
    for case in _cases(name):
        sound = case.broken is not None and not case.broken
        assert sound == (not case.violated), case.told


@pytest.mark.parametrize("name", registry())
def test_rows_and_check_name_the_same_keys(name: str) -> None:
    """The keys of the broken rows are those of the violations, so that the two can be joined."""
    for case in _cases(name):
        assert case.broken is None or case.broken == case.violated, case.told


@pytest.mark.parametrize("name", registry())
def test_the_cities_put_every_constraint_to_the_test(name: str) -> None:
    """The random plans hold some that a constraint accepts and some that it does not."""
    verdicts = {not case.violated for case in _cases(name)}
    assert verdicts == ({True} if name in NEVER_BROKEN else {True, False})


@pytest.mark.parametrize("kind", ["branch", "store", "ward_office"])
@pytest.mark.parametrize("name", registry())
def test_a_city_may_lack_a_kind_of_point(name: str, kind: str) -> None:
    """Rules about a kind of point hold in a city that has none, and rows and check still agree."""
    instance = without_kind(town(), kind)
    entry = registry()[name].examples().entry
    if entry.problems(instance):
        pytest.skip("the loader refuses this entry for such a city")
    model = build(instance, [entry])
    plan = within_columns(sound_plan(instance, Random(name)), model)
    values = model.encode(plan)
    violations = entry.readings(instance, plan).violations
    assert (values is not None and not model.program.broken(values)) == violations.empty


@cache
def _cases(name: str) -> list[Case]:
    cases = []
    for seed in range(CITIES):
        instance = city(seed)
        entry = entry_for(registry()[name], instance, Random(f"{name} {seed}"))
        model = build(instance, [entry])
        for number, drawn in enumerate(_plans(seed)):
            plan = within_columns(drawn, model)
            values = model.encode(plan)
            broken = None if values is None else _broken_keys(model, values, entry)
            violated = set(entry.readings(instance, plan).violations.index)
            told = f"city({seed}), plan {number}, {entry!r}: rows {broken}, check {violated}"
            cases.append(Case(told, broken, violated))
    return cases


@cache
def _plans(seed: int) -> tuple[Plan, ...]:
    random = Random(seed)
    plan = sound_plan(city(seed), random)
    plan = nearest_fallback(city(seed), plan, city(seed).planned[:-1])
    return (plan, *(perturbed(plan, city(seed), random) for _ in range(PLANS - 1)))


def _broken_keys(model: Model, values: np.ndarray, entry: Constraint) -> Keys:
    found = set()
    for name, rows in model.program.rows:
        if name != entry.id:
            assert not Program(rows=[(name, rows)]).broken(values)
            continue
        position = [rows.index.names.index(label) for label in entry.key]
        for _, label in Program(rows=[(name, rows)]).broken(values):
            found.add(tuple(label[n] for n in position))
    return found
