"""`optimizer comments`: every request of a table answered by solving again."""

import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from optimizer.audit.stored import StoredAudit, verify_folder
from optimizer.base.errors import refuse
from optimizer.base.words import Text
from optimizer.cli import output
from optimizer.cli.actions.verify import findings_data, print_findings
from optimizer.cli.actions.why import code_of
from optimizer.cli.language import LANG, say
from optimizer.cli.progress import ProgressLine
from optimizer.explain.why.query_solver import Asker
from optimizer.explain.why.requests import Request, read_requests
from optimizer.explain.why.why_not import why_not
from optimizer.files.kept import Notebook, question
from optimizer.files.solution_folder import write_text
from optimizer.report.letters.comments import (
    VERDICTS,
    Reply,
    comments_csv,
    comments_data,
    comments_report,
    not_asked,
    reply,
)
from optimizer.report.terminal import console, print_report
from optimizer.solver.solve import first_interrupt_sets


@dataclass(frozen=True)
class Asked:
    """What the user asked for. each: seconds for one request. time_limit: for all."""

    instance: Path
    solution: Path
    requests: Path
    out: Path | None
    each: float
    time_limit: float
    keep: Path | None
    force: bool
    as_json: bool


def run(asked: Asked) -> int:
    """Answer, print and write; return the exit code."""
    until = time.monotonic() + asked.time_limit
    if asked.out is not None and asked.out.exists() and not asked.force:
        raise refuse(
            Text("the file is there already", "ファイルが既にある"),
            Text("name another --out, or --force", "--out を変えるか --force を付ける"),
            file=str(asked.out),
        )
    stored = verify_folder(asked.instance, asked.solution)
    requests = read_requests(asked.requests, stored.audit.instance)
    folder = asked.solution.resolve()
    place = asked.keep or folder.with_name(f"{folder.name}.comments.json")
    notebook = Notebook(place, question(stored.audit.instance, stored.audit.plan), asked.force)
    known = {row["ask"]: Reply.read(row) for row in notebook.rows}

    with (
        ProgressLine(stored.audit.instance.objectives) as line,
        Asker(watch=line.show) as asker,
        first_interrupt_sets(asker.stop),  # between two solves: each minds Ctrl-C itself
    ):
        for number, request in enumerate(requests, 1):
            if _settled(known.get(request.ask.text), asked.each):
                continue
            if asker.stop.is_set() or time.monotonic() >= until:
                break
            known[request.ask.text] = _answered(stored, request, asker, asked.each)
            notebook.write([asdict(found) for found in known.values()])
            verdict = VERDICTS[known[request.ask.text].verdict].say(LANG)
            output.tell(f"{number}/{len(requests)} {request.id}: {verdict}")
        stopped = asker.stop.is_set()

    answered = [(one, known.get(one.ask.text) or not_asked(one)) for one in requests]
    if asked.out is not None:
        write_text(asked.out, comments_csv(answered))
    if asked.as_json:
        output.print_json({"findings": findings_data(stored.findings), **comments_data(answered)})
    else:
        print_findings(stored.findings)
        report = comments_report(stored.audit.instance, answered, LANG)
        print_report(report, console(sys.stdout), LANG)
        if asked.out is not None:
            print(say(f"written: {asked.out}", f"{asked.out} に書き出した"))
    return output.INTERRUPTED if stopped else code_of(stored)


def _settled(found: Reply | None, seconds: float) -> bool:
    """Whether the answer stands: more time could only settle what is unknown."""
    return found is not None and (found.verdict != "unknown" or found.seconds >= seconds)


def _answered(stored: StoredAudit, request: Request, asker: Asker, seconds: float) -> Reply:
    found = why_not(stored.audit, request.ask, asker, stored.outcome, seconds)
    return reply(found, 0.0 if found.interrupted else seconds)
