"""The exact method for location problems: found by structure, right by brute force."""

from dataclasses import replace
from itertools import combinations, product
from random import Random

import numpy as np
import pandas as pd
import pytest

from optimizer.model.algebra import Affine
from optimizer.model.program import Matrix, Program
from optimizer.solver.location.arcs import Arcs
from optimizer.solver.location.center import recognise_center
from optimizer.solver.location.dual import SCALE, Sites, bound
from optimizer.solver.location.links import Links
from optimizer.solver.location.plans import Plans, Rules
from optimizer.solver.location.primal import FAR, Local, greedy
from optimizer.solver.location.recognise import recognise
from optimizer.solver.location.rest import rest
from optimizer.solver.location.solve import Locator


def problem(
    seed: int, least: int, most: int, absent: float = 0.2, alike: bool = False
) -> tuple[Program, Affine, dict]:
    """Return a program of a random location problem whose sites have a second column each.

    alike: all sites cost the same, and all ways of a customer.
    """
    random = Random(seed)
    customers, sites = random.randint(1, 7), random.randint(max(least, 1), 6)
    cost = {
        (i, j): random.randint(0, 40)
        for i in range(customers)
        for j in range(sites)
        if i == j % customers or j == i % sites or random.random() > absent
    }
    fixed = [random.choice([0, 0, random.randint(-5, 30)]) for _ in range(sites)]
    shut = [random.choice([0, random.randint(0, 9)]) for _ in range(sites)]
    if alike:
        cost = {(i, j): 3 * (i % 3) for i, j in cost}
        fixed, shut = [5] * sites, [0] * sites
    program = Program()
    site = pd.MultiIndex.from_arrays([range(sites)], names=["site"])
    opened = program.add_columns("open", site, 0, 1)
    closed = program.add_columns("closed", site, 0, 1)
    links = pd.MultiIndex.from_tuples(list(cost), names=["customer", "site"])
    assign = program.add_columns("assign", links, 0, 1)
    program.add_rows("one state", opened + closed == 1)
    program.add_rows("once", assign.sum(by=["customer"]) == 1)
    program.add_rows("where open", assign <= opened.over(links))
    program.add_rows("count", opened.sum() >= least)
    program.add_rows("count", opened.sum() <= most)
    numbers = pd.Series(list(cost.values()), index=links)
    objective = (assign * numbers).sum()
    objective = objective + (opened * np.array(fixed)).sum() + (closed * np.array(shut)).sum() + 7
    facts = {"cost": cost, "fixed": fixed, "shut": shut, "sites": sites, "customers": customers}
    return program, objective, facts


def brute(facts: dict, least: int, most: int) -> int | None:
    """Return the least cost over all sets of open sites, None if no set serves everybody."""
    best = None
    sites, cost = range(facts["sites"]), facts["cost"]
    for size in range(max(least, 0), min(most, facts["sites"]) + 1):
        for chosen in combinations(sites, size):
            ways = [
                min((cost[i, j] for j in chosen if (i, j) in cost), default=None)
                for i in range(facts["customers"])
            ]
            if None in ways or {i for i, _ in cost} != set(range(facts["customers"])):
                continue
            value = 7 + sum(ways) + sum(facts["fixed"][j] for j in chosen)
            value += sum(facts["shut"][j] for j in sites if j not in chosen)
            best = value if best is None else min(best, value)
    return best


def no_engine(matrix: Matrix, seconds: float) -> tuple[None, None, bool]:
    """An engine that finds nothing: the method must do without."""
    return None, None, False


CASES = [(seed, least, most) for seed in range(25) for least, most in [(0, 9), (2, 2), (1, 3)]]


@pytest.mark.parametrize(("seed", "least", "most"), CASES)
def test_agrees_with_brute_force(seed: int, least: int, most: int) -> None:
    """On tiny problems the value is the least of all, proved, and the values keep every row."""
    program, objective, facts = problem(seed, least, most)
    matrix = program.matrix(objective)
    block = program.columns["assign"]
    found = recognise(matrix, slice(block.first, block.first + len(block.index)))
    assert found is not None
    result = Locator(found, lambda: False, lambda value, bound: None).run(no_engine)
    best = brute(facts, least, most)
    if best is None:
        assert result.values is None
        return
    assert result.values is not None
    assert matrix.holds(result.values)
    assert matrix.value(result.values) == best == result.bound


