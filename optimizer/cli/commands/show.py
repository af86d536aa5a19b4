"""`optimizer show`: words and options."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from optimizer.cli.language import LANG, say
from optimizer.cli.options import Drops, Json, Lang, ScenarioName, Sets, changes_from

HELP = say("Show an instance or a stored plan.", "インスタンス又は保存した計画を表示する。")


def command(
    place: Annotated[Path, typer.Argument(metavar="INSTANCE|SOLUTION")],
    instance: Annotated[
        Path | None, typer.Option(help=say("instance of the solution", "計画のもとのインスタンス"))
    ] = None,
    demand: Annotated[
        bool, typer.Option("--demand", help=say("every whole number of cases", "件数の全数値"))
    ] = False,
    travel: Annotated[
        bool,
        typer.Option("--travel", help=say("every distance with its origin", "距離の全数値と出典")),
    ] = False,
    scenario: ScenarioName = None,
    sets: Sets = None,
    drops: Drops = None,
    as_json: Json = False,
    lang: Lang = LANG,
) -> None:
    from optimizer.cli.actions.show import run

    sys.exit(
        run(place, instance, demand, travel, changes_from(place, scenario, sets, drops), as_json)
    )
