"""`optimizer solve`: instance -> plan, checked, shown, stored."""

import shlex
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from optimizer.audit.verify import verify
from optimizer.base.errors import EngineError
from optimizer.base.words import Text
from optimizer.city.plan import Plan
from optimizer.cli import output
from optimizer.cli.actions.solution import plan_files, report_makers, solution_data
from optimizer.cli.actions.storing import add_reports, attempted, store
from optimizer.cli.language import LANG, say
from optimizer.cli.options import MIB
from optimizer.cli.progress import ProgressLine
from optimizer.files.areas import read_areas
from optimizer.files.changes import Change
from optimizer.files.presets import PresetOptions
from optimizer.files.scenario_files import scenario_changes
from optimizer.files.solution_folder import (
    first_free,
    provenance,
    read_plan,
    reserve,
)
from optimizer.importers.place import files_of, read_place
from optimizer.importers.problem import settled
from optimizer.model.instance import Instance
from optimizer.report.answers.conflict import conflict_report
from optimizer.report.tables import full_report
from optimizer.report.terminal import console, print_report
from optimizer.solver.known_bounds import KnownBound
from optimizer.solver.solve import Solution, SolveSettings, solve
from optimizer.solver.stored_bounds import stored_proof


@dataclass(frozen=True)
class Request:
    """What the user asked for. gap: in the user's words, None where none was stated."""

    instance: Path
    out: Path | None
    force: bool
    gap: str | None
    settings: SolveSettings
    start: Path | None
    changes: tuple[Change, ...]
    scenario: str | None
    preset: PresetOptions | None
    as_json: bool


def run(request: Request) -> None:
    """Solve, verify, print and store; exits with the code of the outcome."""
    instance = read_place(request.instance, request.changes, request.preset)
    begin = None if request.start is None else read_plan(request.start, instance, foreign=True)
    areas = read_areas(request.instance)
    folder = place_for(request, instance)
    started = datetime.now(UTC)
    proved = () if request.start is None else stored_proof(request.start, _reader(request))
    solution = _solve(request.settings, instance, begin, proved)
    if solution.refuted:
        output.tell(
            say(
                f"the bound stored in {request.start} is refuted by a plan found here: solve that case"
                " again; it was not used",
                f"{request.start} に記録された下限は、ここで見つかった計画により誤りと分かったため用いない。"
                "その計画を解き直すこと",
            )
        )
    code = exit_code(solution, request)
    if solution.plan is None:
        _without_plan(solution, code, request)
        sys.exit(code)
    audit = verify(instance, solution.plan)
    if audit.violations:
        raise EngineError(
            Text(
                f"the engine's plan breaks {audit.violations} reading(s) of the constraints",
                f"ソルバーの計画が制約に{audit.violations}件違反している",
            )
        )
    manifest = provenance(
        instance, files_of(request.instance), _settings(request, started, solution)
    )
    folder = store(folder, plan_files(audit, solution.outcome), manifest, request.force)
    made = add_reports(folder, report_makers(audit, solution.outcome, areas, manifest))
    if request.as_json:
        output.print_json(solution_data(audit, solution.outcome, folder))
    elif report := attempted(
        say("the report", "報告"), lambda: full_report(audit, solution.outcome, LANG)
    ):
        print_report(report, console(sys.stdout), LANG)
    else:
        made = False
    if not request.as_json:
        whole = say(
            " (report.html and report.xlsx for the whole)", "(全体は report.html と report.xlsx)"
        )
        print(say(f"\nstored in {folder}", f"\n{folder} に保存") + (whole if made else ""))
    sys.exit(code if made or code != output.FINE else output.REPORT)


def _reader(request: Request) -> Callable[[tuple[str, ...]], Instance]:
    return lambda changes: read_place(request.instance, changes, request.preset)