@pytest.mark.parametrize("seed", range(60))
def test_a_covering_problem_agrees_with_brute_force(seed: int, monkeypatch) -> None:
    """What an engine is asked leaves out whom others stand for; value and bound are of the whole.

    Nothing but the first, greedy plan is there beside the engine.
    """
    least, most = Random(seed).choice([(0, 6), (1, 6), (1, 3), (3, 6)])
    program, objective, facts = problem(seed, least, most, absent=0.6, alike=True)
    matrix = program.matrix(objective)
    block = program.columns["assign"]
    found = recognise(matrix, slice(block.first, block.first + len(block.index)))
    assert found is not None
    monkeypatch.setattr(Locator, "_bounded", lambda self, node, steps: replace(node, bound=0))
    result = Locator(found, lambda: True, lambda value, bound: None).run(engine_by_brute_force)
    best = brute(facts, least, most)
    if best is None:
        assert result.values is None
        return
    assert result.values is not None and matrix.holds(result.values)
    assert matrix.value(result.values) == best == result.bound


def _scaled(seed: int, unit: int) -> tuple[Program, Affine, dict, slice]:
    """Return a problem whose costs are so many times as large, and where its links are."""
    program, objective, facts = problem(seed, 1, 3)
    facts["cost"] = {way: unit * cost for way, cost in facts["cost"].items()}
    facts |= {name: [unit * n for n in facts[name]] for name in ("fixed", "shut")}
    block = program.columns["assign"]
    place = slice(block.first, block.first + len(block.index))
    return program, (objective - 7) * unit + 7, facts, place


@pytest.mark.parametrize("seed", range(10))
def test_large_costs(seed: int) -> None:
    """Costs of a thousand million agree with brute force; beyond what links that are not there
    cost, the engines are asked."""
    program, objective, facts, links = _scaled(seed, 2**30)
    found = recognise(program.matrix(objective), links)
    assert found is not None
    result = Locator(found, lambda: False, lambda value, bound: None).run(no_engine)
    best = brute(facts, 1, 3)
    assert result.values is None if best is None else result.bound == best
    program, objective, _, links = _scaled(seed, 2**41)
    assert recognise(program.matrix(objective), links) is None


@pytest.mark.parametrize("spoil", ["two counters in one", "a link without rows"])
def test_other_columns_are_left_to_the_engines(spoil: str) -> None:
    """Sites that are more than open or closed, and links that nobody has to use."""
    program, objective, _ = problem(3, 1, 3)
    block, matrix = program.columns["assign"], program.matrix(objective)
    links = slice(block.first, block.first + len(block.index))
    assert recognise(matrix, links) is not None
    if spoil == "two counters in one":
        upper = matrix.upper.copy()
        upper[program.columns["open"].first] = 2
        matrix = matrix._replace(upper=upper)
    else:
        kept = matrix.column != links.start
        matrix = matrix._replace(
            row=matrix.row[kept], column=matrix.column[kept], coefficient=matrix.coefficient[kept]
        )
    assert recognise(matrix, links) is None


@pytest.mark.parametrize("seed", range(20))
def test_any_prices_give_a_bound(seed: int) -> None:
    """However wrong the prices, the bound is below every solution, and so are its forced versions."""
    random = Random(seed)
    cost = np.array([[random.randint(0, 50) for _ in range(5)] for _ in range(6)])
    fixed = np.array([random.randint(0, 20) for _ in range(5)])
    sites = Sites(fixed, np.ones(5, dtype=bool), np.zeros(5, dtype=bool), 1, 3)
    prices = np.array([random.randint(-5, 60) * SCALE + random.randint(0, 999) for _ in range(6)])
    proved = bound(Links.of(Arcs.nearest(cost, 5), 5), sites, prices, np.zeros(5))
    for size in (1, 2, 3):
        for chosen in combinations(range(5), size):
            value = SCALE * int(cost[:, chosen].min(axis=1).sum() + fixed[list(chosen)].sum())
            assert proved.value <= value
            for site in range(5):
                forced = proved.if_opened() if site in chosen else proved.if_closed()
                assert forced[site] <= value


@pytest.mark.parametrize("seed", range(10))
def test_every_gain_is_true(seed: int) -> None:
    """What local search says it costs is what its sites cost."""
    random = Random(seed)
    cost = np.array(
        [[random.choice([FAR, random.randint(0, 99)]) for _ in range(9)] for _ in range(30)]
    )
    cost[:, 0] = 200
    fixed = np.array([random.randint(0, 40) for _ in range(9)])
    rules = (fixed, 2, 4, np.ones(9, dtype=bool))
    start = greedy(cost, *rules)
    local = Local(cost, Arcs.nearest(cost, 9), *rules)
    near = Local(cost, Arcs.nearest(cost, 3), *rules)
    opened, value = near.descend(start)
    assert value == near.value(opened) <= near.value(start) and 2 <= opened.sum() <= 4
    opened, value = local.descend(start)
    assert value == local.value(opened) and 2 <= opened.sum() <= 4
    for out in np.flatnonzero(opened):
        for into in np.flatnonzero(~opened):
            other = opened.copy()
            other[out], other[into] = False, True
            assert local.value(other) >= value


