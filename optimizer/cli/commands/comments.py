"""`optimizer comments`: words and options."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from optimizer.cli.language import LANG, say
from optimizer.cli.options import InstanceFolder, Json, Lang

HELP = say(
    "Answer requests from the public: adopted, what it would cost, or which rules forbid it.",
    "寄せられた意見ごとに、反映済みか、費用の差、又は不可とする制約を示す。",
)


def command(
    instance: InstanceFolder,
    solution: Annotated[Path, typer.Option(help=say("folder of the solution", "計画のフォルダ"))],
    requests: Annotated[
        Path,
        typer.Option(
            metavar="CSV",
            help=say(
                "table with the columns id, ask (a wish as of why-not) and, if any, text",
                "列 id・ask(why-not と同じ書き方)と、あれば text の表",
            ),
        ),
    ],
    out: Annotated[
        Path | None, typer.Option(metavar="CSV", help=say("where to write", "書出し先"))
    ] = None,
    solve_limit: Annotated[
        float, typer.Option(min=1, help=say("seconds for one request", "意見1件の秒数"))
    ] = 10,
    time_limit: Annotated[
        float, typer.Option(min=0, help=say("seconds for all", "全体の秒数"))
    ] = 3600,
    keep: Annotated[
        Path | None,
        typer.Option(help=say("file of answers, to go on from", "答えを保存し再開に使うファイル")),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help=say("replace what is there", "既にある物を置き換える"))
    ] = False,
    as_json: Json = False,
    lang: Lang = LANG,
) -> None:
    from optimizer.cli.actions.comments import Asked, run

    limits = (solve_limit, time_limit)
    sys.exit(run(Asked(instance, solution, requests, out, *limits, keep, force, as_json)))
