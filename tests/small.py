"""A small real city for tests that solve: the west ward of Kumamoto, cut out of the instance."""

import csv
from pathlib import Path

WARD = "西区"


def write_west_ward(source: Path, target: Path) -> Path:
    """Write the instance of the west ward to `target`; returns it."""
    target.mkdir(parents=True)
    districts = _rows(source / "districts.csv", lambda r: r["ward"] == WARD)
    points = _rows(source / "points.csv", lambda r: r["ward"] in (WARD, ""))
    rooms = _rows(source / "rooms.csv", lambda r: r["ward"] == WARD)
    here, there = {r["district_id"] for r in districts}, {r["point_id"] for r in points}
    tables = {
        "districts.csv": districts,
        "points.csv": points,
        "rooms.csv": rooms,
        "office_distances.csv": _rows(
            source / "office_distances.csv",
            lambda r: r["point_id"] in there and r["other_id"] in there,
        ),
        "travel.csv": _rows(
            source / "travel.csv", lambda r: r["district_id"] in here and r["point_id"] in there
        ),
    }
    for name, rows in tables.items():
        with (target / name).open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    text = (source / "instance.toml").read_text(encoding="utf-8")
    (target / "instance.toml").write_text(text.split("[[claim]]")[0], encoding="utf-8")
    (target / "policy.toml").write_bytes((source / "policy.toml").read_bytes())
    return target


def _rows(path: Path, keep) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if keep(row)]
