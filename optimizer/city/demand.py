"""Decimal rates -> whole cases: the one place where demand is rounded.

Cases of a rule in a period = base x rate x remaining, exactly, per district; the city's total is
rounded half up once, and the districts get whole numbers by largest remainder (ties by id), so
that the total is kept (Hamilton's method: Balinski, Young, Fair Representation, 1982). A share
of a district's cases that goes to the first of two services is rounded the same way, and the
second service gets the rest: no case appears or disappears.
"""

from collections.abc import Sequence
from fractions import Fraction

import pandas as pd


def largest_remainder(exact: Sequence[Fraction], total: int) -> list[int]:
    """Return whole numbers near `exact` that sum to `total`; ties go to the earlier one.

    Raises ValueError when `total` is not within one per number of the exact sum.
    """
    floors = [int(value // 1) for value in exact]
    missing = total - sum(floors)
    if not 0 <= missing <= len(floors):
        raise ValueError(f"cannot round numbers summing to {sum(exact)} to {total}")
    order = sorted(range(len(floors)), key=lambda n: (floors[n] - exact[n], n))
    for n in order[:missing]:
        floors[n] += 1
    return floors


def half_up(value: Fraction) -> int:
    """Return `value` rounded to the nearest integer, halves up."""
    return int((value + Fraction(1, 2)) // 1)


def cases(base: pd.Series, rate: Fraction, remaining: Fraction) -> pd.Series:
    """Return whole cases per district from residents `base`, their yearly `rate` and what remains."""
    exact = [int(n) * rate * remaining for n in base]
    return pd.Series(largest_remainder(exact, half_up(sum(exact, Fraction(0)))), index=base.index)


def split(whole: pd.Series, share: Fraction) -> tuple[pd.Series, pd.Series]:
    """Return (`share` of the cases, the rest), each whole and adding up district by district."""
    exact = [int(n) * share for n in whole]
    first = pd.Series(largest_remainder(exact, half_up(sum(exact, Fraction(0)))), index=whole.index)
    return first, whole - first
