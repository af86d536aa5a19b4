"""Euclidean distances rounded down, in exact integers."""

import numpy as np


def rounded_down(xy: np.ndarray, decimals: int) -> np.ndarray:
    """Return floor of the Euclidean distance of every pair, int64 [n, n].

    xy: int64 [n, 2] in units of 10**-decimals, differences below 2**30. The square root in
    doubles is off by one at most; it is put right by squaring in integers.
    """
    if len(xy) and int(np.ptp(xy, axis=0).max()) >= 2**30:
        raise ValueError("coordinates too far apart")
    result = np.empty((len(xy), len(xy)), dtype=np.int64)
    for row, here in enumerate(xy):  # a row at a time keeps the memory at one matrix
        square = ((xy - here) ** 2).sum(axis=1)
        root = np.sqrt(square.astype(np.float64)).astype(np.int64)
        root -= root * root > square
        root += (root + 1) * (root + 1) <= square
        result[row] = root // 10**decimals
    return result
