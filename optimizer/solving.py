"""Instance -> Plan + Outcome: objectives one after the other, each held while the next is improved."""

import hashlib
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from types import FrameType

import numpy as np

from optimizer.algebra import Affine
from optimizer.build import Model, build
from optimizer.engines.capability import DEFAULT
from optimizer.engines.child import Engine
from optimizer.engines.job import Settings
from optimizer.instance import Instance
from optimizer.outcome import Outcome, Stage
from optimizer.plan import Plan
from optimizer.search import Layout, Progress, Search

LAYOUT = Layout(
    leading=frozenset({"mode", "staff", "extended"}),
    fixed=frozenset({"mode", "enter"}),
    steps=("period", "frozen"),
    links="assign",
)

Watch = Callable[[str, Progress], None]
"""Called with the id of the objective and where its stage stands."""


@dataclass(frozen=True, eq=False)
class Solution:
    """What a solve gave: the plan (None if there is none) and what the engine claims of it."""

    instance: Instance
    plan: Plan | None
    outcome: Outcome
    interrupted: bool
    seconds: float


def solve(
    instance: Instance,
    gap: Fraction = Fraction(1, 1000),
    time_limit: float = 60,
    seed: int = 0,
    canonical: bool = False,
    memory: int = 0,
    watch: Watch | None = None,
    engine: str = DEFAULT,
    threads: int = 0,
) -> Solution:
    """Return the best plan found and how far it is proved.

    The objectives of the instance are solved in their order. Each later one is solved with the
    earlier ones held at the value attained (the proved bound plus the unproved gap) plus their
    `slack`. `canonical` adds, when every stage is proved to gap 0, a tie-break on fixed ranks,
    so that two engines give one plan. engine: one of `capability.ENGINES`. Ctrl-C keeps the best
    plan. Raises EngineError.
    """
    started = time.monotonic()
    model = build(instance)
    stages: list[Stage] = []
    best: np.ndarray | None = None
    interrupted = False
    todo = [
        (o.id, o.share, o.slack, e)
        for o, e in zip(instance.objectives, model.objectives, strict=True)
    ]
    if canonical:
        todo.append(("canonical", 100, 0, tie_break(model)))
    with Engine(engine) as child, first_interrupt_sets(child.stop):
        for name, share, slack, objective in todo:
            left = time_limit - (time.monotonic() - started)
            if stages and (interrupted or left <= 0.5):
                break
            if name == "canonical" and any(stage.gap != 0 for stage in stages):
                break
            settings = Settings(
                time_limit=left * share / 100,
                gap=0.0 if canonical else float(gap),
                seed=seed,
                memory=memory,
                threads=threads,
            )
            search = Search(
                child,
                model.program,
                objective,
                LAYOUT,
                settings,
                best,
                _told(watch, name, time.monotonic() - started),
            )
            search.run()
            interrupted = search.interrupted
            status = search.conclusion()
            stages.append(
                Stage(
                    name,
                    status,
                    search.value,
                    search.bound,
                    round(search.seconds, 1),
                    search.interrupted,
                )
            )
            best = search.best
            if best is None or search.value is None:
                break
            model.program.add_rows(f"held {name}", objective <= search.value + slack)
        outcome = Outcome(child.name, child.version, tuple(stages), f"{float(gap * 100):g}%")
    plan = None if best is None else model.decode(best)
    return Solution(instance, plan, outcome, interrupted, time.monotonic() - started)


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
