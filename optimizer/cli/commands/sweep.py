"""`optimizer sweep`: words and options."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from optimizer.cli.language import LANG, say
from optimizer.cli.options import (
    Drops,
    EngineKey,
    InstanceFolder,
    Json,
    Lang,
    Sets,
    changes_from,
    parse_gap,
)

HELP = say(
    "Solve many what-ifs in parallel, keep them, sum them up; a stopped sweep goes on.",
    "多くの条件をまとめて計算し保存する。中断後は続きから再開する。",
)


def command(
    instance: InstanceFolder,
    out: Annotated[Path, typer.Option(help=say("folder of the cases", "保存先フォルダ"))],
    scenario: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help=say("a scenario, base, or all", "シナリオの名前、base 又は all"),
        ),
    ] = None,
    grid: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH=V1,V2,...",
            help=say("every combination of these values", "値の全ての組合せ"),
        ),
    ] = None,
    table: Annotated[
        Path | None,
        typer.Option("--csv", help=say("a row of values per case", "1行1ケースの表")),
    ] = None,
    ranges: Annotated[
        list[str] | None,
        typer.Option(
            "--range", metavar="PATH=LO..HI", help=say("draw from here", "この範囲から抽出する")
        ),
    ] = None,
    count: Annotated[
        int, typer.Option("--sample", min=1, max=10_000, help=say("draws", "抽出数"))
    ] = 20,
    seed: Annotated[
        int, typer.Option(min=0, max=2**31 - 1, help=say("seed of the draws", "乱数の種"))
    ] = 0,
    gap: Annotated[str, typer.Option(help=say("as for solve", "solve と同じ"))] = "0.1%",
    time_limit: Annotated[
        float, typer.Option(min=1, help=say("seconds for each case", "1ケースの秒数"))
    ] = 30,
    engine: EngineKey = "highs",
    start: Annotated[
        Path | None,
        typer.Option(metavar="SOLUTION", help=say("plan to begin from", "最初に使う計画")),
    ] = None,
    jobs: Annotated[
        int, typer.Option(min=1, max=256, help=say("cases at a time", "同時に計算する数"))
    ] = 1,
    dask: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help=say("an existing Dask cluster", "既存の Dask")),
    ] = None,
    sets: Sets = None,
    drops: Drops = None,
    as_json: Json = False,
    lang: Lang = LANG,
) -> None:
    from optimizer.cli.actions.sweep import Request, run
    from optimizer.solver.solve import SolveSettings

    settings = SolveSettings(gap=parse_gap(gap), time_limit=time_limit, seed=seed, engine=engine)
    request = Request(
        instance=instance,
        out=out,
        scenarios=tuple(scenario or ()),
        grids=tuple(grid or ()),
        table=table,
        ranges=tuple(ranges or ()),
        count=count,
        changes=changes_from(instance, None, sets, drops),
        settings=settings,
        start=start,
        jobs=jobs,
        dask=dask,
        as_json=as_json,
    )
    sys.exit(run(request))
