"""Labelled affine expressions: rows with pandas labels beside sparse integer triplets.

An `Affine` is a vector of expressions, one per label of its index. It stays a handful of NumPy
arrays whatever its length, so that a model of a city is written as one line per rule and built
in a fraction of a second. Labels decide which rows meet; positions never do.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from optimizer.base.integers import whole
from optimizer.base.labels import group_labels, joined, levels, positions
from optimizer.model.matrix import FREE as FREE


@dataclass(frozen=True, eq=False)
class Affine:
    """sum of coefficient x column, plus constant, for every label of `index`.

    index: labels, all different. at, column, coefficient: equally long triplets; `at` is a
    position in `index`. constant: one integer per label.

    The left side decides the labels: `a + b` has those of `a`, `b` must have a value for each of
    them (it is repeated over levels it lacks) and may have more, which are not used.
    """

    index: pd.MultiIndex
    at: np.ndarray
    column: np.ndarray
    coefficient: np.ndarray
    constant: np.ndarray

    def __add__(self, other: Any) -> "Affine":
        if not isinstance(other, Affine):
            constant = self.constant + self._numbers(other)
            return Affine(self.index, self.at, self.column, self.coefficient, constant)
        other = other.over(self.index) if other.index is not self.index else other
        return Affine(
            self.index,
            np.concatenate([self.at, other.at]),
            np.concatenate([self.column, other.column]),
            np.concatenate([self.coefficient, other.coefficient]),
            self.constant + other.constant,
        )

    __radd__ = __add__

    def __mul__(self, factor: Any) -> "Affine":
        numbers = self._numbers(factor)
        _fits(self.coefficient, numbers[self.at])
        _fits(self.constant, numbers)
        scaled = self.coefficient * numbers[self.at]
        return Affine(self.index, self.at, self.column, scaled, self.constant * numbers)

    __rmul__ = __mul__

    def __neg__(self) -> "Affine":
        return self.__mul__(-1)

    def __sub__(self, other: Any) -> "Affine":
        negative: Any = -other
        return self.__add__(negative)

    def __rsub__(self, other: Any) -> "Affine":
        return (-self).__add__(other)

    def __le__(self, other: Any) -> "Rows":
        return Rows.of(self - other, -FREE, 0)

    def __ge__(self, other: Any) -> "Rows":
        return Rows.of(self - other, 0, FREE)

    def __eq__(self, other: Any) -> "Rows":  # type: ignore[override]
        return Rows.of(self - other, 0, 0)

    def sum(self, by: Iterable[str] = ()) -> "Affine":
        """Return the sums over all labels that agree in the levels `by`; one row for `by=()`."""
        by = list(by)
        if not by:
            total = pd.MultiIndex.from_tuples([("total",)], names=["total"])
            return self._regroup(np.zeros(len(self.index), dtype=np.int64), total)
        group, labels = group_labels(self.index, by)
        return self._regroup(group, labels)

    def select(self, keep: np.ndarray | None = None, **labels: Any) -> "Affine":
        """Return the rows where `keep` is true and every level named in `labels` has a listed value."""
        mask = np.ones(len(self.index), dtype=bool) if keep is None else np.asarray(keep)
        for level, wanted in labels.items():
            wanted = [wanted] if isinstance(wanted, str | int) else list(wanted)
            number = self.index.names.index(level)
            listed = np.append(self.index.levels[number].isin(wanted), False)
            mask = mask & listed[self.index.codes[number]]
        position = np.where(mask, np.cumsum(mask) - 1, -1)
        hit = mask[self.at]
        return Affine(
            self.index[mask],
            position[self.at[hit]],
            self.column[hit],
            self.coefficient[hit],
            self.constant[mask],
        )

    def rename(self, **levels: str) -> "Affine":
        """Return the same expression with levels renamed, such as point="nearer"."""
        names = [levels.get(str(name), name) for name in self.index.names]
        index = self.index.set_names(names)
        return Affine(index, self.at, self.column, self.coefficient, self.constant)

    def over(self, index: pd.MultiIndex, fill: bool = False) -> "Affine":
        """Return the expression for each label of `index`, looked up by the levels of this one.

        `index` must have every level of this expression and may have more (the row is then
        repeated). A label that is missing here is an error, or zero with `fill`.
        Raises KeyError naming the first missing labels.
        """
        if index is self.index:
            return self
        source = positions(index, self.index)
        if not fill and (source < 0).any():
            missing = levels(index, self.index.names)[source < 0]
            raise KeyError(f"no such label: {list(missing[:3])}")
        at, pick = joined(source, self.at)
        constant = np.where(source < 0, 0, np.append(self.constant, 0)[source])
        return Affine(index, at, self.column[pick], self.coefficient[pick], constant)

    def _numbers(self, other: Any) -> np.ndarray:
        """Return `other` as one integer per label; a Series is looked up by its own levels."""
        if isinstance(other, pd.Series):
            source = positions(self.index, other.index)
            if (source < 0).any():
                missing = levels(self.index, other.index.names)[source < 0]
                raise KeyError(f"no number for: {list(missing[:3])}")
            return whole(other.to_numpy()[source])
        return np.broadcast_to(whole(np.asarray(other)), (len(self.index),))

    def _regroup(self, group: np.ndarray, index: pd.MultiIndex) -> "Affine":
        constant = np.zeros(len(index), dtype=np.int64)
        np.add.at(constant, group, self.constant)
        return Affine(index, group[self.at], self.column, self.coefficient, constant)


@dataclass(frozen=True, eq=False)
class Rows:
    """lower <= sum of coefficient x column <= upper, for every label of `index`."""

    index: pd.MultiIndex
    at: np.ndarray
    column: np.ndarray
    coefficient: np.ndarray
    lower: np.ndarray
    upper: np.ndarray

    @classmethod
    def of(cls, expression: Affine, lower: int, upper: int) -> "Rows":
        """Return the rows lower <= expression <= upper."""
        e = expression
        low = np.full(len(e.index), -FREE) if lower == -FREE else lower - e.constant
        high = np.full(len(e.index), FREE) if upper == FREE else upper - e.constant
        return cls(e.index, e.at, e.column, e.coefficient, low, high)

    def select(self, mask: np.ndarray) -> "Rows":
        """Return the rows where `mask` is true."""
        position = np.cumsum(mask) - 1
        hit = mask[self.at]
        return Rows(
            self.index[mask],
            position[self.at[hit]],
            self.column[hit],
            self.coefficient[hit],
            self.lower[mask],
            self.upper[mask],
        )


def _fits(a: np.ndarray, b: np.ndarray) -> None:
    """Raise OverflowError where a product would reach FREE, let alone leave 64 bits."""
    if _largest(a) * _largest(b) < FREE:
        return
    if (np.abs(a.astype(float) * b.astype(float)) >= FREE).any():
        raise OverflowError("a product of the algebra does not fit 64-bit integers")


def _largest(numbers: np.ndarray) -> int:
    return max(int(numbers.max(initial=0)), -int(numbers.min(initial=0)))
