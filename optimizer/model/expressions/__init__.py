"""Sums over decisions that several rules and objectives share."""
