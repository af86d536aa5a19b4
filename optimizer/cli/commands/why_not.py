"""`optimizer why-not`: words and options."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from optimizer.cli.language import LANG, say
from optimizer.cli.options import InstanceFolder, Json, Lang

HELP = say(
    "What it would cost to decide otherwise, or which rules forbid it, by solving again.",
    "別の決定にした場合の費用、又はそれを不可とする制約を、解き直して示す。",
)


def command(
    instance: InstanceFolder,
    ask: Annotated[
        str,
        typer.Argument(
            metavar="WISH",
            help=say(
                'e.g. "B01=general_branch@2018", "D01/registration=W1@2019", "B01.staff>=5@2018",'
                ' "counters(West Ward)>=1@2018"',
                "例: 「大江出張所=出張所@2018」「芳野/届出=西区役所@2019」「大江出張所.職員>=5@2018」"
                "「窓口(西区)>=1@2018」",
            ),
        ),
    ],
    solution: Annotated[Path, typer.Option(help=say("folder of the solution", "計画のフォルダ"))],
    time_limit: Annotated[
        float, typer.Option(min=1, help=say("seconds for all solves", "求解全体の秒数"))
    ] = 10,
    as_json: Json = False,
    lang: Lang = LANG,
) -> None:
    from optimizer.cli.actions.why_not import run

    sys.exit(run(instance, ask, solution, time_limit, as_json))
