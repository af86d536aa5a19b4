"""Tests of `optimizer/explain`."""
