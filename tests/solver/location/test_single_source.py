"""The exact method for single-source capacitated location: found by structure, right by brute force."""

from dataclasses import dataclass, replace
from itertools import combinations, product
from random import Random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.model.algebra import Affine
from optimizer.model.program import Matrix, Program
from optimizer.solver.location.dual import SCALE
from optimizer.solver.location.recognise import recognise
from optimizer.solver.location.single import recognise as recognising
from optimizer.solver.location.single import solve as solving
from optimizer.solver.location.single.branch import Branch, prove
from optimizer.solver.location.single.cover import Cover
from optimizer.solver.location.single.knapsack import Exact, pack
from optimizer.solver.location.single.packs import TooManyError, fillings, packs, tolls
from optimizer.solver.location.single.recognise import SingleSource, recognise_single
from optimizer.solver.location.single.solve import Solver
from optimizer.solver.location.solve import Located


@dataclass
class Facts:
    """A tiny problem. cost: of the links there are. shut: cost of a closed site. constant: 7."""

    cost: dict[tuple[int, int], int]
    fixed: list[int]
    shut: list[int]
    demand: list[int]
    capacity: list[int]
    least: int
    most: int


def facts(seed: int, least: int, most: int, tight: float = 0.6) -> Facts:
    """Return a random problem of at most 6 customers and 4 sites."""
    random = Random(seed)
    customers, sites = random.randint(1, 6), random.randint(max(least, 1), 4)
    demand = [random.randint(0, 9) for _ in range(customers)]
    each = max(sum(demand) / sites / tight, max(demand, default=1))
    return Facts(
        cost={
            (i, j): random.randint(-3, 40)
            for i in range(customers)
            for j in range(sites)
            if j == i % sites or random.random() < 0.8
        },
        fixed=[random.choice([0, random.randint(-5, 30)]) for _ in range(sites)],
        shut=[random.choice([0, random.randint(0, 9)]) for _ in range(sites)],
        demand=demand,
        capacity=[int(each * random.uniform(0.6, 1.6)) for _ in range(sites)],
        least=least,
        most=most,
    )


def program(f: Facts) -> tuple[Program, Affine]:
    """Return the problem as a program whose sites have a second column each."""
    program = Program()
    site = pd.MultiIndex.from_arrays([range(len(f.fixed))], names=["site"])
    opened = program.add_columns("open", site, 0, 1)
    closed = program.add_columns("closed", site, 0, 1)
    links = pd.MultiIndex.from_tuples(list(f.cost), names=["customer", "site"])
    assign = program.add_columns("assign", links, 0, 1)
    program.add_rows("one state", opened + closed == 1)
    program.add_rows("once", assign.sum(by=["customer"]) == 1)
    program.add_rows("where open", assign <= opened.over(links))
    if f.least > 0:
        program.add_rows("count", opened.sum() >= f.least)
    if f.most < len(f.fixed):
        program.add_rows("count", opened.sum() <= f.most)
    demand = pd.Series([f.demand[i] for i, _ in f.cost], index=links)
    load = (assign * demand).sum(by=["site"])
    rooms = pd.Series(f.capacity, index=site)
    program.add_rows("capacity", load <= (opened * rooms).over(load.index))
    objective = (assign * pd.Series(list(f.cost.values()), index=links)).sum() + 7
    objective = objective + (opened * np.array(f.fixed)).sum()
    return program, objective + (closed * np.array(f.shut)).sum()


def part(p: Program) -> slice:
    block = p.columns["assign"]
    return slice(block.first, block.first + len(block.index))


def solutions(f: Facts) -> list[tuple[int, tuple[int, ...], frozenset[int]]]:
    """Return (cost, each customer's site, open sites) of every solution."""
    sites, found = range(len(f.fixed)), []
    for assigned in product(sites, repeat=len(f.demand)):
        if any((i, j) not in f.cost for i, j in enumerate(assigned)):
            continue
        load = np.bincount(assigned, f.demand, len(f.fixed))
        if (load > f.capacity).any():
            continue
        ways = 7 + sum(f.cost[i, j] for i, j in enumerate(assigned))
        for size in range(max(f.least, 0), min(f.most, len(f.fixed)) + 1):
            for opened in combinations(sites, size):
                if set(assigned) <= set(opened):
                    own = sum(f.fixed[j] if j in opened else f.shut[j] for j in sites)
                    found.append((ways + own, assigned, frozenset(opened)))
    return found


