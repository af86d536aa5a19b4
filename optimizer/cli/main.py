"""The commands. Heavy packages are imported inside the command that needs them."""

import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from optimizer.cli import ending, output
from optimizer.cli.language import LANG, say
from optimizer.cli.options import (
    CapacityOfAll,
    EngineKey,
    Format,
    Parts,
    PresetName,
    Radius,
    Sites,
    wish_from,
)

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help=say(
        "Decides which public service counters stay, change or close, year by year, and explains it.",
        "窓口の存続・変更・廃止を年度ごとに計画し、その理由を説明する。",
    ),
)

InstanceFolder = Annotated[
    Path,
    typer.Argument(
        metavar="INSTANCE", help=say("folder of the instance", "インスタンスのフォルダ")
    ),
]
SolutionFolder = Annotated[
    Path,
    typer.Argument(metavar="SOLUTION", help=say("folder of the solution", "計画のフォルダ")),
]
Seconds = Annotated[float, typer.Option("--time-limit", min=1, help=say("seconds", "秒"))]
Json = Annotated[bool, typer.Option("--json", help=say("one JSON object on stdout", "JSONで出力"))]
Lang = Annotated[Literal["en", "ja"], typer.Option("--lang", help=say("en or ja", "en 又は ja"))]
Sets = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help=say(
            "change a value, e.g. constraint.five_km.metres=6000",
            "値を変える 例: constraint.five_km.metres=6000",
        ),
    ),
]
Drops = Annotated[
    list[str] | None,
    typer.Option("--drop", metavar="ID", help=say("leave out a constraint entry", "制約を外す")),
]


def main() -> None:
    """Run the command line; errors become words and exit codes."""
    ending.run(app)


