"""`optimizer solve`: words and options."""

from pathlib import Path
from typing import Annotated

import typer

from optimizer.cli.language import LANG, say
from optimizer.cli.options import (
    MIB,
    CapacityOfAll,
    Drops,
    EngineKey,
    Format,
    InstanceFolder,
    Json,
    Lang,
    Parts,
    PresetName,
    Radius,
    ScenarioName,
    Seconds,
    Sets,
    Sites,
    changes_from,
    parse_gap,
    preset_options,
)

HELP = say(
    "Compute a plan, check it, explain it, store it.", "計画を求め、確認し、説明し、保存する。"
)


def command(
    instance: InstanceFolder,
    out: Annotated[
        Path | None, typer.Option(help=say("folder for the solution", "計画の保存先"))
    ] = None,
    gap: Annotated[
        str | None,
        typer.Option(
            help=say("stop within this of the bound [0.1%]", "下界との差がこれ以下で終える [0.1%]")
        ),
    ] = None,
    time_limit: Seconds = 60,
    seed: Annotated[
        int, typer.Option(min=0, max=2**31 - 1, help=say("seed of the engine", "乱数の種"))
    ] = 0,
    canonical: Annotated[
        bool,
        typer.Option(
            "--canonical",
            help=say(
                "break ties by fixed ranks once optimal (implies gap 0)",
                "最適の証明後、同点を固定順位で一つに決める(差0)",
            ),
        ),
    ] = False,
    memory: Annotated[
        int,
        typer.Option(
            min=0, help=say("MiB for the engine, 0: no limit", "ソルバーのメモリ上限MiB(0は無制限)")
        ),
    ] = 0,
    engine: EngineKey = "highs",
    threads: Annotated[
        int,
        typer.Option(
            min=0, help=say("threads, 0: as the engine likes", "スレッド数(0は指定しない)")
        ),
    ] = 0,
    start: Annotated[
        Path | None,
        typer.Option(
            metavar="SOLUTION",
            help=say("stored plan to begin from", "この保存済みの計画から始める"),
        ),
    ] = None,
    deterministic: Annotated[
        bool,
        typer.Option(
            "--deterministic",
            help=say(
                "one run, limits by count: the same input gives the same plan",
                "一つのソルバーだけを回数の上限で動かし、同じ入力から同じ計画を得る",
            ),
        ),
    ] = False,
    force: Annotated[
        bool,
        typer.Option("--force", help=say("replace an existing solution", "既存の計画を置き換える")),
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
    from optimizer.cli.actions.solve import Request, run
    from optimizer.solver.solve import SolveSettings

    settings = SolveSettings(
        gap=parse_gap("0" if canonical else gap or "0.1%"),
        time_limit=time_limit,
        seed=seed,
        canonical=canonical,
        memory=memory * MIB,
        engine=engine,
        threads=threads,
        deterministic=deterministic,
    )
    run(
        Request(
            instance=instance,
            out=out,
            force=force,
            gap=gap,
            settings=settings,
            start=start,
            changes=changes_from(instance, scenario, sets, drops),
            scenario=scenario,
            preset=preset_options(preset, form, p, metres, parts, capacity),
            as_json=as_json,
        )
    )
