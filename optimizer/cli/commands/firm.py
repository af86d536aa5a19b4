"""`optimizer firm`: words and options."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from optimizer.cli.language import LANG, say
from optimizer.cli.options import InstanceFolder, Json, Lang

HELP = say(
    "Which decisions hold in every plan within a tolerance of the cost, by exact solves.",
    "費用の許容範囲内の全ての計画で同じ決定はどれかを、厳密解で示す。",
)


def command(
    instance: InstanceFolder,
    solution: Annotated[Path, typer.Option(help=say("folder of the solution", "計画のフォルダ"))],
    within: Annotated[
        str, typer.Option(help=say("how much dearer a plan may be", "費用の許容範囲"))
    ] = "0.5%",
    assumptions: Annotated[
        bool,
        typer.Option(
            "--assumptions",
            help=say(
                "how far each assumed number may move instead", "代わりに、仮定が動ける範囲を示す"
            ),
        ),
    ] = False,
    assumption: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help=say("only this assumed number", "この仮定だけ")),
    ] = None,
    reach: Annotated[
        str, typer.Option(help=say("how far numbers are moved", "仮定を動かす範囲"))
    ] = "50%",
    solve_limit: Annotated[
        float, typer.Option(min=1, help=say("seconds for one solve", "求解1回の秒数"))
    ] = 20,
    time_limit: Annotated[
        float, typer.Option(min=1, help=say("seconds for all", "全体の秒数"))
    ] = 300,
    keep: Annotated[
        Path | None,
        typer.Option(help=say("file of answers, to go on from", "答えを保存し再開に使うファイル")),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help=say("replace other answers", "別の答えを置き換える"))
    ] = False,
    as_json: Json = False,
    lang: Lang = LANG,
) -> None:
    from optimizer.cli.actions.firm import Request, run

    named = tuple(assumption or ()) if assumptions or assumption else None
    asked = (named, reach, solve_limit, time_limit, keep, force, as_json)
    sys.exit(run(Request(instance, solution, within, *asked)))
