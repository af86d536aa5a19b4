"""`optimizer repair`: words and options."""

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
    Seconds,
    Sets,
    changes_from,
)

HELP = say(
    "Suggest smallest changes of limits that let all rules hold together.",
    "全ての制約が両立する最小の緩和案を求める。",
)


def command(
    instance: InstanceFolder,
    count: Annotated[
        int, typer.Option("--count", min=1, help=say("repairs to look for", "緩和案の数"))
    ] = 2,
    time_limit: Seconds = 120,
    out: Annotated[
        Path | None,
        typer.Option(help=say("folder for scenario files", "シナリオの保存先フォルダ")),
    ] = None,
    scenario: ScenarioName = None,
    sets: Sets = None,
    drops: Drops = None,
    as_json: Json = False,
    lang: Lang = LANG,
) -> None:
    from optimizer.cli.actions.repair import run

    sys.exit(
        run(
            instance, changes_from(instance, scenario, sets, drops), count, time_limit, out, as_json
        )
    )
