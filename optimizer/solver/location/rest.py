"""The links that could still matter, as a small program for an engine.

A customer's ways are sorted into levels of equal cost. For each level but the cheapest a column says
"nothing nearer is open", and costs what this level adds to the one before (the radius form: Elloumi,
Labbé, Pochet, INFORMS Journal on Computing 16, 2004; García, Labbé, Marín, INFORMS Journal on
Computing 23, 2011). It has a row per level instead of one per link, and nothing but the covering
rows where all ways cost the same.
"""

import numpy as np

from optimizer.model.algebra import FREE
from optimizer.model.program import Matrix
from optimizer.solver.location.dual import Sites


def rest(cost: np.ndarray, sites: Sites, customer: np.ndarray, site: np.ndarray) -> Matrix:
    """Return the program of `sites` (its first columns) and the links (customer, site).

    cost: (customers, sites). customer, site: one entry per link; every customer has one. Rows: per
    customer and level, "open here, or farther, unless nearer"; then the number of open sites.
    """
    count, way = len(sites.fixed), cost[customer, site]
    order = np.lexsort((site, way, customer))
    customer, site, way = customer[order], site[order], way[order]
    starts = np.diff(customer, prepend=-1) != 0  # a link that is its customer's first
    new = starts | (np.diff(way, prepend=0) != 0)
    level, first, price = np.cumsum(new) - 1, starts[new], way[new]
    later = np.flatnonzero(~first)  # levels with a column "nothing nearer"
    farther = count + np.arange(len(later))
    row = np.concatenate([level, later - 1, later, np.full(count, len(first))])
    column = np.concatenate([site, farther, farther, np.arange(count)])
    coefficient = np.ones(len(row), dtype=np.int64)
    coefficient[len(level) + len(later) : len(level) + 2 * len(later)] = -1
    # who may go anywhere need not be told that something is open
    last = np.append(first[1:], True)
    anywhere = np.bincount(customer, minlength=len(cost))[customer[new]] == count
    kept = np.append(~(last & anywhere) if sites.least > 0 else last | True, True)
    number = np.cumsum(kept) - 1
    order = np.lexsort((column, row))
    order = order[kept[row[order]]]
    return Matrix(
        lower=np.concatenate([sites.must.astype(np.int64), np.zeros(len(later), dtype=np.int64)]),
        upper=np.ones(count + len(later), dtype=np.int64),
        row_lower=np.append(first.astype(np.int64), sites.least)[kept],
        row_upper=np.append(np.full(len(first), FREE), sites.most)[kept],
        row=number[row[order]].astype(np.int64),
        column=column[order].astype(np.int64),
        coefficient=coefficient[order],
        cost=np.concatenate([sites.fixed, price[later] - price[later - 1]]),
        offset=int(price[first].sum()),
    )
