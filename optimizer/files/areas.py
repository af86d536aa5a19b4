"""The areas of districts, for the map only: districts.geojson or districts.gpkg of an instance.

They decide nothing, so that they are no part of the fingerprint of an instance.
"""

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from optimizer.base.errors import refuse
from optimizer.base.words import Text
from optimizer.files.text_files import check_size

FILES = ("districts.geojson", "districts.gpkg")

Ring = tuple[tuple[float, float], ...]
"""A closed line of (longitude, latitude) in degrees."""


@dataclass(frozen=True)
class Areas:
    """Where each district lies. rings: district -> its outer and inner borders.

    schematic: whether they are drawn around positions, and are no borders.
    """

    rings: dict[str, tuple[Ring, ...]]
    schematic: bool


def read_areas(folder: Path) -> Areas | None:
    """Return the areas of the instance in `folder`; None where it has none.

    The column district_id names the district; a column `schematic` that is true anywhere makes
    the whole schematic. Raises InputError where the file cannot be read or has no such column.
    """
    path = next((folder / name for name in FILES if (folder / name).is_file()), None)
    if path is None:
        return None
    from shapely.errors import ShapelyError

    check_size(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # GDAL announces what it repairs; the rest is checked
            return _areas(path)
    except (ShapelyError, RuntimeError, ValueError, OSError) as error:  # of GEOS, GDAL, PROJ
        told = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise _unreadable(path, Text(f"cannot be read ({told})", f"読めない({told})")) from None


def _areas(path: Path) -> Areas:
    import geopandas

    table = geopandas.read_file(path)
    if "district_id" not in table or table.crs is None or table.geometry.isna().any():
        message = Text(
            "no column district_id, no projection or no shape",
            "district_id、座標系、形のいずれかがない",
        )
        raise _unreadable(path, message)
    others = table[~table.geometry.geom_type.isin(["Polygon", "MultiPolygon"])]
    if len(others):
        kinds = ", ".join(sorted(set(others.geometry.geom_type)))
        raise _unreadable(path, Text(f"shapes that are no areas: {kinds}", f"面でない形: {kinds}"))
    shapes = table.set_index("district_id").geometry.to_crs("EPSG:4326")
    rings = {str(district): _rings(shape) for district, shape in shapes.items()}
    schematic = "schematic" in table and bool(table["schematic"].astype(bool).any())
    return Areas(rings, schematic)


def _rings(shape: Any) -> tuple[Ring, ...]:
    polygons = getattr(shape, "geoms", [shape])
    lines = [line for p in polygons for line in (p.exterior, *p.interiors)]
    return tuple(tuple((float(x), float(y)) for x, y, *_ in line.coords) for line in lines)


def _unreadable(path: Path, message: Text) -> Exception:
    remedy = Text(
        "make it anew, or remove it to have a map of points",
        "作り直すか、削除する(地図は点で示される)",
    )
    return refuse(message, remedy, file=path.name)
