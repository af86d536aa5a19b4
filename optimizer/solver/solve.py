"""Instance -> Plan + Outcome: objectives one after the other, each held while the next is improved."""

import hashlib
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from types import FrameType

import numpy as np

from optimizer.city.plan import Plan
from optimizer.model.algebra import Affine
from optimizer.model.build import Model, build
from optimizer.model.instance import Instance
from optimizer.model.outcome import Outcome, Stage
from optimizer.solver.engines import capability
from optimizer.solver.engines.capability import DEFAULT
from optimizer.solver.engines.child import Engine
from optimizer.solver.engines.job import Settings
from optimizer.solver.known_bounds import KnownBound, carried
from optimizer.solver.number_limits import fit, within_doubles
from optimizer.solver.search.column_roles import ColumnRoles
from optimizer.solver.search.incumbent import Progress
from optimizer.solver.search.stage import Search
from optimizer.solver.search.tuning import TUNING

LAYOUT = ColumnRoles(
    leading=frozenset({"mode", "staff", "extended"}),
    fixed=frozenset({"mode"}),
    links="assign",
    place="point",
    steps=("period", "frozen"),
)

Watch = Callable[[str, Progress], None]
"""Called with the id of the objective and where its stage stands."""


@dataclass(frozen=True)
class SolveSettings:
    """How to solve.

    gap: relative, of every stage. time_limit: seconds, for all stages together. canonical: when every
    stage is proved to gap 0, break ties by fixed ranks, so that two engines give one plan.
    memory: bytes for the engine, 0 for no limit. engine: one of `capability.ENGINES`; it runs twice, to
    bound and to find. threads: 0 leaves the number to the engine. deterministic: one run, one thread,
    limits by nodes instead of seconds, so that the same input gives the same plan, provided that the
    time limit is not reached.
    """

    gap: Fraction = Fraction(1, 1000)
    time_limit: float = 60
    seed: int = 0
    canonical: bool = False
    memory: int = 0
    engine: str = DEFAULT
    threads: int = 0
    deterministic: bool = False


DEFAULTS = SolveSettings()


@dataclass(frozen=True, eq=False)
class Solution:
    """What a solve gave: the plan (None if there is none) and what the engine claims of it.

    refuted: the plan shows that something that was said to be proved is false.
    """

    instance: Instance
    plan: Plan | None
    outcome: Outcome
    interrupted: bool
    seconds: float
    refuted: bool = False