@pytest.mark.parametrize("seed", range(10))
def test_plans_only_get_better(seed: int) -> None:
    """What is rounded or kicked keeps the rules and is kept only if it costs less."""
    random = np.random.default_rng(seed)
    cost, fixed = random.integers(0, 99, (30, 12)), random.integers(0, 40, 12)
    can_close = np.arange(12) != 3
    plans = Plans(Rules(cost, fixed, 2, 5, can_close), lambda: False, lambda: None)
    for near in (np.inf, 1.0):
        before, often = plans.value, random.random(12)
        plans.follow(often, near)
        helped = plans.kick(often)
        assert plans.best is not None and plans.best[3] and 2 <= plans.best.sum() <= 5
        assert plans.value == cost[:, plans.best].min(axis=1).sum() + fixed[plans.best].sum()
        assert plans.value < before if helped else plans.value <= before


def engine_by_brute_force(
    matrix: Matrix, seconds: float
) -> tuple[np.ndarray | None, int | None, bool]:
    """An engine for tiny programs of 0/1 columns: tries everything."""
    best, value = None, 0
    for state in product(
        *(range(a, b + 1) for a, b in zip(matrix.lower, matrix.upper, strict=True))
    ):
        values = np.array(state)
        if matrix.holds(values) and (best is None or matrix.value(values) < value):
            best, value = values, matrix.value(values)
    return best, None if best is None else value, best is None


@pytest.mark.parametrize(("seed", "least", "most"), CASES)
@pytest.mark.parametrize(("turned", "unit"), [(False, 1), (True, 1), (False, 100_000)])
def test_the_longest_way_agrees_with_brute_force(
    seed: int, least: int, most: int, turned: bool, unit: int
) -> None:
    """On tiny problems the longest way is the shortest possible, and proved, in metres and in km."""
    program, _, facts = problem(seed, least, most)
    facts["cost"] = {way: unit * cost for way, cost in facts["cost"].items()}
    block = program.columns["assign"]
    ways = pd.Series(list(facts["cost"].values()), index=block.index)
    one = pd.MultiIndex.from_tuples([(0,)], names=["n"])
    longest = program.add_columns("longest", one, 0, 99 * unit)
    each = (block.expression * ways).sum(by=["customer"])
    index = pd.MultiIndex.from_arrays(
        [each.index.get_level_values(0), [0] * len(each.index)], names=["customer", "n"]
    )
    way, limit = each.over(index), longest.over(index)
    program.add_rows("longest", limit >= way if turned else way <= limit)
    matrix = program.matrix(longest.sum())
    links = slice(block.first, block.first + len(block.index))
    found = recognise_center(matrix, links)
    assert recognise(matrix, links) is None and found is not None
    result = found.run(engine_by_brute_force, lambda: False, lambda value, bound: None)
    best = None
    for size in range(max(least, 1), min(most, facts["sites"]) + 1):
        for chosen in combinations(range(facts["sites"]), size):
            reach = [
                min((facts["cost"][i, j] for j in chosen if (i, j) in facts["cost"]), default=None)
                for i in range(facts["customers"])
            ]
            if None not in reach:
                best = max(reach) if best is None else min(best, max(reach))
    if best is None:
        assert result.infeasible
        return
    assert result.values is not None and matrix.holds(result.values)
    assert matrix.value(result.values) == best == result.bound


