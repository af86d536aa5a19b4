"""A solution as it is stored, and as plain data."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from optimizer.audit.fairness import fairness_panel
from optimizer.audit.verify import Audit
from optimizer.cli.language import LANG
from optimizer.files.areas import Areas
from optimizer.files.solution_folder import csv_text, plan_tables
from optimizer.model.outcome import Outcome
from optimizer.report.location import problem_data
from optimizer.report.page.html import html_report
from optimizer.report.workbook.workbook import workbook


def plan_files(audit: Audit, outcome: Outcome) -> dict[str, str | bytes]:
    """Return the plan, what was claimed and what was measured of it: relative path -> content."""
    claims = {**outcome.as_data(), "values": audit.values}
    return {
        **plan_tables(audit.plan),
        "costs.csv": csv_text(audit.costs),
        "readings.csv": csv_text(audit.table()),
        "outcome.json": json.dumps(claims, ensure_ascii=False, indent=2) + "\n",
    }


def report_makers(
    audit: Audit,
    outcome: Outcome,
    areas: Areas | None = None,
    manifest: Mapping[str, object] | None = None,
) -> dict[str, Callable[[], str | bytes]]:
    """Return what makes each further file of a solution: relative path -> a function of its content.

    areas and manifest: for the map and the provenance of the page.
    """
    makers: dict[str, Callable[[], str | bytes]] = {
        "report.xlsx": lambda: workbook(audit, outcome, LANG),
        "report.html": lambda: html_report(audit, outcome, areas=areas, manifest=manifest),
    }
    if audit.instance.classical is None:
        makers["fairness.csv"] = lambda: csv_text(fairness_panel(audit.instance, audit.plan))
    return makers


def solution_tables(audit: Audit, outcome: Outcome) -> dict[str, str | bytes]:
    """Return every file of a solution but the manifest: relative path -> content."""
    makers = report_makers(audit, outcome)
    return {**plan_files(audit, outcome), **{name: make() for name, make in makers.items()}}


def solution_data(audit: Audit, outcome: Outcome | None, folder: Path) -> dict[str, object]:
    """Return a solution as plain data for JSON."""
    plan, classical = audit.plan, audit.instance.classical
    return {
        "folder": str(folder),
        **({} if classical is None else {"problem": problem_data(audit, outcome)}),
        "fingerprint": audit.instance.fingerprint,
        "outcome": outcome and outcome.as_data(),
        "values": audit.values,
        "modes": plan.modes.rename("mode").reset_index().to_dict("records"),
        "staff": plan.staff.rename("persons").reset_index().to_dict("records"),
        "assignments": plan.assignments.rename("point").reset_index().to_dict("records"),
        "extra": {
            name: series.rename("value").reset_index().to_dict("records")
            for name, series in plan.extra.items()
        },
        "costs": audit.costs.reset_index().to_dict("records"),
        "constraints": [
            {
                "id": entry.id,
                "type": entry.type_name(),
                "checked": len(readings.table),
                "violations": len(readings.violations),
                "smallest_margin": int(readings.tightest()["margin"].iloc[0])
                if len(readings.table)
                else None,
                "unit": entry.unit,
                "source": list(entry.source),
            }
            for entry, readings in audit.readings
        ],
    }
