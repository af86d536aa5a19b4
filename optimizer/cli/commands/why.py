"""The command `why`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from optimizer.cli.language import LANG, say
from optimizer.cli.options import InstanceFolder, Json, Lang

HELP = say(
    "Why a district is sent where it is, or a counter has its mode: what ruled out all others.",
    "校区の窓口や窓口の形態の理由と、他の候補を不可とした制約を示す。",
)


def command(
    instance: InstanceFolder,
    solution: Annotated[Path, typer.Option(help=say("folder of the solution", "計画のフォルダ"))],
    district: Annotated[
        str | None, typer.Option(metavar="NAME", help=say("name or id", "校区の名前又はid"))
    ] = None,
    point: Annotated[
        str | None, typer.Option(metavar="NAME", help=say("name or id", "窓口の名前又はid"))
    ] = None,
    as_json: Json = False,
    lang: Lang = LANG,
) -> None:
    """Run the command."""
    from optimizer.cli.actions.why import run

    sys.exit(run(instance, solution, district, point, as_json))
