"""A program is narrower only if every solution of it is one of the wide program, at the stated cost."""

from copy import deepcopy
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.files.instance_folder import read_instance
from optimizer.model.algebra import FREE, Affine, Rows
from optimizer.model.build import build
from optimizer.model.program import Program
from optimizer.solver.restriction import least, restricts
from tests.conftest import KUMAMOTO

LABELS = [f"i{n}" for n in range(4)]
NUMBER = st.integers(-3, 3)
LIMIT = st.one_of(st.integers(-4, 6), st.just(FREE))


def index(labels: list[str]) -> pd.MultiIndex:
    return pd.MultiIndex.from_arrays([labels], names=["i"])


def programs() -> st.SearchStrategy[dict]:
    """A small program as plain data: limits by label, rows by label, a row of ones, costs by label."""
    row = st.tuples(
        st.fixed_dictionaries(dict.fromkeys(LABELS, NUMBER)), st.sampled_from([FREE, 1, 4]), LIMIT
    )
    limits = st.tuples(st.integers(-1, 1), st.integers(1, 2))
    return st.fixed_dictionaries(
        {
            "columns": st.fixed_dictionaries(dict.fromkeys(LABELS, limits)),
            "rows": st.dictionaries(st.sampled_from(["a", "b", "c"]), row, min_size=1),
            "clique": st.sets(st.sampled_from(LABELS), max_size=3),
            "cost": st.fixed_dictionaries(dict.fromkeys(LABELS, NUMBER)),
            "constant": NUMBER,
        }
    )


@st.composite
def pairs(draw: st.DrawFn) -> tuple[dict, dict]:
    """Two programs that differ in one to three things, in either direction."""
    one = draw(programs())
    other = deepcopy(one)
    for _ in range(draw(st.integers(1, 3))):
        label, name = draw(st.sampled_from(LABELS)), draw(st.sampled_from(sorted(one["rows"])))
        numbers, low, high = other["rows"].get(name, ({}, FREE, FREE))
        match draw(
            st.sampled_from(
                ["column", "limits", "row", "scaled", "low", "high", "left", "clique", "cost"]
            )
        ):
            case "column":
                other["columns"].pop(label, None)
            case "limits" if label in other["columns"]:
                other["columns"][label] = draw(st.tuples(st.integers(-1, 1), st.integers(1, 2)))
            case "row":
                other["rows"][name] = ({**numbers, label: draw(NUMBER)}, low, high)
            case "scaled":
                factor = draw(st.integers(2, 3))
                ends = (end if end == FREE else factor * end for end in (low, high))
                other["rows"][name] = ({c: factor * n for c, n in numbers.items()}, *ends)
            case "low":
                other["rows"][name] = (numbers, draw(st.sampled_from([FREE, 0, 3])), high)
            case "high":
                other["rows"][name] = (numbers, low, draw(LIMIT))
            case "left":
                other["rows"].pop(name, None)
            case "clique":
                other["clique"] = draw(st.sets(st.sampled_from(LABELS), max_size=3))
            case "cost":
                other["cost"] = {**other["cost"], label: draw(NUMBER)}
                other["constant"] = draw(NUMBER)
    return draw(st.sampled_from([(one, other), (other, one)]))


def made(data: dict) -> tuple[Program, Affine]:
    """Return the program and its objective."""
    program, columns = Program(), sorted(data["columns"])
    limits = np.array([data["columns"][c] for c in columns], dtype=np.int64).reshape(-1, 2)
    x = program.add_columns("x", index(columns), limits[:, 0], limits[:, 1])
    place = {c: n for n, c in enumerate(columns)}

    def rows(name: str, numbers: dict[str, int], low: int, high: int) -> None:
        used = [c for c in numbers if c in place and numbers[c]]
        program.add_rows(
            "rule",
            Rows(
                index([name]),
                np.zeros(len(used), dtype=np.int64),
                np.array([place[c] for c in used], dtype=np.int64),
                np.array([numbers[c] for c in used], dtype=np.int64),
                np.array([low]),
                np.array([high]),
            ),
        )

    for name, (numbers, low, high) in data["rows"].items():
        rows(name, numbers, -FREE if low == FREE else -low, high)
    rows("clique", dict.fromkeys(sorted(data["clique"]), 1), -FREE, 1)
    prices = np.array([data["cost"].get(c, 0) for c in columns])
    return program, (x * prices).sum() + data["constant"]


