"""`optimizer why-not`: what a wish would cost, or why no plan can do it."""

import sys
from pathlib import Path

from optimizer.audit import verify_folder
from optimizer.cli import output
from optimizer.cli.language import LANG
from optimizer.cli.progress import ProgressLine
from optimizer.cli.verify import findings_data, print_findings
from optimizer.cli.why import code_of
from optimizer.explain.asker import Asker
from optimizer.explain.asks import read_ask
from optimizer.explain.why_not import why_not
from optimizer.report.terminal import console, print_report
from optimizer.report.why_not import why_not_data, why_not_report
from optimizer.stored_proof import stored_proof


def run(instance: Path, text: str, solution: Path, time_limit: float, as_json: bool) -> int:
    """Answer the wish `text`; return the exit code."""
    stored = verify_folder(instance, solution)
    ask = read_ask(stored.audit.instance, text)
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