def _solve(
    settings: SolveSettings, instance: Instance, start: Plan | None, proved: Sequence[KnownBound]
) -> Solution:
    """Solve under a line of progress. An engine that fails under --memory may lack it, and says so."""
    try:
        with ProgressLine(instance.objectives) as line:
            return solve(instance, settings, watch=line.show, start=start, proved=proved)
    except EngineError as error:
        if not settings.memory:
            raise
        told, given = error.message, settings.memory // MIB
        raise EngineError(
            Text(
                f"{told.en}; it had --memory {given} MiB: give more, or 0 for no limit",
                f"{told.ja}。--memory {given} MiB では足りない可能性がある。増やすか0(無制限)にする",
            )
        ) from None


def _settings(request: Request, started: datetime, solution: Solution) -> dict[str, object]:
    """Return how the solution was asked for, for its manifest."""
    asked = request.preset and settled(request.instance, request.preset)[1]
    settings = request.settings
    return {
        **({"problem": asked.as_data()} if asked else {}),
        **({"scenario": request.scenario} if request.scenario else {}),
        "settings": {
            "gap": str(request.gap or "0.1%"),
            "time_limit": settings.time_limit,
            "seed": settings.seed,
            "canonical": settings.canonical,
            "memory": settings.memory // MIB,
            "engine": settings.engine,
            "threads": settings.threads,
            "start": None if request.start is None else str(request.start),
            "deterministic": settings.deterministic,
        },
        "command": shlex.join(["optimizer", *sys.argv[1:]]),
        "started": started.isoformat(timespec="seconds"),
        "seconds": round(solution.seconds, 1),
    }


def place_for(request: Request, instance: Instance) -> Path:
    """Return where the solution goes: --out, or a free name under solutions/<instance>/.

    Raises InputError if nothing can be written there.
    """
    place = request.out
    if place is None:
        place = Path("solutions") / instance.id / _name(request, instance)
        place = place if request.force else first_free(place)
    reserve(place, request.force)
    return place


def _name(request: Request, instance: Instance) -> str:
    """Return what the folder is called: the scenario where nothing else is changed."""
    if request.scenario is None:
        return "changed" if request.changes else "base"
    if request.changes == scenario_changes(request.instance, request.scenario):
        return request.scenario
    return f"{request.scenario}-changed"


def exit_code(solution: Solution, request: Request) -> int:
    """Return the exit code of DESIGN §9: a gap that the user set must be proved."""
    if solution.plan is None:
        if solution.outcome.status == "infeasible":
            return output.INFEASIBLE
        return output.INTERRUPTED if solution.interrupted else output.NO_PLAN
    if solution.interrupted:
        return output.INTERRUPTED
    if solution.outcome.contradicted:
        return output.UNPROVED
    asked = request.gap is not None or request.settings.canonical
    proved = solution.outcome.gap
    unproved = proved is None or proved > request.settings.gap
    return output.UNPROVED if asked and unproved else output.FINE


def _without_plan(solution: Solution, code: int, request: Request) -> None:
    if code == output.INFEASIBLE:
        _explained(solution, request)
        return
    if code == output.INTERRUPTED:
        text = Text(
            "interrupted before the first plan was found", "最初の計画が見つかる前に中断した"
        )
        name = "interrupted"
    else:
        text = Text(
            "no plan was found in the time given; raise --time-limit",
            "時間内に計画が見つからなかった。--time-limit を延ばす",
        )
        name = "no_plan"
    if request.as_json:
        output.print_json(error=output.error_data(name, text))
    else:
        output.tell(text.say(LANG))


def _explained(solution: Solution, request: Request) -> None:
    """Say that no plan exists, and why: the conflict of its rules."""
    from optimizer.cli.actions.conflict import conflict_data
    from optimizer.explain.infeasible.conflict import find_conflict

    text = Text(
        "no plan can satisfy all constraints together; `optimizer repair` suggests what to change",
        "全ての制約を同時に満たす計画はない。変更の案は `optimizer repair` で求める",
    )
    settings = request.settings
    found = find_conflict(solution.instance, settings.time_limit, settings.engine, known=True)
    if request.as_json:
        error = output.error_data("infeasible", text)
        output.print_json(error={**error, "conflict": conflict_data(found)})
    else:
        output.tell(text.say(LANG))
        print_report(conflict_report(found, LANG), console(sys.stderr), LANG)