def points(program: Program, objective: Affine) -> np.ndarray:
    """Return every solution, a row each."""
    matrix = program.matrix(objective)
    ends = zip(matrix.lower, matrix.upper, strict=True)
    every = np.array(list(product(*(range(a, b + 1) for a, b in ends)))).reshape(-1, program.width)
    dense = np.zeros((len(matrix.row_lower), program.width), dtype=np.int64)
    dense[matrix.row, matrix.column] = matrix.coefficient
    left = every @ dense.T
    return every[((left >= matrix.row_lower) & (left <= matrix.row_upper)).all(axis=1)]


@settings(max_examples=1500)
@given(pairs())
def test_every_solution_of_the_narrower_is_one_of_the_wide_at_that_cost(pair):
    (wide, wide_cost), (narrow, narrow_cost) = map(made, pair)
    dearer = restricts(narrow, narrow_cost, wide, wide_cost)
    if dearer is None:
        return
    here, there = narrow.matrix(narrow_cost), wide.matrix(wide_cost)
    number = {label: n for n, label in enumerate(narrow.columns["x"].index)}
    at = [number.get(label, -1) for label in wide.columns["x"].index]
    solutions = points(narrow, narrow_cost)
    same = np.column_stack([solutions, np.zeros(len(solutions), dtype=np.int64)])[:, at]
    allowed = {tuple(values) for values in points(wide, wide_cost)}
    assert all(tuple(values) in allowed for values in same)
    more = solutions @ dearer.cost + dearer.constant
    here_costs = solutions @ here.cost + here.offset
    assert (here_costs - same @ there.cost - there.offset == more).all()
    low = least(here, dearer)
    assert low is not None and (low <= more).all()


@given(programs())
def test_a_program_is_narrower_than_itself(data):
    program, cost = made(data)
    dearer = restricts(program, cost, program, cost)
    assert dearer is not None and dearer.constant == 0 and not dearer.cost.any()


@given(programs(), st.integers(1, 3))
def test_a_tighter_and_scaled_row_is_seen(data, factor):
    data["rows"] = {name: row for name, row in data["rows"].items() if FREE not in row[1:]}
    tight = dict(data)
    tight["rows"] = {
        name: ({c: factor * n for c, n in numbers.items()}, factor * low, factor * high - 1)
        for name, (numbers, low, high) in data["rows"].items()
    }
    assert restricts(*made(tight), *made(data)) is not None


def test_rows_of_one_label_are_not_taken_for_each_other():
    """Of two rows with one label only one can be meant, so neither follows."""

    def both(*columns: str) -> tuple[Program, Affine]:
        program = Program()
        x = program.add_columns("x", index(["a", "b"]), 0, 1)
        once = index(["r"] * len(columns))
        at = np.arange(len(columns))
        number = np.array(["ab".index(c) for c in columns])
        ones, free = np.ones(len(columns), dtype=np.int64), np.full(len(columns), FREE)
        program.add_rows("rule", Rows(once, at, number, ones, ones, free))
        return program, x.sum()

    assert restricts(*both("a"), *both("b", "a")) is None
    assert restricts(*both("a", "b"), *both("a")) is None


def test_a_program_without_columns_is_narrower_than_itself():
    """Nothing costs nothing."""
    program = Program()
    x = program.add_columns("x", index([]), 0, 1)
    program.add_columns("y", index(["a"]), 0, 0)
    dearer = restricts(program, x.sum(), program, x.sum())
    assert dearer is not None and least(program.matrix(x.sum()), dearer) == 0


CHANGES = {
    "set constraint.five_km.metres=4000": True,
    "set constraint.five_km.metres=6000": False,
    "set assumptions.pace_changes.value=3": True,
    "set assumptions.pace_changes.value=5": False,
    "set assumptions.ward_office_reserve.value=15": True,
    "set assumptions.ward_office_reserve.value=5": False,
    "set assumptions.plausible_metres.value=1500": True,
    "set assumptions.plausible_metres.value=2500": False,
    "set assumptions.wage.value=7700000": True,
    "drop steady": False,
}
"""Changes of the first city, and whether they leave no more room than it has itself."""


@pytest.mark.parametrize("change", CHANGES)
def test_changes_of_the_city(change):
    base, other = build(read_instance(KUMAMOTO)), build(read_instance(KUMAMOTO, (change,)))
    asked = (other.program, other.objectives[0], base.program, base.objectives[0])
    dearer = restricts(*asked)
    assert (dearer is not None) == CHANGES[change]
    if "wage" in change:
        assert dearer is not None and set(dearer.cost) == {0, 700_000}  # from 7 million
