"""Single-source capacitated location of Delmaire, Díaz, Fernández and Ortega.

`customers sites`, then for every customer the cost of serving the whole of it from every site,
then all demands, all fixed costs, all capacities (Delmaire et al., Reactive GRASP and tabu search
based heuristics for the single source capacitated plant location problem, INFOR 37, 1999).
"""

from pathlib import Path

import numpy as np

from optimizer.base.words import Text
from optimizer.importers.location import LocationData, numbered
from optimizer.importers.numbers import Numbers


def read(path: Path) -> LocationData:
    """Return the problem in `path`. Raises InputError."""
    numbers = Numbers(path)
    n = numbers.whole(Text("number of customers", "需要地の数"), 1, 5000)
    m = numbers.whole(Text("number of sites", "候補地の数"), 1, 5000)
    cost = numbers.wholes(m * n, Text("cost of serving a customer", "需要地の費用"))
    demand = numbers.wholes(n, Text("demand of a customer", "需要地の需要量"))
    fixed = numbers.wholes(m, Text("fixed cost of a site", "候補地の固定費"))
    capacity = numbers.wholes(m, Text("capacity of a site", "候補地の容量"))
    numbers.finish()
    return LocationData(
        numbered(n),
        numbered(m),
        np.array(cost, dtype=np.int64).reshape(n, m),
        site_cost=np.array(fixed, dtype=np.int64),
        demand=np.array(demand, dtype=np.int64),
        capacity=np.array(capacity, dtype=np.int64),
    )
