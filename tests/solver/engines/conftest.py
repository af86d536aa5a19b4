"""The children of `asking.py` end with the tests that use them."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from optimizer.solver.engines.cbc import binary
from tests.solver.engines.asking import CHILDREN


@pytest.fixture(scope="package", autouse=True)
def _children() -> Iterator[None]:
    yield
    while CHILDREN:
        CHILDREN.popitem()[1].__exit__(None, None, None)


@pytest.fixture(scope="package", autouse=True)
def _cbc_on_the_path(tmp_path_factory) -> Iterator[None]:
    """PuLP then finds it as COIN_CMD, which stands for the solvers that users have."""
    folder: Path = tmp_path_factory.mktemp("bin")
    (folder / "cbc").symlink_to(binary())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(folder), prepend=os.pathsep)
        yield
