"""`protected` and `flex` of a constraint entry: what a repair may do is checked when it is read."""

from pathlib import Path

import pytest

from optimizer.base.errors import InputError, Problem
from optimizer.files.instance_folder import read_instance


def problem(folder: Path, *changes: str) -> Problem:
    """Return the one problem of the folder after the changes."""
    with pytest.raises(InputError) as caught:
        read_instance(folder, tuple(f"set {change}" for change in changes))
    (only,) = caught.value.problems
    assert only.message.ja and only.remedy.ja
    return only


def test_both_are_read(folder: Path) -> None:
    """An entry with a limit takes `flex`; any entry takes `protected`; neither is a must."""
    changes = ("set constraint.five_km.flex=500", "set constraint.plaza.protected=true")
    entries = {entry.id: entry for entry in read_instance(folder, changes).entries}
    assert (entries["five_km"].flex, entries["five_km"].protected) == (500, False)
    assert (entries["plaza"].flex, entries["plaza"].protected) == (None, True)


def test_flex_needs_a_limit(folder: Path) -> None:
    """A rule that holds or not has nothing to move."""
    found = problem(folder, "constraint.plaza.flex=1")
    assert (found.file, found.column, found.value) == (
        "instance.toml",
        "constraint.plaza.flex",
        "1",
    )
    assert "no limit" in found.message.en


def test_flex_contradicts_protection(folder: Path) -> None:
    """What a repair may not touch cannot say how far it may go, not even nowhere."""
    found = problem(folder, "constraint.pace.protected=true", "constraint.pace.flex=0")
    assert (found.file, found.column) == ("instance.toml", "constraint.pace.flex")
    assert "protected" in found.message.en


@pytest.mark.parametrize(
    ("field", "value"), [("flex", "-1"), ("flex", '"far"'), ("flex", "1.5"), ("protected", "1")]
)
def test_both_are_strict(folder: Path, field: str, value: str) -> None:
    """Only whole numbers from 0 on, only true or false."""
    found = problem(folder, f"constraint.pace.{field}={value}")
    assert (found.file, found.column) == ("instance.toml", f"constraint.pace.{field}")
