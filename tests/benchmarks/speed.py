"""How soon plans are found and proved: the city, changes of it, other assumptions, other cities.

    python -m tests.benchmarks speed [--only base,what-if,draws,cities,large] [--time-limit 60]
                                     [--count 50] [--write docs/speed.md]

A part may name its own number of runs: `--only base:3,what-if:10`. Staff cost alone is minimised,
so that one number can be compared. Every line is one run in this process; gaps are those that the
bound proves.
"""

import argparse
import os
import platform
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from pathlib import Path

import pandas as pd

from optimizer.audit.verify import verify
from optimizer.city.plan import Plan
from optimizer.files.instance_folder import read_instance
from optimizer.files.solution_folder import read_outcome, read_plan
from optimizer.model.build import build
from optimizer.model.instance import Instance
from optimizer.solver.known_bounds import KnownBound
from optimizer.solver.search.incumbent import Progress
from optimizer.solver.solve import SolveSettings, solve
from optimizer.solver.stored_bounds import stored_proof
from tests.benchmarks.cities import synthetic

KUMAMOTO = Path(__file__).parents[2] / "instances" / "kumamoto-2015"
STORED = KUMAMOTO.parents[1] / "solutions" / "kumamoto-2015" / "base"

LIMITS = {
    "constraint.five_km.metres": (3000, 4000, 4500, 5500, 6000, 7000),
    "assumptions.pace_changes.value": (2, 3, 5, 6),
    "assumptions.store_free_metres.value": (2000, 2500, 4000, 5000),
    "assumptions.no_worse_metres.value": (4000, 6000, 8000),
    "assumptions.plausible_metres.value": (1500, 2500, 3000, 4000),
    "assumptions.ward_office_reserve.value": (0, 5, 15, 20),
    "assumptions.districts_per_person.value": (2, 4, 5),
    "assumptions.wage.value": (6_500_000, 7_350_000, 7_700_000),
    "assumptions.running_plain_branch.value": (9_000_000, 11_000_000),
    "assumptions.running_service_corner.value": (4_000_000, 6_000_000),
    "assumptions.fee_post_office.value": (150, 250),
    "assumptions.fee_store.value": (100, 130),
    "assumptions.move_to_closed.value": (2_000_000, 4_000_000),
    "assumptions.crew_service_corner.value": (3,),
    "assumptions.minutes_registration.value": (28, 32),
}
DROPS = ("five_km", "pace", "plausible", "no_worse", "steady", "store_free")


@dataclass
class Run:
    """One solve: gap by second, what it ended with, memory of this process and its children."""

    name: str
    seconds: float
    value: int | None
    bound: int | None
    track: list[tuple[float, float]]
    plan: Plan | None

    @property
    def gap(self) -> float | None:
        """Relative gap proved at the end, in per cent."""
        if self.value is None or self.bound is None:
            return None
        return 100 * (self.value - self.bound) / self.value

    def by(self, second: float) -> float | None:
        """Relative gap proved by that second, in per cent."""
        known = [gap for at, gap in self.track if at <= second]
        return known[-1] if known else None

    def reached(self, gap: float) -> float | None:
        """The second by which a gap, in per cent, was proved."""
        return next((at for at, now in self.track if now <= gap), None)


def timed(
    name: str,
    city: Instance,
    gap: Fraction,
    limit: float,
    start: Plan | None = None,
    proved: Sequence[KnownBound] = (),
) -> Run:
    """Solve the first objective of `city` alone."""
    city = replace(city, objectives=city.objectives[:1])
    track: list[tuple[float, float]] = []

    def watch(objective: str, progress: Progress) -> None:
        if progress.value is not None and progress.bound is not None:
            gap = 100 * (progress.value - progress.bound) / progress.value
            if not track or gap < track[-1][1]:
                track.append((progress.seconds, gap))

    begin = time.monotonic()
    solution = solve(city, SolveSettings(gap, limit), watch=watch, start=start, proved=proved)
    seconds = time.monotonic() - begin
    stage = solution.outcome.stages[0]
    if solution.plan is not None and verify(city, solution.plan).violations:
        raise AssertionError(f"{name}: the plan breaks a rule")
    run = Run(name, seconds, stage.value, stage.bound, track, solution.plan)
    if run.gap is not None:
        track.append((seconds, run.gap))
    return run


def changes() -> list[str]:
    """Return fifty changes of one thing each."""
    sets = [f"set {path}={value}" for path, values in LIMITS.items() for value in values]
    return [*sets, *(f"drop {name}" for name in DROPS)]


def draw(seed: int) -> tuple[str, ...]:
    """Return changes that move every assumed number by up to 30 %, each for itself."""
    luck = random.Random(seed)
    moved = []
    for name, assumption in read_instance(KUMAMOTO).assumptions.items():
        if isinstance(assumption.value, str):
            moved.append(f"set assumptions.{name}.value={_moved(assumption.value, luck)}")
        else:
            factor = luck.uniform(0.7, 1.3)
            for period, value in assumption.value.items():
                changed = min(round(float(value) * factor, 4), 1)
                moved.append(f"set assumptions.{name}.value.{period}={changed}")
    return tuple(moved)


def _moved(value: str, luck: random.Random) -> str:
    factor = luck.uniform(0.7, 1.3)
    if "." in value:
        return str(round(float(value) * factor, 4))
    return str(max(round(int(value) * factor), 1))


def binding(city: Instance, plan: Plan) -> int:
    """Return in how many years of a counter more persons than its least crew are at work."""
    crew = plan.modes.map(city.modes["crew"])
    return int((plan.staff.reindex(crew.index) > crew).sum())


