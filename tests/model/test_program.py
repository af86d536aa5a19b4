"""The program as arrays, and which of its rows a set of values breaks."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.model.algebra import FREE, Affine
from optimizer.model.program import LARGEST, Program, merge

INDEX = pd.MultiIndex.from_tuples([("a",), ("b",), ("c",)], names=["name"])


def program(lower: int = 0, upper: int = 9) -> tuple[Program, Affine]:
    """Three columns a, b, c."""
    p = Program()
    return p, p.add_columns("x", INDEX, lower, upper)


def test_columns_are_numbered_in_order() -> None:
    """Each block starts where the last ended, and its expression is its columns."""
    p, x = program()
    y = p.add_columns("y", INDEX[:2], [0, -3], 7)
    assert (p.columns["x"].first, p.columns["y"].first, p.width) == (0, 3, 5)
    assert x.column.tolist() == [0, 1, 2] and y.column.tolist() == [3, 4]
    m = p.matrix(y.sum())
    assert m.lower.tolist() == [0, 0, 0, 0, -3]
    assert m.upper.tolist() == [9, 9, 9, 7, 7]


def test_triplets_are_merged_and_zeros_dropped() -> None:
    """Terms of one column in one row are added up; what cancels out is not in the matrix."""
    p, x = program()
    p.add_rows("one", x + x - x * pd.Series({"a": 2, "b": 1, "c": 0}).rename_axis("name") <= 4)
    m = p.matrix(x.sum() * 3 + 5)
    triplets = list(zip(m.row.tolist(), m.column.tolist(), m.coefficient.tolist(), strict=True))
    assert triplets == [(1, 1, 1), (2, 2, 2)]
    assert m.row_lower.tolist() == [-FREE] * 3 and m.row_upper.tolist() == [4] * 3
    assert m.cost.tolist() == [3, 3, 3] and m.offset == 5


def test_rows_of_several_entries_follow_each_other() -> None:
    """The rows of a later entry are numbered after those of an earlier one."""
    p, x = program()
    p.add_rows("one", x >= 1)
    p.add_rows("two", x.sum() <= 20)
    m = p.matrix(x.sum())
    assert m.row.tolist() == [0, 1, 2, 3, 3, 3]
    assert m.row_lower.tolist() == [1, 1, 1, -FREE]


def test_a_program_without_rows_is_one() -> None:
    """No row is needed for arrays."""
    p, x = program()
    m = p.matrix(x.sum())
    assert m.row.size == m.row_lower.size == 0 and p.broken(np.zeros(3, dtype=np.int64)) == []


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(-3, 3))))
def test_merge(triplets: list[tuple[int, int, int]]) -> None:
    """merge gives the same sums as a dictionary, sorted, each pair once, none zero."""
    wanted: dict[tuple[int, int], int] = {}
    for row, column, coefficient in triplets:
        wanted[row, column] = wanted.get((row, column), 0) + coefficient
    merged = merge(*np.array(triplets, dtype=np.int64).reshape(-1, 3).T)
    found = [tuple(t) for t in np.column_stack(merged).tolist()]
    assert found == [(r, c, n) for (r, c), n in sorted(wanted.items()) if n]


@given(st.lists(st.integers(-1, 10), min_size=3, max_size=3))
def test_the_matrix_agrees_with_the_program(values: list[int]) -> None:
    """The arrays break the rows that the labelled rows break, and give the objective's value."""
    p, x = program()
    p.add_rows("least", x >= 2)
    p.add_rows("all", x.sum() == 12)
    point = np.array(values)
    m = p.matrix(x.sum() * 3 + 5)
    labels = [("least", (n,)) for n in "abc"] + [("all", ("total",))]
    assert [labels[row] for row in m.broken(point)] == p.broken(point)
    assert m.holds(point) == (not p.broken(point) and all(0 <= v <= 9 for v in values))
    assert m.value(point) == 3 * sum(values) + 5


@pytest.mark.parametrize("where", ["coefficient", "cost", "row bound", "column bound"])
@pytest.mark.parametrize("number", [LARGEST, -LARGEST])
def test_numbers_no_double_can_hold_are_refused(where: str, number: int) -> None:
    """2**53 is an error wherever it stands, for engines compute in doubles; one less is not."""
    for size, fits in ((number - np.sign(number), True), (number, False)):
        p, x = program(*sorted([0, size if where == "column bound" else 9]))
        p.add_rows("big", x * (size if where == "coefficient" else 1)
                   >= (size if where == "row bound" else 0))  # fmt: skip
        objective = (x * (size if where == "cost" else 1)).sum()
        if fits:
            p.matrix(objective)
        else:
            with pytest.raises(OverflowError):
                p.matrix(objective)


def test_numbers_that_grow_when_merged_are_refused() -> None:
    """The check looks at the sums of triplets, not at each alone."""
    p, x = program()
    p.add_rows("big", x * (LARGEST // 2) + x * (LARGEST // 2) <= 0)
    with pytest.raises(OverflowError):
        p.matrix(x.sum())


@given(st.lists(st.integers(0, 9), min_size=3, max_size=3))
def test_broken_finds_exactly_the_rows_that_do_not_hold(values: list[int]) -> None:
    """broken names entry and label of each unsatisfied row, by plain arithmetic, and no other."""
    p, x = program()
    p.add_rows("least", x >= 2)
    p.add_rows("most", x + 1 <= pd.Series({"a": 4, "b": 9, "c": 6}).rename_axis("name"))
    p.add_rows("all", x.sum() == 12)
    a, b, c = values
    wanted = [("least", (n,)) for n, v in zip("abc", values, strict=True) if v < 2]
    wanted += [("most", (n,)) for n, v, m in (("a", a, 4), ("b", b, 9), ("c", c, 6)) if v + 1 > m]
    wanted += [("all", ("total",))] if a + b + c != 12 else []
    assert p.broken(np.array(values)) == wanted
