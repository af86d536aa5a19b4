"""Which value of one objective buys which of another: plans of which none is better in both.

Epsilon-constraint (Haimes, Lasdon and Wismer, IEEE Transactions on Systems, Man, and Cybernetics 1,
1971): the least x with y at most a level, then the least y with that x. Both are exact solves, so a
point is proved or says what is not.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from optimizer.city.plan import Plan
from optimizer.explain.robust.at_most import AtMost
from optimizer.model.instance import Instance, Objective
from optimizer.model.outcome import Stage
from optimizer.solver.solve import Solution

Solve = Callable[[Instance, Plan | None], Solution]
"""Solves an instance with two objectives, from a plan to begin with."""


@dataclass(frozen=True, eq=False)
class Point:
    """A plan: its x and y, and below what neither can be. level: the y that was allowed, if any.

    least_x: no plan with y within the level has less. least_y: no plan with this x has less.
    """

    x: int
    y: int
    least_x: int | None
    least_y: int | None
    level: int | None
    plan: Plan

    @property
    def proved(self) -> bool:
        """Whether no plan is better in one of the two and as good in the other."""
        return self.x == self.least_x and self.y == self.least_y

    def to_json(self) -> dict[str, object]:
        """Return the point as plain data."""
        return {
            "x": self.x,
            "y": self.y,
            "least_x": self.least_x,
            "least_y": self.least_y,
            "level": self.level,
            "proved": self.proved,
        }


@dataclass(frozen=True, eq=False)
class Frontier:
    """The points by rising x. unknown: levels at which no plan was found in time.

    floor: no plan at all has less of y, where that was asked. complete: every point of the frontier
    is there and proved. interrupted: it was stopped early.
    """

    x: Objective
    y: Objective
    points: tuple[Point, ...]
    unknown: tuple[int, ...] = ()
    floor: int | None = None
    infeasible: bool = False
    complete: bool = False
    interrupted: bool = False

    def to_json(self) -> dict[str, object]:
        """Return the frontier as plain data."""
        return {
            "x": self.x.id,
            "y": self.y.id,
            "points": [point.to_json() for point in self.points],
            "unknown_levels": list(self.unknown),
            "floor": self.floor,
            "infeasible": self.infeasible,
            "complete": self.complete,
            "interrupted": self.interrupted,
        }


def pareto(
    instance: Instance,
    x: Objective,
    y: Objective,
    count: int | None,
    solve: Solve,
    start: Plan | None = None,
    told: Callable[[Point], None] = lambda point: None,
    over: Callable[[], bool] = lambda: False,
) -> Frontier:
    """Return the frontier of `x` and `y`: `count` levels of y, or all points with None.

    solve: solves to the gap wanted. told: called with every point. over: asked before every solve.
    Between two levels, points that were not looked for may lie.
    """
    search = _Search(instance, x, y, solve, told, over, start)
    if count is None:
        search.every()
    else:
        search.levels(count)
    points = undominated(search.points)
    complete = search.closed and all(point.proved for point in points)
    return Frontier(
        x,
        y,
        points,
        tuple(search.unknown),
        search.floor,
        search.infeasible,
        complete,
        search.interrupted,
    )


def undominated(points: list[Point]) -> tuple[Point, ...]:
    """Return the points that no other one beats or equals, by rising x."""
    kept: list[Point] = []
    for point in sorted(points, key=lambda p: (p.x, p.y)):
        if not kept or point.y < kept[-1].y:
            kept.append(point)
    return tuple(kept)


@dataclass
class _Search:
    instance: Instance
    x: Objective
    y: Objective
    solve: Solve
    told: Callable[[Point], None]
    over: Callable[[], bool]
    start: Plan | None
    points: list[Point] = field(default_factory=list)
    unknown: list[int] = field(default_factory=list)
    floor: int | None = None
    closed: bool = False
    infeasible: bool = False
    interrupted: bool = False

    def every(self) -> None:
        """Take the level just below the last point until no plan is left."""
        level: int | None = None
        while not self._ended():
            point = self._least(level)
            if point is None:
                return
            level = point.y - 1

    def levels(self, count: int) -> None:
        """Spread levels evenly between the y of the least x and the least y, the tight end first.

        A plan within a tight level is one within the looser ones, so each begins from the last.
        """
        loose = self._least(None)
        if loose is None or self._ended():
            return
        tight = self._tight()
        if tight is None:
            return
        low, high = tight.y, loose.y
        inner = max(count - 2, 0)
        wanted = [low, *(low + (high - low) * n // (inner + 1) for n in range(1, inner + 1))]
        self.start = tight.plan
        for level in sorted(set(wanted) - {high}):
            if self._ended():
                return
            point = self._least(level)
            self.start = self.start if point is None else point.plan
        self.closed = low == high

    def _tight(self) -> Point | None:
        """Return the plan with the least y; of these, one with a small x."""
        solution = self.solve(replace(self.instance, objectives=(self.y, self.x)), self.start)
        self.interrupted = self.interrupted or solution.interrupted
        self.floor = _bound(solution.outcome.stages, 0)
        if solution.plan is None:
            return None
        return self._point(solution.plan, None, (None, None))

    def _least(self, level: int | None) -> Point | None:
        """Return the plan with the least x, and then y, with y at most `level`."""
        entries = self.instance.entries
        if level is not None:
            entries = (*entries, AtMost(id="level", objective=self.y, most=level))
        city = replace(self.instance, entries=entries, objectives=(self.x, self.y))
        solution = self.solve(city, self.start)
        self.interrupted = self.interrupted or solution.interrupted
        stages = solution.outcome.stages
        if solution.plan is None:
            if stages and stages[0].status == "infeasible":
                self.closed, self.infeasible = True, not self.points
            elif level is not None:
                self.unknown.append(level)
            return None
        point = self._point(solution.plan, level, (_bound(stages, 0), _bound(stages, 1)))
        self.points.append(point)
        self.told(point)
        return point

    def _point(self, plan: Plan, level: int | None, bounds: tuple[int | None, int | None]) -> Point:
        x, y = (objective.value(self.instance, plan) for objective in (self.x, self.y))
        least_x, least_y = bounds
        if least_x != x:
            least_y = None  # a bound on y under an x that may not be the least says nothing
        return Point(x, y, least_x, least_y, level, plan)

    def _ended(self) -> bool:
        return self.interrupted or self.over()


def _bound(stages: tuple[Stage, ...], number: int) -> int | None:
    return stages[number].bound if number < len(stages) else None