def base(limit: float, count: int) -> Iterator[list[object]]:
    """The city as committed, three seeds' worth of luck apart: one line a run."""
    city = read_instance(KUMAMOTO)
    for number in range(min(count, 3)):
        run = timed(f"base {number + 1}", city, Fraction(1, 1000), limit)
        yield [run.name, *_gaps(run)]


def what_if(limit: float, count: int) -> Iterator[list[object]]:
    """Changes of one thing each, from the stored plan and proof of the base case to the same gap."""
    start, proved = (
        read_plan(STORED, read_instance(KUMAMOTO)),
        stored_proof(STORED, partial(read_instance, KUMAMOTO)),
    )
    near = read_outcome(STORED).claims().gap
    assert near is not None
    for change in changes()[:count]:
        city = read_instance(KUMAMOTO, (change,))
        run = timed(change, city, near, min(limit, 30), start, proved)
        yield [run.name, *_gaps(run)]


def draws(limit: float, count: int) -> Iterator[list[object]]:
    """Twenty draws of every assumed number; one whose staffing binds nowhere counts as failed."""
    for seed in range(min(count, 20)):
        city = read_instance(KUMAMOTO, draw(seed))
        run = timed("", city, Fraction(1, 1000), limit)
        bound = 0 if run.plan is None else binding(city, run.plan)
        yield [f"draw {seed}, staff above the least in {bound}", *_gaps(run)]


def cities(limit: float, count: int) -> Iterator[list[object]]:
    """Ten made-up cities of Kumamoto's size."""
    for seed in range(min(count, 10)):
        city = synthetic(read_instance(KUMAMOTO), seed)
        yield [city.id, *_gaps(timed("", city, Fraction(1, 1000), limit))]


def large(limit: float, count: int) -> Iterator[list[object]]:
    """A city of 1,000 districts and 300 points, three services; it has ten times the limit."""
    city = thousand_districts(read_instance(KUMAMOTO))
    begin = time.monotonic()
    width = build(city).program.width
    told = f"{city.id}-1000 ({width} columns, built in {time.monotonic() - begin:.1f} s)"
    yield [told, *_gaps(timed("", city, Fraction(2, 100), 10 * limit))]


def thousand_districts(base: Instance) -> Instance:
    """Return a made-up city ten times as large as Kumamoto."""
    return synthetic(base, 0, districts=1000, wards=20, branches=130, posts=150, services=3)


PARTS: dict[str, Callable[[float, int], Iterator[list[object]]]] = {
    "base": base, "what-if": what_if, "draws": draws, "cities": cities, "large": large,
}  # fmt: skip
SECONDS = (3, 10, 20, 35, 60)
HEAD = ["run", *(f"{n} s" for n in SECONDS), "end", "1 % at", "0.5 % at", "seconds", "value", "MiB"]


def _gaps(run: Run) -> list[object]:
    used = max(resource.getrusage(who).ru_maxrss for who in (0, -1)) // 1024
    shown = [*(run.by(second) for second in SECONDS), run.gap, run.reached(1), run.reached(0.5)]
    return [*shown, run.seconds, run.value, used]


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.2f}" if abs(value) < 100 else f"{value:.0f}"
    return str(value)


def main(arguments: list[str]) -> None:
    """Run the parts asked for, print every line, then the medians; --write keeps them as a page."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks speed", description=__doc__)
    parser.add_argument("--only", default=",".join(PARTS))
    parser.add_argument("--time-limit", type=float, default=60)
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--write", type=Path)
    asked = parser.parse_args(arguments)
    lines = [f"| {' | '.join(HEAD)} |", "|" + "---|" * len(HEAD)]
    print(lines[0], flush=True)
    for part in asked.only.split(","):
        name, _, count = part.partition(":")
        if name not in PARTS or not (count.isdigit() or part == name):
            parser.error(f"no such part: {part}; one of {', '.join(PARTS)}, as NAME or NAME:RUNS")
        rows = []
        for row in PARTS[name](asked.time_limit, int(count or asked.count)):
            rows.append(row)
            lines.append(f"| {' | '.join(map(_cell, row))} |")
            print(lines[-1], flush=True)
        if len(rows) > 1:
            columns = list(zip(*rows, strict=True))[1:]
            middle = [_median(column) for column in columns]
            lines.append(
                f"| **{name}: median of {len(rows)}** | {' | '.join(map(_cell, middle))} |"
            )
            print(lines[-1], flush=True)
    if asked.write:
        asked.write.write_text(
            "\n".join([*_preface(" ".join(arguments)), *lines]) + "\n", encoding="utf-8"
        )


def _median(values: tuple[object, ...]) -> float | None:
    """A run that never got there counts as later and worse than all others."""
    numbers = [float("inf") if value is None else float(str(value)) for value in values]
    middle = statistics.median(numbers)
    return None if middle == float("inf") else middle


def _preface(words: str) -> list[str]:
    import ortools

    return [
        "# Speed",
        "",
        "Made by",
        f"`python -m tests.benchmarks speed {words}`;",
        "staff cost alone is minimised. Columns 3 s to end: the gap, in per cent, between the best plan and the bound proved by",
        "then (a dash: no plan yet); 1 % at, 0.5 % at: the second by which that was proved. Base, draws and cities stop",
        "at a gap of 0.1 %, what-ifs start from the stored plan and bound of the base",
        "and stop at the gap stored with it or after 30 s; the large city at 2 %.",
        f"{os.cpu_count()} cores, Python {platform.python_version()}, OR-Tools"
        f" {ortools.__version__}, pandas {pd.__version__}; each line one run. MiB: the largest"
        " process so far.",
        "",
    ]


if __name__ == "__main__":
    main(sys.argv[1:])
