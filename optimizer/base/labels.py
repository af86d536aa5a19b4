"""Labels of many rows, compared by the codes that pandas keeps beside them, never row by row."""

from collections.abc import Iterable
from math import prod

import numpy as np
import pandas as pd


def levels(index: pd.MultiIndex, names: Iterable[str]) -> pd.MultiIndex:
    """Return the labels of `index` reduced to the levels `names`, in that order."""
    numbers = [index.names.index(name) for name in names]
    return pd.MultiIndex(
        levels=[index.levels[n] for n in numbers],
        codes=[index.codes[n] for n in numbers],
        names=list(names),
        verify_integrity=False,
    )


def positions(index: pd.MultiIndex, labels: pd.Index) -> np.ndarray:
    """Return where each label of `index` stands in `labels`, by the levels that `labels` has.

    -1 where it is missing. Only the few labels of a level are compared; rows are compared by their
    codes. Raises pandas' InvalidIndexError where `labels` are not all different.
    """
    if index is labels:
        return np.arange(len(index))
    many = isinstance(labels, pd.MultiIndex)
    own: list[pd.Index] = list(labels.levels) if many else [labels]
    codes = [_codes(index, name, level) for name, level in zip(labels.names, own, strict=True)]
    if not many:
        return codes[0]
    sizes = [len(level) for level in own]
    found: np.ndarray = pd.Index(combined(labels.codes, sizes)).get_indexer(combined(codes, sizes))
    found[np.min(codes, axis=0) < 0] = -1
    return found


def _codes(index: pd.MultiIndex, name: str, level: pd.Index) -> np.ndarray:
    """Return where in `level` the labels of `index` at the level `name` stand."""
    number = index.names.index(name)
    codes = np.asarray(index.codes[number])
    if level.is_(index.levels[number]):
        return codes
    known: np.ndarray = np.append(level.get_indexer(index.levels[number]), -1)[codes]
    return known


def group_labels(index: pd.MultiIndex, by: list[str]) -> tuple[np.ndarray, pd.MultiIndex]:
    """Return each label's group when only the levels `by` count, and the groups' labels."""
    few = levels(index, by)
    code = combined(few.codes, [len(level) for level in few.levels])
    _, first, group = np.unique(code, return_index=True, return_inverse=True)
    return group, few[first]


def matched(
    index: pd.MultiIndex, other: pd.MultiIndex, by: list[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the pairs of positions, in `index` and `other`, whose labels agree in the levels `by`."""
    group, labels = group_labels(other, by)
    return joined(positions(index, labels), group)


def extended(index: pd.MultiIndex, **more: np.ndarray) -> pd.MultiIndex:
    """Return `index` with further levels, each given by its name and its values."""
    added = [pd.factorize(values, sort=True) for values in more.values()]
    return pd.MultiIndex(
        levels=[*index.levels, *(level for _, level in added)],
        codes=[*index.codes, *(codes for codes, _ in added)],
        names=[*index.names, *more],
        verify_integrity=False,
    )


def combined(codes: Iterable[np.ndarray], sizes: list[int]) -> np.ndarray:
    """Return one number for the codes of each row, in the order of the levels."""
    if prod(sizes) >= 2**63:
        raise OverflowError("the levels of an index have too many combinations")
    one = np.zeros(1, dtype=np.int64)
    for code, size in zip(codes, sizes, strict=True):
        one = one * size + code
    return one


def joined(left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where equal numbers stand in `left` and in `right`: pairs in the order of `left`, then
    of `right`. Negative numbers of `left` meet nothing.
    """
    largest = max(left.max(initial=-1), right.max(initial=-1))
    counts = np.bincount(right, minlength=largest + 2)  # the last is 0, and is what -1 finds
    starts = np.cumsum(counts) - counts
    length = counts[left]
    at = np.repeat(np.arange(len(left)), length)
    offset = np.arange(len(at)) - np.repeat(np.cumsum(length) - length, length)
    return at, np.argsort(right, kind="stable")[np.repeat(starts[left], length) + offset]
