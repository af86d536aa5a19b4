"""OR-Library capacitated p-median: points in the plane, one capacity for all.

`number best-known`, `n p capacity`, then `i x y demand`. The cost of a pair is its Euclidean
distance rounded down, whatever the demand (Osman and Christofides, Capacitated clustering
problems by hybrid simulated annealing and tabu search, International Transactions in Operational
Research 1, 1994). Every point is a customer and a site.
"""

from pathlib import Path

import numpy as np

from optimizer.base.words import Text
from optimizer.importers.distances import rounded_down
from optimizer.importers.location import LocationData
from optimizer.importers.numbers import Numbers


def read(path: Path) -> LocationData:
    """Return the problem in `path`; its best known value is not used. Raises InputError."""
    numbers = Numbers(path)
    numbers.whole(Text("number of the problem", "問題の番号"))
    numbers.whole(Text("best known value", "既知の最良値"))
    n = numbers.whole(Text("number of points", "点の数"), 1, 5000)
    p = numbers.whole(Text("p", "p"), 1, n)
    capacity = numbers.whole(Text("capacity", "容量"))
    ids, xy, demand = [], [], []
    coordinate = Text("coordinate", "座標")
    for _ in range(n):
        ids.append(str(numbers.whole(Text("number of a point", "点の番号"))))
        xy.append([numbers.whole(coordinate, 0, 10**6), numbers.whole(coordinate, 0, 10**6)])
        demand.append(numbers.whole(Text("demand of a point", "点の需要量")))
        if ids[-1] in ids[:-1]:
            raise numbers.wrong(
                Text(f"point {ids[-1]}", f"点{ids[-1]}"),
                Text("given twice", "二度書かれている"),
                Text("number every point once", "番号を重複させない"),
            )
    numbers.finish()
    metres = rounded_down(np.array(xy, dtype=np.int64), 0)
    return LocationData(
        ids,
        list(ids),
        metres,
        demand=np.array(demand, dtype=np.int64),
        capacity=np.full(n, capacity, dtype=np.int64),
        between=metres,
        p=p,
    )
