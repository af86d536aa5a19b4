"""`optimizer export`: instance -> LP or MPS file for any other solver."""

from pathlib import Path

from optimizer.base.errors import refuse
from optimizer.base.words import Text
from optimizer.cli import output
from optimizer.cli.language import say
from optimizer.files.changes import Change
from optimizer.files.presets import PresetOptions
from optimizer.importers.place import read_place
from optimizer.solver.export import export


def run(
    place: Path,
    to: Path,
    objective: str | None,
    force: bool,
    changes: tuple[Change, ...],
    asked: PresetOptions | None,
    as_json: bool,
) -> None:
    """Write the program and say what was written. Raises InputError."""
    if to.exists() and not force:
        raise refuse(
            Text("this file exists already", "このファイルは既にある"),
            Text(
                "give another --to, or --force to replace it",
                "--to を変えるか --force で置き換える",
            ),
            file=str(to),
        )
    done = export(read_place(place, changes, asked), to, objective)
    if as_json:
        output.print_json(
            {
                "file": str(done.file),
                "names": str(done.names),
                "objective": done.objective,
                "columns": done.columns,
                "rows": done.rows,
                "coefficients": done.coefficients,
            }
        )
        return
    print(
        say(
            f"{done.file}: minimise {done.objective}; {done.columns:,} columns, {done.rows:,} rows,"
            f" {done.coefficients:,} coefficients\n{done.names}: what the names stand for",
            f"{done.file}: 目的 {done.objective} を最小化。変数 {done.columns:,}、制約式"
            f" {done.rows:,}、係数 {done.coefficients:,}\n{done.names}: 名前の意味",
        )
    )
