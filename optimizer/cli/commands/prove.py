"""`optimizer prove`: words and options."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from optimizer.cli.language import LANG, say
from optimizer.cli.options import InstanceFolder, Json, Lang, Seconds

HELP = say(
    "Prove how little any plan can cost, as a file that plain integers confirm; or check one.",
    "どの計画でも下回れない費用を証明し、整数だけで確かめられるファイルにする。その確認もする。",
)


def command(
    instance: InstanceFolder,
    place: Annotated[
        Path,
        typer.Argument(
            metavar="SOLUTION|PROOF",
            help=say("folder of the solution, or a proof", "計画のフォルダ、又は証明のファイル"),
        ),
    ],
    check: Annotated[
        bool, typer.Option("--check", help=say("check the stored proof", "保存した証明を確かめる"))
    ] = False,
    rebuild: Annotated[
        bool,
        typer.Option(
            "--rebuild",
            help=say(
                "with --check: also make the rows anew from the raw files, and compare",
                "--check と共に使い、制約式も元の表から作り直して照合する",
            ),
        ),
    ] = False,
    time_limit: Seconds = 60,
    out: Annotated[
        Path | None,
        typer.Option(
            help=say("file of the proof [in the solution]", "証明の保存先[計画のフォルダ]")
        ),
    ] = None,
    as_json: Json = False,
    lang: Lang = LANG,
) -> None:
    from optimizer.cli.prove import Request, run

    if (check and out is not None) or (rebuild and not check):
        raise typer.BadParameter(
            say(
                "--out goes without --check, --rebuild with it",
                "--out は --check なしで、--rebuild は --check と共に使う",
            )
        )
    sys.exit(run(Request(instance, place, check, rebuild, out, time_limit, as_json)))
