"""Prices by subgradient steps: floating point may only guess them (`branch.py` proves).

Steps as in `location/dual.py`, deflected after Camerini, Fratta and Maffioli, Mathematical
Programming Study 3, 1975. What a unit of demand costs everywhere is one number in all prices, along
which the bound is flat: steps in that direction are made longer, or it would take thousands.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from optimizer.solver.location.dual import DEFLECTION
from optimizer.solver.location.single.branch import Branch, cheapest
from optimizer.solver.location.single.knapsack import pack
from optimizer.solver.location.single.recognise import SingleSource

SHORTEST = 1e-2
"""Step length at which steps end; the first is 1."""

STRETCH = 50.0
"""How much longer steps are in the direction of the demands."""

MEMORY = 0.9
"""Weight of the past in what tells how often a site is open and a link is used."""

Seen = Callable[[np.ndarray, np.ndarray], None]
"""Told of open sites (bools) and of what they take: (sites, customers)."""


def start(problem: SingleSource, branch: Branch) -> np.ndarray:
    """Return first prices per customer: of several guesses the one with the best bound.

    One guess adds to the cheapest way its share of a full site's fixed cost. The others are
    the second way and farther ones: where nearly all sites have to be open, fixed costs say nothing.
    """
    sites = branch.sites
    share = problem.located.fixed[sites] / np.maximum(problem.capacity[sites], 1)
    cost = np.where(branch.links, problem.cost[sites], np.inf)
    guesses = [(cost + share[:, None] * problem.demand).min(axis=0)]
    ways = np.sort(cost, axis=0)
    for place in sorted({min(n, len(sites) - 1) for n in (1, 3, len(sites) // 4)}):
        guesses.append(np.where(np.isfinite(ways[place]), ways[place], ways[0]))
    return max(guesses, key=lambda prices: _step(problem, branch, cost, prices)[0])


def _step(
    problem: SingleSource, branch: Branch, cost: np.ndarray, prices: np.ndarray
) -> tuple[float, np.ndarray, np.ndarray]:
    """Return the bound at `prices`, the open sites and what they take: (sites, customers)."""
    fixed, capacity = problem.located.fixed[branch.sites], problem.capacity[branch.sites]
    gain, taken = pack(prices - cost, problem.demand, capacity)
    worth = fixed - gain
    opened = cheapest(problem, branch, worth)
    return float(prices.sum() + worth[opened].sum()), opened, taken & opened[:, None]


def climb(
    problem: SingleSource,
    branch: Branch,
    steps: int,
    patience: int,
    target: Callable[[], float],
    done: Callable[[], bool],
    seen: Seen,
) -> Branch:
    """Return the branch with the prices of the best bound met in so many steps.

    patience: steps without a better bound before their length is halved. target: the cost that
    solutions of interest stay below. A branch that reaches it is at its end.
    """
    cost = np.where(branch.links, problem.cost[branch.sites], np.inf)
    prices = best_prices = branch.prices
    best, waited, length = -np.inf, 0, 1.0
    often, use, before = branch.often, branch.use, np.zeros(len(prices))
    level = problem.demand / max(float(np.linalg.norm(problem.demand)), 1e-9)

    def stretched(direction: np.ndarray) -> np.ndarray:
        return direction + STRETCH * float(level @ direction) * level

    for _ in range(steps):
        value, opened, taken = _step(problem, branch, cost, prices)
        often = MEMORY * often + (1 - MEMORY) * opened
        use = MEMORY * use + (1 - MEMORY) * taken
        if value > best:
            waited = waited if value < best + 1e-4 * (target() - best) else 0
            best, best_prices = value, prices
        waited += 1
        if waited > patience:
            length, waited = length / 2, 0
        seen(opened, taken)
        if done() or best > target() - 1 + 1e-6 or length < SHORTEST:
            break
        direction = 1.0 - taken.sum(axis=0)
        last = stretched(before)
        turn = DEFLECTION * float(direction @ last) / max(float(before @ last), 1e-9)
        direction = before = direction - min(turn, 0.0) * before
        step = stretched(direction)
        square = float(direction @ step)
        if square < 1e-12:
            break
        prices = prices + length * max(target() - value, 1.0) / square * step
    return replace(branch, prices=best_prices, often=often, use=use)
