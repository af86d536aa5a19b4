"""The question that splits a branch: is a site open within a customer's radius, or is none?

Opening or closing a single site says little where others beside it do as well. "None of these is
open" and "one of these is" both say much, and both fit the prices: sites go, or a customer's ways
do. In the radius form (see `rest`) it is branching on a column "nothing nearer is open".
"""

import numpy as np

from optimizer.solver.location.links import Links

FAINT = 0.01
"""Sites opened less often than this are left out while a question is chosen."""

SURE = 0.05
"""A ball that is less in doubt than this is no question."""

TRIED = 50
"""So many balls are compared by what lies in them."""


def question(
    links: Links, often: np.ndarray, limit: np.ndarray, cost: np.ndarray, alive: np.ndarray
) -> tuple[int, int] | None:
    """Return the customer and radius most worth asking about, None where nothing is in doubt.

    often: how often each site is opened, 0 where it is not alive. limit: what each customer may
    pay. cost: (sites, customers). A ball is worth the doubt whether a site in it is open, times
    what lies between the mean ways to the sites inside and outside; less if many sites share it.
    """
    ways = links.within(often > FAINT, limit)
    site = np.repeat(np.arange(len(often)), ways.count)
    order = np.lexsort((ways.cost, ways.customer))
    if not len(order):
        return None
    customer, way, share = ways.customer[order], ways.cost[order], often[site[order]]
    start = np.flatnonzero(np.diff(customer, prepend=-1))
    end = np.append(start[1:], len(customer))

    def so_far(each: np.ndarray) -> np.ndarray:
        total = np.cumsum(each)
        total -= np.repeat(total[start] - each[start], end - start)
        return total

    inside = so_far(share)
    served = np.minimum(inside, 1) - np.minimum(inside - share, 1)  # by the cheapest, up to one
    paid = so_far(served * way)
    whole = np.repeat(paid[end - 1], end - start)
    doubt = np.minimum(inside, 1 - inside)
    changes = np.append((customer[1:] == customer[:-1]) & (way[1:] > way[:-1]), False)
    asked = np.flatnonzero(changes & (doubt > SURE))
    if not len(asked):
        return None
    inside, paid = inside[asked], paid[asked]
    worth = doubt[asked] * ((whole[asked] - paid) / (1 - inside) - paid / inside)
    best = asked[np.argsort(-worth, kind="stable")[:TRIED]]
    size = (cost[:, customer[best]][alive] <= way[best]).sum(axis=0)
    worth = np.sort(worth)[::-1][:TRIED] / np.sqrt(size)
    chosen = best[int(worth.argmax())]
    return int(customer[chosen]), int(way[chosen])
