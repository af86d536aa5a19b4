"""`optimizer trace`: the sentences of the policy, their constraints and what was measured."""

import sys
from pathlib import Path

from optimizer.audit.stored import verify_folder
from optimizer.cli import output
from optimizer.cli.actions.verify import findings_data, print_findings
from optimizer.cli.language import LANG
from optimizer.files.solution_folder import write_text
from optimizer.report.page.trace_page import trace_page
from optimizer.report.terminal import console, print_table
from optimizer.report.trace import summary, tables, trace, trace_data


def run(instance: Path, solution: Path, page: Path | None, as_json: bool) -> int:
    """Print the trace of the stored plan or write it as a page; return the exit code."""
    result = verify_folder(instance, solution)
    found = trace(result.audit)
    if page is not None:
        write_text(page, trace_page(found, command(instance, solution, page)))
    if as_json:
        output.print_json({"findings": findings_data(result.findings), **trace_data(found)})
    else:
        print_findings(result.findings)
        for line in summary(found, LANG):
            print(line)
        for table in tables(found, LANG) if page is None else []:
            print_table(table, console(sys.stdout), LANG, rows=0)
    return output.FINDINGS if result.findings else output.FINE


def command(instance: Path, solution: Path, page: Path) -> str:
    """Return the command that writes the page."""
    places = [place.as_posix() for place in (instance, solution)]
    return f"optimizer trace {' '.join(places)} --page {page.as_posix()}"
