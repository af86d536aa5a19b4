"""`optimizer show`: an instance – derived volumes beside the policy's sentences – or a stored plan."""

import sys
from pathlib import Path

from optimizer.audit import verify_folder
from optimizer.cli import output
from optimizer.cli.language import LANG
from optimizer.errors import refuse
from optimizer.files.instance_folder import read_instance
from optimizer.files.solution_folder import MANIFEST, csv_text, read_manifest, read_outcome
from optimizer.instance import Instance
from optimizer.outcome import Outcome, Stage
from optimizer.report.instance_tables import instance_report
from optimizer.report.tables import full_report
from optimizer.report.terminal import console, print_report, print_table
from optimizer.words import Text


def run(
    place: Path,
    instance: Path | None,
    demand: bool,
    travel: bool,
    changes: tuple[str, ...],
    as_json: bool,
) -> None:
    """Print the instance or the solution in `place`."""
    if (place / MANIFEST).exists():
        _show_solution(place, instance, as_json)
        return
    city = read_instance(place, changes)
    if demand or travel:
        _show_numbers(city, demand, as_json)
        return
    report = instance_report(city, LANG)
    if as_json:
        output.print_json(
            {
                t.id: [dict(zip(t.columns, row, strict=True)) for row in t.rows]
                for t in report.tables
            }
        )
        return
    print_report(report, console(sys.stdout), LANG)
    for table in report.tables:
        if table.id == "assumptions":
            print_table(table, console(sys.stdout), LANG, rows=0)


def _show_solution(place: Path, instance: Path | None, as_json: bool) -> None:
    from optimizer.cli.solve import solution_data

    folder = instance or Path("instances") / read_manifest(place).instance
    if not folder.exists():
        raise refuse(
            Text(
                "the instance of this solution is not here", "この計画のインスタンスが見つからない"
            ),
            Text("name it with --instance", "--instance で指定する"),
            value=str(folder),
        )
    audit = verify_folder(folder, place).audit
    stored = read_outcome(place)
    stages = tuple(Stage(**s.model_dump(exclude={"gap"})) for s in stored.stages)
    outcome = Outcome(stored.engine, stored.version, stages, stored.requested_gap)
    if as_json:
        output.print_json(solution_data(audit, outcome, place))
    else:
        print_report(full_report(audit, outcome, LANG), console(sys.stdout), LANG)


def _show_numbers(city: Instance, demand: bool, as_json: bool) -> None:
    table = city.demand.reset_index() if demand else city.travel.reset_index()
    if as_json:
        output.print_json(table.to_dict("records"))
    else:
        print(csv_text(table), end="")
