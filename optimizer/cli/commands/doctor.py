"""`optimizer doctor`: words and options."""

import sys

from optimizer.cli.language import LANG, say
from optimizer.cli.options import Json, Lang

HELP = say("Check this machine: Python, engines, files, language.", "実行環境を確かめる。")


def command(as_json: Json = False, lang: Lang = LANG) -> None:
    from optimizer.cli.actions.doctor import run

    sys.exit(run(as_json))
