"""What the properties that solve many small cities share."""

from collections.abc import Iterator
from contextlib import nullcontext

import pytest

from optimizer.solver import solve as solving
from optimizer.solver.engines.child import Engine


@pytest.fixture(scope="module")
def one_engine() -> Iterator[None]:
    """Solve everything in one child process: starting one takes longer than a tiny city."""
    with Engine() as engine, pytest.MonkeyPatch.context() as patch:
        patch.setattr(solving, "running", lambda *how: nullcontext([engine]))
        yield
