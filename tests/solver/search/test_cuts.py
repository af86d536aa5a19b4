"""Rows that whole ways add to the relaxation: against all solutions of programs made by hand."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from optimizer.constraints import registry
from optimizer.model.build import build
from optimizer.model.example import town
from optimizer.model.matrix import FREE
from optimizer.objectives.staff_cost import StaffCost
from optimizer.solver.engines.answer import Answer
from optimizer.solver.engines.child import Engine
from optimizer.solver.engines.job import Settings
from optimizer.solver.search.bound_prover import BoundProver
from optimizer.solver.search.cuts import Cuts, Steps, untied, with_row
from optimizer.solver.search.incumbent import Incumbent
from optimizer.solver.search.neighbourhoods import Neighbourhoods
from optimizer.solver.search.subproblems import Asker
from optimizer.solver.solve import LAYOUT, SolveSettings, solve
from tests.solver.search.hand import WAGE, Hand

SETTINGS = Settings(time_limit=60, gap=0.0, seed=0, memory=0, threads=0, nodes=0)

FIVE = Hand({2017: [6] * 5}, {"A": 5, "B": 5}, most=2)
"""Five items of 0.6 persons at two counters of at most two: three persons if they may be split, else
four."""

CROWDED = Hand({2017: [6, 6, 6]}, {"A": 5, "B": 5, "C": 500}, most=1)
"""Three such items where nobody can be added: split, two counters do, whole, it takes the third."""

SPARE = Hand({2017: [6, 6, 6]}, {"A": 5, "B": 5, "C": 5}, most=2)
"""Three such items that any of three counters can take alone."""


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine("highs", threading.Event()) as running:
        yield running


def _asker(engine: Engine, hand: Hand, **settings: object) -> tuple[Asker, Steps]:
    incumbent = Incumbent(hand.matrix, replace(SETTINGS, **settings), engine.stop)
    return Asker(engine, incumbent), Steps(incumbent, hand.lead, hand.choices())


@pytest.mark.parametrize(
    ("hand", "opened", "split"),
    [(FIVE, "AB", 3), (CROWDED, "ABC", 2), (SPARE, "A", 2), (SPARE, "BC", 2)],
)
def test_what_a_year_needs_agrees_with_brute_force(engine, hand, opened, split):
    """The least wages of a choice of counters are those of trying all whole ways, not of splitting."""
    asker, steps = _asker(engine, hand)
    (step,) = steps.numbers
    on = steps.chosen(step, hand.values({2017: opened}, {2017: opened[0] * len(hand.works[2017])}))
    need = hand.need(2017, opened)
    assert steps.need(asker, step, on, need - 1) == need
    assert steps.need(asker, step, on, need) is None
    assert steps.anyway(asker, step) == split * WAGE <= need


@pytest.mark.parametrize(("hand", "divided"), [(FIVE, 310), (CROWDED, 210), (SPARE, 205)])
def test_the_bound_of_divided_items_is_kept_apart(engine, hand, divided):
    """What holds even if items are split is told beside the bound of whole items, which is higher."""
    asker, steps = _asker(engine, hand)
    BoundProver(asker, hand.leading, steps).relax(30)
    assert divided - 5 < asker.incumbent.divided <= divided  # all costs are multiples of 5
    assert asker.incumbent.bound >= divided
    assert hand is SPARE or asker.incumbent.bound > divided


def test_the_relaxation_leaves_out_what_ties_the_years(kumamoto):
    """In the city these are the rows against coming back, no other; rows of one year stay."""
    model = build(kumamoto)
    program, matrix = model.program, model.program.matrix(model.objectives[0])
    loose = untied(matrix, Neighbourhoods(program, LAYOUT, 0))
    rows = {entry: len(rows.index) for entry, rows in program.rows if entry == "steady"}
    assert rows["steady"] == len(matrix.row_lower) - len(loose.row_lower) > 1000
    without = replace(
        model, program=replace(program, rows=[r for r in program.rows if r[0] != "steady"])
    )
    for one, other in zip(loose, without.program.matrix(model.objectives[0]), strict=True):
        assert np.array_equal(one, other)


def test_a_budget_stays_in_the_relaxation(kumamoto):
    """A held objective or a cap has ways of all years and of everybody, and keeps money limited."""
    model = build(kumamoto)
    program = replace(model.program, rows=list(model.program.rows))
    program.add_rows("held", model.objectives[0] <= 6_100_000_000)
    matrix = program.matrix(model.objectives[1])
    loose = untied(matrix, Neighbourhoods(program, LAYOUT, 0))
    assert loose.row_upper[-1] == matrix.row_upper[-1]
    assert len(matrix.row_lower) - len(loose.row_lower) == 5109


def test_what_was_left_out_comes_back_once(engine):
    """Ties are back in the program to relax after all rows were found, and always in the whole one."""
    hand = Hand({2017: [6, 6], 2018: [6, 6]}, {"A": 5, "B": 7})
    one, other = (
        hand.assign.select(period=[year], district=["D0"]).sum(by=["point"])
        for year in (2017, 2018)
    )
    hand.program.add_rows("ties", one == other.over(one.index))
    incumbent = Incumbent(hand.program.matrix(hand.objective), SETTINGS, engine.stop)
    cuts = Cuts(Asker(engine, incumbent), Steps(incumbent, hand.lead, hand.choices()))
    assert len(cuts.whole.row_lower) - len(cuts.matrix.row_lower) == 2
    assert cuts.tie() and cuts.matrix is cuts.whole
    assert not cuts.tie()


@pytest.mark.parametrize("seed", range(4))
def test_each_year_is_asked_alone(engine, seed):
    """Of two years with other work each needs what trying all its ways says."""
    random = np.random.default_rng(seed)
    hand = Hand(
        {y: [int(n) for n in random.integers(1, 12, 3)] for y in (2017, 2018)}, {"A": 1, "B": 1}
    )
    asker, steps = _asker(engine, hand)
    values = hand.values(dict.fromkeys((2017, 2018), "AB"), dict.fromkeys((2017, 2018), "AAA"))
    for step, year in zip(steps.numbers, (2017, 2018), strict=True):
        need = hand.need(year, "AB")
        assert steps.need(asker, step, steps.chosen(step, values), need - 1) == need
        assert steps.spent(step, values) == hand.least("A", year, "AAA") * WAGE


def test_what_is_known_answers_only_what_it_can(engine):
    """A run that ended because its value was enough says nothing of less; asked so, it is run anew."""
    asker, steps = _asker(engine, FIVE)
    (step,) = steps.numbers
    on = steps.chosen(step, FIVE.values({2017: "AB"}, {2017: "AABBB"}))
    need = FIVE.need(2017, "AB")
    for enough in (8 * WAGE, need, need - 1, need - WAGE, need, 8 * WAGE):
        assert steps.need(asker, step, on, enough) == (need if enough < need else None)


def test_a_run_that_ended_early_is_asked_anew_for_less_only(engine, monkeypatch):
    """A bound and a value that leave the question open lead to another run; others are remembered."""
    asker, steps = _asker(engine, FIVE)
    (step,), none = steps.numbers, np.empty(0, dtype=np.int64)
    asked = []

    def ask(*_: object, enough: int, **__: object) -> Answer:
        asked.append(enough)
        return Answer("feasible", None, 500, 100, interrupted=True)

    monkeypatch.setattr(asker, "ask", ask)
    for enough, told in ((600, None), (300, None), (550, None), (500, None), (99, 100)):
        assert steps.need(asker, step, none, enough) == told
    assert asked == [600, 300]


@pytest.mark.parametrize("hand", [FIVE, CROWDED], ids=["five", "crowded"])
@pytest.mark.parametrize("opened", ["A", "AB"])
def test_no_solution_breaks_a_row_that_is_added(engine, hand, opened):
    """Rows that follow from one choice of counters leave all solutions, whatever these choose, and
    cut off the split one that was too cheap."""
    asker, steps = _asker(engine, hand)
    cuts = Cuts(asker, steps)
    few = {(p, 2017): int(p in opened) for p in hand.counters}
    cheap = hand.values({2017: opened}, {2017: "A" * len(hand.works[2017])}, few)
    assert cuts.add(cheap)
    fresh = len(cuts.matrix.row_lower) - len(hand.matrix.row_lower)
    assert fresh == 1 and len(hand.matrix.row_lower) in cuts.matrix.broken(cheap)
    solutions = list(hand.solutions(2017))
    assert solutions and all(cuts.matrix.holds(values) for values in solutions)


@pytest.mark.parametrize("seed", range(4))
def test_no_solution_of_random_work_breaks_a_row(engine, seed):
    """Whatever the work and the counters chosen, the rows leave every solution."""
    random = np.random.default_rng(seed)
    hand = Hand({2017: [int(n) for n in random.integers(1, 14, 3)]}, {"A": 1, "B": 2}, most=3)
    asker, steps = _asker(engine, hand)
    cuts = Cuts(asker, steps)
    for opened in ("A", "B", "AB"):
        nobody = {(p, 2017): 0 for p in hand.counters}
        assert cuts.add(hand.values({2017: opened}, {2017: opened[0] * 3}, nobody))
    solutions = list(hand.solutions(2017))
    assert solutions and all(cuts.matrix.holds(values) for values in solutions)


def test_an_impossible_choice_becomes_a_row_that_forbids_it(engine):
    """Counters that no whole way can serve together with their staff are not chosen again, and
    those that can are."""
    asker, steps = _asker(engine, CROWDED)
    cuts = Cuts(asker, steps)
    one = {("A", 2017): 1, ("B", 2017): 1, ("C", 2017): 0}
    assert CROWDED.need(2017, "AB") is None
    assert cuts.add(CROWDED.values({2017: "AB"}, {2017: "AAB"}, one))
    row = len(CROWDED.matrix.row_lower)
    for staff in (0, 1):
        many = {(p, 2017): staff for p in "ABC"}
        assert row in cuts.matrix.broken(CROWDED.values({2017: "AB"}, {2017: "AAB"}, many))
    assert cuts.matrix.holds(CROWDED.values({2017: "ABC"}, {2017: "ABC"}))


@pytest.mark.parametrize(("hand", "plain", "best"), [(FIVE, 310, 410), (CROWDED, 210, 810)])
def test_the_loop_ends_above_the_plain_relaxation_and_not_above_the_best(engine, hand, plain, best):
    """Where splitting understates, the rows raise the bound, here as far as the best of all."""
    least = min(hand.matrix.value(values) for values in hand.solutions(2017))
    assert least == best
    once = engine.run(hand.matrix, SETTINGS, None, ~hand.leading)
    assert once.bound == plain
    asker, steps = _asker(engine, hand)
    BoundProver(asker, hand.leading, steps).relax(60)
    assert plain < asker.incumbent.bound <= best


def test_a_repeatable_search_counts_its_relaxations(engine):
    """With nodes instead of seconds the rows do not depend on how long the relaxations took."""
    asker, steps = _asker(engine, FIVE, nodes=300)
    prover = BoundProver(asker, FIVE.leading, steps)
    prover.relax(0.0)
    assert len(prover.cuts.matrix.row_lower) > len(FIVE.matrix.row_lower)


def test_a_need_told_too_low_makes_no_false_row(engine):
    """If a run cut short tells less of a choice than is known of all, two counters fewer do not
    come to need more."""
    asker, steps = _asker(engine, SPARE)
    (step,) = steps.numbers
    cuts = Cuts(asker, steps)
    on = steps.chosen(step, SPARE.values({2017: "AB"}, {2017: "AAB"}))
    assert steps.anyway(asker, step) == 2 * WAGE
    assert cuts._cut(step, on, WAGE)
    assert all(cuts.matrix.holds(values) for values in SPARE.solutions(2017))
    assert (cuts.matrix.coefficient != 0).all()


def test_an_interrupted_run_says_no_more_than_it_proved(engine, monkeypatch):
    """What is known of a year without a value or a bound is asked again, and no row comes of it."""
    asker, steps = _asker(engine, FIVE)
    (step,) = steps.numbers
    on = steps.chosen(step, FIVE.values({2017: "AB"}, {2017: "AABBB"}))
    nothing = Answer("unknown", None, None, None, interrupted=True)
    monkeypatch.setattr(asker, "ask", lambda *_, **__: nothing)
    cuts = Cuts(asker, steps)
    assert steps.need(asker, step, on, 0) is None
    assert not cuts.add(FIVE.values({2017: "AB"}, {2017: "AABBB"}))
    assert not cuts._cut(step, on, 4 * WAGE)
    monkeypatch.undo()
    assert steps.need(asker, step, on, 0) == 4 * WAGE


def test_costs_that_pay_for_staff_ask_nothing(engine):
    """Where more staff cost less, or nothing, wages are no bound: no step is asked about."""
    for factor in (-1, 0):
        matrix = FIVE.matrix._replace(cost=FIVE.matrix.cost * factor)
        incumbent = Incumbent(matrix, SETTINGS, engine.stop)
        steps = Steps(incumbent, FIVE.lead, FIVE.choices())
        assert not steps.possible
        assert not Cuts(Asker(engine, incumbent), steps).add(
            FIVE.values({2017: "A"}, {2017: "AAAAA"})
        )


def test_a_row_too_large_for_the_engine_is_not_added(engine, monkeypatch):
    """A coefficient that the engine does not keep to the unit might cut off solutions."""
    asker, steps = _asker(engine, CROWDED)
    cuts = Cuts(asker, steps)
    monkeypatch.setattr(engine, "can", replace(engine.can, coefficient=1))
    one = {("A", 2017): 1, ("B", 2017): 1, ("C", 2017): 0}
    assert not cuts.add(CROWDED.values({2017: "AB"}, {2017: "AAB"}, one))
    assert cuts.matrix is CROWDED.matrix


def test_a_row_is_added_sorted():
    """The new row stands last, by column, and says what was asked; the rest is as before."""
    matrix = FIVE.matrix
    more = with_row(matrix, np.array([5, 1]), np.array([2, -3]), 4)
    last = more.row == len(matrix.row_lower)
    assert more.column[last].tolist() == [1, 5] and more.coefficient[last].tolist() == [-3, 2]
    assert (more.row_lower[-1], more.row_upper[-1]) == (4, FREE)
    assert (more.row[~last] == matrix.row).all() and (np.diff(more.row) >= 0).all()


@pytest.mark.parametrize("wage", [1, 3])
def test_the_best_plan_of_the_town_keeps_all_rows(engine, wage):
    """The rows that the loop adds leave the proven best plan of the town, and bound it."""
    always = tuple(rule(id=name) for name, rule in registry().items() if rule.always)
    base = town()
    city = replace(
        base, wage=base.wage * wage, person_minutes=9_001, entries=always, objectives=(StaffCost(),)
    )
    best = solve(city, SolveSettings(gap=0, time_limit=20))
    model = build(city)
    matrix = model.program.matrix(model.objectives[0])
    layout = replace(LAYOUT, derived=frozenset(model.decisions.derived))
    lead = np.zeros(model.program.width, dtype=bool)
    block = model.program.columns["staff"]
    lead[block.first : block.first + len(block.index)] = True
    choices = Neighbourhoods(model.program, layout, 0)
    incumbent = Incumbent(matrix, SETTINGS, engine.stop)
    prover = BoundProver(
        Asker(engine, incumbent), lead | choices.fixed, Steps(incumbent, lead, choices)
    )
    prover.relax(20)
    assert prover.cuts.matrix.holds(model.encode(best.plan))
    assert incumbent.bound <= best.outcome.stages[0].value
