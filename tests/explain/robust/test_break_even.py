"""Break-even values, against the enumeration of all plans at both neighbours."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest

from optimizer.base.errors import InputError, refuse
from optimizer.base.words import Text
from optimizer.city.city import Assumption
from optimizer.city.plan import Plan
from optimizer.explain.robust.break_even import (
    BreakEven,
    Scale,
    Side,
    break_even,
    from_json,
    scale,
)
from optimizer.explain.robust.cost_cap import with_modes
from optimizer.model.build import build
from optimizer.model.instance import Instance
from optimizer.model.outcome import Outcome, Stage
from optimizer.objectives.staff_cost import StaffCost
from optimizer.solver import solve as solving
from optimizer.solver.solve import Solution
from tests.brute import Brute
from tests.tiny import tiny, with_entries

SEEDS = (8, 11, 46)
FACTORS = Scale("running", tuple(str(n) for n in range(0, 41)), 10)
"""Tenths of the running costs and of the costs of moving: none to four times as much."""


def city_at(seed: int, tenths: str) -> Instance:
    base = tiny(seed)
    modes = base.modes.copy()
    for column in ("running_cost", "move_in_cost"):
        modes[column] = modes[column] * int(tenths) // 10
    return with_entries(replace(base, modes=modes, objectives=(StaffCost(),)))


def exactly(instance: Instance, start: Plan | None, gap: Fraction) -> Solution:
    return solving.solve(instance, solving.SolveSettings(gap, time_limit=60), start=start)


def least(instance: Instance) -> int | None:
    best = Brute(replace(instance, entries=())).best(build(instance))
    return None if best is None else best[0][0]


def holds(instance: Instance, plan: Plan) -> bool:
    return least(with_modes(instance, plan)) == least(instance)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.usefixtures("one_engine")
def test_neighbours_are_right_by_enumeration(seed: int) -> None:
    """The last value that holds does, its neighbour flips, whatever the direction; none is unknown."""
    plan = exactly(city_at(seed, "10"), None, Fraction(0)).plan
    assert plan is not None
    asked = lambda name, value: city_at(seed, value)  # noqa: E731
    (found,) = break_even([FACTORS], asked, plan, Fraction(0), exactly)
    assert found.now == "holds" and found.settled
    for side, step, end in ((found.down, -1, 0), (found.up, 1, 40)):
        assert side is not None and holds(city_at(seed, side.holds), plan)
        if side.flips:
            assert int(side.flips) == int(side.holds) + step
            assert not holds(city_at(seed, side.flips), plan) and side.flipped
        else:
            assert side.end == "holds" and int(side.holds) == end


@pytest.mark.usefixtures("one_engine")
def test_some_decisions_flip() -> None:
    """Among the tiny cities there is a number that flips a decision, and one that flips none."""
    flips = set()
    for seed in SEEDS:
        plan = exactly(city_at(seed, "10"), None, Fraction(0)).plan
        short = Scale("running", ("0", "10", "40"), 1)
        (found,) = break_even(
            [short], lambda name, value, s=seed: city_at(s, value), plan, Fraction(0), exactly
        )
        flips |= {bool(side.flips) for side in (found.down, found.up)}
    assert flips == {True, False}


def test_a_solve_out_of_time_says_unknown() -> None:
    """Without proof nothing holds and nothing flips; such a number is asked again later."""
    instance = city_at(8, "10")
    best = Brute(replace(instance, entries=())).best(build(instance))
    assert best is not None

    def nothing(asked: Instance, start: Plan | None, gap: Fraction) -> Solution:
        return Solution(asked, None, Outcome("", "", (Stage("", "unknown", None, 1, 0),)), False, 0)

    kept: list[tuple[BreakEven, ...]] = []
    (found,) = break_even(
        [FACTORS], lambda n, v: instance, best[1], Fraction(0), nothing, keep=kept.append
    )
    assert found.now == "unknown" and not found.settled and kept == [(found,)]
    done = BreakEven("running", "10", "flips")
    never = lambda *asked: 1 / 0  # noqa: E731
    assert break_even([FACTORS], never, best[1], Fraction(0), never, [done]) == (done,)


def test_an_interrupt_ends_the_search() -> None:
    """After Ctrl-C nothing more is solved; numbers not asked yet are unknown, and none is settled."""
    instance = city_at(8, "10")
    best = Brute(replace(instance, entries=())).best(build(instance))
    assert best is not None
    solves: list[int] = []

    def stopped(asked: Instance, start: Plan | None, gap: Fraction) -> Solution:
        solves.append(1)
        outcome = Outcome("", "", (Stage("", "unknown", None, 1, 0, True),))
        return Solution(asked, None, outcome, True, 0)

    scales = [FACTORS, replace(FACTORS, name="another")]
    found = break_even(scales, lambda n, v: instance, best[1], Fraction(0), stopped)
    assert len(solves) == 1 and [a.now for a in found] == ["unknown", "unknown"]
    side = Side("9", "8", "flips", (("P", 2018, "closed"),))
    for answer in (*found, BreakEven("n", "10", "holds", side, replace(side, unknown=True))):
        assert from_json(json.loads(json.dumps(answer.to_json()))) == answer


@pytest.mark.usefixtures("one_engine")
def test_values_that_cannot_be_end_the_reach() -> None:
    """Where the loader refuses a value, the search turns to values nearer by."""
    plan = exactly(city_at(8, "10"), None, Fraction(0)).plan

    def only_near(name: str, value: str) -> Instance:
        if abs(int(value) - 10) > 3:
            raise refuse(Text("no", "否"), Text("no", "否"))
        return city_at(8, value)

    (found,) = break_even([FACTORS], only_near, plan, Fraction(1), exactly)
    assert found.settled and found.up.end == found.down.end == "holds"
    assert 10 < int(found.up.holds) <= 13 and 7 <= int(found.down.holds) < 10
    with pytest.raises(InputError):
        only_near("", "20")


@pytest.mark.parametrize(
    ("value", "reach", "first", "second", "last"),
    [
        ("7000000", "1/2", "3500000", "3570000", "10500000"),
        ("4", "1/2", "2", "3", "6"),
        ("1", "1/2", "0", "1", "2"),
        ("0.18", "1/2", "0.09", "0.10", "0.27"),
        ("1.00", "1/10", "0.90", "0.91", "1.10"),
    ],
)
def test_steps_are_a_per_cent_or_the_last_digit(value, reach, first, second, last) -> None:
    """A scale moves by one per cent or the last stated digit, whichever is more, around the value."""
    text = Text("", "")
    steps = scale("n", Assumption("n", value, text, text), Fraction(reach))
    assert steps.values[steps.start] == value
    assert (steps.values[0], steps.values[1], steps.values[-1]) == (first, second, last)


def test_numbers_by_period_move_together() -> None:
    """A number by period is moved by whole per cents, each period rounded with two digits more."""
    text = Text("", "")
    stated = Assumption("n", {2016: "0.04", 2017: "1"}, text, text)
    steps = scale("n", stated, Fraction(1, 2))
    assert len(steps.values) == 101
    assert steps.values[steps.start] == '{ 2016 = "0.04", 2017 = "1" }'
    assert steps.values[steps.start + 1] == '{ 2016 = "0.0404", 2017 = "1.01" }'
