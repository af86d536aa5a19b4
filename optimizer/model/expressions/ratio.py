"""Shares stated in per cent, as the two whole numbers by which a row multiplies its sides."""

from math import gcd


def ratio(per_cent: int) -> tuple[int, int]:
    """Return `per_cent` / 100 in lowest terms, which keeps the numbers of a row small."""
    common = gcd(per_cent, 100)
    return per_cent // common, 100 // common
