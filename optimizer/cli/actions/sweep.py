"""`optimizer sweep`: many what-ifs, solved in worker processes, kept, resumed, summed up."""

import re
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rich.progress import Progress

from optimizer.base.errors import EngineError, refuse
from optimizer.base.words import Text
from optimizer.cli import output
from optimizer.cli.language import LANG, say
from optimizer.files.changes import Change
from optimizer.files.instance_folder import input_files, read_instance
from optimizer.files.scenario_files import scenario_changes, scenario_names
from optimizer.files.solution_folder import read_plan, write_text
from optimizer.files.tables import read_lines
from optimizer.model.instance import Instance
from optimizer.report.answers.sweep import (
    HEADS,
    VERDICTS,
    Line,
    line,
    sweep_csv,
    sweep_report,
    sweep_svg,
)
from optimizer.report.terminal import console, print_report
from optimizer.solver.solve import SolveSettings, first_interrupt_sets
from optimizer.solver.stored_bounds import stored_proof
from optimizer.sweep.cases import Case, grid, sample, with_values
from optimizer.sweep.folder import CaseFolder
from optimizer.sweep.sweep import Result, Sweep, processes

MOST = 10_000
"""Cases of one sweep."""


@dataclass(frozen=True)
class Request:
    """What the user asked for."""

    instance: Path
    out: Path
    scenarios: tuple[str, ...]
    grids: tuple[str, ...]
    table: Path | None
    ranges: tuple[str, ...]
    count: int
    changes: tuple[Change, ...]
    settings: SolveSettings
    start: Path | None
    jobs: int
    dask: str | None
    as_json: bool


def run(request: Request) -> int:
    """Solve every case that is not solved yet, tell and write what was found; return the code."""
    cases = cases_of(request)
    base = read_instance(request.instance)
    settings = request.settings
    store = CaseFolder(_made(request.out), tuple(input_files(request.instance)), settings)
    stop, read = threading.Event(), partial(read_instance, request.instance)
    with _executors(request) as make, first_interrupt_sets(stop), _progress(len(cases)) as told:
        sweep = Sweep(
            partial(_instance, request.instance),
            store,
            settings,
            make,
            request.jobs,
            None if request.start is None else read_plan(request.start, base, foreign=True),
            () if request.start is None else stored_proof(request.start, read),
            told,
            stop.is_set,
        )
        results = sweep.run(cases)
    lines = [line(r, partial(_instance, request.instance, r.case)) for r in results]
    write_text(request.out / "sweep.csv", sweep_csv(lines))
    write_text(request.out / "sweep.svg", sweep_svg(lines, base, LANG))
    if request.as_json:
        output.print_json(
            {
                "folder": str(request.out),
                "cases": [_data(r, n) for r, n in zip(results, lines, strict=True)],
            }
        )
    else:
        print_report(sweep_report(lines, base, LANG), console(sys.stdout), LANG)
        print(
            say(
                f"\nwritten: {request.out}/sweep.csv, sweep.svg, a folder for every case",
                f"\n{request.out} に保存(sweep.csv、sweep.svg、ケースごとのフォルダ)",
            )
        )
    if stop.is_set():
        return output.INTERRUPTED
    return output.ENGINE if any(r.verdict == "failed" for r in results) else output.FINE


def cases_of(request: Request) -> list[Case]:
    """Return the cases asked for, each once. Raises InputError."""
    names = request.scenarios
    if "all" in names:
        names = ("base", *scenario_names(request.instance))
    starts = [_start(request, name) for name in names or ("",)]
    cases = []
    grids = dict(_split(text, "--grid") for text in request.grids)
    ranges = {path: _range(path, text) for path, text in map(_ranged, request.ranges)}
    if grids or not (request.table or ranges):
        cases += grid({path: _values(path, text) for path, text in grids.items()}, starts)
    if request.table:
        cases += _rows(request.table, starts)
    if ranges:
        cases += sample(ranges, request.count, request.settings.seed, starts)
    if len(cases) > MOST:
        raise refuse(
            Text(f"{len(cases):,} cases", f"ケースが{len(cases):,}件ある"),
            Text(f"at most {MOST:,}", f"{MOST:,}件までにする"),
        )
    return list({(case.name, case.changes): case for case in cases}.values())


def _start(request: Request, name: str) -> Case:
    if name in ("", "base"):
        return Case(name, request.changes)
    return Case(name, scenario_changes(request.instance, name) + request.changes)


