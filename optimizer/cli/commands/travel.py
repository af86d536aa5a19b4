"""`optimizer travel`: words and options."""

from optimizer.cli import output
from optimizer.cli.language import LANG, say
from optimizer.cli.options import InstanceFolder, Json, Lang

HELP = say("Make travel.csv of an instance from its coordinates.", "座標から travel.csv を作る。")


def command(instance: InstanceFolder, as_json: Json = False, lang: Lang = LANG) -> None:
    from optimizer.files.solution_folder import write_text
    from optimizer.importers.travel import travel_table

    text = travel_table(instance)
    write_text(instance / "travel.csv", text)
    rows = text.count("\n") - 1
    if as_json:
        output.print_json({"file": str(instance / "travel.csv"), "rows": rows})
    else:
        print(say(f"travel.csv: {rows} rows", f"travel.csv: {rows}行"))
