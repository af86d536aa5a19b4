"""`optimizer why-not`: what a query would cost, or why no plan can do it."""

import sys
from pathlib import Path

from optimizer.audit.stored import verify_folder
from optimizer.cli import output
from optimizer.cli.actions.verify import findings_data, print_findings
from optimizer.cli.actions.why import code_of
from optimizer.cli.language import LANG
from optimizer.cli.progress import ProgressLine
from optimizer.explain.why.query_language import read_query
from optimizer.explain.why.query_solver import Asker
from optimizer.explain.why.why_not import why_not
from optimizer.report.answers.why_not import why_not_data, why_not_report
from optimizer.report.terminal import console, print_report
from optimizer.solver.stored_bounds import stored_proof


def run(instance: Path, text: str, solution: Path, time_limit: float, as_json: bool) -> int:
    """Answer the query `text`; return the exit code."""
    stored = verify_folder(instance, solution)
    ask = read_query(stored.audit.instance, text)
    with (
        ProgressLine(stored.audit.instance.objectives) as line,
        Asker(watch=line.show) as asker,
    ):
        known = (stored.audit, ask, asker, stored.outcome, time_limit)
        found = why_not(*known, proved=stored_proof(solution, lambda _: stored.audit.instance))
    if as_json:
        output.print_json({"findings": findings_data(stored.findings), **why_not_data(found)})
    else:
        print_findings(stored.findings)
        print_report(why_not_report(found, LANG), console(sys.stdout), LANG)
    return output.INTERRUPTED if found.interrupted else code_of(stored)
