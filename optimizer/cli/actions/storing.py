"""Storing a finished solution: where it belongs, or wherever it is not lost."""

import tempfile
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from optimizer.base.errors import InputError, refuse
from optimizer.base.words import Text
from optimizer.cli import output
from optimizer.cli.language import LANG, say
from optimizer.files.added import add_files
from optimizer.files.solution_folder import TakenError, first_free, write_solution

Made = TypeVar("Made")


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


def add_reports(folder: Path, makers: Mapping[str, Callable[[], str | bytes]]) -> bool:
    """Add what `makers` make to the solution in `folder`; return whether all of it is there.

    The plan is stored: what fails here is told by its name, and nothing else is lost by it.
    """
    made = {name: attempted(name, make) for name, make in makers.items()}
    content = {name: body for name, body in made.items() if body is not None}
    try:
        add_files(folder, content)
    except InputError as error:
        output.tell(error.problems[0].say(LANG))
        return False
    return len(content) == len(made)


def attempted(name: str, make: Callable[[], Made]) -> Made | None:
    """Return what `make` makes, or tell that `name` could not be made, and why."""
    try:
        return make()
    except Exception as error:  # whatever is wrong with a page, the plan behind it is finished
        last = traceback.extract_tb(error.__traceback__)[-1]
        why = f"{type(error).__name__}: {error} ({Path(last.filename).name}, {last.lineno})"
        output.tell(
            say(
                f"{name} could not be made: {why}; the plan is stored, and `optimizer report` makes it"
                " once the fault is mended",
                f"{name} を作成できなかった: {why}。計画は保存済み。"
                "原因を除いた後、`optimizer report` で作成できる",
            )
        )
        return None


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
