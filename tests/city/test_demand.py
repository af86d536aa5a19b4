"""Rounding of decimal rates to whole cases."""

from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.city.demand import cases, half_up, largest_remainder, split

exact_numbers = st.lists(st.fractions(0, 1000, max_denominator=60), min_size=1, max_size=20)
rates = st.fractions(0, 2, max_denominator=100)
residents = st.lists(st.integers(0, 20_000), min_size=1, max_size=20).map(
    lambda counts: pd.Series(counts, index=[f"D{n}" for n in range(len(counts))])
)


@given(exact_numbers)
def test_total_is_kept_and_nobody_is_a_case_off(exact: list[Fraction]) -> None:
    """The rounded numbers sum to the total, and each is within one of its exact value."""
    total = half_up(sum(exact, Fraction(0)))
    rounded = largest_remainder(exact, total)
    assert sum(rounded) == total
    assert all(abs(n - value) < 1 for n, value in zip(rounded, exact, strict=True))


@given(exact_numbers)
def test_larger_remainders_are_served_first(exact: list[Fraction]) -> None:
    """Nobody is rounded down who has a larger remainder than one rounded up; ties go earlier."""
    rounded = largest_remainder(exact, half_up(sum(exact, Fraction(0))))
    rests = [value - value // 1 for value in exact]
    up = [(-rests[n], n) for n, value in enumerate(exact) if rounded[n] > value // 1]
    down = [(-rests[n], n) for n, value in enumerate(exact) if rounded[n] == value // 1]
    assert not up or not down or max(up) < min(down)


def test_ties_go_to_the_earlier() -> None:
    """Of equal remainders the first one is rounded up."""
    assert largest_remainder([Fraction(1, 2)] * 4, 2) == [1, 1, 0, 0]
    assert largest_remainder([Fraction(1, 4), Fraction(1, 2), Fraction(1, 2)], 1) == [0, 1, 0]


@pytest.mark.parametrize("total", [1, 6])
def test_impossible_totals_are_refused(total: int) -> None:
    """A total that needs more than one case of rounding somewhere is an error."""
    with pytest.raises(ValueError, match=f"to {total}"):
        largest_remainder([Fraction(3, 2), Fraction(3, 2)], total)


@pytest.mark.parametrize(
    ("value", "rounded"), [("0.5", 1), ("0.49", 0), ("1.5", 2), ("2.5", 3), ("7", 7)]
)
def test_half_up(value: str, rounded: int) -> None:
    """Halves go up, not to the even number."""
    assert half_up(Fraction(value)) == rounded


@given(residents, rates, rates)
def test_cases_keep_the_total_of_the_city(
    base: pd.Series, rate: Fraction, remaining: Fraction
) -> None:
    """The districts' cases sum to the city's exact cases rounded half up once."""
    assert cases(base, rate, remaining).sum() == half_up(int(base.sum()) * rate * remaining)


def test_cases_by_hand() -> None:
    """100, 101 and 99 residents at a rate of 0.335: 33.5, 33.835, 33.165 give 34, 34, 33 = 101."""
    base = pd.Series({"D1": 100, "D2": 101, "D3": 99})
    rounded = cases(base, Fraction("0.335"), Fraction(1))
    assert rounded.to_dict() == {"D1": 34, "D2": 34, "D3": 33}


@given(residents, st.fractions(0, 1, max_denominator=100))
def test_split_adds_up(whole: pd.Series, share: Fraction) -> None:
    """The two parts make up the cases of every district, and none is negative."""
    first, rest = split(whole, share)
    assert (first + rest == whole).all()
    assert (first >= 0).all() and (rest >= 0).all()
    assert first.sum() == half_up(int(whole.sum()) * share)
