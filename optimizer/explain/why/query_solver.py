"""What a query is asked with: one engine at hand for short questions, solves for long ones."""

import threading
import time
from collections.abc import Sequence
from fractions import Fraction
from types import TracebackType

from optimizer.city.plan import Plan
from optimizer.explain.infeasible.conflict import Conflict, conflict_of
from optimizer.explain.infeasible.feasibility import Possible, beyond_bounds
from optimizer.model.build import build
from optimizer.model.instance import Instance
from optimizer.solver.engines.capability import DEFAULT
from optimizer.solver.engines.child import Engine
from optimizer.solver.engines.job import Settings
from optimizer.solver.known_bounds import KnownBound
from optimizer.solver.number_limits import within_doubles
from optimizer.solver.solve import Solution, SolveSettings, Watch, first_interrupt_sets, solve


class Asker:
    """A context manager: its engine ends with it, and the first Ctrl-C ends what is being asked."""

    def __init__(self, engine: str = DEFAULT, watch: Watch | None = None) -> None:
        self.key, self.watch, self.stop = engine, watch, threading.Event()
        self.engine = Engine(engine, self.stop)

    def __enter__(self) -> "Asker":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.engine.__exit__(kind, error, trace)

    def quick(self, city: Instance, gap: Fraction, seconds: float) -> tuple[Plan | None, bool]:
        """Return a plan of `city` by one run of the engine on its first objective, and whether it
        is proved that there is none.
        """
        with within_doubles():
            model = build(city)
            matrix = model.program.matrix(model.objectives[0])
        if beyond_bounds(matrix):
            return None, True
        with first_interrupt_sets(self.stop):
            answer = self.engine.run(matrix, Settings(max(seconds, 0.1), float(gap)))
        plan = None if answer.values is None else model.decode(answer.values)
        return plan, answer.status == "infeasible"

    def solve(
        self, city: Instance, start: Plan, seconds: float, proved: Sequence[KnownBound] = ()
    ) -> Solution:
        """Return the solution of `city`, as far as it comes, from a plan to begin with and from what
        was `proved` of instances like it.
        """
        settings = SolveSettings(Fraction(0), max(seconds, 1), engine=self.key)
        solution = solve(city, settings, watch=self.watch, start=start, proved=proved)
        if solution.interrupted:
            self.stop.set()
        return solution

    def conflict(
        self, city: Instance, plans: Sequence[Plan], near: Sequence[str], seconds: float
    ) -> Conflict:
        """Return why `city`, which has no plan, has none. plans: of which each keeps some entries;
        near: districts where the conflict is likely to show.
        """
        until = time.monotonic() + seconds
        possible = Possible(city, self.engine, until - seconds / 4)
        with first_interrupt_sets(self.stop):
            for plan in plans:
                possible.learn(plan)
            return conflict_of(possible, True, until, near)
