"""`optimizer price`: what each constraint costs, as proved intervals, and whom it touches."""

import sys
import threading
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from pathlib import Path

from optimizer.city.plan import Plan
from optimizer.cli import output
from optimizer.cli.language import LANG, say
from optimizer.cli.progress import ProgressLine
from optimizer.explain.price.inquiry import Solve
from optimizer.explain.price.price import price, priceable
from optimizer.explain.price.prices import Known, Prices
from optimizer.files.instance_folder import read_instance
from optimizer.files.kept import Notebook, question
from optimizer.files.solution_folder import (
    MANIFEST,
    read_manifest,
    read_plan,
    write_text,
)
from optimizer.model.instance import Instance
from optimizer.report.answers.price import price_report
from optimizer.report.answers.price_plot import price_svg
from optimizer.report.terminal import console, print_report
from optimizer.solver.known_bounds import KnownBound
from optimizer.solver.solve import Solution, Solves, first_interrupt_sets
from optimizer.solver.stored_bounds import stored_proof


@dataclass(frozen=True)
class Request:
    """What the user asked for. each: seconds for one solve. time_limit: for all."""

    instance: Path
    solution: Path
    entries: tuple[str, ...]
    step: int | None
    ranges: bool
    each: float
    time_limit: float
    keep: Path | None
    force: bool
    svg: Path | None
    as_json: bool


def run(request: Request) -> int:
    """Price, print, draw and keep; return the exit code."""
    started = time.monotonic()
    folder = request.solution
    changes = read_manifest(folder).changes if (folder / MANIFEST).exists() else ()
    instance = read_instance(request.instance, changes)
    plan = read_plan(folder, instance)
    entries = priceable(instance, request.entries)
    proved = stored_proof(folder, lambda _: instance)
    bound = proved[0].bound if proved else None
    asked = {**question(instance, plan), "bound": bound}
    place = request.keep or folder.resolve().with_name(f"{folder.resolve().name}.price.json")
    notebook = Notebook(place, asked, request.force)
    known = {(row["entry"], row["limit"]): row for row in notebook.rows}

    stop = threading.Event()

    def left() -> float:
        return 0 if stop.is_set() else started + request.time_limit - time.monotonic()

    def keep(found: Prices) -> None:
        known.update({(k.entry, k.limit): asdict(k) for k in found.known})
        notebook.write(list(known.values()))
        told = found.known[-1].entry
        output.tell(say(f"{len(found.known)} solves: {told}", f"求解{len(found.known)}回: {told}"))

    with first_interrupt_sets(stop):  # between two solves: each minds Ctrl-C itself
        found = price(
            instance,
            plan,
            _solver(proved),
            entries,
            bound,
            request.each,
            request.step,
            request.ranges,
            [Known(**{**row, "beyond": tuple(row["beyond"])}) for row in notebook.rows],
            keep,
            left,
        )
    found = replace(found, interrupted=found.interrupted or stop.is_set())
    if request.svg is not None:
        write_text(request.svg, price_svg(found))
    if request.as_json:
        output.print_json({**found.to_json(), "kept": str(notebook.place)})
    else:
        print_report(price_report(found, LANG), console(sys.stdout), LANG)
    return output.INTERRUPTED if found.interrupted else output.FINE


def _solver(proved: Iterable[KnownBound]) -> Solve:
    solves = Solves(proved)

    def exactly(city: Instance, start: Plan, seconds: float) -> Solution:
        with ProgressLine(city.objectives) as line:
            return solves.solve(city, Fraction(0), seconds, start, line.show)

    return exactly
