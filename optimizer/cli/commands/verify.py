"""`optimizer verify`: words and options."""

import sys

from optimizer.cli.language import LANG, say
from optimizer.cli.options import InstanceFolder, Json, Lang, SolutionFolder

HELP = say(
    "Check a stored plan from the raw tables, without any solver.",
    "保存した計画を、ソルバーを使わず元の表から確かめる。",
)


def command(
    instance: InstanceFolder,
    solution: SolutionFolder,
    as_json: Json = False,
    lang: Lang = LANG,
) -> None:
    from optimizer.cli.actions.verify import run

    sys.exit(run(instance, solution, as_json))
