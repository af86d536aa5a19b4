"""travel.csv can be made again from the tables, and its circuity from the stated distances."""

from decimal import Decimal
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd
import pytest

from optimizer.files.columns import TABLES
from optimizer.files.instance_folder import read_toml
from optimizer.files.links import straight_metres
from optimizer.files.tables import COORDINATE_SCALE, read_table
from optimizer.importers.travel import travel_table
from tests.conftest import KUMAMOTO

CRS = "EPSG:6670"


def at(*places: tuple[float, float]) -> pd.DataFrame:
    """A table of places given in degrees."""
    table = pd.DataFrame(places, columns=["lat", "lng"])
    return (table * COORDINATE_SCALE).round().astype("int64")


def test_the_committed_table_is_reproduced() -> None:
    """The importer gives the committed travel.csv, byte for byte."""
    assert travel_table(KUMAMOTO).encode() == (KUMAMOTO / "travel.csv").read_bytes()


def test_a_moved_district_changes_only_its_own_rows(folder: Path) -> None:
    """The table follows the coordinates."""
    old = travel_table(folder).splitlines()
    path = folder / "districts.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("32.817455", "32.827455", 1), encoding="utf-8")
    new = travel_table(folder).splitlines()
    assert {a.partition(",")[0] for a, b in zip(old, new, strict=True) if a != b} == {"D01"}


def test_distances_by_hand() -> None:
    """One hundredth of a degree of latitude is 1,109 m here; distances have no direction."""
    places = at((32.80, 130.70), (32.81, 130.70), (32.80, 130.71))
    metres = straight_metres(places, places[:2], CRS)
    assert metres.shape == (3, 2)
    assert metres[0, 0] == 0
    assert metres[1, 0] == pytest.approx(1109, abs=1)
    assert np.array_equal(straight_metres(places[:2], places, CRS).T, metres)


def test_circuity_is_the_median_of_the_forced_pairs() -> None:
    """Stated over straight metres of the policy's forced pairs has the median 1.31, as stated."""
    pairs = _office_pairs()
    forced = pairs[pairs["forced"] & (pairs["origin"] == "policy table and map")]
    assert len(forced) == 11
    assert round(median(forced["metres"] / forced["straight"]), 2) == 1.31
    stated = read_toml(KUMAMOTO / "instance.toml")["travel"]["circuity"]
    assert Decimal(stated) == Decimal("1.31")


def test_the_median_of_all_pairs_of_the_table_is_the_same() -> None:
    """As instance.toml says: the median does not hang on which pairs are forced."""
    pairs = _office_pairs()
    table = pairs[pairs["origin"] == "policy table and map"]
    assert len(table) == 14
    assert round(median(table["metres"] / table["straight"]), 2) == 1.31


def _office_pairs() -> pd.DataFrame:
    """The stated pairs with their straight-line metres."""
    points = read_table(KUMAMOTO / "points.csv", *TABLES["points.csv"]).set_index("point_id")
    points = points[points["lat"].notna()]
    metres = pd.DataFrame(straight_metres(points, points, CRS), points.index, points.index)
    pairs = read_table(KUMAMOTO / "office_distances.csv", *TABLES["office_distances.csv"])
    straight = [metres.loc[a, b] for a, b in zip(pairs["point_id"], pairs["other_id"], strict=True)]
    return pairs.assign(straight=straight)
