"""How much of the cost difference of two plans each change of the scenario causes.

v(M) is the least value of the first objective when the changes M are made and the others are not.
It is known as an interval: bound(M) <= v(M) <= value(M), from an exact solve of that instance.

- Ordered: the changes are made one after the other; the k-th causes v(M_k) - v(M_k-1).
- Shapley: the mean of that over all orders (Shapley, Contributions to the Theory of Games II,
  1953): sum over M without i of |M|! (n - |M| - 1)! / n! x (v(M + i) - v(M)), as a fraction.

Both are sums of v with known coefficients, so that each has an interval: every v at the end that
makes the sum least, or greatest. `attained` takes the values of the plans found; those of all
changes add up to the difference of the two plans exactly. A plan found for one M is tried on all
others, which can only lower their values.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations
from math import ceil, factorial, floor
from typing import Literal

from optimizer.audit.changed import Difference, between
from optimizer.audit.verify import verify
from optimizer.base.errors import InputError, Problem
from optimizer.base.words import Text
from optimizer.city.plan import Plan
from optimizer.model.instance import Instance
from optimizer.solver.solve import Solution

Method = Literal["ordered", "shapley"]
MOST: Mapping[str, int] = {"ordered": 20, "shapley": 6}
"""Changes that can be told apart: 19 solves in order, 62 for all subsets."""

Made = frozenset[int]
"""Which changes are made, by their position."""


@dataclass(frozen=True, eq=False)
class Least:
    """What is known of v(M). status: known, infeasible (no plan at all) or unknown (no plan found)."""

    value: int | None
    bound: int | None
    plan: Plan | None = None
    infeasible: bool = False


@dataclass(frozen=True)
class Share:
    """What one change causes: attained, and the interval in which the truth lies; None: unknown.

    impossible: whether some of the instances that it rests on have no plan at all.
    """

    change: Difference
    attained: Fraction | None
    least: Fraction | None
    most: Fraction | None
    impossible: bool = False

    def to_json(self) -> dict[str, object]:
        """Return the share as plain data; yen whole (outward for the interval), fractions as text."""
        return {
            **self.change.to_json(),
            "attained": None if self.attained is None else half_up(self.attained),
            "exact": None if self.attained is None else str(self.attained),
            "least": None if self.least is None else floor(self.least),
            "most": None if self.most is None else ceil(self.most),
            "impossible": self.impossible,
        }


@dataclass(frozen=True)
class Attribution:
    """The shares of all changes. solves: exact solves made. open: instances with no plan yet."""

    method: Method
    shares: tuple[Share, ...]
    solves: int
    interrupted: bool = False

    def to_json(self) -> dict[str, object]:
        """Return the attribution as plain data."""
        return {
            "method": self.method,
            "shares": [share.to_json() for share in self.shares],
            "solves": self.solves,
            "interrupted": self.interrupted,
        }


def half_up(value: Fraction) -> int:
    """Return `value` rounded to the nearest whole number, halves up."""
    return floor(value + Fraction(1, 2))


def needed(method: Method, count: int) -> list[Made]:
    """Return the sets of changes whose least cost must be known, fewest changes first."""
    if method == "ordered":
        return [frozenset(range(k)) for k in range(count + 1)]
    return [frozenset(m) for k in range(count + 1) for m in combinations(range(count), k)]


def attribute(
    first: Instance,
    other: Instance,
    found: tuple[Difference, ...],
    known: tuple[Least, Least],
    method: Method,
    solve: Callable[[Instance, Plan | None], Solution],
    watch: Callable[[int, int], None] = lambda done, of: None,
) -> Attribution:
    """Return what each of the changes `found` from `first` to `other` causes.

    known: v of the two instances themselves. solve: solves an instance exactly, from a plan to
    begin with. watch: told how many of the solves are done. Ctrl-C ends it; what rests on
    instances not solved yet is unknown. Raises InputError for too many changes.
    """
    players = tuple(change for change in found if change.decides)
    _not_too_many(method, len(players))
    sets = needed(method, len(players))
    nothing, everything = sets[0], sets[-1]
    least = (
        {nothing: known[0]}
        if nothing == everything
        else dict(zip((nothing, everything), known, strict=True))
    )
    solves, interrupted = 0, False
    cities = {m: between(first, other, players, [players[i] for i in sorted(m)]) for m in sets}
    for made in sets[1:-1]:
        watch(solves, len(sets) - 2)
        start = least[max((m for m in least if m <= made), key=len)].plan
        solution = solve(cities[made], start)
        solves += 1
        least[made] = _least(cities[made], solution)
        interrupted = solution.interrupted
        if interrupted:
            break
    watch(solves, max(len(sets) - 2, 0))
    least = _shared(cities, least)
    shares = tuple(
        _share(change, _coefficients(method, i, len(players)), least)
        for i, change in enumerate(players)
    )
    return Attribution(method, shares, solves, interrupted)


def _not_too_many(method: Method, count: int) -> None:
    if count <= MOST[method]:
        return
    message = Text(
        f"{count} changes are too many for {method} shares (at most {MOST[method]})",
        f"変更が{count}件あり、{method}の内訳の上限{MOST[method]}件を超える",
    )
    remedy = Text(
        "use --attribute ordered, or compare with a plan in between"
        if method == "shapley"
        else "compare with a plan in between",
        "--attribute ordered にするか、途中の計画と比べる"
        if method == "shapley"
        else "途中の計画と比べる",
    )
    raise InputError([Problem(message, remedy, column="--attribute", value=method)])


def _least(city: Instance, solution: Solution) -> Least:
    """Return what a solve says of the first objective; its value from the plan itself."""
    stage = solution.outcome.stages[0]
    if solution.plan is None:
        return Least(None, stage.bound, None, stage.status == "infeasible")
    return Least(city.objectives[0].value(city, solution.plan), stage.bound, solution.plan)


def _shared(cities: Mapping[Made, Instance], least: Mapping[Made, Least]) -> dict[Made, Least]:
    """Return `least` with the values that the plans of the other instances attain."""
    found = dict(least)
    for made, mine in least.items():
        if mine.infeasible:
            continue
        for plan in [theirs.plan for theirs in least.values() if theirs.plan is not None]:
            value = cities[made].objectives[0].value(cities[made], plan)
            best = found[made].value
            if best is not None and value >= best:
                continue
            if _fits(cities[made], plan) and verify(cities[made], plan).violations == 0:
                found[made] = replace(found[made], value=value, plan=plan)
    return found


def _fits(city: Instance, plan: Plan) -> bool:
    """Return whether the plan decides about just the points and years of the city."""
    return set(plan.modes.index) == {(p, t) for p in city.points.index for t in city.planned}


def _coefficients(method: Method, i: int, count: int) -> dict[Made, Fraction]:
    """Return the coefficient of every v(M) in the share of the change number `i`."""
    if method == "ordered":
        return {frozenset(range(i + 1)): Fraction(1), frozenset(range(i)): Fraction(-1)}
    found = {}
    for made in needed(method, count):
        size = len(made - {i})
        weight = Fraction(factorial(size) * factorial(count - size - 1), factorial(count))
        found[made] = weight if i in made else -weight
    return found


def _share(
    change: Difference, coefficients: Mapping[Made, Fraction], least: Mapping[Made, Least]
) -> Share:
    terms = [(c, least.get(made)) for made, c in coefficients.items()]
    low = _sum((c, t and (t.bound if c > 0 else t.value)) for c, t in terms)
    high = _sum((c, t and (t.value if c > 0 else t.bound)) for c, t in terms)
    attained = _sum((c, t and t.value) for c, t in terms)
    impossible = any(t is not None and t.infeasible for _, t in terms)
    return Share(change, attained, low, high, impossible)


def _sum(terms: Iterable[tuple[Fraction, "int | Least | None"]]) -> Fraction | None:
    total = Fraction(0)
    for coefficient, number in terms:
        if not isinstance(number, int):
            return None
        total += coefficient * number
    return total
