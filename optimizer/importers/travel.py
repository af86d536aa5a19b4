"""Make travel.csv from the coordinates of an instance."""

import csv
import io
from pathlib import Path

from optimizer.files.columns import TABLES
from optimizer.files.entries import read_spec
from optimizer.files.instance_folder import read_toml
from optimizer.files.links import straight_links
from optimizer.files.schema import InstanceSpec
from optimizer.files.tables import read_table


def travel_table(folder: Path) -> str:
    """Return the text of travel.csv for the instance in `folder`, sorted by district and point."""
    spec = read_spec(InstanceSpec, read_toml(folder / "instance.toml"), "instance.toml")
    districts = read_table(folder / "districts.csv", *TABLES["districts.csv"])
    points = read_table(folder / "points.csv", *TABLES["points.csv"])
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(column.name for column in TABLES["travel.csv"][0])
    writer.writerows(straight_links(districts, points, spec).itertuples(index=False))
    return text.getvalue()
