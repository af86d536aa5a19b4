"""What every constraint must bring along, whoever wrote it: the checks of `optimizer.testing`."""

from collections.abc import Callable

import pytest

from optimizer.constraints import origins, registry
from optimizer.model.example import town, town_plan
from optimizer.model.instance import Constraint, Instance
from optimizer.model.random_cases import random_cases
from optimizer.rules import Decisions, Plan, Readings, Rows, Text, Words, at_most
from optimizer.testing import CHECKS, RuleError, check, faults, two_engines_agree

OURS = {name: rule for name, rule in registry().items() if origins()[name] == "optimizer"}
QUICK = [one for one in CHECKS if one is not two_engines_agree]  # tests/solver asks three engines

NEVER_BROKEN = {"one_mode"}
"""Every plan with columns has one mode a point; the examples of the rule test the others."""


@pytest.mark.parametrize("one", QUICK, ids=lambda one: one.__name__)
@pytest.mark.parametrize("name", OURS)
def test_it_passes(name: str, one: Callable[[type[Constraint]], None]) -> None:
    """Each check of `optimizer.testing` finds nothing wrong."""
    one(OURS[name])


@pytest.mark.parametrize("name", OURS)
def test_random_plans_keep_it_and_break_it(name: str) -> None:
    """Ten random cities are enough to see plans that it accepts and plans that it does not."""
    verdicts = {not case.violated for case in random_cases(OURS[name])}
    assert verdicts == ({True} if name in NEVER_BROKEN else {True, False})


@pytest.mark.parametrize("point", town().points.index)
def test_negative_persons_are_caught(point: str) -> None:
    """Nobody lowers the cost by posting fewer than no persons: a rule that is always on objects."""
    plan = town_plan().with_staff(point, 2017, -3)
    always = [rule.examples().entry for rule in OURS.values() if rule.always]
    assert any(not entry.readings(town(), plan).violations.empty for entry in always)


PACE = OURS["yearly_pace"]
WORDS = PACE.words


class Blind(PACE):  # type: ignore[misc, valid-type]
    """Its check sees nothing."""

    def check(self, instance: Instance, plan: Plan) -> Readings:
        return at_most(super().check(instance, plan).table["actual"], 99)


class Toothless(PACE):  # type: ignore[misc, valid-type]
    """Its rows forbid nothing."""

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        return []


class Unlike(PACE):  # type: ignore[misc, valid-type]
    """Its rows count one change less than its check."""

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        return self.model_copy(update={"changes": self.changes + 1}).super_rows(instance, x)

    def super_rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        return super().rows(instance, x)


class Wordless(PACE):  # type: ignore[misc, valid-type]
    """A sentence names what nobody fills in, another is empty."""

    words = Words(WORDS.name, Text("{colour}", "{actual}"), WORDS.conflict, Text("", "{actual}"))


class Unlabelled(PACE):  # type: ignore[misc, valid-type]
    """Its key is not that of its rows."""

    key = ("district",)


class Limitless(PACE):  # type: ignore[misc, valid-type]
    """Its limit is no parameter."""

    limit = "colour"


class Broken(PACE):  # type: ignore[misc, valid-type]
    """Its check ends in an error."""

    def check(self, instance: Instance, plan: Plan) -> Readings:
        raise KeyError("colour")


class Alike(PACE):  # type: ignore[misc, valid-type]
    """Its counterexamples are one plan, and one of them is accepted."""

    @classmethod
    def examples(cls):
        example = super().examples()
        return example._replace(counterexamples=dict.fromkeys("abc", example.accepted))


@pytest.mark.parametrize(
    ("rule", "checks"),
    [
        (Blind, {"counterexamples_are_caught", "rows_and_check_agree"}),
        (Toothless, {"counterexamples_are_caught", "rows_and_check_agree"}),
        (Unlike, {"rows_and_check_agree"}),
        (Wordless, {"words_are_whole"}),
        (Unlabelled, {"readings_carry_the_key", "rows_carry_the_key"}),
        (Limitless, {"names_are_known"}),
        (Broken, {"example_is_accepted", "readings_carry_the_key", "rows_and_check_agree"}),
        (Alike, {"counterexamples_differ", "counterexamples_are_caught"}),
    ],
)
def test_a_faulty_rule_is_found_out(rule: type[Constraint], checks: set[str]) -> None:
    """Each way to be wrong fails a check that says so; the file of all these is too long or alien."""
    found = {name for name, _ in faults(rule, quick=True)}
    assert checks <= found
    with pytest.raises(RuleError, match=min(checks)):
        check(rule, quick=True)


def test_an_error_of_the_rule_is_told_by_its_place() -> None:
    """Whoever wrote the rule reads what went wrong and in which line, not a traceback."""
    told = dict(faults(Broken, quick=True))["readings_carry_the_key"]
    assert "KeyError" in told and "test_every_constraint.py, line" in told
