"""Map layers: complete, in a stated reference system, the same bytes for the same plan."""

import json
import subprocess
import sys

import pytest

from optimizer.audit.verify import verify
from optimizer.base.errors import InputError
from optimizer.files.solution_folder import read_plan
from optimizer.model.example import town, town_plan
from optimizer.report.map.gis import gis_files
from optimizer.report.networks import served_by_year
from tests.conftest import KUMAMOTO

BASE = KUMAMOTO.parents[1] / "solutions" / "kumamoto-2015" / "base"


@pytest.fixture(scope="module")
def audit(kumamoto):
    """The audit of the committed base plan."""
    return verify(kumamoto, read_plan(BASE, kumamoto))


def test_layers_are_whole_and_state_their_reference_system(audit, tmp_path):
    """Every district, point and assignment is there, on EPSG:6668, at its place, with its numbers."""
    import geopandas

    files = gis_files(audit)
    (tmp_path / "plan.gpkg").write_bytes(files["gis/plan.gpkg"])
    served = served_by_year(audit)
    counts = {
        "districts": len(audit.instance.districts),
        "points": len(audit.instance.points),
        "assignments": len(served),
    }
    for name, count in counts.items():
        layer = geopandas.read_file(tmp_path / "plan.gpkg", layer=name)
        assert layer.crs.to_epsg() == 6668 and len(layer) == count
        assert len(json.loads(files[f"gis/{name}.geojson"])["features"]) == count
    assert layer["metres"].tolist() == served["metres"].tolist()
    districts = geopandas.read_file(tmp_path / "plan.gpkg", layer="districts")
    assert districts.total_bounds[0] > 130.5 and districts.total_bounds[3] < 33.1


def test_the_same_plan_gives_the_same_bytes(audit):
    """Two writings agree to the byte, also in the GeoPackage."""
    assert gis_files(audit) == gis_files(audit)


def test_an_instance_without_positions_is_refused():
    """What cannot be drawn is refused in words."""
    with pytest.raises(InputError, match="no positions"):
        gis_files(verify(town(), town_plan()))


def test_the_rooms_of_maps_stay_shut_otherwise():
    """Importing the command that reports loads neither geopandas nor a workbook writer."""
    code = "import sys, optimizer.cli.main; print('geopandas' in sys.modules, 'xlsxwriter' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
