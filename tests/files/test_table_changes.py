"""What-if changes of tables and lists: made before the checks, refused with file, change and remedy."""

import shutil
from pathlib import Path

import pytest

from optimizer.base.errors import InputError, Problem
from optimizer.files.instance_folder import read_instance
from optimizer.model.instance import Instance
from tests.conftest import KUMAMOTO

NEW_POINT = (
    'add points.csv={ point_id = "B99", name = "new branch", kind = "branch", ward = "西区",'
    ' lat = "32.80", lng = "130.66", mode_today = "closed", position_origin = "assumed" }'
)

STATED = (
    'add office_distances.csv={ point_id = "B99", other_id = "W3", metres = 3000,'
    ' origin = "assumed", forced = false }'
)


def changed(*changes: str) -> Instance:
    return read_instance(KUMAMOTO, changes)


def refused(*changes: str) -> Problem:
    with pytest.raises(InputError) as caught:
        read_instance(KUMAMOTO, changes)
    return caught.value.problems[0]


def test_cells_are_set_in_the_chosen_rows_alone(kumamoto):
    """A filter chooses rows by the values of columns; the others stay as they were."""
    city = changed("set points.csv[point_id=B01|B02].mode_today=service_corner")
    assert list(city.points.loc[["B01", "B02", "B03"], "mode_today"]) == [
        "service_corner", "service_corner", "plain_branch",
    ]  # fmt: skip
    narrow = changed("set districts.csv[ward=西区,store_access=false].residents75=7")
    west = (kumamoto.districts["ward"] == "西区") & ~kumamoto.districts["store_access"]
    assert (narrow.districts["residents75"] == 7).equals(west)


def test_numbers_are_scaled_and_rounded_half_up(kumamoto):
    """Without a filter every row is scaled; the residents are whole persons again."""
    city = changed("scale districts.csv.residents65=1.25")
    wanted = (kumamoto.districts["residents65"] * 5 + 2) // 4
    assert city.districts["residents65"].equals(wanted)
    assert changed("scale assumptions.wage=1.1").wage == 7_700_000
    shares = changed("scale assumptions.card_uptake=0.5").assumptions["card_uptake"].value
    assert shares["2016" if "2016" in shares else 2016] == "0.02"


def test_a_new_point_gets_its_ways(kumamoto):
    """An added point is as far from every district as one whose ways stand in travel.csv."""
    city = changed(NEW_POINT, STATED)
    ways = city.travel.xs("B99", level="point")
    assert len(ways) == len(city.districts) and (ways["metres"] > 0).all()
    twin = NEW_POINT.replace('"32.80"', '"32.836671"').replace('"130.66"', '"130.583874"')
    there = changed(twin, STATED).travel
    assert there.xs("B99", level="point").equals(there.xs("B05", level="point"))
    assert kumamoto.travel.equals(city.travel.drop("B99", level="point"))


def test_a_dropped_point_leaves_nothing_behind(kumamoto):
    """Its ways and its stated distances go with it; an entry that names it must go too."""
    city = changed("drop points.csv[point_id=PO38]")
    assert "PO38" not in city.points.index
    for table in (city.travel, city.office_distances):
        assert "PO38" not in {value for label in table.index for value in label}
    assert len(city.travel) == len(kumamoto.travel.drop("PO38", level="point"))
    assert refused("drop points.csv[point_id=X02]").value == "X02"
    assert "X02" not in changed("drop points.csv[point_id=X02]", "drop plaza").points.index


def test_periods_and_entries_come_and_go():
    """A year goes with its values; a new year needs them; an entry is added as in the file."""
    city = changed("drop period.2020", "drop one_function", "drop yoshino")
    assert list(city.periods.index) == [2016, 2017, 2018, 2019]
    assert (
        changed(
            "add period={ period = 2021 }",
            'set assumptions.card_uptake.value.2021="0.24"',
            'set assumptions.linked_data_remaining.value.2021="0.90"',
        ).planned[-1]
        == 2021
    )
    entry = 'add constraint={ type = "yearly_pace", id = "pause", changes = 0 }'
    assert "pause" in {e.id for e in changed(entry).entries}
    assert [o.id for o in changed("drop objective.travel").objectives] == ["staff_cost"]


@pytest.mark.parametrize(
    ("change", "file", "told"),
    [
        ("set points.csv[point_id=B77].kind=branch", "points.csv", "no row has B77"),
        ("set points.csv[ward=西区,kind=ward_office].nme=x", "points.csv", "no such column"),
        ("set points.csv[colour=red].name=x", "points.csv", "no such column"),
        ("set pints.csv.name=x", "pints.csv", "no such table"),
        ("set points.csv=x", "points.csv", "not a change of a table"),
        ("drop points.csv.name", "points.csv", "not a change of a table"),
        ("scale points.csv.name=2", "points.csv", "not a whole number"),
        ("scale districts.csv.residents=-2", "instance.toml", "not a factor"),
        ("add points.csv=5", "points.csv", "not a row"),
        ("add points.csv={ colour = 1 }", "points.csv", "no such column"),
        ("set neighbours.csv.other_id=x", "neighbours.csv", "the table is not there"),
        ("set points.csv[point_id=B01].kind=castle", "points.csv", "no such kind"),
        ("set districts.csv[district_id=D01].residents=１２", "districts.csv", "full-width"),
        ("scale assumptions.wage=much", "instance.toml", "not a factor"),
        ("scale name.en=2", "instance.toml", "leads to no number"),
        ("add name=5", "instance.toml", "not a list"),
        ("drop period.1999", "instance.toml", "not there"),
        ("drop name.en", "instance.toml", "leads to no list"),
    ],
)  # fmt: skip
def test_what_cannot_be_changed_is_refused(change, file, told):
    """The place, the change and what is wrong are named, in both languages."""
    problem = refused(change)
    assert problem.file == file and told in problem.message.en
    assert problem.message.ja and problem.remedy.en and problem.remedy.ja


def test_dropped_districts_leave_the_other_tables(tmp_path: Path):
    """Neighbours of a dropped district go too."""
    folder = Path(shutil.copytree(KUMAMOTO, tmp_path / "city"))
    (folder / "neighbours.csv").write_text("district_id,other_id\nD01,D02\nD02,D03\n")
    city = read_instance(folder, ["drop districts.csv[district_id=D01]"])
    assert ("D02", "D03") in city.neighbours and "D01" not in city.districts.index
    assert not any("D01" in pair for pair in city.neighbours)
