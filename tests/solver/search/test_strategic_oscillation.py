"""Saving one person by way of overload, on programs made by hand."""

import threading
from collections.abc import Iterator

import numpy as np
import pytest

from optimizer.model.matrix import Matrix
from optimizer.solver.engines.child import Engine
from optimizer.solver.engines.job import Settings
from optimizer.solver.search.cuts import with_row
from optimizer.solver.search.strategic_oscillation import Oscillation, Query
from optimizer.solver.search.tuning import TUNING
from tests.solver.search.hand import WAGE, Hand

SETTINGS = Settings(time_limit=20, gap=0.0, seed=0, memory=0, threads=0, nodes=0)

PAIRS = Hand({2017: [7, 3, 6, 4]}, {"A": 1, "B": 1}, most=2)
"""Three persons where 7 and 6 stand against 3 and 4; two once one of each is exchanged."""

START = PAIRS.values({2017: "AB"}, {2017: "ABAB"})

YEARS = Hand({2017: [7, 3, 6, 4, 8, 2], 2018: [7, 3, 5, 5]}, {"A": 1, "B": 1, "C": 1}, most=3)
YEARS_START = YEARS.values({2017: "ABC", 2018: "AB"}, {2017: "ABABCC", 2018: "AABB"})
"""In 2018 nobody can be spared."""


@pytest.fixture(scope="module")
def ask() -> Iterator[Query]:
    """Solve a small program with a real engine."""
    with Engine("highs", threading.Event()) as engine:
        yield lambda part, hint: engine.run(part, SETTINGS, hint).values


def _squeeze(
    hand: Hand, values: np.ndarray, matrix: Matrix | None = None, seed: int = 0, step: int = 0
) -> Oscillation:
    matrix = hand.matrix if matrix is None else matrix
    assert matrix.holds(values)
    price = np.where(hand.lead, matrix.cost, 0)
    return Oscillation(matrix, price, hand.choices(seed), values, step)


def _scaled(matrix: Matrix, rows: np.ndarray, factor: int) -> Matrix:
    """Return the program with some rows, whose upper side is 0, in another unit."""
    assert (matrix.row_upper[rows] == 0).all()
    touched = np.isin(matrix.row, rows)
    return matrix._replace(coefficient=np.where(touched, factor, 1) * matrix.coefficient)


def _fine(hand: Hand) -> Matrix:
    """Return the program with work told so finely that a twentieth of an overload is not nothing."""
    return _scaled(hand.matrix, _squeeze(hand, START).soft, 1000)


@pytest.mark.parametrize("seed", range(4))
def test_a_person_goes_by_exchanging_items(ask, seed):
    """Where no single move of an item saves a person, the overload falls to none, and the plan keeps
    the whole program with a person less."""
    for number, way in enumerate("ABAB"):
        sent = "ABAB"[:number] + ("B" if way == "A" else "A") + "ABAB"[number + 1 :]
        assert sum(PAIRS.least(p, 2017, sent) for p in "AB") >= 3
    squeeze = _squeeze(PAIRS, START, seed=seed)
    assert squeeze.possible and squeeze.begin(ask)
    for _ in range(20):
        if squeeze.over and squeeze.lower(ask, 2, False):
            break
    assert squeeze.over == 0 and PAIRS.matrix.holds(squeeze.plan)
    assert PAIRS.matrix.value(squeeze.plan) == PAIRS.matrix.value(START) - WAGE


def test_other_years_need_no_more_and_modes_stay(ask):
    """A person saved in one year is not added in another, and no counter is opened or closed."""
    squeeze = _squeeze(YEARS, YEARS_START)
    assert squeeze.begin(ask)
    for _ in range(30):
        if not squeeze.over:
            break
        squeeze.lower(ask, 2, False)
    assert squeeze.over == 0 and YEARS.matrix.holds(squeeze.plan)
    steps, fixed = squeeze.choices.step, squeeze.choices.fixed
    assert (squeeze.plan == YEARS_START)[fixed].all()
    for step, less in ((0, 1), (1, 0)):
        persons = YEARS.lead & (steps == step)
        assert squeeze.plan[persons].sum() <= YEARS_START[persons].sum() - less


def test_what_cannot_be_done_keeps_its_overload(ask):
    """In a year whose work needs all its persons the overload never ends at none."""
    squeeze = _squeeze(YEARS, YEARS_START, step=1)
    assert squeeze.begin(ask)
    for number in range(12):
        squeeze.lower(ask, 3, number % 3 == 2)
        assert squeeze.over > 0


def test_nobody_goes_where_all_stand_at_their_least(ask):
    """If every counter has the fewest persons that its bounds or rows allow, there is no beginning."""
    least = np.where(PAIRS.lead, START, PAIRS.matrix.lower)
    assert not _squeeze(PAIRS, START, PAIRS.matrix._replace(lower=least)).begin(ask)
    lead = np.flatnonzero(PAIRS.lead)
    crew = PAIRS.matrix
    for column in lead:
        crew = with_row(crew, np.array([column]), np.array([1]), int(START[column]))
    assert not _squeeze(PAIRS, START, crew).begin(ask)


