"""`optimizer pareto`: plans of which none is better in both of two objectives."""

import sys
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path

from optimizer.base.errors import InputError, refuse
from optimizer.base.words import Text
from optimizer.city.plan import Plan
from optimizer.cli import output
from optimizer.cli.language import LANG, say
from optimizer.cli.options import parse_gap
from optimizer.cli.progress import ProgressLine
from optimizer.explain.pareto import Point, pareto
from optimizer.files.changes import Change
from optimizer.files.solution_folder import read_plan, write_text
from optimizer.importers.place import read_place
from optimizer.model.instance import Instance, Objective
from optimizer.objectives import registry
from optimizer.report.answers.pareto import pareto_csv, pareto_report, pareto_svg
from optimizer.report.terminal import console, print_report
from optimizer.solver.solve import Solution, Solves, first_interrupt_sets


@dataclass(frozen=True)
class Request:
    """What the user asked for. count: levels; None for all points."""

    instance: Path
    x: str
    y: str
    count: int | None
    gap: str
    each: float
    time_limit: float
    start: Path | None
    csv: Path | None
    svg: Path | None
    changes: tuple[Change, ...]
    as_json: bool


def run(request: Request) -> int:
    """Find the frontier, print and write it; return the exit code."""
    instance = read_place(request.instance, request.changes)
    x, y = (
        _objective(instance, name, f"--{o}") for o, name in (("x", request.x), ("y", request.y))
    )
    if x == y:
        raise refuse(
            Text("both are the same objective", "二つが同じ目的である"),
            Text("name two", "別の目的を指定する"),
            column="--y",
            value=request.y,
        )
    gap, until = parse_gap(request.gap), time.monotonic() + request.time_limit
    stop, found = threading.Event(), 0
    start = None if request.start is None else read_plan(request.start, instance, foreign=True)

    solves = Solves()

    def solver(city: Instance, begin: Plan | None) -> Solution:
        seconds = max(min(request.each, until - time.monotonic()), 1.0)
        with ProgressLine(city.objectives) as line:
            return solves.solve(city, gap, seconds, begin, line.show)

    def told(point: Point) -> None:
        nonlocal found
        found += 1
        output.tell(f"{found}: {point.x:,} / {point.y:,}")

    def over() -> bool:
        return stop.is_set() or until - time.monotonic() < 1

    with first_interrupt_sets(stop):
        frontier = pareto(instance, x, y, request.count, solver, start, told, over)
    frontier = replace(frontier, interrupted=frontier.interrupted or stop.is_set())
    if request.csv:
        write_text(request.csv, pareto_csv(frontier))
    if request.svg:
        write_text(request.svg, pareto_svg(frontier, LANG))
    if request.as_json:
        output.print_json(frontier.to_json())
    else:
        print_report(pareto_report(frontier, instance, LANG), console(sys.stdout), LANG)
        for path in (path for path in (request.csv, request.svg) if path):
            print(say(f"written: {path}", f"{path} に書き出した"))
    if frontier.interrupted:
        return output.INTERRUPTED
    if frontier.infeasible:
        return output.INFEASIBLE
    return output.FINE if frontier.points else output.NO_PLAN


def _objective(instance: Instance, name: str, option: str) -> Objective:
    """Return the objective of the instance with that id, or one of that type. Raises InputError."""
    name = name.replace("-", "_")
    stated = {o.id: o for o in instance.objectives}
    if name in stated:
        return stated[name].model_copy(update={"slack": 0, "share": 50})
    kinds = registry()
    if name not in kinds:
        raise refuse(
            Text("no such objective", "該当する目的がない"),
            Text(*[", ".join(dict.fromkeys([*stated, *kinds]))] * 2),
            column=option,
            value=name,
        )
    try:
        made = kinds[name](share=50)
    except ValueError:
        raise refuse(
            Text("this objective needs parameters", "この目的には項目の指定が要る"),
            Text(
                "state it in instance.toml and name its id",
                "instance.toml に書き、その id を指定する",
            ),
            column=option,
            value=name,
        ) from None
    problems = made.problems(instance)
    if problems:
        raise InputError(problems)
    return made
