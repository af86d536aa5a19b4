"""Many what-ifs of one instance: each solved once, kept under its content, started from the nearest.

Cases run in worker processes, here or on a Dask cluster. A worker gets an instance and a plan to
begin from and hands back a plan; files are written by the one process that runs the sweep. A case
is known by the fingerprint of its instance and how it was to be solved, so that a sweep that was
stopped goes on where it was, and a case that another sweep solved is not solved again.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from heapq import nsmallest
from typing import Literal, Protocol

from optimizer.base.errors import EngineError, InputError
from optimizer.city.plan import Plan
from optimizer.files.rule_versions import rules_of
from optimizer.model.instance import Instance
from optimizer.model.outcome import Outcome
from optimizer.solver.known_bounds import KnownBound
from optimizer.solver.solve import SolveSettings, solve
from optimizer.sweep.cases import Case, distance

PROVED = 2
"""So many solved cases, the nearest, hand on what they prove."""

TRIES = 2
"""How often a case is tried whose worker died."""


def key_of(instance: Instance, settings: SolveSettings) -> str:
    """Return under what the solution of `instance` is kept."""
    asked = settings.gap, settings.time_limit, settings.engine, settings.seed
    text = json.dumps([*map(str, (instance.fingerprint, *asked)), rules_of(instance)])
    return hashlib.sha256(text.encode()).hexdigest()[:24]


@dataclass(frozen=True, eq=False)
class Solved:
    """What a worker hands back. interrupted: it was stopped; what it found is not kept."""

    plan: Plan | None
    outcome: Outcome
    seconds: float
    interrupted: bool


Verdict = Literal["solved", "infeasible", "no plan", "failed", "bad input", "not tried"]


@dataclass(frozen=True, eq=False)
class Result:
    """How a case ended. solved is None unless a worker answered; detail: what went wrong."""

    case: Case
    verdict: Verdict
    key: str = ""
    solved: Solved | None = None
    detail: str = ""
    known: bool = False


class Store(Protocol):
    """Where solved cases are kept."""

    def get(self, key: str, instance: Instance) -> Solved | None:
        """Return what is kept under `key`."""

    def put(self, key: str, case: Case, instance: Instance, solved: Solved) -> None:
        """Keep it; raises EngineError where the plan breaks a rule."""


def solve_case(
    instance: Instance, start: Plan | None, proved: Sequence[KnownBound], settings: SolveSettings
) -> Solved:
    """Solve one case; runs in a worker."""
    solution = solve(instance, settings, start=start, proved=proved)
    return Solved(solution.plan, solution.outcome, solution.seconds, solution.interrupted)


@dataclass
class Sweep:
    """Runs cases. read: makes the instance of a case, or raises InputError with the faults.

    at_once: cases in work at a time. make: gives a fresh executor, anew when its worker died.
    start: a plan to begin from until a case is solved. proved: what is known before. told: called
    after every case.
    """

    read: Callable[[Case], Instance]
    store: Store
    settings: SolveSettings
    make: Callable[[], Executor]
    at_once: int = 1
    start: Plan | None = None
    proved: Sequence[KnownBound] = ()
    told: Callable[[Result], None] = lambda result: None
    stopped: Callable[[], bool] = lambda: False
    _solved: list[tuple[Case, str, Solved]] = field(default_factory=list)  # with the key
    _results: dict[int, Result] = field(default_factory=dict)
    _twins: list[tuple[int, int]] = field(default_factory=list)  # the same case, another name

    def run(self, cases: Sequence[Case]) -> list[Result]:
        """Return a result for every case, in their order."""
        waiting = [(number, 1) for number in self._open(cases)]
        work: dict[Future[Solved], tuple[int, int, str, Instance]] = {}
        executor = self.make()
        try:
            while (waiting or work) and not (self.stopped() and not work):
                while waiting and len(work) < self.at_once and not self.stopped():
                    number, tries = waiting.pop(0)
                    self._submit(executor, cases[number], number, tries, work)
                done, _ = wait(work, timeout=0.2, return_when=FIRST_COMPLETED)
                broken = [f for f in done if isinstance(f.exception(), BrokenProcessPool)]
                for future in (f for f in done if f not in broken):
                    number, _, key, instance = work.pop(future)
                    self._finish(number, cases[number], key, instance, future)
                if broken:  # every case in work is lost with its pool
                    lost = [work.pop(future) for future in list(work)]
                    waiting = [*self._again(lost, cases), *waiting]
                    executor.shutdown(wait=False)
                    executor = self.make()
        finally:
            for future in work:
                future.cancel()
            executor.shutdown(wait=True)
        for number, twin in self._twins:
            if twin in self._results:
                known = self._results[twin].verdict != "not tried"
                self._say(number, replace(self._results[twin], case=cases[number], known=known))
        left = [n for n in range(len(cases)) if n not in self._results]
        self._results |= {n: Result(cases[n], "not tried") for n in left}
        return [self._results[number] for number in range(len(cases))]

    def _open(self, cases: Sequence[Case]) -> Iterator[int]:
        """Yield the cases that are still to be solved; the others are answered."""
        first: dict[str, int] = {}
        for number, case in enumerate(cases):
            try:
                instance = self.read(case)
            except InputError as error:
                detail = error.problems[0].say("en")
                self._say(number, Result(case, "bad input", detail=detail))
                continue
            key = key_of(instance, self.settings)
            kept = self.store.get(key, instance)
            if kept is not None:
                self._learn(case, key, kept)
                self._say(number, Result(case, _verdict(kept), key, kept, known=True))
            elif key in first:
                self._twins.append((number, first[key]))
            else:
                first[key] = number
                yield number

    def _submit(
        self,
        executor: Executor,
        case: Case,
        number: int,
        tries: int,
        work: dict[Future[Solved], tuple[int, int, str, Instance]],
    ) -> None:
        instance = self.read(case)
        key = key_of(instance, self.settings)
        begin = (self._nearest(case), self._proved(case), self.settings)
        future = executor.submit(solve_case, instance, *begin)
        work[future] = (number, tries, key, instance)

    def _nearest(self, case: Case) -> Plan | None:
        """Return the plan of the nearest case that is solved."""
        plans = [known for known in self._solved if known[2].plan is not None]
        if not plans:
            return self.start
        return min(plans, key=lambda known: distance(known[0], case))[2].plan

    def _proved(self, case: Case) -> list[KnownBound]:
        """Return what is known before, and what the nearest cases that are solved prove."""
        found = list(self.proved)
        near = nsmallest(PROVED, self._solved, key=lambda known: distance(known[0], case))
        for one, key, solved in near:
            instance = self.read(one)
            if key_of(instance, self.settings) == key:  # its files are what they were
                found += KnownBound.of(instance, solved.outcome)
        return found

    def _finish(
        self, number: int, case: Case, key: str, instance: Instance, future: Future[Solved]
    ) -> None:
        error = future.exception()
        if error is not None:
            self._say(number, Result(case, "failed", key, detail=str(error) or repr(error)))
            return
        solved = future.result()
        if solved.interrupted:
            self._say(number, Result(case, "not tried", key))
            return
        try:
            self.store.put(key, case, instance, solved)
        except EngineError as failed:
            self._say(number, Result(case, "failed", key, detail=failed.message.en))
            return
        self._learn(case, key, solved)
        self._say(number, Result(case, _verdict(solved), key, solved))

    def _again(
        self, lost: Iterable[tuple[int, int, str, Instance]], cases: Sequence[Case]
    ) -> list[tuple[int, int]]:
        """Return the lost cases that are tried once more; the others have failed."""
        retried = []
        for number, tries, key, _ in lost:
            if tries < TRIES:
                retried.append((number, tries + 1))
            else:
                self._say(number, Result(cases[number], "failed", key, detail="worker died"))
        return retried

    def _learn(self, case: Case, key: str, solved: Solved) -> None:
        self._solved.append((case, key, solved))

    def _say(self, number: int, result: Result) -> None:
        self._results[number] = result
        self.told(result)


def _verdict(solved: Solved) -> Verdict:
    if solved.plan is not None:
        return "solved"
    return "infeasible" if solved.outcome.status == "infeasible" else "no plan"


def processes(count: int) -> Executor:
    """Return an executor of `count` fresh processes on this machine."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    return ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn"))
