"""Readings: what a check measured, for every key of a constraint."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from optimizer.base.integers import whole


@dataclass(frozen=True, eq=False)
class Readings:
    """Integers measured on a plan.

    table: index = the key of the constraint; columns actual, limit, margin. The margin is how
    much room is left: negative is a violation, zero is binding.
    """

    table: pd.DataFrame

    @property
    def violations(self) -> pd.DataFrame:
        """The rows beyond their limit."""
        return self.table[self.table["margin"] < 0]

    @property
    def binding(self) -> pd.DataFrame:
        """The rows exactly at their limit."""
        return self.table[self.table["margin"] == 0]

    def tightest(self, count: int = 1) -> pd.DataFrame:
        """Return the `count` rows with the least room, violations first.

        Keys where nothing is and nothing may be (a closed counter without staff) tell nothing;
        they are left out where there are others.
        """
        idle = (self.table["actual"] == 0) & (self.table["limit"] == 0)
        table = self.table if idle.all() else self.table[~idle]
        return table.sort_values("margin", kind="stable").head(count)


def at_most(actual: pd.Series, limit: pd.Series | int) -> Readings:
    """Return readings that hold where `actual` <= `limit`."""
    return _readings(actual, limit, lambda a, b: b - a)


def at_least(actual: pd.Series, limit: pd.Series | int) -> Readings:
    """Return readings that hold where `actual` >= `limit`."""
    return _readings(actual, limit, lambda a, b: a - b)


def exactly(actual: pd.Series, limit: pd.Series | int) -> Readings:
    """Return readings that hold where `actual` == `limit`."""
    return _readings(actual, limit, lambda a, b: -np.abs(a - b))


def nearer(low: Readings, high: Readings) -> Readings:
    """Return for every key the reading beside the bound with less room."""
    a, b = low.table, high.table
    return Readings(a.where(a["margin"] < b["margin"], b).astype("int64"))


def by_label(label: str, numbers: Mapping[Any, int]) -> pd.Series:
    """Return `numbers`, one for each value of a key with a single label, as readings take them."""
    index = pd.MultiIndex.from_arrays([list(numbers)], names=[label])
    return pd.Series(list(numbers.values()), index=index, dtype="int64")


def _readings(actual, limit, margin) -> Readings:  # type: ignore[no-untyped-def]
    limits = limit.reindex(actual.index) if isinstance(limit, pd.Series) else limit
    a = whole(actual)
    b = whole(np.broadcast_to(limits, a.shape))
    table = pd.DataFrame({"actual": a, "limit": b, "margin": margin(a, b)}, index=actual.index)
    return Readings(table.sort_index())
