"""`optimizer constraints`: words and options."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from optimizer.cli.language import LANG, say
from optimizer.cli.options import Json, Lang

HELP = say(
    "The rule book: every constraint with its parameters.", "制約の一覧とその項目を表示する。"
)


def command(
    name: Annotated[
        str | None,
        typer.Argument(
            help=say(
                "one constraint, or with --check its file",
                "制約の名前、--check ではそのファイルも可",
            )
        ),
    ] = None,
    pages: Annotated[
        Path | None,
        typer.Option(help=say("write documentation pages there", "説明の頁をここに書き出す")),
    ] = None,
    counterexamples: Annotated[
        bool,
        typer.Option(
            "--counterexamples",
            "--saboteurs",
            help=say(
                "try plans made to be caught; 1 if one passes",
                "違反させた計画を試す。見逃しがあれば終了コード1",
            ),
        ),
    ] = False,
    every_check: Annotated[
        bool,
        typer.Option(
            "--check",
            help=say(
                "check all that a constraint must keep; 1 if one fails",
                "制約が満たすべき全項目を試験する。不合格があれば終了コード1",
            ),
        ),
    ] = False,
    new: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help=say("write NAME.py: a constraint to fill in", "制約の雛形 NAME.py を書き出す"),
        ),
    ] = None,
    guide: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=say(
                "write there, in English, what a constraint is written with",
                "制約の記述に使う要素の一覧(英文)をここに書き出す",
            ),
        ),
    ] = None,
    as_json: Json = False,
    lang: Lang = LANG,
) -> None:
    from optimizer.cli.actions.constraints import Request, run

    sys.exit(run(Request(name, pages, counterexamples, every_check, new, guide, as_json)))
