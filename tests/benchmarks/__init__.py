"""Measurements, never assertions: `python -m tests.benchmarks` prints the table."""
