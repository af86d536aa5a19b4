"""`optimizer trace`: words and options."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from optimizer.cli.language import LANG, say
from optimizer.cli.options import InstanceFolder, Json, Lang, SolutionFolder

HELP = say(
    "Follow every sentence of the policy to its constraints and their readings.",
    "方針の各文について、対応する制約と確認結果をたどる。",
)


def command(
    instance: InstanceFolder,
    solution: SolutionFolder,
    page: Annotated[
        Path | None, typer.Option(help=say("write a page of documentation", "説明の頁を書き出す"))
    ] = None,
    as_json: Json = False,
    lang: Lang = LANG,
) -> None:
    from optimizer.cli.actions.trace import run

    sys.exit(run(instance, solution, page, as_json))