def solve(
    instance: Instance,
    settings: SolveSettings = DEFAULTS,
    *,
    watch: Watch | None = None,
    start: Plan | None = None,
    proved: Sequence[KnownBound] = (),
) -> Solution:
    """Return the best plan found and how far it is proved.

    The objectives of the instance are solved in their order. Each later one is solved with the
    earlier ones held at the value attained (the proved bound plus the unproved gap) plus their
    `slack`. start: a plan to begin from, of this instance or of one like it; where it breaks a
    rule, only its modes are tried. proved: of instances like this one; where this one leaves no more
    room, their bounds of the first objective hold, until a plan refutes one. Ctrl-C keeps the best
    plan. Raises EngineError, and InputError where a number is too large for the engine.
    """
    started, can = time.monotonic(), capability.engine(settings.engine)
    deterministic, gap = settings.deterministic, settings.gap
    with within_doubles():
        model = build(instance)
    stages: list[Stage] = []
    best = None if start is None else model.encode(start, whole=False)
    known, refuted = carried(model, proved), False
    layout = replace(LAYOUT, derived=frozenset(model.decisions.derived))
    stop = threading.Event()
    todo = [
        (o.id, o.share, o.slack, e)
        for o, e in zip(instance.objectives, model.objectives, strict=True)
    ]
    if settings.canonical:
        todo.append(("canonical", 100, 0, tie_break(model)))
    fit(model.program, [(name, objective) for name, _, _, objective in todo[:-1]], can)
    with (
        running(settings.engine, stop, 1 if deterministic else 2) as children,
        first_interrupt_sets(stop),
    ):
        for name, share, slack, objective in todo:
            left = settings.time_limit - (time.monotonic() - started)
            if stages and (stop.is_set() or left <= 0.5):
                break
            if name == "canonical" and any(stage.gap != 0 for stage in stages):
                break
            own = Settings(
                time_limit=left if name == todo[-1][0] else left * share / 100,
                gap=0.0 if settings.canonical else float(gap),
                seed=settings.seed,
                memory=settings.memory,
                threads=1 if deterministic and children[0].can.threads else settings.threads,
                nodes=TUNING.nodes if deterministic else 0,
            )
            told = _told(watch, name, time.monotonic() - started)
            with within_doubles():
                search = Search(children, model.program, objective, layout, own, best, told, known)
                known = ()  # of the first objective alone
            search.run()
            incumbent, interrupted = search.incumbent, stop.is_set()
            refuted = refuted or incumbent.refuted
            status, seconds = incumbent.conclusion(), round(incumbent.seconds, 1)
            claim = (
                incumbent.value,
                incumbent.bound,
                seconds,
                interrupted,
                incumbent.method,
                incumbent.divided,
            )
            stages.append(Stage(name, status, *claim, incumbent.contradiction))
            best = incumbent.best
            if best is None or incumbent.value is None or incumbent.contradiction is not None:
                break
            model.program.add_rows(f"held {name}", objective <= incumbent.value + slack)
        engine_name, version = children[0].name, children[0].version
        outcome = Outcome(engine_name, version, tuple(stages), f"{float(gap * 100):g}%")
    plan = None if best is None else model.decode(best)
    seconds = time.monotonic() - started
    return Solution(instance, plan, outcome, stop.is_set(), seconds, refuted)


class Solves:
    """Solves of instances that are much alike: each is given what the last ones proved."""

    def __init__(self, proved: Iterable[KnownBound] = ()) -> None:
        """proved: what is known before, kept as long as the object is."""
        self.before = tuple(proved)
        self.last: deque[KnownBound] = deque(maxlen=2)

    def solve(
        self,
        city: Instance,
        gap: Fraction,
        seconds: float,
        start: Plan | None,
        watch: Watch | None = None,
        engine: str = DEFAULT,
    ) -> Solution:
        """Return what `solve` does."""
        known = (*self.before, *self.last)
        settings = SolveSettings(gap, seconds, engine=engine)
        found = solve(city, settings, watch=watch, start=start, proved=known)
        self.last.extend(KnownBound.of(city, found.outcome))
        return found


@contextmanager
def running(engine: str, stop: threading.Event, count: int) -> Iterator[list[Engine]]:
    """Give `count` runs of one engine, which all end when `stop` is set."""
    with ExitStack() as stack:
        yield [stack.enter_context(Engine(engine, stop)) for _ in range(count)]


def _told(watch: Watch | None, name: str, before: float) -> Callable[[Progress], None] | None:
    """Return what tells `watch` of a stage that began `before` seconds after the start."""
    if watch is None:
        return None
    return lambda p: watch(name, replace(p, seconds=before + p.seconds))


@contextmanager
def first_interrupt_sets(stop: threading.Event) -> Iterator[None]:
    """Make the first Ctrl-C set `stop`; the second raises KeyboardInterrupt as usual."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def on_interrupt(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def tie_break(model: Model) -> Affine:
    """Return the sum of the columns that a plan publishes, weighted by numbers drawn from their labels."""
    total = None
    for name, block in model.program.columns.items():
        if name in model.decisions.derived:
            continue
        ranks = np.array([_rank(f"{name}|{'|'.join(map(str, label))}") for label in block.index])
        part = (block.expression * ranks).sum()
        total = part if total is None else total + part
    assert total is not None
    return total


def _rank(label: str) -> int:
    return int.from_bytes(hashlib.sha256(label.encode()).digest()[:3], "big")
