"""`optimizer verify`: words and options."""

import sys
from typing import Annotated

import typer

from optimizer.cli.language import LANG, say
from optimizer.cli.options import InstanceFolder, Json, Lang, SolutionFolder

HELP = say(
    "Check a stored plan from the raw tables, without any solver.",
    "保存した計画を、ソルバーを使わず元の表から確かめる。",
)


def command(
    instance: InstanceFolder,
    solution: SolutionFolder,
    expect: Annotated[
        str | None,
        typer.Option(
            metavar="SCENARIO",
            help=say(
                "refuse a plan of other changes than this scenario's; base: of any change",
                "このシナリオと異なる変更の計画を認めない。base は変更なしに限る",
            ),
        ),
    ] = None,
    as_json: Json = False,
    lang: Lang = LANG,
) -> None:
    from optimizer.cli.actions.verify import run

    sys.exit(run(instance, solution, expect, as_json))
