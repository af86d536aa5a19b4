"""A branch of the search, and what whole prices prove of it.

Every customer has a price for being served. A site is then worth its fixed cost less what its best
knapsack of customers pays beyond their ways, and the cheapest allowed set of sites gives a bound
(Barceló and Casanovas, European Journal of Operational Research 15, 1984; Holmberg, Rönnqvist and
Yuan, the same 113, 1999): as strong as if every way of filling a site were a column of its own. How
many sites are open follows from a rule on their number or, without one, from the total demand, which
is one more knapsack: of the sites that can stay closed.
"""

from dataclasses import dataclass, replace

import numpy as np

from optimizer.solver.location.dual import SCALE, Bound, Sites
from optimizer.solver.location.single.knapsack import Exact, pack
from optimizer.solver.location.single.recognise import LARGEST_SUM, SingleSource

NEVER = 2**60
"""The bound of what cannot be."""


@dataclass(frozen=True, eq=False)
class Branch:
    """What is still possible, and where the last steps stood.

    sites: numbers of the sites that may be open. must: which of them are. links: (sites,
    customers), which may be used. prices: per customer, floats, in cost units. bound: proved.
    often, use: how often a site was open and a link used of late, 0 to 1; the shapes of must, links.
    """

    sites: np.ndarray
    must: np.ndarray
    links: np.ndarray
    prices: np.ndarray
    bound: int
    often: np.ndarray
    use: np.ndarray

    def only(self, keep: np.ndarray) -> "Branch":
        """Return the branch with only the sites that `keep` marks."""
        sites, must, often = self.sites[keep], self.must[keep], self.often[keep]
        links, use = self.links[keep], self.use[keep]
        return replace(self, sites=sites, must=must, often=often, links=links, use=use)

    @property
    def decided(self) -> bool:
        """Whether it has one assignment at most."""
        return bool(self.must.all() and (self.links.sum(axis=0) == 1).all())

    def rules(self, problem: SingleSource) -> Sites:
        """Return what holds of the number of open sites."""
        fixed = problem.located.fixed[self.sites]
        every = np.ones(len(fixed), dtype=bool)
        return Sites(fixed, every, self.must, problem.located.least, problem.located.most)

    def possible(self, problem: SingleSource) -> bool:
        """Return whether nothing obvious speaks against a solution."""
        count, rules = len(self.sites), self.rules(problem)
        room = int(problem.capacity[self.sites].sum())
        if room < problem.total or count < max(rules.least, 1):
            return False
        if max(rules.least, int(self.must.sum())) > rules.most:
            return False
        return bool(self.links.any(axis=0).all())


def cheapest(problem: SingleSource, branch: Branch, worth: np.ndarray) -> np.ndarray:
    """Return which sites the cheapest allowed set opens if each adds its `worth` (floats)."""
    if not problem.covers:
        return branch.rules(problem).cheapest(worth)
    capacity = problem.capacity[branch.sites]
    spare = np.array([int(capacity.sum()) - problem.total])
    saved = np.where(branch.must, 0.0, worth)
    closed: np.ndarray = pack(saved[None], capacity, spare)[1][0]
    return ~closed


@dataclass(frozen=True, eq=False)
class Proof:
    """What prices prove of a branch, in thousandths of the cost unit, all integers.

    value: no solution costs less. opened, closed: per site, the bound if it is that. linked: (sites,
    customers), the bound if the link is used. sites: of the branch; worth: of each. prices: per
    customer.
    """

    sites: np.ndarray
    value: int
    opened: np.ndarray
    closed: np.ndarray
    linked: np.ndarray
    worth: np.ndarray
    prices: np.ndarray

    def narrowed(self, problem: SingleSource, branch: Branch, aim: int) -> Branch | None:
        """Return the branch without what no solution cheaper than `aim` has; None if there is none."""
        limit = (aim - 1) * SCALE
        bound = max(branch.bound, -(-self.value // SCALE))
        must = branch.must | (self.closed > limit)
        keep = self.opened <= limit
        if bound >= aim or (must & ~keep).any():
            return None
        links = branch.links & (self.linked <= limit)
        prices = self.prices / SCALE
        branch = replace(branch, must=must, links=links, bound=bound, prices=prices).only(keep)
        if branch.must.sum() == problem.located.most:
            branch = branch.only(branch.must)
        return branch if branch.possible(problem) else None


def prove(problem: SingleSource, branch: Branch, prices: np.ndarray) -> Proof:
    """Return what `prices` (whole thousandths per customer) prove of a possible branch.

    Prices whose sums could leave 64 bits are cut off; any prices prove something.
    """
    most = LARGEST_SUM // (len(prices) * len(branch.sites) + 1)
    prices = np.clip(prices, -most, most)
    profit = prices - problem.cost[branch.sites] * SCALE
    best = np.zeros(len(branch.sites), dtype=np.int64)
    loss = np.full(profit.shape, NEVER)
    for n, site in enumerate(branch.sites):
        mine = branch.links[n]
        knapsack = Exact(profit[n, mine], problem.demand[mine], int(problem.capacity[site]))
        best[n] = knapsack.best
        loss[n, mine] = knapsack.best - knapsack.with_each()
    worth = problem.located.fixed[branch.sites] * SCALE - best
    value, opened, closed = _by_site(problem, branch, worth, int(prices.sum()))
    linked = np.minimum(opened[:, None] + np.minimum(loss, NEVER), NEVER)
    return Proof(branch.sites, value, opened, closed, linked, worth, prices)


def _by_site(
    problem: SingleSource, branch: Branch, worth: np.ndarray, paid: int
) -> tuple[int, np.ndarray, np.ndarray]:
    """Return the bound, and per site the bound if it is open and if it is closed."""
    must, rules = branch.must, branch.rules(problem)
    if not problem.covers:
        opened = rules.cheapest(worth)
        value = paid + int(worth[opened].sum())
        proved = Bound(rules, value, worth, opened, np.empty(0), np.empty(0))
        return value, proved.if_opened(), np.where(must, NEVER, proved.if_closed())
    capacity = problem.capacity[branch.sites]
    spare = int(capacity.sum()) - problem.total
    shut = Exact(np.where(must, 0, worth), capacity, spare)
    every = paid + int(worth.sum())
    closed = np.where(must, NEVER, np.minimum(every - shut.with_each(), NEVER))
    return every - shut.best, every - shut.without_each(), closed
