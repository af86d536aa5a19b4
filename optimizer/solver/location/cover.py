"""Covering every customer with at most so many sites: found, refuted, or left to an engine.

Prices per customer bound the number of sites from below, as in `dual`, and guide a greedy choice
of sites (Beasley, European Journal of Operational Research 31, 1987; Caprara, Fischetti, Toth,
Operations Research 47, 1999). A refutation is recomputed from whole prices in integers.
"""

import numpy as np

SCALE = 10**6
"""Prices are whole millionths of a site."""

STEPS, PATIENCE, TRY = 60, 15, 20
"""Subgradient steps, steps without a better bound before a step is halved, steps between covers tried."""

NODES = 400
"""Branches after which a question is left to an engine."""


class UndecidedError(Exception):
    """Neither a cover nor a refutation was found within so many branches."""


class Question:
    """Can so few sites cover everybody? `answer` it by bounds and branching, or leave it.

    A customer with the fewest sites to choose from is sent to each of them in turn; a site once
    tried is not open in the branches after it.
    """

    def __init__(self, nodes: int = NODES) -> None:
        self.nodes = nodes

    def answer(
        self, near: np.ndarray, most: int, prices: np.ndarray | None = None
    ) -> np.ndarray | None:
        """Return at most `most` sites that cover every customer, None if it is proved that none do.

        near: (customers, sites), bool. prices: per customer, to start from. Raises UndecidedError.
        """
        opened = np.zeros(near.shape[1], dtype=bool)
        if not len(near):
            return opened
        if most <= 0 or not near.any(axis=1).all():
            return None
        rows, columns = without_dominated(near)
        start = None if prices is None else prices[rows]
        found, refuted, useful, prices = cover(near[np.ix_(rows, columns)], most, start)
        if refuted:
            return None
        if found is None:
            columns = columns[useful]
            found = self._branch(near[np.ix_(rows, columns)], most, prices)
            if found is None:
                return None
        opened[columns[found]] = True
        return opened

    def _branch(self, near: np.ndarray, most: int, prices: np.ndarray) -> np.ndarray | None:
        choices = np.flatnonzero(near[near.sum(axis=1).argmin()])
        still = np.ones(near.shape[1], dtype=bool)
        for site in choices[np.argsort(-near[:, choices].sum(axis=0), kind="stable")]:
            if self.nodes <= 0:
                raise UndecidedError
            self.nodes -= 1
            left = ~near[:, site]
            found = self.answer(near[np.ix_(left, still)], most - 1, prices[left])
            if found is not None:
                opened = np.zeros(near.shape[1], dtype=bool)
                opened[np.flatnonzero(still)[found]] = True
                opened[site] = True
                return opened
            still[site] = False
        return None


def cover(
    near: np.ndarray, most: int, prices: np.ndarray | None = None
) -> tuple[np.ndarray | None, bool, np.ndarray, np.ndarray]:
    """Return (at most `most` sites that cover every customer or None, whether it is proved that none
    do, which sites so few could include, the best prices), by prices alone.

    near: (customers, sites), bool, in which every customer has a site.
    """
    every = np.ones(near.shape[1], dtype=bool)
    dense = near.astype(np.float32)
    size = dense.sum(axis=0)
    if prices is None:
        prices = 1 / np.where(near, size, np.inf).min(axis=1).astype(np.float64)
    length, waited, best, best_prices = 1.0, 0, -np.inf, prices
    for step in range(STEPS):
        worth = 1 - prices @ dense
        chosen = worth < 0
        value = prices.sum() + worth[chosen].sum()
        if value > best + 1e-6:
            best, best_prices, waited = value, prices, 0
        else:
            waited += 1
            if waited >= PATIENCE:
                length, waited = length / 2, 0
        if best > most + 1e-4 or length < 1e-3:
            break
        if step % TRY == 0:
            opened = greedy(near, worth)
            if opened.sum() <= most:
                return opened, False, every, prices
        direction = 1 - dense @ chosen.astype(np.float32)
        square = float(direction @ direction)
        if square == 0:
            break
        prices = np.maximum(prices + length * max(most + 1 - value, 0.1) / square * direction, 0)
    least, extra = proved(near, np.rint(best_prices * SCALE).astype(np.int64))
    return None, least > most * SCALE, least + extra <= most * SCALE, best_prices


def proved(near: np.ndarray, prices: np.ndarray) -> tuple[int, np.ndarray]:
    """Return how many sites any cover needs, and what each site adds to that, in millionths.

    prices: per customer, whole millionths.
    """
    worth = SCALE - prices @ near.astype(np.int64)
    return int(prices.sum() + np.minimum(worth, 0).sum()), np.maximum(worth, 0)


def greedy(near: np.ndarray, worth: np.ndarray) -> np.ndarray:
    """Return sites that cover every customer, the cheapest by `worth` per newcomer first."""
    opened = np.zeros(near.shape[1], dtype=bool)
    waiting = np.ones(len(near), dtype=bool)
    dear = np.maximum(worth, 1e-3)
    newcomers = near.sum(axis=0)
    while waiting.any():
        site = int((newcomers / dear).argmax())
        opened[site] = True
        served = waiting & near[:, site]
        newcomers = newcomers - near[served].sum(axis=0)
        waiting &= ~served
    times = near[:, opened].sum(axis=1)
    for site in np.flatnonzero(opened)[::-1]:  # the last were taken for few
        if (times[near[:, site]] > 1).all():
            opened[site] = False
            times = times - near[:, site]
    return opened


def without_dominated(near: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows (customers) and columns (sites) of a covering problem that decide it.

    A site that covers part of what another covers is not needed; a customer who is covered by
    whatever covers another need not be asked about (Toregas, ReVelle, Papers of the Regional Science
    Association 28, 1972). near: (customers, sites), bool.
    """
    rows, columns = np.arange(near.shape[0]), np.arange(near.shape[1])
    while True:
        before = len(rows), len(columns)
        columns = columns[~_inside_another(near[np.ix_(rows, columns)].T)]
        rows = rows[~_inside_another(~near[np.ix_(rows, columns)])]
        if before == (len(rows), len(columns)):
            return rows, columns


def _inside_another(sets: np.ndarray) -> np.ndarray:
    """Return which rows of `sets` (bool) are part of another; of equal ones, all but the first."""
    shared = sets.astype(np.float32) @ sets.T.astype(np.float32)  # exact below 2**24 members
    inside = shared == shared.diagonal()[:, None]
    equal = inside & inside.T
    first = np.tri(len(sets), k=-1, dtype=bool)
    result: np.ndarray = ((inside & ~equal) | (equal & first)).any(axis=1)
    return result
