"""Many what-ifs of one instance: each solved once, kept under its content, started from the nearest.

Cases run in worker processes, here or on a Dask cluster. A worker gets an instance and a plan to
begin from and hands back a plan; files are written by the one process that runs the sweep. A case
is known by the fingerprint of its instance and how it was to be solved, so that a sweep that was
stopped goes on where it was, and a case that another sweep solved is not solved again.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from itertools import product
from random import Random
from typing import Literal, Protocol

from optimizer.changes import half_up, split_change
from optimizer.errors import EngineError, InputError
from optimizer.instance import Instance
from optimizer.outcome import Outcome
from optimizer.plan import Plan
from optimizer.solving import solve

TRIES = 2
"""How often a case is tried whose worker died."""


@dataclass(frozen=True)
class Case:
    """One what-if. values: what this sweep varies, path -> value, for tables and plots."""

    name: str
    changes: tuple[str, ...]
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Settings:
    """How each case is solved."""

    gap: Fraction = Fraction(1, 1000)
    time_limit: float = 30
    engine: str = "highs"
    seed: int = 0

    def key(self, instance: Instance) -> str:
        """Return under what the solution of `instance` is kept."""
        from importlib.metadata import version

        parts = (instance.fingerprint, self.gap, self.time_limit, self.engine, self.seed)
        text = json.dumps([*map(str, parts), version("optimizer")])
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


def grid(paths: Mapping[str, Sequence[str]], base: Sequence[Case]) -> list[Case]:
    """Return every combination of the values of `paths`, on each of the cases `base`."""
    cases = []
    for start, combination in product(base, product(*paths.values())):
        values = dict(zip(paths, combination, strict=True))
        cases.append(with_values(start, values))
    return cases


def sample(
    ranges: Mapping[str, tuple[str, str]], count: int, seed: int, base: Sequence[Case]
) -> list[Case]:
    """Return `count` random draws, uniform within each range, on each of the cases `base`.

    A range of whole numbers is drawn in whole numbers; another with as many decimals as it states.
    """
    luck, cases = Random(seed), []
    for _ in range(count):
        values = {path: _drawn(low, high, luck) for path, (low, high) in ranges.items()}
        cases += [with_values(start, values) for start in base]
    return cases


def _drawn(low: str, high: str, luck: Random) -> str:
    places = max(len(text.partition(".")[2]) for text in (low, high))
    scale = 10**places
    a, b = (half_up(Decimal(text) * scale) for text in (low, high))
    number = luck.randint(min(a, b), max(a, b))
    if not places:
        return str(number)
    return f"{number // scale}.{number % scale:0{places}d}"


def with_values(base: Case, values: Mapping[str, str]) -> Case:
    """Return `base` with each path set to its value."""
    told = ", ".join(f"{path.rpartition('.')[2]}={value}" for path, value in values.items())
    name = ", ".join(part for part in (base.name, told) if part)
    changes = (f"set {path}={value}" for path, value in values.items())
    return Case(name, (*base.changes, *changes), {**base.values, **values})


def distance(a: Case, b: Case) -> float:
    """Return how far two cases are apart: a change of one alone counts 1, a number its difference."""
    one, other = _values(a), _values(b)
    total = 0.0
    for path in one.keys() | other.keys():
        x, y = one.get(path), other.get(path)
        if x == y:
            continue
        try:
            u, v = float(str(x).strip('"')), float(str(y).strip('"'))
            total += min(abs(u - v) / max(abs(u), abs(v), 1e-9), 1.0)
        except ValueError:
            total += 1
    return total


def _values(case: Case) -> dict[tuple[str, str], str]:
    found = {}
    for change in case.changes:
        verb, path, value = split_change(change)
        place = (verb, path) if verb in ("set", "scale") else (change, "")
        found[place] = value
    return found


def solve_case(instance: Instance, start: Plan | None, settings: Settings) -> Solved:
    """Solve one case; runs in a worker."""
    solution = solve(
        instance,
        settings.gap,
        settings.time_limit,
        settings.seed,
        engine=settings.engine,
        start=start,
    )
    return Solved(solution.plan, solution.outcome, solution.seconds, solution.interrupted)


@dataclass
class Sweep:
    """Runs cases. read: makes the instance of a case, or raises InputError with the faults.

    at_once: cases in work at a time. make: gives a fresh executor, anew when its worker died.
    start: a plan to begin from until a case is solved. told: called after every case.
    """

    read: Callable[[Case], Instance]
    store: Store
    settings: Settings
    make: Callable[[], Executor]
    at_once: int = 1
    start: Plan | None = None
    told: Callable[[Result], None] = lambda result: None
    stopped: Callable[[], bool] = lambda: False
    _plans: list[tuple[Case, Plan]] = field(default_factory=list)
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
            key = self.settings.key(instance)
            kept = self.store.get(key, instance)
            if kept is not None:
                self._learn(case, kept)
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
        key = self.settings.key(instance)
        future = executor.submit(solve_case, instance, self._nearest(case), self.settings)
        work[future] = (number, tries, key, instance)

    def _nearest(self, case: Case) -> Plan | None:
        """Return the plan of the nearest case that is solved."""
        if not self._plans:
            return self.start
        return min(self._plans, key=lambda known: distance(known[0], case))[1]

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
        self._learn(case, solved)
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

    def _learn(self, case: Case, solved: Solved) -> None:
        if solved.plan is not None:
            self._plans.append((case, solved.plan))

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
