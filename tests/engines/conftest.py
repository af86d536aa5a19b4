"""The children of `asking.py` end with the tests that use them."""

from collections.abc import Iterator

import pytest

from tests.engines.asking import CHILDREN


@pytest.fixture(scope="package", autouse=True)
def _children() -> Iterator[None]:
    yield
    while CHILDREN:
        CHILDREN.popitem()[1].__exit__(None, None, None)
