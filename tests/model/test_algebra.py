"""Labelled algebra against a naive one of nested dictionaries."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.model.algebra import FREE, Affine, Rows

Label = tuple[object, ...]
Naive = dict[Label, tuple[dict[int, int], int]]
"""label -> (column -> coefficient, constant)"""

LABELS = [(a, b, t) for a in "xyz" for b in "pq" for t in (1, 2)]
NAMES = ["a", "b", "t"]
SMALL = st.integers(-9, 9)


@st.composite
def affine(draw: st.DrawFn, labels: list[Label] | None = None) -> Affine:
    """An expression over up to six columns with its labels in any order."""
    chosen = draw(st.permutations(labels or draw(st.lists(st.sampled_from(LABELS), unique=True))))
    size = len(chosen)
    triplets = []
    if size:
        triplet = st.tuples(st.integers(0, size - 1), st.integers(0, 5), SMALL)
        triplets = draw(st.lists(triplet, max_size=20))
    index = pd.MultiIndex.from_tuples(chosen, names=NAMES) if size else _nothing()
    at, column, coefficient = np.array(triplets, dtype=np.int64).reshape(-1, 3).T
    constant = np.array(draw(st.lists(SMALL, min_size=size, max_size=size)), dtype=np.int64)
    return Affine(index, at, column, coefficient, constant)


@st.composite
def twins(draw: st.DrawFn) -> tuple[Affine, Affine]:
    """Two expressions over the same labels, each in an order of its own."""
    labels = draw(st.lists(st.sampled_from(LABELS), unique=True, min_size=1))
    return draw(affine(labels)), draw(affine(labels))


@given(twins())
def test_sum_and_difference(pair: tuple[Affine, Affine]) -> None:
    """+ and - meet equal labels, wherever they stand."""
    a, b = pair
    assert naive(a + b) == each(naive(a), naive(b), lambda x, y: x + y)
    assert naive(a - b) == each(naive(a), naive(b), lambda x, y: x - y)
    assert list((a + b).index) == list(a.index)


@given(affine(), SMALL)
def test_numbers(a: Affine, number: int) -> None:
    """A plain number is added to and taken from every constant, and multiplies everything."""
    same = naive(a)
    assert naive(a + number) == naive(number + a) == shifted(same, number)
    assert naive(a - number) == shifted(same, -number)
    assert naive(number - a) == shifted(naive(a * -1), number)
    assert naive(a * number) == naive(number * a)
    assert naive(a * number) == times(same, dict.fromkeys(same, number))
    assert naive(-a) == naive(a * -1)


@given(affine(), st.lists(SMALL, min_size=12, max_size=12), st.permutations(range(12)))
def test_series_of_full_labels(a: Affine, numbers: list[int], order: list[int]) -> None:
    """A Series is looked up by its labels; its own order does not matter."""
    known = dict(zip(LABELS, numbers, strict=True))
    series = pd.Series(known).rename_axis(NAMES).iloc[order]
    assert naive(a * series) == times(naive(a), known)
    assert naive(a + series) == each(
        naive(a), {k: ({}, n) for k, n in known.items()}, lambda x, y: x + y
    )


@given(affine(), SMALL, SMALL)
def test_series_of_some_levels(a: Affine, p: int, q: int) -> None:
    """A Series by one level, or by two in another order, reaches every label that has them."""
    by_b = pd.Series({"q": q, "p": p}).rename_axis("b")
    assert naive(a * by_b) == times(naive(a), {k: {"p": p, "q": q}[str(k[1])] for k in LABELS})
    by_tb = pd.Series({(t, b): t * n for t in (1, 2) for b, n in {"p": p, "q": q}.items()})
    factors = {k: k[2] * {"p": p, "q": q}[str(k[1])] for k in LABELS}
    assert naive(a * by_tb.rename_axis(["t", "b"])) == times(naive(a), factors)


@given(affine(), st.sampled_from([["a"], ["t"], ["t", "a"], ["b", "a", "t"], []]))
def test_sum_by(a: Affine, by: list[str]) -> None:
    """sum(by) adds up all labels that agree in those levels, named in that order."""
    wanted: Naive = {} if by else {("total",): ({}, 0)}
    for label, (terms, constant) in naive(a).items():
        group = tuple(label[NAMES.index(name)] for name in by) if by else ("total",)
        have, before = wanted.get(group, ({}, 0))
        merged = {c: have.get(c, 0) + terms.get(c, 0) for c in have.keys() | terms.keys()}
        wanted[group] = (merged, before + constant)
    result = a.sum(by=by)
    assert naive(result) == nonzero(wanted)
    assert list(result.index.names) == (by or ["total"])


@given(affine(), st.data())
def test_select(a: Affine, data: st.DataObject) -> None:
    """select keeps the labels asked for, by value or by mask, and leaves them as they were."""
    keep = data.draw(st.lists(st.booleans(), min_size=len(a.index), max_size=len(a.index)))
    kept = {label for label, k in zip(a.index, keep, strict=True) if k}
    everything = naive(a)
    assert naive(a.select(np.array(keep, dtype=bool))) == only(everything, kept)
    assert naive(a.select(b="q")) == only(everything, {k for k in everything if k[1] == "q"})
    assert naive(a.select(a=["x", "z"], t=2)) == only(
        everything, {k for k in everything if k[0] in ("x", "z") and k[2] == 2}
    )


@given(affine(), st.permutations(LABELS))
def test_over_repeats_by_labels(a: Affine, wanted: list[Label]) -> None:
    """over() finds the expression of each label, repeats it for added levels, fills with zero."""
    longer = [(extra, *label) for label in wanted for extra in ("u", "v")]
    index = pd.MultiIndex.from_tuples(longer, names=["more", *NAMES])
    have = naive(a)
    result = a.over(index, fill=True)
    assert naive(result) == {label: have.get(label[1:], ({}, 0)) for label in longer}
    assert list(result.index) == longer


def test_over_names_missing_labels() -> None:
    """A label that is missing is an error that names it, unless zero is asked for."""
    a = column("x")
    index = pd.MultiIndex.from_tuples([("x", "p", 1), ("w", "p", 1)], names=NAMES)
    with pytest.raises(KeyError, match="'w', 'p', 1"):
        a.over(index)
    assert naive(a.over(index, fill=True))[("w", "p", 1)] == ({}, 0)


def test_missing_numbers_are_named() -> None:
    """A Series without a number for some label is an error that names the label."""
    with pytest.raises(KeyError, match=r"no number for.*'x'"):
        column("x") * pd.Series({"y": 1}).rename_axis("a")


def test_sums_need_every_label() -> None:
    """A label of the left side that the right side lacks is an error in sums and comparisons."""
    for join in (lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a <= b):
        with pytest.raises(KeyError, match="'y', 'p', 1"):
            join(column("x", "y"), column("x"))


@pytest.mark.parametrize("number", [0.5, np.nan, pd.Series({"x": 0.5}).rename_axis("a")])
@pytest.mark.filterwarnings("ignore:invalid value encountered in cast:RuntimeWarning")
def test_fractions_are_refused(number: Any) -> None:
    """No coefficient is ever rounded in silence."""
    with pytest.raises(ValueError, match="not whole numbers"):
        column("x") * number


def test_products_that_overflow_are_refused() -> None:
    """A product beyond 64 bits is an error; it does not wrap round to a small number."""
    with pytest.raises(OverflowError):
        column("x") * 2**40 * 2**40


@given(affine())
def test_rename(a: Affine) -> None:
    """rename changes the names of levels and nothing else."""
    renamed = a.rename(b="other")
    assert list(renamed.index.names) == ["a", "other", "t"]
    assert naive(renamed) == naive(a)


@given(twins(), SMALL)
def test_comparisons(pair: tuple[Affine, Affine], number: int) -> None:
    """<=, >= and == bring constants to the right-hand side, for expressions and for numbers."""
    a, b = pair
    for right, values in ((b, naive(b)), (number, dict.fromkeys(naive(a), ({}, number)))):
        left = each(naive(a), values, lambda x, y: x - y)
        assert rows(a <= right) == {k: (t, -FREE, -c) for k, (t, c) in left.items()}
        assert rows(a >= right) == {k: (t, -c, FREE) for k, (t, c) in left.items()}
        assert rows(a == right) == {k: (t, -c, -c) for k, (t, c) in left.items()}


@given(twins(), st.data())
def test_order_never_matters(pair: tuple[Affine, Affine], data: st.DataObject) -> None:
    """The same expressions with their labels shuffled give the same rows."""
    a, b = pair
    order = data.draw(st.permutations(range(len(a.index))))
    place = np.argsort(order)
    shuffled = Affine(
        a.index[list(order)], place[a.at], a.column, a.coefficient, a.constant[list(order)]
    )
    assert naive(shuffled) == naive(a)
    assert rows(shuffled <= b) == rows(a <= b)
    assert naive(b + shuffled) == naive(b + a)
    assert naive(shuffled.sum(by=["t"])) == naive(a.sum(by=["t"]))


@given(affine(), st.data())
def test_rows_select(a: Affine, data: st.DataObject) -> None:
    """Rows keep their terms and bounds when others are left out."""
    keep = data.draw(st.lists(st.booleans(), min_size=len(a.index), max_size=len(a.index)))
    kept = {label for label, k in zip(a.index, keep, strict=True) if k}
    everything = a >= 1
    assert rows(everything.select(np.array(keep, dtype=bool))) == only(rows(everything), kept)


def column(*names: str) -> Affine:
    """One column per name, labelled (name, "p", 1)."""
    index = pd.MultiIndex.from_tuples([(name, "p", 1) for name in names], names=NAMES)
    number, one = np.arange(len(names)), np.ones(len(names), dtype=np.int64)
    return Affine(index, number, number, one, 0 * one)


def naive(a: Affine) -> Naive:
    """Return what an expression means, zeros left out."""
    result: Naive = {label: ({}, int(c)) for label, c in zip(a.index, a.constant, strict=True)}
    assert len(result) == len(a.index)
    for at, col, coefficient in zip(a.at, a.column, a.coefficient, strict=True):
        terms = result[a.index[at]][0]
        terms[int(col)] = terms.get(int(col), 0) + int(coefficient)
    return nonzero(result)


def rows(r: Rows) -> dict[Label, tuple[dict[int, int], int, int]]:
    """Return what rows mean: label -> (terms, lower, upper)."""
    left = naive(Affine(r.index, r.at, r.column, r.coefficient, np.zeros_like(r.lower)))
    bounds = zip(r.index, r.lower.tolist(), r.upper.tolist(), strict=True)
    return {label: (left[label][0], low, high) for label, low, high in bounds}


def each(a: Naive, b: Mapping[Label, Any], join: Callable[[int, int], int]) -> Naive:
    """Join the terms and constants of equal labels."""
    result: Naive = {}
    for label, (terms, constant) in a.items():
        others, other = b.get(label, ({}, 0))
        columns = terms.keys() | others.keys()
        joined = {c: join(terms.get(c, 0), others.get(c, 0)) for c in columns}
        result[label] = (joined, join(constant, other))
    return nonzero(result)


def shifted(a: Naive, number: int) -> Naive:
    """Add `number` to every constant."""
    return {label: (terms, constant + number) for label, (terms, constant) in a.items()}


def times(a: Naive, factors: Mapping[Label, int]) -> Naive:
    """Multiply every label's expression by its factor."""
    return nonzero(
        {k: ({c: n * factors[k] for c, n in t.items()}, b * factors[k]) for k, (t, b) in a.items()}
    )


def only(a: Mapping[Label, Any], labels: set[Label]) -> dict[Label, Any]:
    """Keep some labels."""
    return {label: value for label, value in a.items() if label in labels}


def nonzero(a: Naive) -> Naive:
    """Leave out terms of coefficient zero."""
    return {k: ({c: n for c, n in terms.items() if n}, b) for k, (terms, b) in a.items()}


def _nothing() -> pd.MultiIndex:
    return pd.MultiIndex.from_arrays([pd.Index([], dtype=object)] * 3, names=NAMES)