@app.command(
    help=say(
        "Compute a plan, check it, explain it, store it.", "計画を求め、確認し、説明し、保存する。"
    )
)
def solve(
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
    from optimizer.cli.solve import Request, run

    run(
        Request(
            instance,
            out,
            gap,
            time_limit,
            seed,
            canonical,
            memory,
            engine,
            threads,
            start,
            deterministic,
            force,
            _changes(sets, drops),
            as_json,
            wish_from(preset, form, p, metres, parts, capacity),
        )
    )


@app.command(help=say("Check every file of an instance.", "インスタンスの全ファイルを確かめる。"))
def validate(
    instance: InstanceFolder,
    sets: Sets = None,
    drops: Drops = None,
    as_json: Json = False,
    lang: Lang = LANG,
) -> None:
    from optimizer.files.instance_folder import read_instance

    city = read_instance(instance, _changes(sets, drops))
    facts: list[tuple[str, str, Any]] = [
        ("instance", "インスタンス", city.id),
        ("fingerprint", "SHA-256", city.fingerprint),
        ("districts", "校区", len(city.districts)),
        ("points", "窓口", len(city.points)),
        ("periods", "年度", len(city.periods)),
        ("constraints", "制約", len(city.entries)),
        ("assumptions", "仮定", len(city.assumptions)),
    ]
    if as_json:
        output.print_json({name: value for name, _, value in facts})
        return
    print(say("no fault found", "誤りはない"))
    for name, ja, value in facts:
        print(f"  {say(name, ja)}: {value}")


@app.command(
    help=say(
        "Check a stored plan from the raw tables, without any solver.",
        "保存した計画を、ソルバーを使わず元の表から確かめる。",
    )
)
def verify(
    instance: InstanceFolder,
    solution: SolutionFolder,
    as_json: Json = False,
    lang: Lang = LANG,
) -> None:
    from optimizer.cli.verify import run

    sys.exit(run(instance, solution, as_json))


@app.command(
    help=say(
        "Find a smallest set of rules that cannot hold together.",
        "両立しない制約の最小の組を求める。",
    )
)
def conflict(
    instance: InstanceFolder,
    time_limit: Seconds = 60,
    sets: Sets = None,
    drops: Drops = None,
    as_json: Json = False,
    lang: Lang = LANG,
) -> None:
    from optimizer.cli.conflict import run

    sys.exit(run(instance, _changes(sets, drops), time_limit, as_json))


@app.command(
    help=say(
        "Suggest smallest changes of limits that let all rules hold together.",
        "全ての制約が両立する最小の緩和案を求める。",
    )
)
def repair(
    instance: InstanceFolder,
    count: Annotated[
        int, typer.Option("--count", min=1, help=say("repairs to look for", "緩和案の数"))
    ] = 2,
    time_limit: Seconds = 120,
    out: Annotated[
        Path | None,
        typer.Option(help=say("folder for scenario files", "シナリオの保存先フォルダ")),
    ] = None,
    sets: Sets = None,
    drops: Drops = None,
    as_json: Json = False,
    lang: Lang = LANG,
) -> None:
    from optimizer.cli.repair import run

    sys.exit(run(instance, _changes(sets, drops), count, time_limit, out, as_json))


@app.command(
    help=say("Show an instance or a stored plan.", "インスタンス又は保存した計画を表示する。")
)
def show(
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
    sets: Sets = None,
    drops: Drops = None,
    as_json: Json = False,
    lang: Lang = LANG,
) -> None:
    from optimizer.cli.show import run

    sys.exit(run(place, instance, demand, travel, _changes(sets, drops), as_json))


@app.command(
    help=say(
        "What is different in other plans, and what each change of the scenario causes.",
        "他の計画との違いと、シナリオの変更ごとの影響を示す。",
    )
)
def compare(
    solutions: Annotated[
        list[Path],
        typer.Argument(
            metavar="SOLUTION...",
            help=say("two or more solutions; the first is the base", "計画を二つ以上。最初が基準"),
        ),
    ],
    instance: Annotated[
        Path | None, typer.Option(help=say("instance of the solutions", "計画のもとのインスタンス"))
    ] = None,
    attribute: Annotated[
        Literal["none", "ordered", "shapley"],
        typer.Option(help=say("divide the difference among the changes", "差を変更ごとに分ける")),
    ] = "none",
    time_limit: Annotated[
        float,
        typer.Option(min=1, help=say("seconds for each solve in between", "中間の求解1回の秒数")),
    ] = 20,
    as_json: Json = False,
    lang: Lang = LANG,
) -> None:
    if len(solutions) < 2:
        raise typer.BadParameter(say("name two solutions or more", "計画を二つ以上指定する"))
    from optimizer.cli.compare import run

    sys.exit(run(solutions, instance, attribute, time_limit, as_json))


@app.command(
    help=say(
        "Which decisions hold in every plan within a tolerance of the cost, by exact solves.",
        "費用の許容範囲内の全ての計画で同じ決定はどれかを、厳密解で示す。",
    )
)
def firm(
    instance: InstanceFolder,
    solution: Annotated[Path, typer.Option(help=say("folder of the solution", "計画のフォルダ"))],
    within: Annotated[
        str, typer.Option(help=say("how much dearer a plan may be", "費用の許容範囲"))
    ] = "0.5%",
    assumptions: Annotated[
        bool,
        typer.Option(
            "--assumptions",
            help=say(
                "how far each assumed number may move instead", "代わりに、仮定が動ける範囲を示す"
            ),
        ),
    ] = False,
    assumption: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help=say("only this assumed number", "この仮定だけ")),
    ] = None,
    reach: Annotated[
        str, typer.Option(help=say("how far numbers are moved", "仮定を動かす範囲"))
    ] = "50%",
    solve_limit: Annotated[
        float, typer.Option(min=1, help=say("seconds for one solve", "求解1回の秒数"))
    ] = 20,
    time_limit: Annotated[
        float, typer.Option(min=1, help=say("seconds for all", "全体の秒数"))
    ] = 300,
    keep: Annotated[
        Path | None,
        typer.Option(help=say("file of answers, to go on from", "答えを保存し再開に使うファイル")),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help=say("replace other answers", "別の答えを置き換える"))
    ] = False,
    as_json: Json = False,
    lang: Lang = LANG,
) -> None:
    from optimizer.cli.firm import Request, run

    named = tuple(assumption or ()) if assumptions or assumption else None
    asked = (named, reach, solve_limit, time_limit, keep, force, as_json)
    sys.exit(run(Request(instance, solution, within, *asked)))


@app.command(
    help=say(
        "What each constraint costs, left out or moved a step, as proved intervals.",
        "各制約を外し、又は一段動かした場合の費用の差を、証明された範囲で示す。",
    )
)
def price(
    instance: InstanceFolder,
    solution: Annotated[Path, typer.Option(help=say("folder of the solution", "計画のフォルダ"))],
    entry: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help=say("only this constraint", "この制約だけ")),
    ] = None,
    step: Annotated[
        int | None,
        typer.Option(min=1, help=say("how far a limit is moved", "限度を動かす幅")),
    ] = None,
    ranges: Annotated[
        bool,
        typer.Option(
            "--range",
            help=say("how far each limit may move", "各限度をどこまで動かせるか"),
        ),
    ] = False,
    solve_limit: Annotated[
        float, typer.Option(min=1, help=say("seconds for one solve", "求解1回の秒数"))
    ] = 5,
    time_limit: Annotated[
        float, typer.Option(min=0, help=say("seconds for all", "全体の秒数"))
    ] = 300,
    keep: Annotated[
        Path | None,
        typer.Option(help=say("file of answers, to go on from", "答えを保存し再開に使うファイル")),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help=say("replace other answers", "別の答えを置き換える"))
    ] = False,
    svg: Annotated[
        Path | None, typer.Option(metavar="FILE", help=say("draw the prices", "差額の図の保存先"))
    ] = None,
    as_json: Json = False,
    lang: Lang = LANG,
) -> None:
    from optimizer.cli.price import Request, run

    asked = (tuple(entry or ()), step, ranges, solve_limit, time_limit, keep, force, svg, as_json)
    sys.exit(run(Request(instance, solution, *asked)))