@pytest.mark.parametrize("seed", range(40))
def test_the_rest_costs_what_its_sites_cost(seed: int) -> None:
    """For every set of sites the small program for an engine has the cost of the links it was given."""
    random = Random(seed)
    count = random.randint(1, 4)
    must = np.array([random.random() < 0.2 for _ in range(count)])
    fixed = np.array([random.randint(0, 9) for _ in range(count)])
    sites = Sites(fixed, np.ones(count, dtype=bool), must, 0, count)
    sites = replace(sites, least=random.randint(0, 1), most=random.randint(1, count))
    cost = np.array([[random.randint(0, 3) for _ in range(count)] for _ in range(3)])
    given = np.array([[random.random() < 0.8 for _ in range(count)] for _ in range(3)])
    given[:, random.randrange(count)] = True
    small = rest(cost, sites, *np.nonzero(given))
    found: dict[tuple[int, ...], int] = {}
    for state in product((0, 1), repeat=len(small.cost)):
        values = np.array(state)
        if (values >= small.lower).all() and small.holds(values):
            value, opened = small.value(values), tuple(state[:count])
            found[opened] = min(value, found.get(opened, value))
    for opened in product((0, 1), repeat=count):
        here = np.array(opened, dtype=bool)
        served = (given & here).any(axis=1).all()
        fits = sites.least <= here.sum() <= sites.most and not (must & ~here).any()
        ways = np.where(given & here, cost, 99).min(axis=1)
        value = int(ways.sum() + sites.fixed[here].sum()) if served and fits else None
        assert found.get(opened) == value


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("levels", [1, 2])
def test_a_covering_problem_goes_to_the_engine(seed: int, levels: int) -> None:
    """Where all ways cost the same, or one of two costs, the engine gets the program and its answer
    is taken.
    """
    program, _, facts = problem(seed, 1, 3)
    block = program.columns["assign"]
    random = Random(seed)
    facts["cost"] = {link: 5 * random.randrange(levels) for link in facts["cost"]}
    sites = program.columns["open"].expression
    numbers = pd.Series(list(facts["cost"].values()), index=block.index)
    objective = (block.expression * numbers).sum() + sites.sum() + 7
    facts |= {"fixed": [1] * facts["sites"], "shut": [0] * facts["sites"]}
    links = slice(block.first, block.first + len(block.index))
    found = recognise(program.matrix(objective), links)
    assert found is not None
    locator = Locator(found, lambda: False, lambda value, bound: None)
    assert locator.flat()
    result = locator.run(engine_by_brute_force)
    best = brute(facts, 1, 3)
    assert best is None or result.bound == best
    assert (result.values is None) == (best is None)


def test_a_coupling_row_ends_it() -> None:
    """A capacity couples the ways of customers: the program is no pure location problem."""
    program, objective, _ = problem(3, 1, 3, absent=0)
    matrix = program.matrix(objective)
    block = program.columns["assign"]
    links = slice(block.first, block.first + len(block.index))
    assert recognise(matrix, links) is not None
    program.add_rows("capacity", block.expression.sum(by=["site"]) <= 2)
    assert recognise(program.matrix(objective), links) is None


def test_a_row_between_sites_ends_it() -> None:
    """Two sites that hang together otherwise than by their number are left to the engines."""
    program, objective, facts = problem(5, 1, 3, absent=0)
    opened = program.columns["open"].expression
    program.add_rows("linked", opened.select(site=[0]).sum() - opened.select(site=[1]).sum() <= 0)
    block = program.columns["assign"]
    assert facts["sites"] > 1
    links = slice(block.first, block.first + len(block.index))
    assert recognise(program.matrix(objective), links) is None


def test_forbidden_and_forced_sites() -> None:
    """A column bound that fixes a site is kept."""
    program, objective, facts = problem(11, 1, 3, absent=0)
    matrix = program.matrix(objective)
    first = program.columns["open"].first
    block = program.columns["assign"]
    links = slice(block.first, block.first + len(block.index))
    for site in range(facts["sites"]):
        for value in (0, 1):
            lower, upper = matrix.lower.copy(), matrix.upper.copy()
            lower[first + site] = upper[first + site] = value
            found = recognise(matrix._replace(lower=lower, upper=upper), links)
            assert found is not None
            result = Locator(found, lambda: False, lambda v, b: None).run(no_engine)
            sides = range(1, 4)
            options = [
                brute_with(facts, chosen)
                for size in sides
                for chosen in combinations(range(facts["sites"]), size)
                if (site in chosen) == bool(value)
            ]
            assert result.bound == min(options, default=None)


def brute_with(facts: dict, chosen: tuple[int, ...]) -> int:
    """Return the cost of one set of open sites."""
    only = replace_sites(facts, chosen)
    found = brute(only, len(chosen), len(chosen))
    assert found is not None
    return found + sum(facts["shut"][j] for j in range(facts["sites"]) if j not in chosen)


def replace_sites(facts: dict, chosen: tuple[int, ...]) -> dict:
    """Return the facts with only `chosen`, renumbered."""
    number = {site: n for n, site in enumerate(chosen)}
    return {
        **facts,
        "sites": len(chosen),
        "fixed": [facts["fixed"][j] for j in chosen],
        "shut": [facts["shut"][j] for j in chosen],
        "cost": {(i, number[j]): c for (i, j), c in facts["cost"].items() if j in number},
    }
