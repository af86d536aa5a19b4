"""What is minimised is what the auditor computes."""

from dataclasses import replace
from random import Random

import pytest

from optimizer.build import build
from optimizer.example import town, town_plan
from optimizer.ledger import ledger
from optimizer.objective import Objective, registry
from tests.cities import city, sound_plan, within_columns

CITIES = 12
OBJECTIVES = [pytest.param(kind, id=name) for name, kind in registry().items()]

every_objective = pytest.mark.parametrize("kind", OBJECTIVES)


@every_objective
def test_terms_are_the_value(kind: type[Objective]) -> None:
    """On random cities the expression for the solver equals the value from the raw tables."""
    for seed in range(CITIES):
        instance = replace(city(seed), objectives=(kind(),))
        model = build(instance, [])
        plan = within_columns(sound_plan(instance, Random(seed)), model)
        (terms,) = model.objectives
        values = model.encode(plan)
        assert values is not None and model.program.broken(values) == []
        result = int(terms.constant.sum() + terms.coefficient @ values[terms.column])
        assert result == kind().value(instance, plan), f"city({seed})"


@every_objective
def test_value_of_the_example(kind: type[Objective]) -> None:
    """A value is one whole number and not zero, and terms are one row."""
    value = kind().value(town(), town_plan())
    assert isinstance(value, int) and value != 0
    (terms,) = build(replace(town(), objectives=(kind(),)), []).objectives
    assert len(terms.index) == 1


@every_objective
def test_objectives_have_words(kind: type[Objective]) -> None:
    """Name and unit are there, and the type name is that of the file."""
    assert kind.name.en and kind.name.ja and kind.unit
    assert registry()[kind.type_name()] is kind


def test_staff_cost_is_the_whole_ledger() -> None:
    """Nothing in the ledger is left out of the staff cost."""
    cost = registry()["staff_cost"]()
    assert cost.value(town(), town_plan()) == ledger(town(), town_plan()).sum()


def test_travel_by_hand() -> None:
    """The travel of one assignment more is its years x cases x metres."""
    travel = registry()["travel"]()
    longer = replace(town(), periods=town().periods.assign(years=[1, 2, 1]))
    plan = town_plan()
    # D1 goes to W1 (500 m) for its 1000 registrations of 2017, a period of two years here
    assert plan.assignments["D1", "registration", 2017] == "W1"
    fewer = plan.without_assignment("D1", "registration", 2017)
    assert travel.value(longer, plan) - travel.value(longer, fewer) == 2 * 1000 * 500
