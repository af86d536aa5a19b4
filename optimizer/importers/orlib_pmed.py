"""OR-Library uncapacitated p-median: a graph; the cost of a pair is its shortest path.

`n m p`, then m edges `i j length`. An edge given again has its last length (Beasley, A note on
solving large p-median problems, European Journal of Operational Research 21, 1985, and the
notes of the library). Every vertex is a customer of weight 1 and a site.
"""

from pathlib import Path

import numpy as np

from optimizer.base.words import Text
from optimizer.importers.location import NO_WAY, LocationData, numbered
from optimizer.importers.numbers import Numbers

FAR = 2**60
"""Longer than any path; two of them still fit 64 bits."""

NARROW = ((2**14 - 1, np.int16), (2**30 - 1, np.int32))
"""Narrow integers in which paths shorter than the first can be added up, several times faster."""

MOST_VERTICES, MOST_EDGES = 5000, 10**7


def read(path: Path) -> LocationData:
    """Return the problem in `path`. Raises InputError."""
    numbers = Numbers(path)
    n = numbers.whole(Text("number of vertices", "頂点の数"), 1, MOST_VERTICES)
    edges = numbers.whole(Text("number of edges", "辺の数"), 0, MOST_EDGES)
    p = numbers.whole(Text("p", "p"), 1, n)
    length = np.full((n, n), FAR, dtype=np.int64)
    end = Text("end of an edge", "辺の端点")
    for _ in range(edges):
        i, j = numbers.whole(end, 1, n) - 1, numbers.whole(end, 1, n) - 1
        length[i, j] = length[j, i] = numbers.whole(Text("length of an edge", "辺の長さ"), 0, 10**9)
    numbers.finish()
    np.fill_diagonal(length, 0)
    paths = shortest_paths(length)
    return LocationData(numbered(n), numbered(n), paths, between=paths, p=p)


def shortest_paths(length: np.ndarray) -> np.ndarray:
    """Return all-pairs shortest paths, NO_WAY where there is none (Floyd, CACM 5, 1962).

    length: int64 [n, n], FAR where there is no edge, 0 on the diagonal.
    """
    for far, kind in NARROW:
        paths = _floyd(np.minimum(length, far).astype(kind))
        if (paths < far).all():  # no path was cut short
            return paths.astype(np.int64)
    paths = _floyd(length)
    paths[paths >= FAR] = NO_WAY
    return paths


def _floyd(paths: np.ndarray) -> np.ndarray:
    through = np.empty_like(paths)
    for k in range(len(paths)):
        np.add(paths[:, k, None], paths[None, k, :], out=through)
        np.minimum(paths, through, out=paths)
    return paths
