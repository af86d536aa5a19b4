"""`optimizer show`: an instance – derived volumes beside the policy's sentences – or a stored plan."""

import sys
from pathlib import Path

from optimizer.audit.stored import verify_folder
from optimizer.base.errors import refuse
from optimizer.base.words import Text
from optimizer.cli import output
from optimizer.cli.actions.verify import asked_data, print_asked, print_findings, verdict
from optimizer.cli.language import LANG
from optimizer.files.changes import Change
from optimizer.files.instance_folder import read_instance
from optimizer.files.solution_folder import MANIFEST, csv_text, read_manifest
from optimizer.model.instance import Instance
from optimizer.report.instance_tables import instance_report
from optimizer.report.tables import full_report
from optimizer.report.terminal import console, print_report, print_table


def run(
    place: Path,
    instance: Path | None,
    demand: bool,
    travel: bool,
    changes: tuple[Change, ...],
    as_json: bool,
) -> int:
    """Print the instance or the solution in `place`; return the exit code."""
    if (place / MANIFEST).exists() or (place / "plan").is_dir():
        return _show_solution(place, instance, as_json)
    city = read_instance(place, changes)
    if demand or travel:
        _show_numbers(city, demand, as_json)
    else:
        _show_instance(city, as_json)
    return output.FINE


def _show_instance(city: Instance, as_json: bool) -> None:
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


def _show_solution(place: Path, instance: Path | None, as_json: bool) -> int:
    from optimizer.cli.actions.solution import solution_data

    stored = verify_folder(instance or instance_of(place), place)
    if as_json:
        output.print_json(asked_data(stored) | solution_data(stored.audit, stored.outcome, place))
    else:
        print_asked(stored.asked)
        print_findings(stored.findings)
        print(verdict(stored, LANG))
        print_report(full_report(stored.audit, stored.outcome, LANG), console(sys.stdout), LANG)
    return output.FINDINGS if stored.findings else output.FINE


def instance_of(place: Path) -> Path:
    """Return the folder of the instance of the solution in `place`. Raises InputError."""
    if not (place / MANIFEST).exists():
        raise refuse(
            Text("a plan without manifest.json", "manifest.json のない計画である"),
            Text("name its instance with --instance FOLDER", "--instance でインスタンスを指定する"),
            file=str(place),
        )
    name = read_manifest(place).instance
    root = place.resolve().parent.parent.parent
    looked = [Path("instances") / name, root / "instances" / name]
    for folder in looked:
        if folder.is_dir():
            return folder
    raise refuse(
        Text(
            f"the instance of this solution, {name}, is not there",
            f"この計画のインスタンス {name} が見つからない",
        ),
        Text("name its folder with --instance FOLDER", "--instance でフォルダを指定する"),
        file=str(place),
        value=" | ".join(map(str, looked)),
    )


def _show_numbers(city: Instance, demand: bool, as_json: bool) -> None:
    table = city.demand.reset_index() if demand else city.travel.reset_index()
    if as_json:
        output.print_json(table.to_dict("records"))
    else:
        print(csv_text(table), end="")
