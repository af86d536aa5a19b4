"""Asking for a price: which solves are still needed, and what the answers tell so far."""

from collections.abc import Callable
from dataclasses import replace

from optimizer.audit.verify import verify
from optimizer.city.plan import Plan
from optimizer.explain.infeasible.beyond import districts_beyond
from optimizer.explain.infeasible.limits import (
    altered,
    needed,
    stated,
    step_of,
    widened,
    with_limit,
)
from optimizer.explain.price.bounds import Bounds
from optimizer.explain.price.prices import (
    CHANGES,
    Change,
    Known,
    Price,
    Priced,
    Prices,
    Side,
    verdict,
)
from optimizer.model.instance import Constraint, Instance
from optimizer.solver.solve import Solution

Solve = Callable[[Instance, Plan, float], Solution]
"""Solves an instance from a plan to begin with, in so many seconds."""

ENOUGH = 0.9
"""Seconds below which no solve is begun."""

MOVED_SHARE = 0.4
"""Share of the seconds of a solve that one with a moved limit gets: the bound without the entry
holds for it too.
"""


class Inquiry:
    """Asks for what the bounds do not tell yet."""

    def __init__(
        self,
        bounds: Bounds,
        solve: Solve,
        each: float,
        step: int | None,
        keep: Callable[[Prices], None],
        left: Callable[[], float],
    ) -> None:
        self.bounds, self.solve, self.each, self.step = bounds, solve, each, step
        self.keep, self.left = keep, left
        self.instance, self.plan = bounds.instance, bounds.plan
        self.entries = list(bounds.entries.values())
        self.sides: dict[str, tuple[Side, Side]] = {}
        self.interrupted = False

    def step_of(self, entry: Constraint) -> int:
        """Return how far one step moves the limit of `entry`."""
        return step_of(entry) if self.step is None else self.step

    def limit(self, entry: Constraint, change: Change) -> int | None:
        """Return the limit after one step; None where the entry is left out or cannot move."""
        if change == "left out" or entry.limit is None:
            return None
        step = self.step_of(entry)
        return widened(entry, stated(entry), step if change == "wider" else -step)

    def price(self, entry: Constraint, change: Change) -> None:
        """Solve for one price, unless it is proved by what is known."""
        limit = self.limit(entry, change)
        if change != "left out" and limit is None:
            return
        value = self.bounds.upper(entry, limit)
        if change == "tighter" and value is not None and value <= self.bounds.value:
            return  # a known plan keeps it, and is no dearer
        if self.told(entry, change).verdict not in ("proved", "impossible", "refused"):
            self.ask(entry, limit)

    def ask(self, entry: Constraint | None, limit: int | None) -> None:
        """Solve the instance with `entry` changed, unless that was done or there is no time."""
        name, wanted = ("", self.each) if entry is None else (entry.id, self._share(limit))
        earlier = self.bounds.known.get((name, limit))
        if self.bounds.closed(entry, limit) or (earlier and earlier.seconds >= wanted):
            return
        seconds = min(wanted, self.left())
        if self.interrupted or seconds < ENOUGH:
            return
        if entry is not None and self.bounds.refuses(entry, limit):
            return
        city = self.instance if entry is None else altered(self.instance, entry, limit)
        solution = self.solve(city, self.plan, seconds)
        self.interrupted = solution.interrupted
        stage = solution.outcome.stages[0]
        told = Known(name, limit, None, stage.bound, 0 if self.interrupted else seconds)
        told = replace(told, impossible=stage.status == "infeasible")
        self.bounds.learn(self._with_plan(told, city, entry, solution))
        self.keep(self.found())

    def _share(self, limit: int | None) -> float:
        return self.each if limit is None else max(self.each * MOVED_SHARE, 1)

    def _with_plan(
        self, told: Known, city: Instance, entry: Constraint | None, solution: Solution
    ) -> Known:
        """Return the answer with what its plan tells, if that is news; only after its own audit."""
        plan, known = solution.plan, self.bounds
        best = known.best if entry is None else known.upper(entry, told.limit)
        value = None if plan is None else city.objectives[0].value(city, plan)
        if plan is None or value is None or (best is not None and value >= best):
            return told
        if verify(city, plan).violations:
            return told
        if entry is None:
            return replace(told, value=value, keeps=True)
        beyond = tuple(map(str, districts_beyond(city, entry, plan)))
        keeps = entry.readings(city, plan).violations.empty
        keeps = keeps and not verify(self.instance, plan).violations
        needs = needed(city, entry, plan) if known.alone() else told.limit
        return replace(told, value=value, needs=needs, keeps=keeps, beyond=beyond)

    def told(self, entry: Constraint, change: Change) -> Price:
        """Return one price by what is known so far."""
        limit, known = self.limit(entry, change), self.bounds
        if known.refuses(entry, limit):
            return Price(change, limit, "refused")
        beyond = self._beyond(entry, change, limit)
        residents = int(self.instance.districts.loc[list(beyond), "residents"].sum())
        if known.impossible(entry, limit):
            return Price(change, limit, "impossible", districts=beyond, residents=residents)
        low, high = known.lower(entry, limit), known.upper(entry, limit)
        if change == "tighter":
            least, most = _minus(low, known.best), _minus(high, known.bound)
            attained = _minus(high, known.value)
        else:
            least, most = _minus(known.bound, high), _minus(known.best, low)
            attained = _minus(known.value, high)
        if known.monotone(entry):
            least = max(least or 0, 0)
        judged = verdict(least, most)
        return Price(change, limit, judged, least, most, attained, beyond, residents)

    def _beyond(self, entry: Constraint, change: Change, limit: int | None) -> tuple[str, ...]:
        """Return the districts that the change affects (see `Price`)."""
        if change == "tighter" and limit is not None:
            there = with_limit(entry, limit)
            return tuple(map(str, districts_beyond(self.instance, there, self.plan)))
        value = self.bounds.upper(entry, limit)
        if value == self.bounds.value:
            return ()  # the plan itself will do
        plans = [told.beyond for told in self.bounds.of(entry) if told.value == value]
        return min(plans, key=len, default=())

    def found(self) -> Prices:
        """Return what is known, dearest first."""
        priced = []
        for entry in self.entries:
            asked = [c for c in CHANGES if c == "left out" or self.limit(entry, c) is not None]
            prices = tuple(self.told(entry, change) for change in asked)
            priced.append(Priced(entry, prices, *self.sides.get(entry.id, ())))
        priced.sort(key=lambda one: one.order, reverse=True)
        known = self.bounds
        answers = tuple(known.known.values())
        numbers = (known.value, known.bound, known.best)
        return Prices(self.instance, *numbers, tuple(priced), answers, self.interrupted)


def _minus(a: int | None, b: int | None) -> int | None:
    return None if a is None or b is None else a - b
