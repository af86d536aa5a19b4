"""Ways between districts and points: straight lines measured on a projected map.

Every district meets every point that has a position, with two exceptions. Post offices stand in
for stores where there are none, so only districts without store access meet them. And a district
reaches the stores only if it has store access, and the post office at its own centroid, both
`in_district`, because neither position is known.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from optimizer.files.schema import InstanceSpec
from optimizer.files.tables import COORDINATE_SCALE

COLUMNS = ["district_id", "point_id", "straight_metres", "stated_metres", "origin"]


def straight_metres(table: pd.DataFrame, others: pd.DataFrame, crs: str) -> np.ndarray:
    """Return straight-line metres (float, one row per row of `table`) in the projection `crs`.

    table, others: lat and lng in units of 1/COORDINATE_SCALE degree.
    """
    a, b = _projected(table, crs), _projected(others, crs)
    return np.asarray(np.hypot(a[:, None, 0] - b[None, :, 0], a[:, None, 1] - b[None, :, 1]))


def straight_links(
    districts: pd.DataFrame, points: pd.DataFrame, spec: InstanceSpec
) -> pd.DataFrame:
    """Return the rows of travel.csv, sorted by district and point; metres are None where unknown."""
    located = points[points["lat"].notna()].sort_values("point_id")
    districts = districts.sort_values("district_id")
    metres = straight_metres(districts, located, spec.travel.crs)
    unlocated = points[points["lat"].isna()].sort_values("point_id")
    rows: list[tuple[object, ...]] = []
    for n, district in enumerate(districts.itertuples()):
        for m, point in enumerate(located.itertuples()):
            if point.kind == "post_office" and district.store_access:
                continue
            here = (point.lat, point.lng) == (district.lat, district.lng)
            if here and point.kind in spec.travel.in_district:
                rows.append((district.district_id, point.point_id, None, None, "in_district"))
            else:
                cell = (round(float(metres[n, m])), None, "straight_line")
                rows.append((district.district_id, point.point_id, *cell))
        if district.store_access:
            rows += [
                (district.district_id, p, None, None, "in_district") for p in unlocated["point_id"]
            ]
    return pd.DataFrame(rows, columns=COLUMNS, dtype=object)


def with_missing_ways(tables: Mapping[str, pd.DataFrame], spec: InstanceSpec) -> pd.DataFrame:
    """Return travel.csv with a row for every district and point added by a change."""
    there = tables["travel.csv"]
    every = straight_links(tables["districts.csv"], tables["points.csv"], spec)
    pairs = pd.MultiIndex.from_frame(there[["district_id", "point_id"]])
    known = {name: set(there[name]) for name in ("district_id", "point_id")}
    fresh = ~every["district_id"].isin(known["district_id"]) | ~every["point_id"].isin(
        known["point_id"]
    )
    missing = ~pd.MultiIndex.from_frame(every[["district_id", "point_id"]]).isin(pairs)
    added = every[fresh & missing]
    added.index = range(int(there.index.max()) + 1, int(there.index.max()) + 1 + len(added))
    return pd.concat([there.astype(object), added]) if len(added) else there


def _projected(table: pd.DataFrame, crs: str) -> np.ndarray:
    import geopandas

    lat = table["lat"].astype(float) / COORDINATE_SCALE
    lng = table["lng"].astype(float) / COORDINATE_SCALE
    points = geopandas.GeoSeries(geopandas.points_from_xy(lng, lat), crs="EPSG:4326").to_crs(crs)
    return np.column_stack([points.x, points.y])
