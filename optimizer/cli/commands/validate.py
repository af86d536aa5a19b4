"""`optimizer validate`: words and options."""

from typing import Any

from optimizer.cli import output
from optimizer.cli.language import LANG, say
from optimizer.cli.options import (
    Drops,
    InstanceFolder,
    Json,
    Lang,
    ScenarioName,
    Sets,
    changes_from,
)

HELP = say("Check every file of an instance.", "インスタンスの全ファイルを確かめる。")


def command(
    instance: InstanceFolder,
    scenario: ScenarioName = None,
    sets: Sets = None,
    drops: Drops = None,
    as_json: Json = False,
    lang: Lang = LANG,
) -> None:
    from optimizer.files.instance_folder import read_instance

    city = read_instance(instance, changes_from(instance, scenario, sets, drops))
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
