"""Make districts.geojson: schematic areas of districts, drawn around the positions of their towns.

Where nobody publishes the borders of districts, a map can still be coloured. The recipe: the
cell of every town (Voronoi) in a metric projection; a town divided between districts gives each
of them a position moved towards the district's own centre; cells dissolved by district, cut at
an outline around all towns, and simplified so that neighbours keep one common border. Such areas
say roughly where a district lies. They are no borders, and are called schematic wherever shown.
"""

import csv
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from optimizer.base.errors import InputError, Problem, refuse
from optimizer.base.words import Text
from optimizer.files.columns import TABLES
from optimizer.files.entries import read_spec
from optimizer.files.instance_folder import read_toml
from optimizer.files.schema import InstanceSpec
from optimizer.files.tables import COORDINATE_SCALE, read_table
from optimizer.files.text_files import read_text

AROUND = 1_500
"""Metres that the outline leaves around every town."""

HOLLOW = 1_500
"""Metres of a bay in the outline that is filled."""

TOWARDS = 0.1
"""The part of the way to the district's centre by which the position of a divided town moves."""

COARSE = 120
"""Metres: the tolerance of the simplification (the square root of the area it may move)."""

DECIMALS = 5
"""Decimals of a degree in the file, about a metre."""


class Town(NamedTuple):
    """A town, or a district's part of it: whose it is and where (degrees)."""

    district: str
    lat: float
    lng: float


def schematic_areas(folder: Path, towns: Path | None = None) -> str:
    """Return the text of districts.geojson for the instance in `folder`.

    towns: a CSV file with the columns town, district_id, town_lat, town_lng, one row for every
    town and district that share ground. Without it every district is one cell, around its own
    position. Raises InputError where a table is faulty or a district has no town.
    """
    spec = read_spec(InstanceSpec, read_toml(folder / "instance.toml"), "instance.toml")
    table = read_table(folder / "districts.csv", *TABLES["districts.csv"])
    districts = table.set_index("district_id").sort_index()
    centres = districts[["lat", "lng"]].astype(float) / COORDINATE_SCALE
    places = [Town(str(d), float(at.lat), float(at.lng)) for d, at in centres.iterrows()]
    if towns is not None:
        places = _towns(towns, centres)
    return _collection(_areas(places, spec.travel.crs), districts["name"])


def _towns(path: Path, centres: pd.DataFrame) -> list[Town]:
    """Return the towns in the file; the parts of a divided town moved apart."""
    rows = list(csv.DictReader(read_text(path).splitlines()))
    problems, parts = [], []
    for number, row in enumerate(rows, 2):
        try:
            at = [float(Decimal(row[name])) for name in ("town_lat", "town_lng")]
            parts.append((row["town"], Town(row["district_id"], *at)))
            centres.loc[row["district_id"]]
        except (KeyError, TypeError, InvalidOperation) as error:
            message = Text(
                f"row {number}: not a town ({error})", f"{number}行目: 町でない({error})"
            )
            remedy = Text(
                "give town, district_id, town_lat, town_lng", "町、校区、緯度、経度を書く"
            )
            problems.append(Problem(message, remedy, path.name))
    problems += [
        Problem(
            Text(f"no town of the district {d}", f"校区 {d} の町がない"),
            Text("add its towns", "その町を加える"),
            path.name,
        )
        for d in sorted(set(centres.index) - {town.district for _, town in parts})
    ]
    if problems:
        raise InputError(problems)
    shared = pd.Series([town for town, _ in parts]).value_counts()
    return [_moved(part, centres) if shared[name] > 1 else part for name, part in parts]


def _moved(part: Town, centres: pd.DataFrame) -> Town:
    lat, lng = centres.loc[part.district]
    step = ((lat - part.lat) * TOWARDS, (lng - part.lng) * TOWARDS)
    return Town(part.district, part.lat + step[0], part.lng + step[1])


def _areas(towns: Sequence[Town], crs: str) -> Any:
    """Return the areas (GeoSeries, WGS 84, index district), their common borders simplified once."""
    import geopandas
    import shapely

    table = pd.DataFrame(towns).drop_duplicates(["lat", "lng"])
    at = geopandas.GeoSeries(geopandas.points_from_xy(table["lng"], table["lat"]), crs="EPSG:4326")
    points = at.to_crs(crs).set_axis(table["district"])
    outline = points.buffer(AROUND + HOLLOW).union_all().buffer(-HOLLOW)
    cells = shapely.voronoi_polygons(
        shapely.MultiPoint(list(points)), extend_to=outline, ordered=True
    )
    voronoi = geopandas.GeoSeries(list(cells.geoms), index=points.index, crs=crs)
    dissolved = geopandas.GeoDataFrame(geometry=voronoi).dissolve(by="district", sort=True)
    missing = {town.district for town in towns} - set(dissolved.index)
    if missing:
        raise refuse(
            Text(f"no place of its own: {sorted(missing)}", f"位置が他と同じ: {sorted(missing)}"),
            Text("give the districts positions of their own", "校区ごとに異なる位置を書く"),
        )
    # Cut and simplified as one coverage: what two districts share stays one line.
    cut = shapely.coverage_simplify(list(dissolved.geometry.intersection(outline)), COARSE)
    return geopandas.GeoSeries(list(cut), index=dissolved.index, crs=crs).to_crs("EPSG:4326")


def _collection(areas: Any, names: pd.Series) -> str:
    """Return GeoJSON (RFC 7946), a district a line, so that a change can be read."""
    import json

    features = []
    for district, shape in areas.items():
        parts = getattr(shape, "geoms", [shape])
        rings = [[_ring(r.coords) for r in (p.exterior, *p.interiors)] for p in parts]
        several = len(rings) > 1
        geometry = {
            "type": "MultiPolygon" if several else "Polygon",
            "coordinates": rings if several else rings[0],
        }
        properties = {"district_id": district, "name": names[district], "schematic": True}
        feature = {"type": "Feature", "properties": properties, "geometry": geometry}
        features.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    lines = ",\n".join(features)
    return f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'


def _ring(coordinates: Iterable[tuple[float, float]]) -> list[list[float]]:
    return [[round(lng, DECIMALS), round(lat, DECIMALS)] for lng, lat in coordinates]
