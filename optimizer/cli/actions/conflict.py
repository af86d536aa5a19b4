"""`optimizer conflict`: a smallest set of rules that cannot hold together."""

import sys
from pathlib import Path

from optimizer.cli import output
from optimizer.cli.language import LANG
from optimizer.explain.infeasible.conflict import Conflict, find_conflict
from optimizer.files.changes import Change
from optimizer.importers.place import read_place
from optimizer.report.answers.conflict import conflict_report
from optimizer.report.terminal import console, print_report

CODES = {"feasible": output.FINE, "infeasible": output.INFEASIBLE, "unknown": output.NO_PLAN}


def run(folder: Path, changes: tuple[Change, ...], time_limit: float, as_json: bool) -> int:
    """Find the conflict and tell it; return the exit code."""
    conflict = find_conflict(read_place(folder, changes), time_limit)
    if as_json:
        output.print_json(conflict_data(conflict))
    else:
        print_report(conflict_report(conflict, LANG), console(sys.stdout), LANG)
    return CODES[conflict.status]


def conflict_data(conflict: Conflict) -> dict[str, object]:
    """Return the conflict as plain data, with its conditions in both languages."""
    words = {
        f"conditions_{lang}": [
            row[1] for t in conflict_report(conflict, lang).tables for row in t.rows
        ]
        for lang in ("en", "ja")
    }
    return {**conflict.to_json(), **words}
