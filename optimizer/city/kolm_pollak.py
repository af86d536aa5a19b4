"""Felt metres: the exponentials of the Kolm-Pollak equivalent, made whole here and nowhere else.

The equally-distributed equivalent (EDE) of ways m with weights w, W in all, is the way that, if
everybody had it, would be as good as the unequal ways they have:

    EDE = ln( sum of w exp(kappa m) / W ) / kappa,   kappa = epsilon (sum of w m) / (sum of w m^2)

Kolm, Journal of Economic Theory 12, 1976, and Pollak, Review of Economic Studies 38, 1971; with
this sign, for burdens: Sheriff, Maguire, Risk Analysis 40, 2020. Horton, Logan, Murrell, Skipper,
Speakman, "A scalable optimization approach for equitable facility location", 2024
(arXiv:2401.15452), take kappa from a fixed distribution, as is done here with the derived ways
of today; then EDE <= X is linear in the assignments.

A way of m metres is *felt* as f(m) = (exp(kappa m) - 1) / kappa metres. f rises, f(0) = 0, its
slope is at least 1, it is m itself for kappa = 0, and EDE <= X exactly if the mean of f(m) is
at most f(X). The whole numbers are F(m) = f(m) rounded to whole metres, at most MOST. Each is
off by half a metre at most, and so is F(X); the slope makes less than one metre of EDE of that.
Decimal arithmetic of fixed precision, whose exp is correctly rounded, gives every machine the
same numbers.
"""

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Annotated

import pandas as pd
from pydantic import Field

from optimizer.base.errors import Problem
from optimizer.base.words import Text
from optimizer.city.city import City
from optimizer.city.weights import baseline_links, shortest_links

Aversion = Annotated[int, Field(strict=True, ge=0, le=300, description="%")]
"""Aversion to inequality, epsilon in per cent; 0 gives the plain mean."""

MOST = 10**9
"""Felt metres of all ways that would feel longer, so that a case of them stays exact in a double.

With epsilon 1 and the ways of Kumamoto that is 45 km. A way cut off so counts as less than it is
only while it weighs less than the millionth part of all, so it hardly ever hides a verdict.
"""

STEEPEST = 100
"""Exponents above are not computed: kappa is at most 3 per metre, so exp is far beyond MOST."""

EXACT = Context(prec=50)


def kappa(instance: City, group: str, services: tuple[str, ...], aversion: int) -> Fraction:
    """Return kappa per metre for the ways of `group` today; 0 if there are none at all.

    aversion: epsilon in per cent. Where nobody is served today, as in a problem of choosing sites
    for a new service, the ways to the nearest points that could serve stand in.
    """
    table = baseline_links(instance, group, services)
    if table.empty:
        table = shortest_links(instance, group, services)
    first = int((table["weight"] * table["metres"]).sum())
    second = sum(
        int(w) * int(m) ** 2 for w, m in zip(table["weight"], table["metres"], strict=True)
    )
    return Fraction(aversion * first, 100 * second) if second else Fraction(0)


def lacking(instance: City, curve: Fraction, aversion: int, place: str) -> list[Problem]:
    """Return the problem that `curve` follows from no ways, if so; `place` is the entry's."""
    if curve > 0 or aversion == 0:
        return []
    message = Text("nobody goes anywhere", "移動距離がない")
    remedy = Text("set aversion = 0, or other services", "aversion を 0 にするか、業務を見直す")
    return [Problem(message, remedy, "instance.toml", None, f"{place}.services")]


@lru_cache(maxsize=2**17)
def perceived(metres: int, curve: Fraction) -> int:
    """Return F(metres) for kappa = `curve`."""
    if curve == 0:
        return min(metres, MOST)
    up, down = Decimal(curve.numerator), Decimal(curve.denominator)
    exponent = EXACT.divide(EXACT.multiply(Decimal(metres), up), down)
    if exponent > STEEPEST:
        return MOST
    grown = EXACT.subtract(EXACT.exp(exponent), Decimal(1))
    exact = EXACT.divide(EXACT.multiply(grown, down), up)
    return min(int(exact.to_integral_value(ROUND_HALF_UP)), MOST)


def perceived_metres(metres: pd.Series, curve: Fraction) -> pd.Series:
    """Return F of every number of `metres`, on its index."""
    numbers = {m: perceived(int(m), curve) for m in metres.unique()}
    return metres.map(numbers).astype("int64")


def equivalent(total: int, weight: int, curve: Fraction) -> int:
    """Return the least whole metres X with `weight` F(X) >= `total`: the EDE, rounded up.

    total: sum of weight x felt metres of some ways. weight: the sum of their weights.
    """
    if weight == 0:
        return 0
    mean = -(-total // weight)
    if curve == 0:
        return mean
    up, down = Decimal(curve.numerator), Decimal(curve.denominator)
    grown = EXACT.add(Decimal(1), EXACT.divide(EXACT.multiply(Decimal(mean), up), down))
    metres = int(EXACT.divide(EXACT.multiply(EXACT.ln(grown), down), up))
    while perceived(metres, curve) < mean:
        metres += 1
    while metres > 0 and perceived(metres - 1, curve) >= mean:
        metres -= 1
    return metres