def _split(text: str, option: str) -> tuple[str, str]:
    match = re.fullmatch(r"([^=\[]+(?:\[[^\]]*\][^=]*)?)=(.+)", text, re.DOTALL)
    if match:
        return match[1].strip(), match[2].strip()
    raise refuse(
        Text("not PATH=VALUES", "PATH=値 の形でない"),
        Text("e.g. constraint.five_km.metres=4000,5000", "例: constraint.five_km.metres=4000,5000"),
        column=option,
        value=text,
    )


def _ranged(text: str) -> tuple[str, str]:
    return _split(text, "--range")


def _values(path: str, text: str) -> list[str]:
    values = [value.strip() for value in text.split(",")]
    if all(values):
        return values
    raise refuse(
        Text("a value is missing", "値が抜けている"),
        Text("values between commas", "値をカンマで区切る"),
        column=path,
        value=text,
    )


def _range(path: str, text: str) -> tuple[str, str]:
    match = re.fullmatch(r"([0-9]{1,12}(?:\.[0-9]{1,9})?)\.\.([0-9]{1,12}(?:\.[0-9]{1,9})?)", text)
    if match:
        return match[1], match[2]
    raise refuse(
        Text("not a range", "範囲でない"),
        Text("e.g. 4000..6000", "例: 4000..6000"),
        column=path,
        value=text,
    )


def _rows(path: Path, starts: list[Case]) -> list[Case]:
    """Return a case for every row of a CSV file: columns are paths, "scenario" is not read twice."""
    rows = [row for _, row in read_lines(path)]
    if len(rows) < 2 or not all(rows[0]) or any(len(row) != len(rows[0]) for row in rows):
        raise refuse(
            Text("not a table of cases", "ケースの表でない"),
            Text(
                "a header of paths, then a row of values per case", "見出しにパス、以下に値を書く"
            ),
            file=str(path),
        )
    return [
        with_values(start, {p: v for p, v in zip(rows[0], row, strict=True) if v})
        for row in rows[1:]
        for start in starts
    ]


def _instance(folder: Path, case: Case) -> Instance:
    return read_instance(folder, case.changes)


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refuse(
            Text(f"cannot be written: {error.strerror}", f"書き込めない: {error.strerror}"),
            Text("give another --out", "--out を変える"),
            file=str(folder),
        ) from None
    return folder


@contextmanager
def _progress(count: int) -> Iterator[Callable[[Result], None]]:
    """Give what is told of every result: a bar on a terminal, a line elsewhere, both on stderr."""
    out = console(sys.stderr)
    with Progress(console=out, disable=not out.is_terminal) as bar:
        task, done = bar.add_task(say("cases", "ケース"), total=count), 0

        def told(result: Result) -> None:
            nonlocal done
            done += 1
            bar.advance(task)
            verdict = VERDICTS[result.verdict].say(LANG)
            line_of = f"{done}/{count} {result.case.name}: {verdict}"
            bar.print(line_of, markup=False) if out.is_terminal else output.tell(line_of)

        yield told


@contextmanager
def _executors(request: Request) -> Iterator[Callable[[], Executor]]:
    """Give what makes executors: processes here, or the workers of a Dask cluster."""
    if request.dask is None:
        yield partial(processes, request.jobs)
        return
    try:
        from distributed import Client
    except ImportError:
        raise EngineError(
            Text(
                "Dask is not installed: pip install 'optimizer[cluster]'",
                "Dask がない: pip install 'optimizer[cluster]'",
            )
        ) from None
    try:
        client = Client(request.dask, timeout=10)
    except (OSError, ValueError) as error:
        raise EngineError(
            Text(
                f"no cluster at {request.dask}: {error}", f"{request.dask} に接続できない: {error}"
            )
        ) from None
    with client:
        yield partial(client.get_executor, pure=False)


def _data(result: Result, numbers: Line) -> dict[str, object]:
    """Return a case as plain data."""
    return {
        "case": result.case.name,
        "changes": [change.text for change in result.case.changes],
        "values": dict(result.case.values),
        "status": result.verdict,
        "value": numbers.value,
        "bound": numbers.bound,
        **{name: getattr(numbers, name) for name in HEADS},
        "key": result.key,
        "known": result.known,
        "detail": result.detail,
    }