def solve(problem: SingleSource) -> Located:
    return Solver(problem, lambda: False, lambda value, bound: None).run()


CASES = [(seed, *count) for seed in range(40) for count in [(0, 9), (2, 2), (1, 3)]]


def disagreement(seed: int, least: int, most: int) -> bool:
    """Return whether value or bound of a tiny problem differ from those of brute force."""
    f = facts(seed, least, most)
    built, objective = program(f)
    matrix = built.matrix(objective)
    problem = recognise_single(matrix, part(built))
    if problem is None:  # nobody has a demand, or a site has one customer of demand 1
        return False
    result = solve(problem)
    best = min((value for value, _, _ in solutions(f)), default=None)
    if best is None:
        return result.values is not None or not result.infeasible
    if result.values is None or not matrix.holds(result.values):
        return True
    return not matrix.value(result.values) == best == result.bound


@pytest.mark.parametrize(("seed", "least", "most"), CASES)
def test_agrees_with_brute_force(seed: int, least: int, most: int) -> None:
    """On tiny problems the value is the least of all, proved, and the values keep every row."""
    assert not disagreement(seed, least, most)


@pytest.mark.parametrize(("seed", "least", "most"), CASES[::3])
def test_agrees_with_brute_force_without_packs(
    seed: int, least: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Branching alone, on sites and then on links, gives the same."""
    monkeypatch.setattr(solving, "MOST_PACKS", 0)
    assert not disagreement(seed, least, most)


@pytest.mark.parametrize("few", [0, 20])
def test_a_lie_would_be_noticed(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """If forcing a customer in were thought dearer than it is, brute force would disagree."""
    true = Exact.with_each
    monkeypatch.setattr(Exact, "with_each", lambda self: true(self) - 8 * SCALE)
    monkeypatch.setattr(solving, "ROOT_STEPS", few)
    assert any(disagreement(*case) for case in CASES)


def root(problem: SingleSource) -> Branch:
    sites = np.flatnonzero(problem.located.can_open)
    none = np.zeros((len(sites), len(problem.demand)))
    must = ~problem.located.can_close[sites]
    linked = problem.linked[sites]
    return Branch(sites, must, linked, none[0], -(2**62), none[:, :1].sum(axis=1), none)


@pytest.mark.parametrize(("seed", "least", "most"), CASES)
def test_any_prices_give_a_bound(seed: int, least: int, most: int) -> None:
    """However wrong the prices, bounds are below every solution: as it is, and by site and link."""
    f, random = facts(seed, least, most), Random(seed)
    built, objective = program(f)
    problem = recognise_single(built.matrix(objective), part(built))
    if problem is None or not root(problem).possible(problem):
        return
    prices = [random.randint(-5, 60) * SCALE + random.randint(0, 999) for _ in f.demand]
    branch = root(problem)
    proof = prove(problem, branch, np.array(prices))
    number = {site: n for n, site in enumerate(branch.sites)}
    every = solutions(f)
    for value, assigned, opened in every:
        cost = (value - problem.located.constant) * SCALE
        assert proof.value <= cost
        for site, n in number.items():
            assert (proof.opened if site in opened else proof.closed)[n] <= cost
        for i, j in enumerate(assigned):
            assert proof.linked[number[j], i] <= cost
    best = min((value for value, _, _ in every), default=None)
    aim = 10**6 if best is None else best - problem.located.constant + 1
    found, budget = packs(problem, branch, proof, aim, 10**6)
    seen: list[np.ndarray] = []

    def note(numbers: np.ndarray) -> int:
        seen.append(numbers)
        return budget

    Cover(found, budget, 10**6, note).run()
    covers = {
        (
            tuple(found.site[n][found.holds[n].argmax(axis=0)]),
            frozenset(found.site[n][~found.closed[n]]),
        )
        for n in seen
    }
    for value, assigned, opened in every:
        if value == best:  # no solution that is cheap enough is missing among the covers
            mine = tuple(number[j] for j in assigned)
            assert (mine, frozenset(number[j] for j in opened)) in covers


@given(
    st.lists(st.tuples(st.integers(-5, 30), st.integers(0, 9)), min_size=1, max_size=7),
    st.lists(st.integers(0, 30), min_size=1, max_size=3),
)
@settings(max_examples=150, deadline=None)
def test_knapsacks_agree_with_brute_force(items: list[tuple[int, int]], rooms: list[int]) -> None:
    """Many at once, and one exactly with each item in and out; and all fillings of some value."""
    profit, weight = (np.array(column) for column in zip(*items, strict=True))
    states = np.array(list(product((False, True), repeat=len(items))))
    value, taken = pack(np.tile(profit.astype(float), (len(rooms), 1)), weight, np.array(rooms))
    for n, room in enumerate(rooms):
        fits = states[states @ weight <= room]
        best = int((fits @ profit).max())
        assert abs(value[n] - best) < 1e-6
        assert weight[taken[n]].sum() <= room and profit[taken[n]].sum() == best
        exact = Exact(profit, weight, room)
        with_each, without_each = exact.with_each(), exact.without_each()
        assert exact.best == best
        for item in range(len(items)):
            inside = fits[fits[:, item]]
            assert without_each[item] == (fits[~fits[:, item]] @ profit).max()
            if len(inside):
                assert with_each[item] == (inside @ profit).max()
            else:
                assert with_each[item] < -(10**9)
        ways, worth = fillings(profit, weight, room, best - 6, 200)
        near = fits[fits @ profit >= best - 6]
        assert {tuple(way) for way in ways} == {tuple(way) for way in near}
        assert len(ways) == len(near) and (worth == ways @ profit).all()


def test_too_many_packs_are_refused() -> None:
    """The number of ways to fill a site is limited."""
    ones = np.ones(12, dtype=np.int64)
    with pytest.raises(TooManyError):
        fillings(ones, ones, 12, 0, 100)


def whole(seed: int = 4) -> tuple[Facts, Program, Affine]:
    """Return a problem with every link."""
    f = facts(seed, 0, 9)
    random = Random(seed)
    cost = {(i, j): random.randint(1, 9) for i in range(len(f.demand)) for j in range(len(f.fixed))}
    f = replace(f, cost=cost, demand=[2 + n % 3 for n in range(len(f.demand))])
    return f, *program(f)


def test_what_is_recognised() -> None:
    """Demands, capacities and costs are those of the program; it is no pure location problem."""
    f, built, objective = whole()
    matrix = built.matrix(objective)
    assert recognise(matrix, part(built)) is None
    problem = recognise_single(matrix, part(built))
    assert problem is not None
    assert problem.demand.tolist() == f.demand
    assert problem.capacity.tolist() == [min(c, sum(f.demand)) for c in f.capacity]
    assert all(problem.cost[j, i] == cost for (i, j), cost in f.cost.items())
    assert problem.covers


def test_demands_in_a_coarser_unit() -> None:
    """A common divisor of the demands is divided out, and capacities are rounded down."""
    f, _, _ = whole()
    f = replace(f, demand=[6 * d for d in f.demand], capacity=[6 * c + 5 for c in f.capacity])
    built, objective = program(f)
    problem = recognise_single(built.matrix(objective), part(built))
    assert problem is not None
    unit = int(np.gcd.reduce(f.demand))
    assert problem.demand.tolist() == [d // unit for d in f.demand]
    assert all(problem.capacity <= [c // unit for c in f.capacity])


@pytest.mark.parametrize("spoil", ["least load", "own demands", "strange site", "second", "ward"])
def test_other_rows_end_it(spoil: str) -> None:
    """Whatever else couples customers or sites leaves the program to the general way."""
    f, built, objective = whole()
    links = built.columns["assign"].expression
    opened = built.columns["open"].expression
    load = links.sum(by=["site"])
    sites = opened.over(load.index)
    match spoil:
        case "least load":
            built.add_rows(spoil, load >= sites)
        case "own demands":
            odd = pd.Series([2 if i == 0 and j == 0 else 1 for i, j in f.cost], index=links.index)
            built.rows = [entry for entry in built.rows if entry[0] != "capacity"]
            built.add_rows(spoil, (links * odd).sum(by=["site"]) <= sites * 9)
        case "strange site":
            other = built.columns["open"].expression.select(site=[0]).sum()
            one = links.select(site=[1]).sum() * 2
            built.add_rows(spoil, one <= other * 9)
        case "second":
            built.add_rows(spoil, load * 2 <= sites * 9)
        case "ward":
            built.add_rows(spoil, links.sum() * 2 <= opened.sum() * 9)
    assert len(f.fixed) > 1 and len(f.demand) > 1
    assert recognise_single(built.matrix(objective), part(built)) is None


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("side", [0, 1])
def test_forced_and_forbidden_sites(seed: int, side: int) -> None:
    """A column bound that fixes a site is kept."""
    f, built, objective = whole(seed)
    matrix = built.matrix(objective)
    first = built.columns["open"].first
    for site in range(len(f.fixed)):
        lower, upper = matrix.lower.copy(), matrix.upper.copy()
        lower[first + site] = upper[first + site] = side
        fixed: Matrix = matrix._replace(lower=lower, upper=upper)
        problem = recognise_single(fixed, part(built))
        if problem is None:
            continue
        result = solve(problem)
        options = [v for v, _, opened in solutions(f) if (site in opened) == bool(side)]
        best = min(options, default=None)
        assert result.infeasible if best is None else result.bound == best
        assert best is None or (result.values is not None and fixed.holds(result.values))


@pytest.mark.parametrize("seed", range(40))
def test_huge_prices_and_costs_give_a_bound(seed: int) -> None:
    """What would leave 64 bits is cut off: no bound rises above a solution, no toll either."""
    random = Random(seed)
    f = facts(seed, 0, 9)
    f = replace(f, fixed=[random.choice([1, 2 ** random.randint(1, 47)]) for _ in f.fixed])
    built, objective = program(f)
    problem = recognise_single(built.matrix(objective), part(built))
    if problem is None or not root(problem).possible(problem):
        return
    branch = root(problem)
    for size in (2**40, 2**55, 2**60, 2**62):
        prices = np.array([random.randint(-size, size) for _ in f.demand])
        proof = prove(problem, branch, prices)
        toll, added = tolls(problem, branch, proof.worth)
        must = branch.must[: len(toll)]
        left = [int(w) - int(t) for w, t in zip(proof.worth, toll, strict=True)]
        ruled = added + sum(n if m else min(n, 0) for n, m in zip(left, must, strict=True))
        for value, _, opened in solutions(f):
            cost = (value - problem.located.constant) * SCALE
            assert proof.value <= cost
            worth = sum(int(proof.worth[n]) for n, s in enumerate(branch.sites) if s in opened)
            assert ruled <= worth


def test_what_is_too_large_is_left_to_the_engines() -> None:
    """Costs whose sums would leave 64 bits, and tables that a proof would take long for."""
    f, built, objective = whole()
    assert recognise_single(built.matrix(objective), part(built)) is not None
    for other in (
        replace(f, fixed=[2**50] * len(f.fixed)),
        replace(f, cost=dict.fromkeys(f.cost, -(2**36))),
        replace(f, demand=[1 + 29_999 * n for n in range(len(f.demand))], capacity=[30_000] * 4),
    ):
        many = replace(other, capacity=other.capacity[: len(f.fixed)])
        built, objective = program(many)
        assert recognise_single(built.matrix(objective), part(built)) is None


def test_a_proof_takes_no_longer_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    """Customers times capacity times sites are counted, and so is the room to spare."""
    _, built, objective = whole()
    matrix = built.matrix(objective)
    for limit in ("MOST_WORK", "MOST_TABLE"):
        with monkeypatch.context() as m:
            m.setattr(recognising, limit, 1)
            assert recognise_single(matrix, part(built)) is None


def test_more_sites_asked_for_than_allowed_is_infeasible() -> None:
    """Two rules on the number of sites that contradict each other leave no solution."""
    f, built, objective = whole()
    opened = built.columns["open"].expression
    built.add_rows("count", opened.sum() >= 2)
    built.add_rows("count", opened.sum() <= 1)
    problem = recognise_single(built.matrix(objective), part(built))
    assert len(f.fixed) > 1 and problem is not None
    result = solve(problem)
    assert result.values is None and result.infeasible