def test_nobody_goes_where_a_row_of_persons_forbids_it(ask):
    """A row of persons alone is not loosened: with as many as it asks for there is no beginning."""
    lead = np.flatnonzero(PAIRS.lead)
    all_needed = with_row(PAIRS.matrix, lead, np.ones(len(lead), dtype=np.int64), 3)
    squeeze = _squeeze(PAIRS, START, all_needed)
    assert squeeze.possible and not squeeze.begin(ask)
    assert (squeeze.plan == START).all()


def test_without_rows_of_persons_and_ways_nothing_is_possible():
    """A program in which persons and ways do not meet has nothing to loosen."""
    soft = _squeeze(PAIRS, START).soft
    apart = ~(np.isin(PAIRS.matrix.row, soft) & ~PAIRS.lead[PAIRS.matrix.column])
    matrix = PAIRS.matrix._replace(
        row=PAIRS.matrix.row[apart],
        column=PAIRS.matrix.column[apart],
        coefficient=PAIRS.matrix.coefficient[apart],
    )
    assert not _squeeze(PAIRS, START, matrix).possible


@pytest.mark.parametrize("seed", range(6))
def test_only_loosened_rows_are_broken(ask, seed):
    """Whatever an engine answers, sense or not, no row breaks but those of work, and the overload
    told is the one that these have."""
    random, hand = np.random.default_rng(seed), YEARS

    def doubtful(part: Matrix, hint: np.ndarray) -> np.ndarray | None:
        values = ask(part, hint)
        if values is None or random.random() < 0.5:
            return values
        return np.clip(values + random.integers(-1, 2, len(values)), part.lower, part.upper)

    squeeze = _squeeze(hand, YEARS_START, seed=seed)
    if not squeeze.begin(doubtful):
        return
    for number in range(12):
        squeeze.lower(doubtful, 2, number % 3 == 2)
        assert squeeze.matrix.holds(squeeze.values)
        assert set(hand.matrix.broken(squeeze.plan)) <= set(squeeze.soft)
        assert (squeeze.plan >= hand.matrix.lower).all()
        assert (squeeze.plan <= hand.matrix.upper).all()
        left = np.zeros(len(hand.matrix.row_lower), dtype=np.int64)
        entries = hand.matrix.coefficient * squeeze.plan[hand.matrix.column]
        np.add.at(left, hand.matrix.row, entries)
        assert squeeze.over == np.maximum(left[squeeze.soft], 0).sum()


@pytest.mark.parametrize("factor", [2, 3, 50])
def test_one_person_weighs_alike_everywhere(factor):
    """A person too few costs the same at a counter whose row is told in another unit."""
    first = _squeeze(PAIRS, START).soft[:1]
    squeeze = _squeeze(PAIRS, START, _scaled(PAIRS.matrix, first, factor))
    matrix = squeeze.matrix
    person = [
        weight * np.abs(matrix.coefficient[(matrix.row == row) & squeeze_lead]).max()
        for row, weight in zip(squeeze.soft, squeeze.weight, strict=True)
        for squeeze_lead in [np.append(PAIRS.lead, [False] * len(squeeze.soft))[matrix.column]]
    ]
    assert len(person) == 2 and len(set(person)) == 1


@pytest.mark.parametrize("seed", range(6))
def test_a_shaken_move_grows_no_more_than_allowed(ask, seed):
    """Even from an engine that does not mind overload, a move is taken only if the overload does not
    grow, or grows by one part in `shake` when shaken."""
    matrix, random = _fine(PAIRS), np.random.default_rng(seed)

    def careless(part: Matrix, hint: np.ndarray) -> np.ndarray | None:
        return ask(
            part._replace(cost=random.integers(-9, 9, len(part.cost)) * (part.cost == 0)), hint
        )

    squeeze = _squeeze(PAIRS, START, matrix, seed=seed)
    assert squeeze.begin(ask) and squeeze.over >= TUNING.shake
    for number in range(12):
        before, shaken = squeeze.over, number % 2 == 1
        told = squeeze.lower(careless, 2, shaken)
        assert squeeze.over <= before + (before // TUNING.shake if shaken else 0)
        assert told == (squeeze.over < before)


def test_random_costs_leave_overload_dearer_than_it_may_grow():
    """Shaken, all links together are paid less for than the overload counts, and the program is
    otherwise the same."""
    squeeze = _squeeze(PAIRS, START, _fine(PAIRS))
    squeeze.over = 3000
    noisy, links = squeeze._noisy(), np.flatnonzero(squeeze.choices.links)
    assert (noisy.cost[links] >= 0).all() and noisy.cost[links].max() > 0
    slack = np.arange(squeeze.width, len(noisy.cost))
    assert (noisy.cost[slack] > 0).all()
    assert noisy.row is squeeze.matrix.row and noisy.lower is squeeze.matrix.lower


def test_a_failed_engine_changes_nothing():
    """Without an answer there is no beginning, and nothing is lowered."""
    squeeze = _squeeze(PAIRS, START)
    assert not squeeze.begin(lambda *_: None)
    assert (squeeze.plan == START).all()
