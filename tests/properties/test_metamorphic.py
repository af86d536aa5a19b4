"""Changes of a city whose effect on the optimum is known without solving it."""

from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import permutations
from random import Random
from typing import NamedTuple

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from optimizer.city.plan import Plan
from optimizer.constraints import registry
from optimizer.constraints.yearly_pace import YearlyPace
from optimizer.model.instance import Constraint, Instance
from optimizer.objectives.staff_cost import StaffCost
from optimizer.objectives.travel import Travel
from optimizer.solver import solve as solving
from tests.tiny import tiny, tiny_entry, with_entries
from tests.transported import (
    dearer,
    relabelled,
    relabelled_plan,
    repeated,
    reversed_names,
    with_idle_mode,
    with_idle_point,
    with_long_end,
    with_split_end,
    without_idle_mode,
    without_ties,
)

pytestmark = pytest.mark.usefixtures("one_engine")

SEEDS = (8, 11, 41, 46, 51)
"""Tiny cities in which some plan keeps the rules that are always on."""

LEVELS = (0, 1, 2, 20, 100, 1500, 4000, 9000)
"""Values of a limit that are tried, besides what the cheapest plan measures."""

ASKED = [name for name, rule in registry().items() if not rule.always]
"""The constraints that are on only where an entry asks for them."""

SOME = 6
"""Examples of what need not be tried on every constraint."""

every_name = pytest.mark.parametrize("name", registry())
every_asked = pytest.mark.parametrize("name", ASKED)


class Solved(NamedTuple):
    """A city with its best plan and least staff cost; None where no plan is allowed."""

    city: Instance
    plan: Plan | None
    value: int | None

    def is_no_worse_than(self, plan: Plan) -> bool:
        """Whether `plan`, if this city accepts it, costs no less than its best plan.

        Raises AssertionError if `plan` is better; returns whether it was accepted.
        """
        if not _accepts(self.city, plan):
            return False
        value = StaffCost().value(self.city, plan)
        assert self.value is not None, f"called infeasible, has a plan: {self.city.entries}"
        assert self.value <= value, self.city.entries
        return True


TOO_TINY = {
    "backup_counter metres",
    "counters_in_ward least",
    "coverage_share metres",
    "open_count most",
    "staff_between least",
    "travel_limit share65",
}
"""Parameters whose values the few districts and points of a tiny city seldom tell apart."""


@every_name
def test_relaxing_a_limit_never_raises_the_optimum(name: str) -> None:
    """Of two values of a number, the one that accepts the other's best plan costs no more; and of
    two values of a limit that a repair may move, one always accepts the other's best plan.
    """
    rule = registry()[name]
    numbers = _numbers(rule)
    if not numbers:
        pytest.skip("no numeric parameter")
    for parameter in numbers:
        seeds = Random(f"{name} {parameter}").sample(SEEDS, len(SEEDS))
        accepted = (_relaxed(name, seed, parameter) for seed in seeds)
        tried = any(accepted)
        if not tried and f"{name} {parameter}" in TOO_TINY:
            pytest.skip(f"no tiny city tells two values of {parameter} apart")
        assert tried, f"no tiny city puts {parameter} to the test"


def _relaxed(name: str, seed: int, parameter: str) -> int:
    """Compare the values of `parameter` two by two; returns how often one took the other's plan."""
    accepted, limit = 0, getattr(registry()[name], "limit", None)
    solved = [_solve(_city(seed, entry)) for entry in _levels(name, seed, parameter)]
    for one, other in permutations(solved, 2):
        if one.plan is None:
            continue
        relaxed = other.is_no_worse_than(one.plan)
        accepted += relaxed
        if parameter == limit and other.plan is not None:
            assert relaxed or one.is_no_worse_than(other.plan), (one.city.entries, other)
    return accepted


@settings(max_examples=SOME)
@given(
    st.sampled_from(SEEDS),
    st.lists(st.sampled_from(sorted(registry())), min_size=2, max_size=3, unique=True),
    st.integers(0, 999),
)
def test_dropping_an_entry_never_raises_the_optimum(
    seed: int, names: list[str], number: int
) -> None:
    """Without any one of several entries the optimum is at most what it was."""
    entries = [tiny_entry(name, tiny(seed), Random(f"{name} {number}")) for name in names]
    asked = [e for e in entries if e is not None and not e.always]
    together = _solve(_city(seed, *asked))
    for dropped in asked:
        fewer = _solve(_city(seed, *(e for e in asked if e is not dropped)))
        if together.plan is not None:
            assert fewer.is_no_worse_than(together.plan), dropped


@every_asked
def test_names_do_not_matter(name: str) -> None:
    """Under other ids, sorted the other way round, the renamed plan is as good and still the best."""
    one = _solve(_some_city(name))
    names = reversed_names(one.city)
    other = _solve(relabelled(one.city, names))
    assert other.value == one.value
    if one.plan is not None:
        assert other.is_no_worse_than(relabelled_plan(one.plan, names))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_point_that_never_serves_costs_nothing(seed: int) -> None:
    """Under the rules that are always on, the best plans with and without it cost the same."""
    one = _solve(_city(seed))
    other = _solve(with_idle_point(one.city))
    assert one.plan is not None and other.plan is not None
    assert other.is_no_worse_than(with_idle_mode(one.plan, one.city.planned))
    assert one.is_no_worse_than(without_idle_mode(other.plan))


