"""The picture of the map: well-formed, true to the plan, the one that the README shows."""

from xml.etree import ElementTree

import pytest

from optimizer.audit.stored import verify_folder
from optimizer.audit.verify import verify
from optimizer.base.errors import InputError
from optimizer.files.areas import read_areas
from optimizer.report.map.map_picture import map_picture
from tests.conftest import KUMAMOTO

ROOT = KUMAMOTO.parents[1]
BASE = ROOT / "solutions" / "kumamoto-2015" / "base"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def audit():
    """The audit of the committed base plan."""
    return verify_folder(KUMAMOTO, BASE).audit


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_every_district_and_every_counter_of_the_last_year_is_drawn(audit, lang):
    """94 areas, and for each mode as many marks as the plan has counters with a position in it."""
    root = ElementTree.fromstring(map_picture(audit, read_areas(KUMAMOTO), lang))
    assert len([e for e in root.iter(f"{SVG}path") if "d " in e.get("class", "")]) == 94
    instance = audit.instance
    last = audit.plan.modes.xs(instance.planned[-1], level="period")
    located = instance.points["lat"].notna()
    drawn = [e.find(f"{SVG}use").get("href")[6:] for e in root.iter(f"{SVG}g") if "office" in e.get("class", "")]  # fmt: skip
    for mode in instance.open_modes:
        assert drawn.count(mode) == sum(located[p] and m == mode for p, m in last.items())
    told = "".join(root.itertext())
    assert {"en": "no borders", "ja": "模式図"}[lang] in told
    assert "http" not in told and not list(root.iter(f"{SVG}script"))


def test_the_picture_of_the_readme_is_that_of_the_plan(audit):
    """docs/map.svg is what `optimizer report` draws of the stored plan, and the README shows it."""
    made = map_picture(audit, read_areas(KUMAMOTO), "en")
    command = "optimizer report solutions/kumamoto-2015/base --map docs/map.svg --lang en"
    assert (ROOT / "docs" / "map.svg").read_text("utf-8") == made, f"stale: {command}"
    readme = (ROOT / "README.md").read_text("utf-8")
    assert "(docs/map.svg)" in readme and command in readme


def test_names_cannot_break_the_picture(audit):
    """A name with markup in it stays a text."""
    from dataclasses import replace

    points = audit.instance.points.assign(name="<script>&")
    strange = verify(replace(audit.instance, points=points), audit.plan)
    root = ElementTree.fromstring(map_picture(strange, None, "en"))
    assert "<script>&" in "".join(root.itertext())


def test_without_positions_there_is_no_picture(audit):
    """An instance without positions is refused in words."""
    from dataclasses import replace

    districts = audit.instance.districts.drop(columns=["lat", "lng"])
    nowhere = replace(audit, instance=replace(audit.instance, districts=districts))
    with pytest.raises(InputError, match="without positions"):
        map_picture(nowhere, None, "en")
