"""What-if changes to the parsed text of an instance."""

import tomllib
from copy import deepcopy
from typing import Any

import pytest

from optimizer.base.errors import InputError
from optimizer.files.changes import apply
from optimizer.files.instance_folder import read_instance
from tests.conftest import KUMAMOTO

RAW = tomllib.loads(
    """
name = { en = "town" }
period = [{ period = 2016 }, { period = 2017, years = 1 }]
[travel]
circuity = "1.31"
[[service]]
id = "welfare"
ward_bound = true
[[constraint]]
type = "yearly_pace"
id = "pace"
changes = "pace_changes"
[[constraint]]
type = "allowed_modes"
id = "keep"
modes = ["annex"]
where = { points = ["X1"] }
[assumptions.rate]
value = "1.00"
unit = "cases"
[assumptions.wage]
value = 7000000
[assumptions.uptake]
value = { 2016 = "0.04", 2017 = "0.08" }
"""
)


@pytest.mark.parametrize(
    ("change", "path", "value"),
    [
        ("set constraint.pace.changes=3", ("constraint", 0, "changes"), 3),
        ("set constraint.pace.changes = 3", ("constraint", 0, "changes"), 3),
        ("set constraint.yearly_pace.changes=2", ("constraint", 0, "changes"), 2),
        ("set constraint.pace.changes=other", ("constraint", 0, "changes"), "other"),
        ('set constraint.keep.modes=["agency"]', ("constraint", 1, "modes"), ["agency"]),
        ('set constraint.keep.where.points=["X2"]', ("constraint", 1, "where", "points"), ["X2"]),
        ("set constraint.pace.soft=true", ("constraint", 0, "soft"), True),
        ("set assumptions.wage=8000000", ("assumptions", "wage", "value"), 8_000_000),
        ("set assumptions.rate=0.9", ("assumptions", "rate", "value"), "0.9"),
        ("set assumptions.rate=2", ("assumptions", "rate", "value"), "2"),
        ("set assumptions.rate.unit=visits", ("assumptions", "rate", "unit"), "visits"),
        (
            "set assumptions.uptake.value.2017=0.5",
            ("assumptions", "uptake", "value", "2017"),
            "0.5",
        ),
        ("set service.welfare.ward_bound=false", ("service", 0, "ward_bound"), False),
        ("set period.2017.years=3", ("period", 1, "years"), 3),
        ("set travel.circuity=1.4", ("travel", "circuity"), "1.4"),
        ("set name.en=a = b", ("name", "en"), "a = b"),
    ],
)
def test_set(change: str, path: tuple[str | int, ...], value: object) -> None:
    """A change sets the one value that its path names, in the form it has in the file."""
    wanted = deepcopy(RAW)
    place: Any = wanted
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert apply(RAW, [change]) == wanted


@pytest.mark.parametrize("value", ["[" * 5000, "9" * 5000], ids=["deep", "long"])
def test_values_that_are_no_toml_are_text_or_refused(value: str) -> None:
    """A value that the TOML reader chokes on does not end in an error of Python's own."""
    try:
        changed = apply(RAW, [f"set name.en={value}"])
    except InputError:
        return
    assert changed["name"]["en"] == value


def test_drop() -> None:
    """A dropped entry is gone; the others stay in order."""
    assert [e["id"] for e in apply(RAW, ["drop pace"])["constraint"]] == ["keep"]


def test_changes_follow_each_other() -> None:
    """A later change sees the earlier one, and the original stays as it was."""
    before = deepcopy(RAW)
    changed = apply(RAW, ["set assumptions.wage=1", "set assumptions.wage=2", "drop keep"])
    assert changed["assumptions"]["wage"]["value"] == 2
    assert len(changed["constraint"]) == 1
    assert before == RAW


@pytest.mark.parametrize(
    ("change", "value", "hint"),
    [
        ("set constraint.pase.changes=3", "constraint.pase.changes", "pace, keep"),
        ("set service.wellfare.minutes=3", "service.wellfare.minutes", "welfare"),
        ("set assumption.wage=3", "assumption.wage", "assumptions"),
        ("set travel.circuity.deep=3", "travel.circuity.deep", "constraint.pace.changes=3"),
        ("set wage=3", "wage", "constraint.pace.changes=3"),
        ("drop pase", "pase", "pace, keep"),
        ("set constraint.pace.changes", "set constraint.pace.changes", "PATH=VALUE"),
        ("remove pace", "remove pace", "drop ID"),
    ],
)
def test_paths_that_lead_nowhere(change: str, value: str, hint: str) -> None:
    """A change that cannot be made is an error that names it and what could have been meant."""
    with pytest.raises(InputError) as caught:
        apply(RAW, [change])
    (problem,) = caught.value.problems
    assert problem.file == "instance.toml" and problem.value == value
    assert hint in problem.remedy.en
    assert problem.message.en and problem.message.ja and problem.remedy.ja


def test_changes_reach_the_instance() -> None:
    """An instance read with changes has them, says so, and has another fingerprint."""
    plain = read_instance(KUMAMOTO)
    changed = read_instance(KUMAMOTO, ["set assumptions.wage=8000000", "drop pace"])
    assert (plain.wage, changed.wage) == (7_000_000, 8_000_000)
    assert {e.id for e in plain.entries} - {e.id for e in changed.entries} == {"pace"}
    assert changed.changes == ("set assumptions.wage=8000000", "drop pace")
    assert changed.fingerprint != plain.fingerprint
