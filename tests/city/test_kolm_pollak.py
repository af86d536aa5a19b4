"""Felt metres are whole, rise with the way, and lose less than a metre of the equivalent."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from math import exp, log
from random import Random

import pytest

from optimizer.city.kolm_pollak import MOST, equivalent, kappa, perceived
from optimizer.city.weights import baseline_links, shortest_links
from optimizer.model.example import town

CURVES = [Fraction(0), Fraction(1, 9000), Fraction(33, 33500), Fraction(1, 150)]

each_curve = pytest.mark.parametrize("curve", CURVES)


def test_kappa_by_hand() -> None:
    """The ways to registration today are 500, 1500, 700 and 600 m, of 1000 cases each."""
    services = ("registration",)
    assert sorted(baseline_links(town(), "cases", services)["metres"]) == [500, 600, 700, 1500]
    # sum of m = 3300; sum of m^2 = 250,000 + 2,250,000 + 490,000 + 360,000 = 3,350,000
    assert kappa(town(), "cases", services, 100) == Fraction(3300, 3_350_000)
    assert kappa(town(), "cases", services, 50) == Fraction(1650, 3_350_000)
    assert kappa(town(), "residents75", services, 100) == Fraction(3300, 3_350_000)
    assert kappa(town(), "cases", services, 0) == 0


def test_kappa_where_nobody_is_served_today() -> None:
    """Before the first site is chosen, the nearest point that could serve stands in for today."""
    shut = replace(town(), points=town().points.assign(mode_today="closed"))
    assert baseline_links(shut, "cases", ("registration",)).empty
    # D1 W1 500, D2 B2 1500, D3 B1 700, D4 W2 600
    ways = shortest_links(shut, "cases", ("registration",)).set_index("district")["metres"]
    assert dict(ways) == {"D1": 500, "D2": 1500, "D3": 700, "D4": 600}
    assert kappa(shut, "cases", ("registration",), 100) == Fraction(3300, 3_350_000)


def test_felt_by_hand() -> None:
    """With kappa = 0.000985..., exp(0.4925...) = 1.63646... makes 646 felt metres of 500."""
    curve = Fraction(3300, 3_350_000)
    assert [perceived(m, curve) for m in (0, 500, 1500)] == [0, 646, 3434]
    assert perceived(10**9, curve) == MOST


@each_curve
def test_felt_rises_and_is_never_less_than_the_way(curve: Fraction) -> None:
    """Each metre more is felt as at least one, so that equal readings are equal equivalents."""
    numbers = [perceived(m, curve) for m in range(3000)]
    assert numbers[0] == 0
    assert all(b - a >= 1 or b == MOST for a, b in pairwise(numbers))
    assert all(number >= min(m, MOST) for m, number in enumerate(numbers))


@each_curve
def test_equivalent_inverts_felt(curve: Fraction) -> None:
    """If everybody has the same way, that way is the equivalent."""
    for metres in (0, 1, 7, 500, 1234, 2400):
        if perceived(metres, curve) < MOST:
            assert equivalent(37 * perceived(metres, curve), 37, curve) == metres
    assert equivalent(0, 0, curve) == 0


@pytest.mark.parametrize("seed", range(40))
def test_equivalent_is_the_formula_to_a_metre(seed: int) -> None:
    """Whole felt metres give the equivalent of the textbook, rounded up, or one metre beside it."""
    random = Random(seed)
    ways = [(random.randint(1, 5000), random.randint(0, 9000)) for _ in range(random.randint(1, 9))]
    first, second = (sum(w * m**n for w, m in ways) for n in (1, 2))
    curve = Fraction(random.choice([20, 100, 200]) * first, 100 * max(second, 1))
    weight = sum(w for w, _ in ways)
    whole = equivalent(sum(w * perceived(m, curve) for w, m in ways), weight, curve)
    rate = float(curve)
    exact = log(sum(w * exp(rate * m) for w, m in ways) / weight) / rate if rate else 0
    assert exact - 1 < whole < exact + 2
