"""`optimizer scenario list|show|new|check`: words and options."""

import sys
from typing import Annotated

import typer

from optimizer.cli.language import LANG, say
from optimizer.cli.options import Drops, InstanceFolder, Json, Lang, Sets, changes_from

HELP = say("Named changes of an instance.", "インスタンスの変更に名前を付けて扱う。")

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

Name = Annotated[str, typer.Argument(metavar="NAME", help=say("the scenario", "シナリオの名前"))]


@app.command("list", help=say("List the scenarios of an instance.", "シナリオの一覧を表示する。"))
def list_(instance: InstanceFolder, as_json: Json = False, lang: Lang = LANG) -> None:
    from optimizer.cli.actions.scenario import list_scenarios

    list_scenarios(instance, as_json)


@app.command(help=say("Show every change of a scenario.", "シナリオの変更を全て表示する。"))
def show(instance: InstanceFolder, name: Name, as_json: Json = False, lang: Lang = LANG) -> None:
    from optimizer.cli.actions.scenario import show_scenario

    show_scenario(instance, name, as_json)


@app.command(help=say("Write a new scenario file.", "新しいシナリオのファイルを書く。"))
def new(
    instance: InstanceFolder,
    name: Name,
    author: Annotated[str, typer.Option(help=say("who wants it", "作成者"))],
    reason: Annotated[str, typer.Option(help=say("why", "理由"))],
    base: Annotated[
        str | None, typer.Option(help=say("scenario to stand on", "もとにするシナリオ"))
    ] = None,
    source: Annotated[str, typer.Option(help=say("where it is from", "出典"))] = "",
    sets: Sets = None,
    drops: Drops = None,
    as_json: Json = False,
    lang: Lang = LANG,
) -> None:
    from optimizer.cli.actions.scenario import new_scenario

    changes = changes_from(instance, None, sets, drops)
    new_scenario(instance, name, base, changes, (author, reason, source), as_json)


@app.command(help=say("Check every scenario of an instance.", "全てのシナリオを確かめる。"))
def check(instance: InstanceFolder, as_json: Json = False, lang: Lang = LANG) -> None:
    from optimizer.cli.actions.scenario import check_scenarios

    sys.exit(check_scenarios(instance, as_json))
