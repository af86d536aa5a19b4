"""`optimizer conflict`: words and options."""

import sys

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
    "Find a smallest set of rules that cannot hold together.",
    "両立しない制約の最小の組を求める。",
)


def command(
    instance: InstanceFolder,
    time_limit: Seconds = 60,
    scenario: ScenarioName = None,
    sets: Sets = None,
    drops: Drops = None,
    as_json: Json = False,
    lang: Lang = LANG,
) -> None:
    from optimizer.cli.actions.conflict import run

    sys.exit(run(instance, changes_from(instance, scenario, sets, drops), time_limit, as_json))
