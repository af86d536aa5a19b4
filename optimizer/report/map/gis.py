"""A plan as map layers for QGIS: districts, points and assignments, in one GeoPackage and as GeoJSON.

Coordinates are longitude and latitude on JGD2011 (EPSG:6668) as the tables have them; GeoJSON
says WGS 84 (RFC 7946), which agrees with it to within decimetres. Files state it.
"""

import json
import os
import sqlite3
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from optimizer.audit.verify import Audit
from optimizer.base.errors import refuse
from optimizer.base.words import Text
from optimizer.files.tables import COORDINATE_SCALE
from optimizer.report.networks import modes_by_year, served_by_year, staff_by_year

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

EPSG = 6668
LAYERS = ("districts", "points", "assignments")
STAMP = "2000-01-01T00:00:00.000Z"
"""The date in a GeoPackage, fixed so that the same plan gives the same bytes."""


def layers(audit: Audit) -> dict[str, "GeoDataFrame"]:
    """Return the three layers. Points without a position (all stores as one) have no geometry.

    - districts: point of each district; residents, metres to the counter of each service today
      and in the last year.
    - points: position of each point; mode and persons of every year.
    - assignments: a line per (district, service, period) from the district to its counter;
      metres and cases.

    Raises InputError where the districts have no positions.
    """
    instance = audit.instance
    if instance.classical is not None or "lat" not in instance.districts:
        raise refuse(
            Text("the instance has no positions to draw", "地図に描く位置がない"),
            Text(
                "add lat and lng to districts.csv, or leave --gis out",
                "lat と lng を加えるか --gis を除く",
            ),
        )
    return {
        "districts": _districts(audit),
        "points": _points(audit),
        "assignments": _assignments(audit),
    }


def _districts(audit: Audit) -> "GeoDataFrame":
    instance = audit.instance
    table = instance.districts[["name", "ward", "room", "residents", "residents65"]].copy()
    served = served_by_year(audit)
    for year in (instance.today, instance.planned[-1]):
        metres = served[served["period"] == year].set_index(["district", "service"])["metres"]
        for service in instance.services.index:
            column = metres.xs(service, level="service") if len(metres) else metres
            table[f"m_{service}_{year}"] = column.reindex(table.index).astype("Int64")
    return _frame(table.reset_index(), _places(instance.districts))


def _points(audit: Audit) -> "GeoDataFrame":
    instance = audit.instance
    table = instance.points[["name", "kind", "ward"]].copy()
    for year, modes in modes_by_year(audit).items():
        table[f"mode_{year}"] = modes.reindex(table.index)
    for year, persons in staff_by_year(audit).items():
        table[f"staff_{year}"] = persons.reindex(table.index)
    return _frame(table.reset_index(), _places(instance.points))


def _assignments(audit: Audit) -> "GeoDataFrame":
    from shapely import LineString

    served = served_by_year(audit)
    starts, ends = _places(audit.instance.districts), _places(audit.instance.points)
    lines = [
        None if starts[d] is None or ends[p] is None else LineString([starts[d], ends[p]])
        for d, p in zip(served["district"], served["point"], strict=True)
    ]
    columns = ["district", "service", "period", "point", "mode", "metres", "cases", "origin"]
    return _frame(served[columns], lines)


def _places(table: pd.DataFrame) -> "pd.Series[Any]":
    """Return the position of each row, None where the tables have none; degrees."""
    from shapely import Point

    made = [
        None
        if pd.isna(lat) or pd.isna(lng)
        else Point(lng / COORDINATE_SCALE, lat / COORDINATE_SCALE)
        for lat, lng in zip(table["lat"], table["lng"], strict=True)
    ]
    return pd.Series(made, index=table.index, dtype=object)


def _frame(table: pd.DataFrame, geometry: Any) -> "GeoDataFrame":
    from geopandas import GeoDataFrame

    return GeoDataFrame(table.reset_index(drop=True), geometry=list(geometry), crs=f"EPSG:{EPSG}")


def gis_files(audit: Audit) -> dict[str, str | bytes]:
    """Return plan.gpkg and one GeoJSON per layer: relative path -> content."""
    made = layers(audit)
    written: dict[str, str | bytes] = {"gis/plan.gpkg": _geopackage(made)}
    for name, frame in made.items():
        text = json.loads(frame.set_crs(4326, allow_override=True).to_json(drop_id=True))
        text.pop("crs", None)  # RFC 7946: always longitude, latitude on WGS 84
        written[f"gis/{name}.geojson"] = json.dumps(text, ensure_ascii=False) + "\n"
    return written


def _geopackage(made: dict[str, "GeoDataFrame"]) -> bytes:
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "plan.gpkg"
        before = os.environ.get("OGR_CURRENT_DATE")
        os.environ["OGR_CURRENT_DATE"] = STAMP
        try:
            for name, frame in made.items():
                kind = "LineString" if name == "assignments" else "Point"
                frame.to_file(path, layer=name, driver="GPKG", engine="pyogrio", geometry_type=kind)
        finally:
            os.environ.pop("OGR_CURRENT_DATE", None)
            if before is not None:
                os.environ["OGR_CURRENT_DATE"] = before
        base = sqlite3.connect(path)
        base.execute("UPDATE gpkg_contents SET last_change = ?", (STAMP,))
        base.commit()
        base.close()
        return path.read_bytes()
