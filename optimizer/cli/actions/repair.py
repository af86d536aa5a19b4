"""`optimizer repair`: smallest changes of limits that let all rules hold together."""

import sys
from pathlib import Path

from optimizer.cli import output
from optimizer.cli.language import LANG, say
from optimizer.explain.infeasible.repair import Repairs, find_repairs
from optimizer.files.changes import Change
from optimizer.files.scenario_files import scenario_text
from optimizer.files.solution_folder import write_text
from optimizer.importers.place import read_place
from optimizer.model.instance import Instance
from optimizer.report.answers.repair import repair_report, repair_scenario
from optimizer.report.terminal import console, print_report

CODES = {
    "feasible": output.FINE,
    "repaired": output.FINE,
    "none": output.INFEASIBLE,
    "unknown": output.NO_PLAN,
}


def run(
    folder: Path,
    changes: tuple[Change, ...],
    count: int,
    time_limit: float,
    out: Path | None,
    as_json: bool,
) -> int:
    """Find repairs, tell them, write them as scenarios to `out`; return the exit code."""
    instance = read_place(folder, changes)
    repairs = find_repairs(instance, count, time_limit, tell=_progress)
    written = [] if out is None else _write(instance, repairs, out)
    if as_json:
        output.print_json({**repairs.to_json(), "scenarios": _texts(instance, repairs)})
    else:
        print_report(repair_report(instance, repairs, LANG), console(sys.stdout), LANG)
        for repair in repairs.repairs:
            print(" ".join(["\n ", *(_option(change.text) for change in repair.changes)]))
        for path in written:
            print(say(f"written: {path}", f"{path} に書き出した"))
    return CODES[repairs.status]


def _progress(relaxed: str) -> None:
    if relaxed:
        output.tell(say(f"trying: {relaxed}", f"試行中: {relaxed}"))


def _option(change: str) -> str:
    verb, _, rest = change.partition(" ")
    return f"--{verb} {rest}"


def _texts(instance: Instance, repairs: Repairs) -> list[str]:
    numbered = enumerate(repairs.repairs, 1)
    return [scenario_text(repair_scenario(instance, n, repair)) for n, repair in numbered]


def _write(instance: Instance, repairs: Repairs, out: Path) -> list[Path]:
    """Write each repair to its own file of the folder `out`, under names that are free."""
    out.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for repair in repairs.repairs:
        number = 1
        while (out / f"repair-{number}.toml").exists():
            number += 1
        written.append(out / f"repair-{number}.toml")
        write_text(written[-1], scenario_text(repair_scenario(instance, number, repair)))
    return written