@pytest.mark.parametrize("seed", SEEDS)
def test_splitting_a_period_keeps_the_cost(seed: int) -> None:
    """Two years of the same demand cost the same as two periods in the second of which no mode
    may change; where modes may change then too, it costs at most that.
    """
    whole = _solve(with_long_end(_city(seed)))
    assert whole.plan is not None
    last = whole.city.planned[-1]
    split = with_split_end(whole.city)
    twice = repeated(whole.plan, last)
    for objective in (StaffCost(), Travel()):
        assert objective.value(split, twice) == objective.value(whole.city, whole.plan)
    kept = YearlyPace(
        id="kept", changes=0, kinds=tuple(split.kinds), where={"periods": (last + 1,)}
    )
    still, free = _solve(replace(split, entries=(*split.entries, kept))), _solve(split)
    assert still.is_no_worse_than(twice) and free.is_no_worse_than(twice)
    assert still.value == whole.value
    assert free.value is not None and free.value <= still.value


@settings(max_examples=SOME)
@given(st.sampled_from(ASKED))
def test_a_repeated_year_is_allowed_to_change(name: str) -> None:
    """Where a constraint accepts the plan with its last year repeated, splitting costs no more."""
    whole = _solve(with_long_end(_some_city(name)))
    if whole.plan is not None:
        split = _solve(with_split_end(whole.city))
        split.is_no_worse_than(repeated(whole.plan, whole.city.planned[-1]))


@settings(max_examples=SOME)
@given(
    st.sampled_from(SEEDS),
    st.sampled_from(ASKED),
    st.integers(2, 9),
)
def test_dearer_by_a_factor(seed: int, name: str, factor: int) -> None:
    """If everything costs k times as much, the best plan stays the best and costs k times as much."""
    entry = _some_entry(name, seed)
    if any(field.description == "yen" for field in entry.parameters().values()):
        return
    one = _solve(_city(seed, entry))
    other = _solve(dearer(one.city, factor))
    assert other.value == (None if one.value is None else factor * one.value)
    assert one.plan is None or other.is_no_worse_than(one.plan)


@settings(max_examples=SOME)
@given(st.sampled_from(ASKED))
def test_a_point_that_never_serves_changes_nothing(name: str) -> None:
    """One more point that serves nobody: each plan is as good with it as without it, where the
    constraint allows it at all.
    """
    one = _solve(_some_city(name))
    more = with_idle_point(one.city)
    assume(not any(entry.problems(more) for entry in more.entries))
    other = _solve(more)
    both = [
        one.plan is None or other.is_no_worse_than(with_idle_mode(one.plan, more.planned)),
        other.plan is None or one.is_no_worse_than(without_idle_mode(other.plan)),
    ]
    if all(both):
        assert one.value == other.value


@cache
def _solve(city: Instance) -> Solved:
    """Solve to the end; the plan is verified before anything is said of it."""
    solution = solving.solve(city, solving.SolveSettings(gap=Fraction(0), time_limit=60))
    if solution.plan is None:
        assert solution.outcome.status == "infeasible"
        return Solved(city, None, None)
    assert solution.outcome.status == "optimal"
    assert _accepts(city, solution.plan)
    return Solved(city, solution.plan, StaffCost().value(city, solution.plan))


def _accepts(city: Instance, plan: Plan) -> bool:
    return all(entry.readings(city, plan).violations.empty for entry in city.entries)


def _city(seed: int, *entries: Constraint) -> Instance:
    return replace(with_entries(tiny(seed), *entries), objectives=(StaffCost(),))


@cache
def _some_city(name: str) -> Instance:
    """A tiny city that asks for the constraint, without ties that ids would break."""
    seed = Random(name).choice(SEEDS)
    return without_ties(_city(seed, _some_entry(name, seed)))


def _some_entry(name: str, seed: int) -> Constraint:
    drawn = (tiny_entry(name, tiny(seed), Random(f"{name} {seed} {n}")) for n in range(20))
    found = next((entry for entry in drawn if entry is not None), None)
    if found is None:
        pytest.skip("the loader refuses such an entry for this city")
    return found


def _numbers(rule: type[Constraint]) -> list[str]:
    """The parameters that are numbers and no years of the calendar."""
    fields = rule.parameters().items()
    return [n for n, f in fields if f.annotation is int and f.description != "period"]


def _levels(name: str, seed: int, parameter: str) -> list[Constraint]:
    """Three entries with growing values of `parameter`: low, about what is measured, high."""
    entry = tiny_entry(name, tiny(seed), Random(f"{name} {seed} {parameter}"))
    if entry is None:
        return []
    measured = entry.readings(tiny(seed), _cheapest(seed)).table["actual"]
    near = [int(measured.max()), int(measured.max()) - 1] if len(measured) else []
    found: dict[int, Constraint] = {}
    for value in [*LEVELS, *near]:
        try:
            changed = type(entry).model_validate(
                {**entry.values(), "id": entry.id, "where": entry.where, parameter: value}
            )
        except ValidationError:
            continue
        if not changed.problems(tiny(seed)):
            found[value] = changed
    middle = next((value for value in reversed(near) if value in found), max(found))
    return [found[value] for value in sorted({min(found), middle, max(found)})]


@cache
def _cheapest(seed: int) -> Plan:
    plan = _solve(_city(seed)).plan
    assert plan is not None
    return plan
