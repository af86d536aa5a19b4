"""Storing a finished solution: where it belongs, or wherever it is not lost."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from optimizer.base.errors import InputError, refuse
from optimizer.base.words import Text
from optimizer.cli import output
from optimizer.cli.language import say
from optimizer.files.solution_folder import TakenError, first_free, write_solution


def store(
    folder: Path, tables: Mapping[str, str | bytes], manifest: Mapping[str, object], force: bool
) -> Path:
    """Write a solution to `folder` – or beside it, if something came there meanwhile – and return where."""
    place = folder
    while True:
        try:
            write_solution(place, tables, manifest, force and place == folder)
            return place
        except TakenError:
            place = first_free(folder)
            output.tell(
                say(
                    f"{folder} was taken during the solve; stored in {place}",
                    f"計算中に {folder} が使われたため、{place} に保存する",
                )
            )
        except InputError as error:
            raise rescued(error, folder, tables, manifest) from None


def rescued(
    error: InputError,
    folder: Path,
    tables: Mapping[str, str | bytes],
    manifest: Mapping[str, object],
) -> InputError:
    """Store a finished solution elsewhere, or print its plan, and return the error that says so.

    A plan that took an hour is not lost because a disk is full: it goes to the folder for
    temporary files, which may be on another disk, and if that fails too, to stdout.
    """
    place = first_free(Path(tempfile.gettempdir()) / f"optimizer-{folder.name}")
    problem = error.problems[0]
    try:
        write_solution(place, tables, manifest, force=False)
    except InputError:
        plan = {name: text for name, text in tables.items() if name.startswith("plan/")}
        for name, text in plan.items():
            print(f"# {name}\n{text if isinstance(text, str) else text.decode()}", end="")
        kept = Text("the plan is printed instead", "計画は代わりに出力した")
        remedy = Text("keep the output: its tables are the plan", "出力された表が計画である")
    else:
        kept = Text(f"the solution is in {place}", f"計画は {place} に保存した")
        remedy = Text("move it to where it belongs", "所定の場所に移す")
    message = Text(*(f"{problem.message.say(x)}; {kept.say(x)}" for x in ("en", "ja")))
    return refuse(message, remedy, file=str(folder))
