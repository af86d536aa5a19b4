"""`optimizer prove`: words and options."""

import sys
from pathlib import Path
from typing import Annotated, Literal

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
    "Prove how little any plan can cost, as a file that plain integers confirm; or check one.",
    "どの計画でも下回れない費用を証明し、整数だけで確かめられるファイルにする。その確認もする。",
)


def command(
    instance: InstanceFolder,
    place: Annotated[
        Path | None,
        typer.Argument(
            metavar="[SOLUTION|PROOF]",
            help=say(
                "folder of the solution, or a proof; none: prove that there is no plan",
                "計画のフォルダ、又は証明のファイル。なければ計画がないことを証明する",
            ),
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help=say("check the stored proof", "保存した証明を確かめる"))
    ] = False,
    rebuild: Annotated[
        bool,
        typer.Option(
            "--rebuild",
            help=say(
                "with --check: also make the rows anew from the raw files, and compare",
                "--check と共に使い、制約式も元の表から作り直して照合する",
            ),
        ),
    ] = False,
    export: Annotated[
        Literal["vipr"] | None,
        typer.Option(
            help=say(
                "write the stored proof to --out in the form of another checker",
                "保存した証明を、別の検査プログラムの形式で --out に書き出す",
            )
        ),
    ] = None,
    time_limit: Seconds = 60,
    out: Annotated[
        Path | None,
        typer.Option(
            help=say("file of the proof [in the solution]", "証明の保存先[計画のフォルダ]")
        ),
    ] = None,
    scenario: ScenarioName = None,
    sets: Sets = None,
    drops: Drops = None,
    as_json: Json = False,
    lang: Lang = LANG,
) -> None:
    from optimizer.cli.actions.no_plan import no_plan
    from optimizer.cli.actions.prove import Request, run

    if (check and out is not None) or (rebuild and not check):
        raise typer.BadParameter(
            say(
                "--out goes without --check, --rebuild with it",
                "--out は --check なしで、--rebuild は --check と共に使う",
            )
        )
    if (place is None or export is not None) and (out is None or check):
        raise typer.BadParameter(
            say(
                "without SOLUTION, and with --export, --out FILE is needed",
                "SOLUTION なし、又は --export のときは --out が要る",
            )
        )
    changes = changes_from(instance, scenario, sets, drops)
    if place is None:
        assert out is not None
        sys.exit(no_plan(instance, changes, scenario, out, time_limit, as_json))
    stored = (place if place.is_dir() else place.parent) / "manifest.json"
    if changes and (stored.exists() or not check):
        raise typer.BadParameter(
            say(
                "a stored solution has its changes; leave out --scenario, --set and --drop",
                "保存した計画には変更が記録されている。--scenario・--set・--drop は除く",
            )
        )
    request = Request(
        instance=instance,
        place=place,
        check=check,
        rebuild=rebuild,
        export=export,
        out=out,
        time_limit=time_limit,
        changes=changes,
        scenario=scenario,
        as_json=as_json,
    )
    sys.exit(run(request))
