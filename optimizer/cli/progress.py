"""A live line on a terminal, a line every ten seconds elsewhere; always on stderr."""

import shutil
import sys
import time
from collections.abc import Iterable
from types import TracebackType

from rich.cells import cell_len, set_cell_size

from optimizer.base.words import Text
from optimizer.cli.language import LANG
from optimizer.model.instance import Objective
from optimizer.report.terminal import WIDTH
from optimizer.solver.search.incumbent import Progress

EVERY = 10.0


class ProgressLine:
    """Shows where a solve for `objectives` stands; a context manager."""

    def __init__(self, objectives: Iterable[Objective]) -> None:
        self.titles = {objective.id: objective.heading for objective in objectives}
        self.live = sys.stderr.isatty()
        self.last = time.monotonic()

    def __enter__(self) -> "ProgressLine":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.live:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def show(self, objective: str, progress: Progress) -> None:
        """Show one state of the solve of the objective with the id `objective`."""
        title = self.titles.get(objective, TIE)
        if self.live:
            sys.stderr.write(f"\r\x1b[K{live_line(title, progress)}")
            sys.stderr.flush()
        elif time.monotonic() - self.last >= EVERY:
            self.last = time.monotonic()
            print(describe(title, progress), file=sys.stderr)


TIE = Text("tie-break", "同点の解消")

PHASES = {
    "carried": Text("bound carried over", "他のケースの下限"),
    "relaxation": Text("relaxation", "緩和問題"),
    "prices": Text("prices", "余力の評価"),
    "first": Text("first plan", "最初の計画"),
    "neighbourhood": Text("improving", "計画の改善"),
    "squeeze": Text("doing with a person less", "職員一人減の検討"),
    "steps": Text("bound year by year", "年度ごとの下限"),
    "location": Text("location", "立地問題"),
    "proof": Text("proof", "最適性の証明"),
}


def live_line(title: Text, progress: Progress) -> str:
    """Return the progress as a line that does not wrap, cut where it would."""
    room = min(shutil.get_terminal_size().columns, WIDTH) - 1
    line = describe(title, progress)
    return line if cell_len(line) <= room else set_cell_size(line, room).rstrip()


def describe(title: Text, progress: Progress) -> str:
    """Return elapsed seconds, phase, incumbent, bound and gap as one line."""
    what = title.say(LANG)
    phase = PHASES[progress.phase].say(LANG)
    value = "–" if progress.value is None else f"{progress.value:,}"
    bound = "–" if progress.bound is None else f"{progress.bound:,}"
    gap = "–"
    if progress.value is not None and progress.bound is not None:
        gap = f"{max(progress.value - progress.bound, 0) / max(abs(progress.value), 1):.2%}"
    if LANG == "ja":
        return f"{progress.seconds:5.0f}秒 {what} [{phase}] 現在 {value} 下界 {bound} 差 {gap}"
    return f"{progress.seconds:5.0f} s {what} [{phase}] best {value} bound {bound} gap {gap}"
