"""`optimizer solve`: instance -> plan, checked, shown, stored."""

import json
import shlex
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path

from optimizer.cli import output
from optimizer.cli.language import LANG, say
from optimizer.cli.progress import ProgressLine
from optimizer.errors import EngineError, refuse
from optimizer.files.solution_folder import (
    csv_text,
    plan_tables,
    provenance,
    refuse_strangers,
    write_solution,
)
from optimizer.importers.place import files_of, read_place
from optimizer.importers.problem import settled
from optimizer.instance import Instance
from optimizer.outcome import Outcome
from optimizer.presets import Wish
from optimizer.report.html import html_report
from optimizer.report.location import problem_data
from optimizer.report.tables import full_report
from optimizer.report.terminal import console, print_report
from optimizer.solving import Solution
from optimizer.solving import solve as solve_instance
from optimizer.verifying import Audit, verify
from optimizer.words import Text


@dataclass(frozen=True)
class Request:
    """What the user asked for."""

    instance: Path
    out: Path | None
    gap: str | None
    time_limit: float
    seed: int
    canonical: bool
    memory: int
    force: bool
    changes: tuple[str, ...]
    as_json: bool
    wish: Wish | None = None


def run(request: Request) -> None:
    """Solve, verify, print and store; exits with the code of the outcome."""
    gap = Fraction(0) if request.canonical else parse_gap(request.gap or "0.1%")
    instance = read_place(request.instance, request.changes, request.wish)
    folder = place_for(request, instance)
    started = datetime.now(UTC)
    with ProgressLine() as line:
        solution = solve_instance(
            instance,
            gap,
            request.time_limit,
            request.seed,
            request.canonical,
            request.memory * 2**20,
            line.show,
        )
    code = exit_code(solution, gap, request.gap is not None or request.canonical)
    if solution.plan is None:
        _without_plan(solution, code, request.as_json)
        sys.exit(code)
    audit = verify(instance, solution.plan)
    if audit.violations:
        raise EngineError(
            Text(
                f"the engine's plan breaks {audit.violations} reading(s) of the constraints",
                f"ソルバーの計画が制約に{audit.violations}件違反している",
            )
        )
    settings: dict[str, object] = {
        "settings": {
            "gap": str(request.gap or "0.1%"),
            "time_limit": request.time_limit,
            "seed": request.seed,
            "canonical": request.canonical,
            "memory": request.memory,
        },
        "command": shlex.join(["optimizer", *sys.argv[1:]]),
        "started": started.isoformat(timespec="seconds"),
        "seconds": round(solution.seconds, 1),
    }
    if request.wish is not None:
        settings["problem"] = settled(request.instance, request.wish)[1].as_data()
    manifest = provenance(instance, files_of(request.instance), settings)
    write_solution(folder, solution_tables(audit, solution.outcome), manifest, request.force)
    if request.as_json:
        output.print_json(solution_data(audit, solution.outcome, folder))
    else:
        print_report(full_report(audit, solution.outcome, LANG), console(sys.stdout), LANG)
        print(
            say(
                f"\nstored in {folder} (report.html for the whole)",
                f"\n{folder} に保存(全体は report.html)",
            )
        )
    sys.exit(code)


def parse_gap(text: str) -> Fraction:
    """Return a relative gap from "0.1%" or "0.001". Raises InputError."""
    try:
        number = Decimal(text.removesuffix("%"))
        value = Fraction(number) / (100 if text.endswith("%") else 1)
        if 0 <= value < 1:
            return value
    except (InvalidOperation, ValueError, OverflowError):
        pass
    raise refuse(
        Text("not a gap", "差の指定でない"),
        Text("e.g. 0.1%", "例: 0.1%"),
        column="--gap",
        value=text,
    )


def place_for(request: Request, instance: Instance) -> Path:
    """Return where the solution goes: --out, or a free name under solutions/<instance>/."""
    if request.out is not None:
        if request.out.exists() and not request.force:
            raise refuse(
                Text("this folder exists already", "このフォルダは既にある"),
                Text(
                    "give another --out, or --force to replace it",
                    "--out を変えるか --force で置き換える",
                ),
                column="--out",
                value=str(request.out),
            )
        refuse_strangers(request.out)
        return request.out
    base = Path("solutions") / instance.id
    name = "changed" if request.changes else "base"
    if request.force or not (base / name).exists():
        return base / name
    number = next(n for n in range(2, 10**6) if not (base / f"{name}-{n}").exists())
    return base / f"{name}-{number}"


def exit_code(solution: Solution, gap: Fraction, asked: bool) -> int:
    """Return the exit code of DESIGN §9: a gap that the user set must be proved."""
    if solution.plan is None:
        if solution.outcome.status == "infeasible":
            return output.INFEASIBLE
        return output.INTERRUPTED if solution.interrupted else output.NO_PLAN
    if solution.interrupted:
        return output.INTERRUPTED
    proved = solution.outcome.gap
    return output.UNPROVED if asked and (proved is None or proved > gap) else output.FINE


def solution_tables(audit: Audit, outcome: Outcome) -> dict[str, str]:
    """Return every file of a solution but the manifest: relative path -> text."""
    claims = {**outcome.as_data(), "values": audit.values}
    return {
        **plan_tables(audit.plan),
        "costs.csv": csv_text(audit.costs),
        "readings.csv": csv_text(audit.table()),
        "outcome.json": json.dumps(claims, ensure_ascii=False, indent=2) + "\n",
        "report.html": html_report(audit, outcome),
    }


def solution_data(audit: Audit, outcome: Outcome, folder: Path) -> dict[str, object]:
    """Return a solution as plain data for JSON."""
    plan, classical = audit.plan, audit.instance.classical
    return {
        "folder": str(folder),
        **({} if classical is None else {"problem": problem_data(audit, outcome)}),
        "fingerprint": audit.instance.fingerprint,
        "outcome": outcome.as_data(),
        "values": audit.values,
        "modes": plan.modes.rename("mode").reset_index().to_dict("records"),
        "staff": plan.staff.rename("persons").reset_index().to_dict("records"),
        "assignments": plan.assignments.rename("point").reset_index().to_dict("records"),
        "costs": audit.costs.reset_index().to_dict("records"),
        "constraints": [
            {
                "id": entry.id,
                "type": entry.type_name(),
                "checked": len(readings.table),
                "violations": len(readings.violations),
                "smallest_margin": int(readings.table["margin"].min())
                if len(readings.table)
                else None,
                "unit": entry.unit,
                "source": list(entry.source),
            }
            for entry, readings in audit.readings
        ],
    }


def _without_plan(solution: Solution, code: int, as_json: bool) -> None:
    if code == output.INFEASIBLE:
        text = Text(
            "no plan can satisfy all constraints together; leave one out with --drop ID, or widen"
            " a limit with --set (`optimizer constraints` lists them)",
            "全ての制約を同時に満たす計画はない。--drop で制約を外すか --set で上限を緩める"
            "(一覧は `optimizer constraints`)",
        )
        name = "infeasible"
    else:
        text = Text(
            "no plan was found in the time given; raise --time-limit",
            "時間内に計画が見つからなかった。--time-limit を延ばす",
        )
        name = "no_plan"
    if as_json:
        output.print_json(error=output.error_data(name, text))
    else:
        output.tell(text.say(LANG))
