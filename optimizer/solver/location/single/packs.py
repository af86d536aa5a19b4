"""Every way of filling a site that a solution cheap enough could use, and their exact cover.

With good prices a solution costs the bound plus what its packs (a pack: the customers of one site)
lie above the best of their site. Only packs whose excess stays within the gap can be part of it, and
where they are few, picking one per site so that everybody is in exactly one pack ends the matter
(set partitioning: Baldacci, Hadjiconstantinou, Maniezzo and Mingozzi, European Journal of Operational
Research 138, 2002, for the capacitated p-median).
"""

from dataclasses import dataclass

import numpy as np

from optimizer.solver.location.dual import SCALE
from optimizer.solver.location.single.branch import Branch, Proof
from optimizer.solver.location.single.knapsack import Exact
from optimizer.solver.location.single.recognise import LARGEST_SUM, SingleSource


class TooManyError(Exception):
    """There are more packs, or more branches of the cover, than are looked at."""


@dataclass(frozen=True, eq=False)
class Packs:
    """Packs of several sites, those of a site together.

    holds: (packs, customers) bool. site: place of its site in the branch. excess: thousandths above
    the cheapest of its site. Staying closed is a pack that holds nobody, marked by `closed`.
    """

    holds: np.ndarray
    site: np.ndarray
    excess: np.ndarray
    closed: np.ndarray

    def only(self, keep: np.ndarray) -> "Packs":
        """Return the packs that `keep` marks (or numbers, in order)."""
        return Packs(self.holds[keep], self.site[keep], self.excess[keep], self.closed[keep])


def fillings(
    profit: np.ndarray, weight: np.ndarray, capacity: int, least: int, most: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return all ways (ways, items) to fill a knapsack to a value of `least` or more, and the values.

    Item by item, the heaviest first; what cannot reach `least` any more is dropped. Raises
    TooManyError beyond `most` ways at a time.
    """
    order = np.argsort(-weight, kind="stable")
    profit, weight = profit[order], weight[order]
    rest = Exact(profit, weight, capacity).after
    room, value = np.array([capacity]), np.zeros(1, dtype=np.int64)
    ways = np.zeros((1, len(order)), dtype=bool)
    for item in range(len(order)):
        without = value + rest[item + 1, room] >= least
        with_it = np.flatnonzero(room >= weight[item])
        reached = value[with_it] + profit[item] + rest[item + 1, room[with_it] - weight[item]]
        with_it = with_it[reached >= least]
        added = ways[with_it]
        added[:, item] = True
        ways = np.concatenate([ways[without], added])
        value = np.concatenate([value[without], value[with_it] + profit[item]])
        room = np.concatenate([room[without], room[with_it] - weight[item]])
        if len(value) > most:
            raise TooManyError
    back = np.empty_like(ways)
    back[:, order] = ways
    return back, value


def tolls(problem: SingleSource, branch: Branch, worth: np.ndarray) -> tuple[np.ndarray, int]:
    """Return what each open site pays to the rule on number or room, and what the rule then adds.

    The bound is the sum over sites of what is left of their worth, where that is negative: the
    rule's price that makes it largest is at one of the sites.
    """
    if problem.covers:
        size, most, least = problem.capacity[branch.sites], 0, problem.total
    else:
        size = np.ones(len(branch.sites), dtype=np.int64)
        least, most = problem.located.least, min(problem.located.most, len(branch.sites))
    prices = np.unique(np.append(worth // np.maximum(size, 1), 0))
    unit = len(size) * max(int(size.max(initial=1)), least, most)
    prices = prices[np.abs(prices) <= LARGEST_SUM // unit]  # times sizes, they stay in 64 bits
    if problem.covers:
        prices = prices[prices >= 0]
    added = np.where(prices > 0, least, most) * prices
    left = worth - prices[:, None] * size
    total = added + np.where(branch.must, left, np.minimum(left, 0)).sum(axis=1)
    best = int(total.argmax())
    return prices[best] * size, int(added[best])


def packs(
    problem: SingleSource, branch: Branch, proof: Proof, aim: int, most: int
) -> tuple[Packs, int]:
    """Return the packs that a solution cheaper than `aim` could have, and the excess it may spend.

    proof: of this branch, or of the one that it was narrowed from. Raises TooManyError beyond `most`.
    """
    worth = proof.worth[np.isin(proof.sites, branch.sites)]
    toll, added = tolls(problem, branch, worth)
    worth = worth - toll
    cheapest = np.where(branch.must, worth, np.minimum(worth, 0))
    budget = (aim - 1) * SCALE - int(proof.prices.sum()) - added - int(cheapest.sum())
    found: list[Packs] = []
    for n, site in enumerate(branch.sites if budget >= 0 else ()):
        mine = np.flatnonzero(branch.links[n])
        profit = proof.prices[mine] - problem.cost[site, mine] * SCALE
        dues = int(problem.located.fixed[site]) * SCALE - int(toll[n] + cheapest[n])
        room = int(problem.capacity[site])
        ways, value = fillings(profit, problem.demand[mine], room, dues - budget, most)
        holds = np.zeros((len(ways), len(problem.demand)), dtype=bool)
        holds[:, mine] = ways
        found.append(_of_site(n, holds, dues - value, None if branch.must[n] else -cheapest[n]))
        most -= len(ways)
    if not found:
        none = np.zeros(0, dtype=np.int64)
        return Packs(np.zeros((0, len(problem.demand)), bool), none, none, none == 1), budget
    names = ("holds", "site", "excess", "closed")
    return Packs(*(np.concatenate([getattr(p, name) for p in found]) for name in names)), budget


def _of_site(n: int, holds: np.ndarray, excess: np.ndarray, shut: int | None) -> Packs:
    """Return the packs of one site; shut: the excess of leaving it closed, None if it must open."""
    closed = np.zeros(len(holds), dtype=bool)
    if shut is not None:
        holds = np.concatenate([holds, np.zeros((1, holds.shape[1]), dtype=bool)])
        excess, closed = np.append(excess, shut), np.append(closed, True)
    return Packs(holds, np.full(len(holds), n), excess, closed)
