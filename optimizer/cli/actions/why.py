"""`optimizer why`: why a district is sent where it is, or a counter has its mode."""

import sys
from pathlib import Path

from optimizer.audit.stored import StoredAudit, verify_folder
from optimizer.base.errors import refuse
from optimizer.base.words import Text
from optimizer.cli import output
from optimizer.cli.actions.verify import findings_data, print_findings
from optimizer.cli.language import LANG
from optimizer.explain.why.why import why_district, why_point
from optimizer.report.answers.why import why_data, why_report
from optimizer.report.terminal import console, print_report


def run(
    instance: Path, solution: Path, district: str | None, point: str | None, as_json: bool
) -> int:
    """Explain the decisions about the district or point; return the exit code."""
    if (district is None) == (point is None):
        raise refuse(
            Text("name one district or one counter", "校区か窓口を一つ指定する"),
            Text("--district NAME or --point NAME", "--district 名前 又は --point 名前"),
        )
    stored = verify_folder(instance, solution)
    if district is not None:
        found = why_district(stored.audit, district)
    else:
        found = why_point(stored.audit, point or "")
    if as_json:
        output.print_json({"findings": findings_data(stored.findings), **why_data(found)})
    else:
        print_findings(stored.findings)
        print_report(why_report(found, LANG), console(sys.stdout), LANG)
    return code_of(stored)


def code_of(stored: StoredAudit) -> int:
    """Return the code of a run that rests on a stored plan: it tells where the plan is unsound."""
    return output.FINDINGS if stored.findings else output.FINE
