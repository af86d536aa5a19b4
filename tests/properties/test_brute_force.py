"""The solver's optimum is the best of all plans, as checks alone judge them."""

from dataclasses import replace
from fractions import Fraction
from functools import cache
from random import Random
from typing import NamedTuple

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from optimizer.audit.verify import verify
from optimizer.city.plan import Plan
from optimizer.constraints import registry
from optimizer.constraints.no_worse_than_today import NoWorseThanToday
from optimizer.model.build import build
from optimizer.model.instance import Constraint, Instance
from optimizer.objectives.staff_cost import StaffCost
from optimizer.solver import solve as solving
from tests.brute import STAFF, Brute, TooLargeError, Value
from tests.tiny import tiny, tiny_entry, with_entries, with_objectives

SEEDS = (8, 11, 41, 46, 51)
"""Tiny cities with few plans and different kinds of points, periods and districts."""

DRAWS = 8
"""Entries of a constraint that are drawn for a city, until one refuses its cheapest plan."""

CASES = 2
PAIRS = 6


pytestmark = pytest.mark.usefixtures("one_engine")


class Case(NamedTuple):
    """A city, the value the solver calls optimal and the best of all plans (None: there is none)."""

    told: str
    solver: Value | None
    brute: Value | None
    beyond: bool
    matters: bool


@pytest.mark.parametrize("name", registry())
def test_the_optimum_is_the_best_of_all_plans(name: str) -> None:
    """Under every constraint the solver's value is the least of the plans that no check refuses."""
    for case in _cases(name):
        assert case.solver == case.brute or (case.beyond and case.brute is None), case.told


def test_the_constraints_matter() -> None:
    """Most constraints that one can ask for refuse the plan that is best without them, and some
    then leave no plan at all. (Those that are always on are there in every case.)
    """
    cases = {name: _cases(name) for name, rule in registry().items() if not rule.always}
    found = [name for name, some in cases.items() if any(case.matters for case in some)]
    assert len(found) >= len(cases) * 3 // 4
    outcomes = {case.solver is None for some in cases.values() for case in some}
    assert outcomes == {True, False}


@settings(max_examples=PAIRS)
@given(
    st.sampled_from(SEEDS),
    st.sampled_from(sorted(registry())),
    st.sampled_from(sorted(registry())),
    st.integers(0, 999),
)
def test_two_constraints_together(seed: int, one: str, other: str, number: int) -> None:
    """So it is under two constraints at once, whichever objectives are minimised in turn."""
    random = Random(number)
    entries = [tiny_entry(name, tiny(seed), random) for name in {one, other}]
    found = [entry for entry in entries if entry is not None]
    instance = with_objectives(with_entries(tiny(seed), *found), random)
    try:
        case = _case(instance, seed, False)
    except TooLargeError:
        assume(False)
    assert case.solver == case.brute or (case.beyond and case.brute is None), case.told


def test_too_strict_rows_are_noticed() -> None:
    """A rule whose rows refuse more than its check does is found out: the solver's value is worse."""

    class TooStrict(NoWorseThanToday):
        def forbids(self, instance: Instance, links: pd.DataFrame) -> pd.Series:
            return links["metres"] > links["metres"].min()

    case = _case(_city(8, TooStrict(id="too strict", metres=10**6)), 8, False)
    assert case.brute is not None
    assert case.solver is None or case.solver > case.brute


@cache
def _brute(seed: int) -> Brute:
    return Brute(tiny(seed))


@cache
def _cheapest(seed: int) -> Plan:
    """The best plan of the city under the rules that are always on."""
    best = _brute(seed).best(build(_city(seed)))
    assert best is not None
    return best[1]


def _city(seed: int, *entries: Constraint) -> Instance:
    return replace(with_entries(tiny(seed), *entries), objectives=(StaffCost(),))


@cache
def _cases(name: str) -> list[Case]:
    """Up to CASES cities where the constraint refuses the cheapest plan, or else any one."""
    mattering, others = [], []
    for seed in Random(name).sample(SEEDS, len(SEEDS)):
        entry, matters = _entry(name, seed)
        if entry is not None:
            (mattering if matters else others).append((seed, entry))
        if len(mattering) == CASES:
            break
    chosen = mattering or others[:1]
    assert chosen, f"no tiny city takes an entry of {name}"
    return [_case(_city(seed, entry), seed, bool(mattering)) for seed, entry in chosen]


def _entry(name: str, seed: int) -> tuple[Constraint | None, bool]:
    """Return an entry for the city, and whether it refuses the cheapest plan; at best it does."""
    found = None
    for number in range(DRAWS):
        entry = tiny_entry(name, tiny(seed), Random(f"{name} {seed} {number}"))
        if entry is not None and _brute(seed).refuses(entry, _cheapest(seed)):
            return entry, True
        found = found or entry
    return found, False


def _case(instance: Instance, seed: int, matters: bool) -> Case:
    """Solve to the end, verify what comes out, and search all plans that are no worse."""
    solution = solving.solve(instance, solving.SolveSettings(gap=Fraction(0), time_limit=60))
    stages = solution.outcome.stages
    told = f"tiny({seed}), {instance.entries}, {[stage.status for stage in stages]}"
    if solution.plan is None:
        assert solution.outcome.status == "infeasible", told
        best = _brute(seed).best(build(instance))
        return Case(told, None, best and best[0], False, matters)
    audit = verify(instance, solution.plan)
    value = tuple(audit.values[stage.objective] for stage in stages)
    assert audit.violations == 0, told
    assert [stage.status for stage in stages] == ["optimal"] * len(instance.objectives), told
    assert value == tuple(stage.value for stage in stages), told
    best = _brute(seed).best(build(instance), value)
    beyond = bool((solution.plan.staff > STAFF).any())
    return Case(f"{told} {value} {best}", value, best and best[0], beyond, matters)
