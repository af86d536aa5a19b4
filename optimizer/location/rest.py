"""The links that could still matter, as a small program for an engine."""

import numpy as np

from optimizer.algebra import FREE
from optimizer.location.dual import Sites
from optimizer.program import Matrix


def rest(cost: np.ndarray, sites: Sites, customer: np.ndarray, site: np.ndarray) -> Matrix:
    """Return the program of `sites` (its first columns) and the links (customer, site).

    cost: (customers, sites). customer, site: one entry per link; every customer has one.
    """
    count, links, people = len(sites.fixed), len(customer), len(cost)
    link = np.arange(links)
    # rows: each customer once, each link only to an open site, the number of open sites
    row = np.concatenate([customer, people + link, people + link, np.full(count, people + links)])
    column = np.concatenate([count + link, count + link, site, np.arange(count)])
    coefficient = np.ones(len(row), dtype=np.int64)
    coefficient[2 * links : 3 * links] = -1
    order = np.lexsort((column, row))
    ones, none = np.ones(people, dtype=np.int64), np.zeros(links, dtype=np.int64)
    return Matrix(
        lower=np.concatenate([sites.must.astype(np.int64), none]),
        upper=np.ones(count + links, dtype=np.int64),
        row_lower=np.concatenate([ones, none - FREE, [sites.least]]),
        row_upper=np.concatenate([ones, none, [sites.most]]),
        row=row[order].astype(np.int64),
        column=column[order].astype(np.int64),
        coefficient=coefficient[order],
        cost=np.concatenate([sites.fixed, cost[customer, site]]),
        offset=0,
    )
