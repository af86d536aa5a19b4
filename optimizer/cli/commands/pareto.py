"""`optimizer pareto`: words and options."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from optimizer.cli.language import LANG, say
from optimizer.cli.options import (
    Drops,
    InstanceFolder,
    Json,
    Lang,
    ScenarioName,
    Sets,
    changes_from,
)

HELP = say(
    "Plans of which none is better in both of two objectives.",
    "二つの目的の両方で優る計画がないものを求める。",
)


def command(
    instance: InstanceFolder,
    x: Annotated[
        str, typer.Option(metavar="OBJECTIVE", help=say("e.g. staff-cost", "例: staff-cost"))
    ],
    y: Annotated[
        str, typer.Option(metavar="OBJECTIVE", help=say("e.g. worst-travel", "例: worst-travel"))
    ],
    points: Annotated[int, typer.Option(min=2, max=1000, help=say("levels", "水準の数"))] = 6,
    every: Annotated[
        bool, typer.Option("--all", help=say("every point there is", "全ての点を求める"))
    ] = False,
    gap: Annotated[str, typer.Option(help=say("as for solve", "solve と同じ"))] = "0%",
    solve_limit: Annotated[
        float, typer.Option(min=1, help=say("seconds for one solve", "求解1回の秒数"))
    ] = 30,
    time_limit: Annotated[
        float, typer.Option(min=1, help=say("seconds for all", "全体の秒数"))
    ] = 300,
    start: Annotated[
        Path | None,
        typer.Option(metavar="SOLUTION", help=say("plan to begin from", "最初に使う計画")),
    ] = None,
    table: Annotated[
        Path | None, typer.Option("--csv", help=say("write the points", "点を書き出す"))
    ] = None,
    svg: Annotated[Path | None, typer.Option(help=say("write a plot", "図を書き出す"))] = None,
    scenario: ScenarioName = None,
    sets: Sets = None,
    drops: Drops = None,
    as_json: Json = False,
    lang: Lang = LANG,
) -> None:
    from optimizer.cli.actions.pareto import Request, run

    changes = changes_from(instance, scenario, sets, drops)
    count = None if every else points
    asked = (x, y, count, gap, solve_limit, time_limit, start, table, svg, changes, as_json)
    sys.exit(run(Request(instance, *asked)))
