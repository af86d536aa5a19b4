"""Single-source capacitated location of Holmberg, Rönnqvist and Yuan.

`sites customers`, then a site each `capacity fixed-cost`, then all demands, then for every site
the cost of serving the whole of every customer from it (European Journal of Operational Research
113, 1999).
"""

from pathlib import Path

import numpy as np

from optimizer.base.words import Text
from optimizer.importers.location import LocationData, numbered
from optimizer.importers.numbers import Numbers


def read(path: Path) -> LocationData:
    """Return the problem in `path`. Raises InputError."""
    numbers = Numbers(path)
    m = numbers.whole(Text("number of sites", "候補地の数"), 1, 5000)
    n = numbers.whole(Text("number of customers", "需要地の数"), 1, 5000)
    capacity, fixed = [], []
    for _ in range(m):
        capacity.append(numbers.whole(Text("capacity of a site", "候補地の容量")))
        fixed.append(numbers.whole(Text("fixed cost of a site", "候補地の固定費")))
    demand = numbers.wholes(n, Text("demand of a customer", "需要地の需要量"))
    cost = numbers.wholes(m * n, Text("cost of serving a customer", "需要地の費用"))
    numbers.finish()
    return LocationData(
        numbered(n),
        numbered(m),
        np.array(cost, dtype=np.int64).reshape(m, n).T.copy(),
        site_cost=np.array(fixed, dtype=np.int64),
        demand=np.array(demand, dtype=np.int64),
        capacity=np.array(capacity, dtype=np.int64),
    )
