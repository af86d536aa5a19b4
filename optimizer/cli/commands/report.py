"""`optimizer report`: words and options."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from optimizer.cli.language import LANG, say
from optimizer.cli.options import Json, Lang, SolutionFolder

HELP = say(
    "Write the report of a stored plan: page, workbook, letters, map layers, PDF.",
    "保存した計画の報告(頁、表計算、校区別のお知らせ、地図、PDF)を書き出す。",
)


def command(
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
    map_file: Annotated[
        Path | None,
        typer.Option(
            "--map", help=say("file for a picture of the map (SVG)", "地図の画像(SVG)の保存先")
        ),
    ] = None,
    as_json: Json = False,
    lang: Lang = LANG,
) -> None:
    from optimizer.cli.actions.report import Wanted, run

    wanted = Wanted(html, xlsx, letters, gis, pdf, map_file)
    sys.exit(run(solution, instance, out, wanted, as_json))
