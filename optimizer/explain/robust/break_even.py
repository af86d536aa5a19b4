"""How far an assumed number may move before the decisions of a plan flip: break-even by bisection.

At a value v of the number the modes of the plan *hold* if some plan with exactly these modes costs
at most (1 + within) times the least of all plans: same(v) <= (1 + within) best(v). Both come from
exact solves as intervals, so that

- holds is said if same.value <= (1 + within) best.bound,
- flips if same.bound > (1 + within) best.value, or if no plan with these modes is left,
- unknown otherwise.

Values move in whole steps, up to a stated reach in either direction. The end of the reach is tried
first, then the middle between the last value that holds and the first that does not. Which modes
are best need not depend on a number in one direction only, so between two values that hold nothing
is claimed of the values in between: the answer is a pair of neighbours, one held, one flipped.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any, Literal

from optimizer.audit.verify import verify
from optimizer.base.errors import InputError
from optimizer.city.city import Assumption
from optimizer.city.plan import Plan
from optimizer.explain.robust.cost_cap import with_modes
from optimizer.explain.robust.firm import Solve
from optimizer.model.instance import Instance

State = Literal["holds", "flips", "unknown", "refused"]
"""Refused: the number cannot have that value (a share above 1), so nothing is asked of it."""


@dataclass(frozen=True)
class Scale:
    """The values that an assumed number is moved to. values: as text, or by period; start: today's."""

    name: str
    values: tuple[str, ...]
    start: int


@dataclass(frozen=True)
class Side:
    """One direction: the last value found to hold and the first found to flip ("" if none).

    end: how the end of the reach came out. flipped: decisions (point, period, mode) of a plan
    that is better there. gap: whether values between the two are unknown.
    """

    holds: str
    flips: str
    end: State
    flipped: tuple[tuple[str, int, str], ...] = ()
    unknown: bool = False


@dataclass(frozen=True)
class BreakEven:
    """What was found of one number; `now` tells whether the modes hold at its stated value."""

    name: str
    value: str
    now: State
    down: Side | None = None
    up: Side | None = None

    @property
    def settled(self) -> bool:
        """Whether a later run has nothing more to ask."""
        sides = (self.down, self.up)
        if self.now == "holds":
            return not any(side is None or side.unknown for side in sides)
        return self.now != "unknown"

    def to_json(self) -> dict[str, object]:
        """Return the answer as plain data."""
        return asdict(self)


def scale(name: str, assumption: Assumption, reach: Fraction) -> Scale:
    """Return the values of `assumption` up to `reach` (a share of it) below and above.

    A step is one per cent of the value, but at least one in its last stated digit; a number by
    period moves as a whole, by whole per cents, each period rounded to two digits more.
    """
    if not isinstance(assumption.value, str):
        count = int(100 * reach)
        stated = {t: Decimal(v) for t, v in assumption.value.items()}
        factors = [Decimal(100 + j) / 100 for j in range(-count, count + 1)]
        values = tuple(_table(stated, factor) for factor in factors)
        return Scale(name, values, count)
    stated_value = Decimal(assumption.value)
    unit = Decimal(1).scaleb(int(stated_value.as_tuple().exponent))
    step = max((abs(stated_value) / 100).quantize(unit, ROUND_HALF_UP), unit)
    room = Decimal(reach.numerator) / Decimal(reach.denominator) * abs(stated_value)
    count = max(int(room / step), 1)
    numbers = [stated_value + j * step for j in range(-count, count + 1)]
    return Scale(name, tuple(f"{number:f}" for number in numbers), count)


def _table(stated: dict[int, Decimal], factor: Decimal) -> str:
    moved = {}
    for period, value in stated.items():
        unit = Decimal(1).scaleb(int(value.as_tuple().exponent) - 2)
        moved[period] = (value * factor).quantize(unit, ROUND_HALF_UP).normalize()
    return "{ " + ", ".join(f'{t} = "{v:f}"' for t, v in moved.items()) + " }"


def break_even(
    scales: Iterable[Scale],
    at: Callable[[str, str], Instance],
    plan: Plan,
    within: Fraction,
    solve: Solve,
    known: Iterable[BreakEven] = (),
    keep: Callable[[tuple[BreakEven, ...]], None] = lambda found: None,
    time_is_up: Callable[[], bool] = lambda: False,
) -> tuple[BreakEven, ...]:
    """Return the break-even values of every scale.

    at: gives the instance in which the number of that name has that value; raises InputError if it
    cannot have it. known: answers of an earlier run, kept where they are settled. keep: told after
    every number. time_is_up: asked before every solve; what is left is then unknown, as it is after
    Ctrl-C.
    """
    earlier = {answer.name: answer for answer in known if answer.settled}
    found: list[BreakEven] = []
    interrupted = False
    for one in scales:
        if one.name in earlier or interrupted:
            stated = BreakEven(one.name, one.values[one.start], "unknown")
            found.append(earlier.get(one.name, stated))
            continue
        search = _Bisection(one, at, plan, within, solve, time_is_up)
        found.append(search.run())
        interrupted = search.interrupted
        keep(tuple(found))
    return tuple(found)


