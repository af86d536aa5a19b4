"""Make travel.csv: straight lines between districts and points, measured on a projected map.

Every district meets every point that has a position, with two exceptions. Post offices stand in
for stores where there are none, so only districts without store access meet them. And a district
reaches the stores only if it has store access, and the post office at its own centroid, both
`in_district`, because neither position is known.
"""

import csv
import io
from pathlib import Path

import numpy as np
import pandas as pd

from optimizer.files.columns import TABLES
from optimizer.files.entries import read_spec
from optimizer.files.instance_folder import read_toml
from optimizer.files.schema import InstanceSpec
from optimizer.files.tables import COORDINATE_SCALE, read_table


def straight_metres(table: pd.DataFrame, others: pd.DataFrame, crs: str) -> np.ndarray:
    """Return straight-line metres (float, one row per row of `table`) in the projection `crs`.

    table, others: lat and lng in units of 1/COORDINATE_SCALE degree.
    """
    a, b = _projected(table, crs), _projected(others, crs)
    return np.asarray(np.hypot(a[:, None, 0] - b[None, :, 0], a[:, None, 1] - b[None, :, 1]))


def travel_table(folder: Path) -> str:
    """Return the text of travel.csv for the instance in `folder`, sorted by district and point."""
    spec = read_spec(InstanceSpec, read_toml(folder / "instance.toml"), "instance.toml")
    districts = read_table(folder / "districts.csv", *TABLES["districts.csv"])
    points = read_table(folder / "points.csv", *TABLES["points.csv"])
    located = points[points["lat"].notna()].sort_values("point_id")
    districts = districts.sort_values("district_id")
    metres = straight_metres(districts, located, spec.travel.crs)
    rows: list[tuple[object, ...]] = []
    for n, district in enumerate(districts.itertuples()):
        for m, point in enumerate(located.itertuples()):
            if point.kind == "post_office" and district.store_access:
                continue
            here = (point.lat, point.lng) == (district.lat, district.lng)
            if here and point.kind in spec.travel.in_district:
                rows.append((district.district_id, point.point_id, "", "", "in_district"))
            else:
                cell = (round(float(metres[n, m])), "", "straight_line")
                rows.append((district.district_id, point.point_id, *cell))
        unlocated = points[points["lat"].isna()].sort_values("point_id")
        if district.store_access:
            rows += [
                (district.district_id, p, "", "", "in_district") for p in unlocated["point_id"]
            ]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(column.name for column in TABLES["travel.csv"][0])
    writer.writerows(rows)
    return text.getvalue()


def _projected(table: pd.DataFrame, crs: str) -> np.ndarray:
    import geopandas

    lat = table["lat"].astype(float) / COORDINATE_SCALE
    lng = table["lng"].astype(float) / COORDINATE_SCALE
    points = geopandas.GeoSeries(geopandas.points_from_xy(lng, lat), crs="EPSG:4326").to_crs(crs)
    return np.column_stack([points.x, points.y])
