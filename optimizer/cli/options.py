"""Options that several commands share."""

import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from optimizer.base.errors import EngineError, refuse
from optimizer.base.words import Text
from optimizer.cli.language import LANG, say

if TYPE_CHECKING:
    from optimizer.files.changes import Change
    from optimizer.files.presets import PresetOptions


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
ScenarioName = Annotated[
    str | None,
    typer.Option(
        "--scenario",
        metavar="NAME",
        help=say("make the changes of a scenario of the instance", "シナリオの変更を加える"),
    ),
]
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


GAP = re.compile(r"([0-9]{1,9}(\.[0-9]{0,12})?|\.[0-9]{1,12})(e-[0-9]{1,2})?%?", re.ASCII)
"""A gap as it may be typed: a number or per cent."""

MIB = 2**20


def changes_from(
    instance: Path, scenario: str | None, sets: list[str] | None, drops: list[str] | None
) -> "tuple[Change, ...]":
    """Return all changes: those of the scenario first. Raises InputError."""
    from optimizer.files.changes import read_changes
    from optimizer.files.scenario_files import scenario_changes

    return (
        *(scenario_changes(instance, scenario) if scenario is not None else ()),
        *read_changes(f"set {change}" for change in sets or ()),
        *read_changes(f"drop {name}" for name in drops or ()),
    )


def _engine_key(value: str) -> str:
    """Return `value` if it names an engine. Raises typer.BadParameter."""
    from optimizer.solver.engines.capability import engine

    try:
        engine(value)
    except EngineError as error:
        raise typer.BadParameter(error.message.say(LANG)) from None
    return value


EngineKey = Annotated[
    str,
    typer.Option(
        callback=_engine_key,
        help=say(
            "the solver: highs, scip, cp-sat, cbc or pulp:NAME (`optimizer doctor` lists them)",
            "ソルバー: highs, scip, cp-sat, cbc, pulp:名前(一覧は `optimizer doctor`)",
        ),
    ),
]
PresetName = Annotated[
    str | None,
    typer.Option(
        "--preset",
        help=say(
            "a classical problem on a benchmark file: p-median, p-center, lscp, mclp, uflp, cflp,"
            " sscflp, capacitated-p-median, p-dispersion, kolm-pollak-median",
            "ベンチマークのファイルを解く古典的な問題の名前(p-median など)",
        ),
    ),
]
Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        help=say(
            "how the file is written: orlib-pmed, orlib-uflp, orlib-pmedcap, holmberg, diaz,"
            " tsplib, matrix",
            "ファイルの形式(orlib-pmed など)",
        ),
    ),
]
Sites = Annotated[
    int | None,
    typer.Option("-p", min=1, help=say("sites to open [the file's]", "開設する数[ファイルの値]")),
]
Radius = Annotated[
    str | None,
    typer.Option("--metres", help=say("distance, in the file's unit", "距離(ファイルの単位)")),
]
Parts = Annotated[
    int | None,
    typer.Option(
        "--parts", min=1, max=100, help=say("equal parts of a customer [10]", "分割数[10]")
    ),
]
CapacityOfAll = Annotated[
    int | None,
    typer.Option(
        "--capacity",
        min=1,
        max=10**9,
        help=say("of every site, where the file leaves it open", "ファイルにない場合の容量"),
    ),
]


def preset_options(
    preset: str | None,
    form: str | None,
    p: int | None,
    metres: str | None,
    parts: int | None,
    capacity: int | None,
) -> "PresetOptions | None":
    """Return what the options ask for, None without --preset. Raises InputError."""
    from optimizer.files.presets import PresetOptions

    if preset is not None:
        return PresetOptions(preset, form or "", p, _distance(metres), parts, capacity)
    given = {
        "--format": form, "-p": p, "--metres": metres, "--parts": parts, "--capacity": capacity,
    }  # fmt: skip
    for option, value in given.items():
        if value is not None:
            raise refuse(
                Text("this goes with --preset", "--preset と共に使う"),
                Text("add --preset, or leave it out", "--preset を加えるか除く"),
                column=option,
                value=str(value),
            )
    return None


def _distance(text: str | None) -> Decimal | None:
    if text is None:
        return None
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,6})?", text, re.ASCII):
        return Decimal(text)
    raise refuse(
        Text("not a distance", "距離でない"),
        Text("e.g. 3000", "例: 3000"),
        column="--metres",
        value=text,
    )


def parse_gap(text: str) -> Fraction:
    """Return a relative gap from "0.1%" or "0.001". Raises InputError."""
    if GAP.fullmatch(text):  # Decimal would take full-width digits and 1_0, too
        number = Fraction(Decimal(text.removesuffix("%")))
        value = number / 100 if text.endswith("%") else number
        if value < 1:
            return value
    raise refuse(
        Text("not a gap", "差の指定でない"),
        Text("e.g. 0.1%", "例: 0.1%"),
        column="--gap",
        value=text,
    )
