"""Firm and arbitrary decisions, against the enumeration of all plans within the tolerance."""

from dataclasses import replace
from fractions import Fraction

import pytest

import optimizer
from optimizer.base.errors import InputError
from optimizer.city.plan import Plan
from optimizer.constraints import registry
from optimizer.constraints.allowed_modes import AllowedModes
from optimizer.explain.robust.at_most import AtMost
from optimizer.explain.robust.cost_cap import Likeness, capped, with_modes, without_mode
from optimizer.explain.robust.firm import MODES_ALONE, Answer, Firmness, cap_of, decisions, firm
from optimizer.model.build import build
from optimizer.model.example import town, town_plan
from optimizer.model.instance import Instance
from optimizer.model.outcome import Outcome, Stage
from optimizer.model.where import Where
from optimizer.objectives.staff_cost import StaffCost
from optimizer.solver import solve as solving
from optimizer.solver.solve import Solution
from tests.brute import Brute
from tests.tiny import tiny, with_entries

SEEDS = (8, 41, 46)
"""Cities with firm and arbitrary decisions, by rules and by cost."""
TOLERANCES = (Fraction(0), Fraction(1, 20), Fraction(1, 2))


def city(seed: int) -> Instance:
    return with_entries(replace(tiny(seed), objectives=(StaffCost(),)))


def exactly(instance: Instance, start: Plan | None, gap: Fraction) -> Solution:
    return solving.solve(instance, solving.SolveSettings(gap, time_limit=60), start=start)


def best_plan(instance: Instance) -> Plan:
    plan = exactly(instance, None, Fraction(0)).plan
    assert plan is not None
    return plan


def firm_by_enumeration(instance: Instance, plan: Plan, cap: int) -> dict[tuple[str, int], bool]:
    """For every decision, whether all plans up to the cap have its mode, as checks alone judge."""
    found = {}
    for point, period in decisions(instance):
        other = without_mode(instance, point, period, plan.modes[point, period])
        best = Brute(tiny_without_entries(instance)).best(build(other), (cap,))
        found[point, period] = best is None
    return found


def tiny_without_entries(instance: Instance) -> Instance:
    return replace(instance, entries=())


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.usefixtures("one_engine")
def test_verdicts_are_those_of_all_plans(seed: int) -> None:
    """A decision is called firm exactly if no plan up to the cap differs in it; none is unknown."""
    instance = city(seed)
    plan = best_plan(instance)
    for within in TOLERANCES:
        found = firm(instance, plan, within, exactly)
        truth = firm_by_enumeration(instance, plan, found.cap)
        told = {(a.point, a.period): a.verdict == "firm" for a in found.answers}
        assert found.count("unknown") == 0 and told == truth, (seed, within)
        for answer in found.answers:
            if answer.verdict == "arbitrary":
                assert answer.other != answer.mode and answer.cost <= found.cap


@pytest.mark.usefixtures("one_engine")
def test_one_by_one_gives_the_same() -> None:
    """Where looking at all decisions together proves nothing, forbidding one mode at a time does."""
    instance = city(8)
    plan = best_plan(instance)

    def only_single(asked: Instance, start: Plan | None, gap: Fraction) -> Solution:
        if isinstance(asked.objectives[0], Likeness):
            return _nothing(asked)
        return exactly(asked, start, gap)

    for within in TOLERANCES:
        both = [firm(instance, plan, within, s) for s in (exactly, only_single)]
        assert [a.verdict for a in both[0].answers] == [a.verdict for a in both[1].answers]


def _nothing(asked: Instance, interrupted: bool = False) -> Solution:
    outcome = Outcome("", "", (Stage("", "unknown", None, None, 0, interrupted),))
    return Solution(asked, None, outcome, interrupted, 0)


def test_a_solve_out_of_time_says_unknown() -> None:
    """Without plan and proof nothing is firm; without time nothing is even asked."""
    instance = city(8)
    plan = _some_plan(instance)
    found = firm(instance, plan, Fraction(1, 10), lambda *asked: _nothing(asked[0]))
    assert found.count("unknown") == len(found.answers) > 0
    asked: list[int] = []

    def count(*what: object) -> Solution:
        asked.append(1)
        raise AssertionError

    firm(instance, plan, Fraction(1, 10), count, time_is_up=lambda: True)
    assert asked == []


