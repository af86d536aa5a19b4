"""The page of what a rule is written with: whole, fresh, and its recipes do what they say."""

import inspect
from dataclasses import fields
from functools import cached_property

import pytest

from optimizer.city.plan import Plan
from optimizer.model.algebra import Affine
from optimizer.model.build import build
from optimizer.model.decisions import Decisions
from optimizer.model.example import town, town_plan
from optimizer.report.rule_guide import RECIPES, guide
from tests.conftest import KUMAMOTO

PAGE = KUMAMOTO.parents[1] / "docs" / "rules.md"
INNER = {"program", "instance", "freeze", "frozen", "derived", "shared"}
"""What Decisions hold for those who build a program, not for a rule."""


def test_the_page_is_fresh():
    """The committed page is what the lines give today."""
    assert PAGE.read_text(encoding="utf-8") == guide()


def test_all_of_decisions_is_shown():
    """Every column, table and method that a rule can reach has a line."""
    named = {f.name for f in fields(Decisions)}
    named |= {
        name
        for name, value in vars(Decisions).items()
        if inspect.isfunction(value) or isinstance(value, cached_property | property)
    }
    page = guide()
    missing = {n for n in named - INNER if not n.startswith("_") and f"`x.{n}" not in page}
    assert not missing


@pytest.mark.parametrize(("kind", "name"), [(Affine, "."), (Plan, "`plan.")])
def test_all_operations_are_shown(kind, name):
    """So has every operation of an expression and of a plan."""
    page = guide()
    public = {n for n, value in vars(kind).items() if inspect.isfunction(value)}
    missing = {n for n in public if not n.startswith("_") and f"{name}{n}(" not in page}
    assert not missing


BREAKING = {
    "A ward label": lambda plan: plan.with_staff("W2", 2018, 2),
    "One service": lambda plan: plan.with_mode("B2", 2017, "closed"),
    "A stage from the period before": lambda plan: plan.with_mode("B2", 2018, "closed"),
    "A column of one's own": lambda plan: plan.with_staff("B1", 2018, 7),
    "A weighted mean": lambda plan: plan.with_assignment("D2", "registration", 2017, "W2"),
}


@pytest.mark.parametrize("title", RECIPES)
def test_a_recipe_does_what_it_says(title):
    """Its rows accept a plan that keeps the rule, and refuse one that does not."""
    model = build(town(), [])
    for rows in RECIPES[title](town(), model.decisions):
        model.program.add_rows(title, rows)
    keeps = town_plan().with_staff("W2", 2017, 3).with_staff("W2", 2018, 3)
    for plan, sound in ((keeps, True), (BREAKING[title](keeps), False)):
        values = model.encode(plan)
        broken = {entry for entry, _ in model.program.broken(values)}
        assert (title not in broken) == sound, model.program.broken(values)
