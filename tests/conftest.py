"""What all tests share: the Kumamoto instance, a copy of it to spoil, and a calm Hypothesis."""

import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from optimizer.files.instance_folder import read_instance
from optimizer.instance import Instance

KUMAMOTO = Path(__file__).parents[1] / "instances" / "kumamoto-2015"

settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def kumamoto() -> Instance:
    """The instance as committed; frozen, so that tests can share it."""
    return read_instance(KUMAMOTO)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the Kumamoto folder that a test may spoil."""
    copy = tmp_path / "kumamoto-2015"
    shutil.copytree(KUMAMOTO, copy)
    return copy
