"""What is known of a stage: the best solution, the bound, the time; shared by all who work on it."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from optimizer.model.outcome import Contradiction, Method, Status
from optimizer.model.program import Matrix
from optimizer.solver.engines.job import Settings, granularity


@dataclass(frozen=True)
class Progress:
    """Where a stage stands: what is being done, seconds since the start, value, bound."""

    phase: str
    seconds: float
    value: int | None
    bound: int | None


Watch = Callable[[Progress], None]

TOLERANCE = 10**6
"""A solution refutes a bound if it is better by more than this part of its value: engines compute in
doubles.
"""


class Incumbent:
    """The state of one stage; its methods may be called from several threads.

    stop: set when somebody asks to stop. start: a solution to start from, ignored unless it
    keeps every row.
    """

    def __init__(
        self,
        matrix: Matrix,
        settings: Settings,
        stop: threading.Event,
        start: np.ndarray | None = None,
        watch: Watch | None = None,
    ) -> None:
        self.matrix, self.settings, self.stop, self.watch = matrix, settings, stop, watch
        self.started = time.monotonic()
        self.status: Status = "unknown"
        self.best: np.ndarray | None = None
        self.value: int | None = None
        self.own: tuple[int | None, Method] = None, "engine"
        self.divided: int | None = None
        self._divided_by: Method = "engine"
        self.carried: int | None = None
        self.refuted = False
        self.contradiction: Contradiction | None = None
        self._failed = False
        self._lock = threading.Lock()
        if start is not None:
            self.take(start)

    def take(self, values: np.ndarray) -> bool:
        """Keep `values` if they hold and are no worse than the best; return whether they were kept."""
        if not self.matrix.holds(values):
            return False
        value = self.matrix.value(values)
        with self._lock:
            if self.value is not None and value > self.value:
                return False
            self.best, self.value = values, value
            if self.carried is not None and value < self.carried - abs(value) // TOLERANCE:
                self.refute()
            if self.status != "unknown":
                self._contradict(Contradiction(self.own[1], None))
            self._compare(*self.own)
            self._compare(self.divided, self._divided_by)
            return True

    @property
    def bound(self) -> int | None:
        """The greatest bound of the stage that is proved."""
        return max((b for b in (self.own[0], self.carried) if b is not None), default=None)

    @property
    def method(self) -> Method:
        """What the bound comes from."""
        return self.own[1] if self.bound == self.own[0] else "carried"

    def raise_bound(self, bound: int | None, method: Method = "engine") -> None:
        """Note a proven lower bound of the whole stage, and what it comes from."""
        with self._lock:
            if self._compare(bound, method):
                return
            if bound is not None and (self.own[0] is None or bound > self.own[0]):
                self.own = bound, method

    def _compare(self, bound: int | None, method: Method) -> bool:
        """Return whether the solution in hand refutes `bound`, and note it."""
        if bound is None or self.value is None:
            return False
        least = max(granularity(self.matrix), abs(self.value) // TOLERANCE)
        if bound - self.value <= least:
            return False
        if method == "carried":  # what others proved was false; nothing is wrong here
            self.refute()
        else:
            self._contradict(Contradiction(method, bound))
        return True

    def _contradict(self, claim: Contradiction) -> None:
        """End the stage: whoever claimed this is not to be believed in anything."""
        if self.contradiction is None:
            self.contradiction = claim
        self.status, self.own = "unknown", (None, "engine")
        self.carried, self.divided = None, None

    def contradict(self, claim: Contradiction) -> None:
        """Note a claim that a solution refutes, though perhaps not the one in hand."""
        with self._lock:
            self._contradict(claim)

    def carry(self, bound: int) -> None:
        """Note a bound that was proved of a wider program; the solution in hand may refute it."""
        if self.value is not None and self.value < bound - abs(self.value) // TOLERANCE:
            self.refute()
        elif not self.refuted:
            self.carried = bound if self.carried is None else max(bound, self.carried)

    def refute(self) -> None:
        """Forget what was proved of other programs: a solution shows that some of it is false."""
        self.carried, self.divided, self.refuted = None, None, True

    def divide(self, bound: int, method: Method = "engine") -> None:
        """Note a bound that holds even if ways are divided, and what it comes from."""
        with self._lock:
            if self._compare(bound, method):
                return
            if self.divided is None or bound > self.divided:
                self.divided, self._divided_by = bound, method

    def close(self, status: Status, method: Method = "engine") -> None:
        """Note that the stage is proved to have no solution (or none that is best), and by what."""
        with self._lock:
            if status not in ("infeasible", "unbounded"):
                return
            if self.value is not None:
                self._contradict(Contradiction(method, None))
            else:
                self.status, self.own = status, (self.own[0], method)

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.started

    @property
    def left(self) -> float:
        """Seconds until the time limit."""
        return self.settings.time_limit - self.seconds

    def over(self) -> bool:
        """Return whether the time is up, somebody asked to stop, or the work failed."""
        wrong = self._failed or self.contradiction is not None
        return wrong or self.stop.is_set() or self.left <= 0.05

    def fail(self) -> None:
        """End the stage because one of those who work on it cannot go on."""
        self._failed = True

    def done(self) -> bool:
        """Return whether nothing is left to do: over, closed, or proved to the gap asked for."""
        if self.over() or self.status != "unknown":
            return True
        gap = self.gap
        return gap is not None and gap <= self.settings.gap

    @property
    def gap(self) -> float | None:
        """Relative distance of value and bound; None while one of them is unknown."""
        with self._lock:
            value, bound = self.value, self.bound
        if value is None or bound is None:
            return None
        return 0.0 if value <= bound else (value - bound) / max(abs(value), 1)

    def tell(self, phase: str, value: int | None = None, bound: int | None = None) -> None:
        """Show progress: the best of what is known and what a running engine says of the stage."""
        if self.watch is None:
            return
        with self._lock:
            least = max((b for b in (self.bound, bound) if b is not None), default=None)
            best = min((v for v in (self.value, value) if v is not None), default=None)
            self.watch(Progress(phase, self.seconds, best, least))

    def conclusion(self) -> Status:
        """Return the status that value and bound support."""
        if self.value is None:
            return self.status
        if self.own[0] is not None:
            self.own = min(self.own[0], self.value), self.own[1]
        if self.carried is not None:
            self.carried = min(self.carried, self.value)
        return "optimal" if self.value == self.bound else "feasible"