@pytest.mark.usefixtures("one_engine")
def test_an_interrupted_run_is_taken_up_again() -> None:
    """Ctrl-C keeps the answers; a later run asks only for what is unknown and ends the same."""
    instance = city(41)
    plan = best_plan(instance)
    whole = firm(instance, plan, Fraction(1, 20), exactly)
    solves: list[int] = []

    def once(asked: Instance, start: Plan | None, gap: Fraction) -> Solution:
        solves.append(1)
        return replace(exactly(asked, start, gap), interrupted=True)

    kept: list[Firmness] = []
    first = firm(instance, plan, Fraction(1, 20), once, keep=kept.append)
    assert first.interrupted and len(solves) == 1 and kept[-1] == first
    assert first.count("unknown") > 0
    again = firm(instance, plan, Fraction(1, 20), exactly, known=first.answers)
    assert [a.verdict for a in again.answers] == [a.verdict for a in whole.answers]
    done = firm(instance, plan, Fraction(1, 20), lambda *asked: 1 / 0, known=whole.answers)
    assert done.answers == whole.answers


def test_answers_of_another_plan_are_not_taken() -> None:
    """An answer about another mode than the plan's is not believed."""
    instance = city(8)
    plan = _some_plan(instance)
    point, period = decisions(instance)[0]
    wrong = Answer(point, period, "no such mode", "firm")
    found = firm(instance, plan, Fraction(0), lambda *a: _nothing(a[0]), known=[wrong])
    assert found.count("firm") == 0


def _some_plan(instance: Instance) -> Plan:
    best = Brute(tiny_without_entries(instance)).best(build(instance))
    assert best is not None
    return best[1]


def test_the_cap_is_rounded_down() -> None:
    """No plan beyond the tolerance is let in by rounding."""
    assert cap_of(1999, Fraction(1, 1000)) == 2000 and cap_of(-100, Fraction(1, 10)) == -90


def test_a_plan_that_breaks_rules_is_refused() -> None:
    """Nothing is said of a plan that no constraint allows."""
    broken = replace(with_entries(town()), objectives=(StaffCost(),))
    plan = town_plan().with_staff("W1", 2017, 0)
    with pytest.raises(InputError):
        firm(broken, plan, Fraction(0), exactly)


def test_the_cap_catches_what_its_examples_name() -> None:
    """The cap on the cost accepts the plan at the cap and refuses dearer ones, in check and rows."""
    example = AtMost.examples()
    model = build(replace(example.instance, entries=(example.entry,)))
    for name, plan in {"": example.accepted, **example.counterexamples}.items():
        dear = bool(name)
        assert (len(example.entry.readings(example.instance, plan).violations) > 0) == dear
        values = model.encode(plan)
        assert values is not None and bool(model.program.broken(values)) == dear


def test_modes_can_be_fixed_as_in_a_plan() -> None:
    """With its modes fixed, an instance accepts the plan and no plan with another mode."""
    plan = town_plan()
    fixed = with_modes(capped(replace(town(), objectives=(StaffCost(),)), 10**12), plan)
    assert not any(len(e.readings(fixed, plan).violations) for e in fixed.entries)
    other = plan.with_mode("Z1", 2018, "closed")
    assert any(len(e.readings(fixed, other).violations) for e in fixed.entries)


@pytest.mark.usefixtures("one_engine")
def test_the_verb_of_the_library() -> None:
    """`optimizer.firm` and `optimizer.compare` are the verbs behind the commands."""
    instance = city(8)
    plan = best_plan(instance)
    assert optimizer.firm(instance, plan, Fraction(0)).count("firm") == len(decisions(instance))
    audit = optimizer.verify(instance, plan)
    assert optimizer.compare(audit, audit).same


@pytest.mark.parametrize("name", sorted(MODES_ALONE))
def test_rules_about_modes_look_at_nothing_else(name: str) -> None:
    """Their readings need neither assignments nor staff, so that leaving those open is a relaxation."""

    class ModesOnly(Plan):
        def __getattribute__(self, part: str) -> object:
            assert part not in ("assignments", "staff", "extra", "served"), part
            return super().__getattribute__(part)

    example = registry()[name].examples()
    whole = example.accepted
    only = ModesOnly(whole.modes, whole.assignments, whole.staff, whole.extra)
    readings = example.entry.readings(example.instance, only).table
    assert readings.equals(example.entry.readings(example.instance, whole).table)


@pytest.mark.usefixtures("one_engine")
def test_what_rules_settle_is_told_apart() -> None:
    """A mode that an entry prescribes is firm by rules, at any cost; without the entry it is not."""
    instance = city(8)
    plan = best_plan(instance)
    wide = firm(instance, plan, Fraction(99, 100), exactly)
    free = [a for a in wide.answers if a.verdict == "arbitrary"]
    assert free
    where = Where(points=(free[0].point,), periods=(free[0].period,))
    entry = AllowedModes(id="prescribed", modes=(free[0].mode,), where=where)
    held = replace(instance, entries=(*instance.entries, entry))
    found = firm(held, plan, Fraction(99, 100), exactly)
    told = {(a.point, a.period): a for a in found.answers}[free[0].point, free[0].period]
    assert told.verdict == "firm" and told.by_rules
