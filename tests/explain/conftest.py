"""What the tests of explanations share."""

from tests.properties.conftest import one_engine

__all__ = ["one_engine"]
