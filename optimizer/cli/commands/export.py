"""`optimizer export`: words and options."""

from pathlib import Path
from typing import Annotated

import typer

from optimizer.cli.language import LANG, say
from optimizer.cli.options import (
    CapacityOfAll,
    Drops,
    Format,
    InstanceFolder,
    Json,
    Lang,
    Parts,
    PresetName,
    Radius,
    ScenarioName,
    Sets,
    Sites,
    changes_from,
    preset_options,
)

HELP = say(
    "Write the program of an instance as an LP or MPS file for any other solver.",
    "他のソルバー用に、インスタンスの計画問題を LP 又は MPS のファイルに書き出す。",
)


def command(
    instance: InstanceFolder,
    to: Annotated[
        Path, typer.Option(help=say(".lp or .mps, .gz behind it", "保存先 .lp .mps(.gz も可)"))
    ],
    objective: Annotated[
        str | None,
        typer.Option(help=say("id of one objective [the first]", "目的のid[先頭のもの]")),
    ] = None,
    force: Annotated[
        bool,
        typer.Option("--force", help=say("replace an existing file", "既存のファイルを置き換える")),
    ] = False,
    scenario: ScenarioName = None,
    sets: Sets = None,
    drops: Drops = None,
    preset: PresetName = None,
    form: Format = None,
    p: Sites = None,
    metres: Radius = None,
    parts: Parts = None,
    capacity: CapacityOfAll = None,
    as_json: Json = False,
    lang: Lang = LANG,
) -> None:
    from optimizer.cli.actions.export import run

    asked = preset_options(preset, form, p, metres, parts, capacity)
    run(
        instance,
        to,
        objective,
        force,
        changes_from(instance, scenario, sets, drops),
        asked,
        as_json,
    )
