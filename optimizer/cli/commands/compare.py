"""`optimizer compare`: words and options."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from optimizer.cli.language import LANG, say
from optimizer.cli.options import Json, Lang

HELP = say(
    "What is different in other plans, and what each change of the scenario causes.",
    "他の計画との違いと、シナリオの変更ごとの影響を示す。",
)


def command(
    solutions: Annotated[
        list[Path],
        typer.Argument(
            metavar="SOLUTION...",
            help=say("two or more solutions; the first is the base", "計画を二つ以上。最初が基準"),
        ),
    ],
    instance: Annotated[
        Path | None, typer.Option(help=say("instance of the solutions", "計画のもとのインスタンス"))
    ] = None,
    attribute: Annotated[
        Literal["none", "ordered", "shapley"],
        typer.Option(help=say("divide the difference among the changes", "差を変更ごとに分ける")),
    ] = "none",
    time_limit: Annotated[
        float,
        typer.Option(min=1, help=say("seconds for each solve in between", "中間の求解1回の秒数")),
    ] = 20,
    as_json: Json = False,
    lang: Lang = LANG,
) -> None:
    if len(solutions) < 2:
        raise typer.BadParameter(say("name two solutions or more", "計画を二つ以上指定する"))
    from optimizer.cli.actions.compare import run

    sys.exit(run(solutions, instance, attribute, time_limit, as_json))
