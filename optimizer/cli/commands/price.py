"""`optimizer price`: words and options."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from optimizer.cli.language import LANG, say
from optimizer.cli.options import InstanceFolder, Json, Lang

HELP = say(
    "What each constraint costs, left out or moved a step, as proved intervals.",
    "各制約を外し、又は一段動かした場合の費用の差を、証明された範囲で示す。",
)


def command(
    instance: InstanceFolder,
    solution: Annotated[Path, typer.Option(help=say("folder of the solution", "計画のフォルダ"))],
    entry: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help=say("only this constraint", "この制約だけ")),
    ] = None,
    step: Annotated[
        int | None,
        typer.Option(min=1, help=say("how far a limit is moved", "限度を動かす幅")),
    ] = None,
    ranges: Annotated[
        bool,
        typer.Option(
            "--range",
            help=say("how far each limit may move", "各限度をどこまで動かせるか"),
        ),
    ] = False,
    solve_limit: Annotated[
        float, typer.Option(min=1, help=say("seconds for one solve", "求解1回の秒数"))
    ] = 5,
    time_limit: Annotated[
        float, typer.Option(min=0, help=say("seconds for all", "全体の秒数"))
    ] = 300,
    keep: Annotated[
        Path | None,
        typer.Option(help=say("file of answers, to go on from", "答えを保存し再開に使うファイル")),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help=say("replace other answers", "別の答えを置き換える"))
    ] = False,
    svg: Annotated[
        Path | None, typer.Option(metavar="FILE", help=say("draw the prices", "差額の図の保存先"))
    ] = None,
    as_json: Json = False,
    lang: Lang = LANG,
) -> None:
    from optimizer.cli.actions.price import Request, run

    asked = (tuple(entry or ()), step, ranges, solve_limit, time_limit, keep, force, svg, as_json)
    sys.exit(run(Request(instance, solution, *asked)))
