"""Integers throughout: nothing is rounded in silence."""

import numpy as np
import pandas as pd


def whole(values: pd.Series | np.ndarray) -> np.ndarray:
    """Return `values` as 64-bit integers; raise ValueError where that would change one."""
    array = np.asarray(values)
    result = array.astype(np.int64)
    if not (result == array).all():
        raise ValueError("not whole numbers")
    return result
