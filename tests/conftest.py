"""What all tests share: the Kumamoto instance, a small copy of it to spoil, a calm Hypothesis."""

import csv
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from optimizer.files.instance_folder import read_instance
from optimizer.model.instance import Instance

KUMAMOTO = Path(__file__).parents[1] / "instances" / "kumamoto-2015"

settings.register_profile("repeatable", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def kumamoto() -> Instance:
    """The instance as committed; frozen, so that tests can share it."""
    return read_instance(KUMAMOTO)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Kumamoto folder with only the first district of each ward, which reads in a moment."""
    copy = tmp_path_factory.mktemp("template") / "kumamoto-2015"
    shutil.copytree(KUMAMOTO, copy)
    first = {}
    with (copy / "districts.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            first.setdefault(row["ward"], row["district_id"])
    for name in ("districts.csv", "travel.csv"):
        header, *lines = (copy / name).read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if line.partition(",")[0] in first.values()]
        (copy / name).write_text("".join([header, *kept]), encoding="utf-8")
    pair = ",".join(list(first.values())[:2])
    (copy / "neighbours.csv").write_text(f"district_id,other_id,note\n{pair},\n", encoding="utf-8")
    return copy


@pytest.fixture
def folder(tmp_path: Path, template: Path) -> Path:
    """A copy of the small Kumamoto folder that a test may spoil."""
    copy = tmp_path / "kumamoto-2015"
    shutil.copytree(template, copy)
    return copy
