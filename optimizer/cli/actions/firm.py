"""`optimizer firm`: which decisions hold in all plans within a tolerance, and how far assumptions may move."""

import sys
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from optimizer.base.errors import refuse
from optimizer.base.words import Text
from optimizer.city.plan import Plan
from optimizer.cli import output
from optimizer.cli.language import LANG, say
from optimizer.cli.options import parse_gap
from optimizer.cli.progress import ProgressLine
from optimizer.explain.robust.break_even import BreakEven, Scale, break_even, from_json, scale
from optimizer.explain.robust.firm import Answer, Firmness, Solve, cap_of, firm
from optimizer.files.instance_folder import read_instance
from optimizer.files.kept import Notebook
from optimizer.files.kept import question as question_of
from optimizer.files.solution_folder import (
    MANIFEST,
    read_manifest,
    read_plan,
)
from optimizer.model.instance import Instance
from optimizer.report.answers.firm import break_even_report, firm_report
from optimizer.report.terminal import console, print_report
from optimizer.solver.known_bounds import KnownBound
from optimizer.solver.solve import Solution, Solves, first_interrupt_sets
from optimizer.solver.stored_bounds import stored_proof


@dataclass(frozen=True)
class Request:
    """What the user asked for. each: seconds for one solve. time_limit: for all."""

    instance: Path
    solution: Path
    within: str
    assumptions: tuple[str, ...] | None
    reach: str
    each: float
    time_limit: float
    keep: Path | None
    force: bool
    as_json: bool


def run(request: Request) -> int:
    """Answer, print and keep; return the exit code."""
    within = parse_gap(request.within)
    changes = read_manifest(request.solution).changes if _has_manifest(request) else ()
    instance = read_instance(request.instance, changes)
    plan = read_plan(request.solution, instance)
    end = _End(threading.Event(), time.monotonic() + request.time_limit)
    proved = stored_proof(request.solution, lambda _: instance)
    solver = _solver(request.each, end.time, proved)
    answer = _firm if request.assumptions is None else _break_even
    with first_interrupt_sets(end.stop):  # between two solves: each minds Ctrl-C itself
        interrupted = answer(request, instance, plan, within, solver, end)
    return output.INTERRUPTED if interrupted or end.stop.is_set() else output.FINE


@dataclass(frozen=True)
class _End:
    """What ends the questions: Ctrl-C between two solves, or the time of the monotonic clock."""

    stop: threading.Event
    time: float

    def over(self) -> bool:
        return self.stop.is_set() or self.time - time.monotonic() < 1


def _has_manifest(request: Request) -> bool:
    return (request.solution / MANIFEST).exists()


def _firm(
    request: Request,
    instance: Instance,
    plan: Plan,
    within: Fraction,
    solver: Solve,
    end: _End,
) -> bool:
    value = instance.objectives[0].value(instance, plan)
    question = {**question_of(instance, plan), "cap": cap_of(value, within)}
    notebook = Notebook(_place(request, f"firm-{request.within}"), question, request.force)
    known = [Answer(**row) for row in notebook.rows]

    def keep(found: Firmness) -> None:
        notebook.write([a.to_json() for a in found.answers if a.verdict != "unknown"])
        unknown, count = found.count("unknown"), len(found.answers)
        output.tell(
            say(f"{count - unknown} of {count} answered", f"{count}件中{count - unknown}件判明")
        )

    found = firm(instance, plan, within, solver, known, keep, end.over)
    found = replace(found, interrupted=found.interrupted or end.stop.is_set())
    if request.as_json:
        output.print_json({**found.to_json(), "kept": str(notebook.place)})
    else:
        print_report(firm_report(found, instance, LANG), console(sys.stdout), LANG)
    return found.interrupted


def _break_even(
    request: Request,
    instance: Instance,
    plan: Plan,
    within: Fraction,
    solver: Solve,
    end: _End,
) -> bool:
    question = {**question_of(instance, plan), "within": str(within), "reach": request.reach}
    place = _place(request, f"break-even-{request.within}")
    notebook = Notebook(place, question, request.force)
    known = {row["name"]: from_json(row) for row in notebook.rows}
    scales = _scales(request, instance)
    interrupted = False

    def at(name: str, value: str) -> Instance:
        changes = (*instance.changes, f"set assumptions.{name}.value={value}")
        return read_instance(request.instance, changes)

    def noting(city: Instance, start: Plan | None, gap: Fraction) -> Solution:
        nonlocal interrupted
        solution = solver(city, start, gap)
        interrupted = interrupted or solution.interrupted
        return solution

    def keep(found: tuple[BreakEven, ...]) -> None:
        known.update({answer.name: answer for answer in found})
        notebook.write([a.to_json() for a in known.values() if a.settled])
        output.tell(
            say(
                f"{len(found)} of {len(scales)}: {found[-1].name}",
                f"{len(found)}／{len(scales)}: {found[-1].name}",
            )
        )

    found = break_even(scales, at, plan, within, noting, known.values(), keep, end.over)
    if request.as_json:
        numbers = [answer.to_json() for answer in found]
        output.print_json({"within": str(within), "numbers": numbers, "kept": str(notebook.place)})
    else:
        report = break_even_report(found, instance, within, LANG)
        print_report(report, console(sys.stdout), LANG)
    return interrupted


def _scales(request: Request, instance: Instance) -> list[Scale]:
    """Return the scales of the numbers asked for; all that are assumed if none is named."""
    reach = parse_gap(request.reach)
    for name in request.assumptions or ():
        if name not in instance.assumptions:
            raise refuse(
                Text("no such assumption", "該当する仮定がない"),
                Text(*[", ".join(instance.assumptions)] * 2),
                column="--assumption",
                value=name,
            )
    names = request.assumptions or tuple(
        name for name, assumption in instance.assumptions.items() if not assumption.source
    )
    return [scale(name, instance.assumptions[name], reach) for name in names]


def _solver(each: float, until: float, proved: Iterable[KnownBound]) -> Solve:
    solves = Solves(proved)

    def exactly(city: Instance, start: Plan | None, gap: Fraction) -> Solution:
        seconds = max(min(each, until - time.monotonic()), 1)
        with ProgressLine(city.objectives) as line:
            return solves.solve(city, gap, seconds, start, line.show)

    return exactly


def _place(request: Request, what: str) -> Path:
    """Return where answers are kept: --keep, or beside the solution, which itself is not touched."""
    folder = request.solution.resolve()
    return request.keep or folder.with_name(f"{folder.name}.{what}.json")