def from_json(data: Mapping[str, Any]) -> BreakEven:
    """Return the answer that `to_json` gave as `data`."""
    sides = [
        side and Side(**{**side, "flipped": tuple((p, t, m) for p, t, m in side["flipped"])})
        for side in (data["down"], data["up"])
    ]
    return BreakEven(data["name"], data["value"], data["now"], *sides)


class _Bisection:
    """The search along one scale; every value is asked about once."""

    def __init__(
        self,
        steps: Scale,
        at: Callable[[str, str], Instance],
        plan: Plan,
        within: Fraction,
        solve: Solve,
        time_is_up: Callable[[], bool],
    ) -> None:
        self.scale, self.at, self.plan, self.within = steps, at, plan, within
        self.solve, self.time_is_up = solve, time_is_up
        self.interrupted = False
        self.better: dict[int, Plan] = {}
        self.states: dict[int, State] = {}

    def run(self) -> BreakEven:
        """Return what was found in both directions; nothing is sought where the modes do not hold."""
        values, start = self.scale.values, self.scale.start
        now = self.state(start)
        if now != "holds":
            return BreakEven(self.scale.name, values[start], now)
        down, up = (self._side(end) for end in (0, len(values) - 1))
        return BreakEven(self.scale.name, values[start], now, down, up)

    def _side(self, end: int) -> Side:
        """Return the neighbours between the start, which holds, and `end`."""
        values, held = self.scale.values, self.scale.start
        direction = 1 if end > held else -1
        while end != held and self.state(end) == "refused":  # the number cannot be so far away
            end = (end + held) // 2 if direction > 0 else -(-(end + held) // 2)
        last = self.state(end)
        beyond = end if last != "holds" else end + direction
        held = held if last != "holds" else end
        while abs(beyond - held) > 1:
            middle = (held + beyond) // 2
            if self.state(middle) == "holds":
                held = middle
            else:
                beyond = middle
        line = range(held, end + direction, direction)
        flips = next((n for n in line if self.states.get(n) == "flips"), None)
        nearest = self.states.get(beyond) if last != "holds" else "holds"
        return Side(
            values[held],
            "" if flips is None else values[flips],
            last,
            () if flips is None else self._flipped(flips),
            nearest == "unknown",
        )

    def state(self, number: int) -> State:
        """Return how the modes of the plan stand at the value with this number."""
        if number not in self.states:
            over = self.interrupted or self.time_is_up()
            self.states[number] = "unknown" if over else self._ask(number)
        return self.states[number]

    def _ask(self, number: int) -> State:
        try:
            city = self.at(self.scale.name, self.scale.values[number])
        except InputError:
            return "refused"
        first = city.objectives[0].model_copy(update={"share": 100})
        city = replace(city, objectives=(first,))
        same = self.solve(with_modes(city, self.plan), self.plan, Fraction(0))
        self.interrupted = same.interrupted
        if self.interrupted:
            return "unknown"
        best = self.solve(city, same.plan or self.plan, Fraction(0))
        self.interrupted = best.interrupted
        a, b = same.outcome.stages[0], best.outcome.stages[0]
        if best.plan is not None and verify(city, best.plan).violations == 0:
            self.better[number] = best.plan
            least = first.value(city, best.plan)
            if a.status == "infeasible" or (a.bound is not None and a.bound > self._up_to(least)):
                return "flips"
        if b.status == "infeasible":  # no plan at all, so none with these modes
            return "flips"
        sound = same.plan is not None and verify(city, same.plan).violations == 0
        if sound and same.plan is not None and b.bound is not None:
            value = first.value(city, same.plan)
            return "holds" if value <= self._up_to(b.bound) else "unknown"
        return "unknown"

    def _up_to(self, least: int) -> Fraction:
        return least + abs(least) * self.within

    def _flipped(self, number: int) -> tuple[tuple[str, int, str], ...]:
        """Return what the better plan decides otherwise, first years first."""
        if number not in self.better:
            return ()
        modes = self.better[number].modes
        other = modes[modes != self.plan.modes.reindex(modes.index)]
        return tuple(sorted(((p, int(t), m) for (p, t), m in other.items()), key=lambda d: d[1]))