@app.command(
    help=say(
        "Write the report of a stored plan: page, workbook, letters, map layers, PDF.",
        "保存した計画の報告(頁、表計算、校区別のお知らせ、地図、PDF)を書き出す。",
    )
)
def report(
    solution: SolutionFolder,
    instance: Annotated[
        Path | None, typer.Option(help=say("instance of the solution", "計画のもとのインスタンス"))
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help=say("folder to write to [the solution]", "保存先 [計画のフォルダ]")),
    ] = None,
    html: Annotated[bool, typer.Option("--html", help=say("report.html", "report.html"))] = False,
    xlsx: Annotated[bool, typer.Option("--xlsx", help=say("report.xlsx", "report.xlsx"))] = False,
    letters: Annotated[
        bool, typer.Option("--letters", help=say("a page per district", "校区別のお知らせ"))
    ] = False,
    gis: Annotated[
        bool, typer.Option("--gis", help=say("GeoPackage and GeoJSON", "GeoPackage、GeoJSON"))
    ] = False,
    pdf: Annotated[
        bool, typer.Option("--pdf", help=say("report.pdf (extra: pdf)", "report.pdf(要 pdf)"))
    ] = False,
    as_json: Json = False,
    lang: Lang = LANG,
) -> None:
    from optimizer.cli.report import Wanted, run

    sys.exit(run(solution, instance, out, Wanted(html, xlsx, letters, gis, pdf), as_json))


@app.command(
    help=say(
        "Follow every sentence of the policy to its constraints and their readings.",
        "方針の各文について、対応する制約と確認結果をたどる。",
    )
)
def trace(
    instance: InstanceFolder,
    solution: SolutionFolder,
    page: Annotated[
        Path | None, typer.Option(help=say("write a page of documentation", "説明の頁を書き出す"))
    ] = None,
    as_json: Json = False,
    lang: Lang = LANG,
) -> None:
    from optimizer.cli.trace import run

    sys.exit(run(instance, solution, page, as_json))


@app.command(
    help=say(
        "The rule book: every constraint with its parameters.", "制約の一覧とその項目を表示する。"
    )
)
def constraints(
    name: Annotated[str | None, typer.Argument(help=say("one constraint", "制約の名前"))] = None,
    pages: Annotated[
        Path | None,
        typer.Option(help=say("write documentation pages there", "説明の頁をここに書き出す")),
    ] = None,
    saboteurs: Annotated[
        bool,
        typer.Option(
            "--saboteurs",
            help=say(
                "try plans made to be caught; 1 if one passes",
                "違反させた計画を試す。見逃しがあれば終了コード1",
            ),
        ),
    ] = False,
    as_json: Json = False,
    lang: Lang = LANG,
) -> None:
    from optimizer.cli.constraints import run

    sys.exit(run(name, pages, saboteurs, as_json))


@app.command(
    help=say("Make travel.csv of an instance from its coordinates.", "座標から travel.csv を作る。")
)
def travel(instance: InstanceFolder, as_json: Json = False, lang: Lang = LANG) -> None:
    from optimizer.files.solution_folder import write_text
    from optimizer.importers.travel import travel_table

    text = travel_table(instance)
    write_text(instance / "travel.csv", text)
    rows = text.count("\n") - 1
    if as_json:
        output.print_json({"file": str(instance / "travel.csv"), "rows": rows})
    else:
        print(say(f"travel.csv: {rows} rows", f"travel.csv: {rows}行"))


@app.command(
    help=say(
        "Write the program of an instance as an LP or MPS file for any other solver.",
        "他のソルバー用に、インスタンスの計画問題を LP 又は MPS のファイルに書き出す。",
    )
)
def export(
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
    from optimizer.cli.export import run

    wish = wish_from(preset, form, p, metres, parts, capacity)
    run(instance, to, objective, force, _changes(sets, drops), wish, as_json)


@app.command(
    help=say("Check this machine: Python, engines, files, language.", "実行環境を確かめる。")
)
def doctor(as_json: Json = False, lang: Lang = LANG) -> None:
    from optimizer.cli.doctor import run

    sys.exit(run(as_json))


def _changes(sets: list[str] | None, drops: list[str] | None) -> tuple[str, ...]:
    return (*(f"set {change}" for change in sets or ()), *(f"drop {name}" for name in drops or ()))


if __name__ == "__main__":
    main()
