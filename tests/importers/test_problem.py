"""A file under a preset becomes the instance that the preset means, or is refused with the reason."""

from decimal import Decimal
from pathlib import Path

import pytest

from optimizer.base.errors import InputError
from optimizer.city.city import UNLIMITED
from optimizer.files.presets import PresetOptions, presets
from optimizer.importers.location_checks import MOST_LINKS
from optimizer.importers.place import read_place
from optimizer.importers.problem import FORMATS, read_problem
from tests.conftest import KUMAMOTO
from tests.importers.files import lines, write_matrix, write_pmed, write_tsplib, write_uflp


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    """A path 1-2-...-12 of edges of length 5, p = 2."""
    return write_pmed(tmp_path / "Line 12.txt", 12, 2, [[i, i + 1, 5] for i in range(1, 12)])


@pytest.fixture
def plants(tmp_path: Path) -> Path:
    """Two sites, two customers; costs with one decimal, demands with two."""
    sites, customers = [(10, "7.5"), (2000, 8)], [("1.25", [1, "2.5"]), ("3", [4, 5])]
    return write_uflp(tmp_path / "plants.txt", sites, customers)


def test_customers_are_districts_and_sites_points(graph):
    """Ids sort as numbers, names are the file's; today all is closed; the file's p is taken."""
    city = read_problem(graph, PresetOptions("p-median"))
    assert city.id == "line-12-p-median-p2"
    assert list(city.points.index) == [f"{n:02}" for n in range(1, 13)]
    assert list(city.points["name"])[:3] == ["1", "2", "3"]
    assert set(city.points["mode_today"]) == {"closed"} and city.planned == [1]
    assert city.travel["metres"]["02", "11"] == 45  # nine edges of 5
    sites = next(entry for entry in city.entries if entry.id == "sites")
    assert (sites.least, sites.most) == (2, 2)
    assert [objective.type_name() for objective in city.objectives] == ["travel"]
    assert {entry.type_name() for entry in city.entries} >= {"assigned_once", "served_where_open"}


def test_the_user_overrides_the_file_and_changes_the_lists(graph):
    """-p wins over the file; --set and --drop reach the preset's entries; the fingerprint tells."""
    plain = read_problem(graph, PresetOptions("p-median"))
    more = read_problem(graph, PresetOptions("p-median", p=3))
    changed = read_problem(graph, PresetOptions("p-median"), ["set constraint.sites.most=3"])
    dropped = read_problem(graph, PresetOptions("p-median"), ["drop sites"])
    assert next(e for e in more.entries if e.id == "sites").least == 3
    assert next(e for e in changed.entries if e.id == "sites").most == 3
    assert all(entry.id != "sites" for entry in dropped.entries)
    assert len({i.fingerprint for i in (plain, more, changed, dropped)}) == 4


def test_capacity_counts_demand_and_cost_counts_the_customer(plants):
    """Cases are demands in hundredths, metres costs in tenths; a site no customer can fill stays."""
    city = read_problem(plants, PresetOptions("sscflp", format="orlib-uflp"))
    assert city.demand.xs(1, level="period").tolist() == [125, 300]
    assert city.points["capacity"].tolist() == [1000, 200000]
    assert city.points["site_cost"].tolist() == [75, 80]
    assert city.travel["metres"].tolist() == [10, 25, 40, 50]
    assert city.districts["residents"].tolist() == [1, 1]
    assert (city.classical.per, city.classical.cases_per) == (10, 100)


def test_without_capacities_a_customer_is_one_case(plants):
    """A preset that limits no capacity reads none, whatever the file states."""
    city = read_problem(plants, PresetOptions("uflp"))
    assert city.demand.unique().tolist() == [1]
    assert city.points["capacity"].tolist() == [UNLIMITED, UNLIMITED]


def test_parts_multiply_sites_and_repeat_customers(plants):
    """Three parts: each with the customer's cost and demand, sites with three times their own."""
    city = read_problem(plants, PresetOptions("cflp", parts=3))
    assert list(city.districts.index) == ["1-1", "1-2", "1-3", "2-1", "2-2", "2-3"]
    assert city.travel["metres"].xs("1-2").tolist() == [10, 25]
    assert city.demand["2-3", "demand", 1] == 300
    assert city.points["site_cost"].tolist() == [225, 240]
    assert city.points["capacity"].tolist() == [3000, 600000]
    assert (city.classical.per, city.classical.cases_per) == (30, 300)
    assert read_problem(plants, PresetOptions("cflp")).classical.parts == 10


def test_a_radius_is_in_the_unit_of_the_file(tmp_path):
    """12.37 where distances have one decimal is 123 tenths: nothing lies between."""
    path = write_matrix(tmp_path / "m.csv", ["s"], ["a", "b"], [["12.3"], ["12.4"]])
    city = read_problem(path, PresetOptions("lscp", metres=Decimal("12.37")))
    assert next(e for e in city.entries if e.id == "reach").metres == 123


def test_only_dispersion_asks_for_distances_between_sites(graph):
    """Its customers have no demand, so that no assignment is built; others hold no pairs of sites."""
    spread = read_problem(graph, PresetOptions("p-dispersion"))
    assert len(spread.links) == 0 and len(spread.office_distances) == 12 * 11
    assert len(read_problem(graph, PresetOptions("p-median")).office_distances) == 0


def test_every_preset_names_a_format_and_reads(tmp_path, graph, plants):
    """The lists of every preset are accepted on a file of its own format."""
    files = {"orlib-pmed": graph, "orlib-uflp": plants}
    for name, preset in presets().items():
        assert preset.format in FORMATS
        path = files.get(preset.format, plants)
        given = {n: v for n, v in (("p", 2), ("metres", Decimal(9))) if n in preset.needs}
        form = preset.format if preset.format in files else "orlib-uflp"
        city = read_problem(path, PresetOptions(name, form, **given))
        assert city.classical.preset == name and len(city.objectives) == 1


WRONG = {
    "no such preset": (PresetOptions("p-medium"), "--preset", "p-medium"),
    "no such format": (PresetOptions("p-median", "excel"), "--format", "excel"),
    "a radius without use": (PresetOptions("p-median", metres=Decimal(5)), "--metres", "5"),
    "parts without use": (PresetOptions("sscflp", "orlib-pmed", parts=2), "--parts", "2"),
    "p without use": (PresetOptions("lscp", p=2, metres=Decimal(5)), "-p", "2"),
    "no radius": (PresetOptions("mclp"), "--metres", ""),
    "p above the sites": (PresetOptions("p-median", p=13), "-p", "13"),
    "p of nothing": (PresetOptions("p-median", p=0), "-p", "0"),
    "no parts": (PresetOptions("cflp", "orlib-pmed", parts=0), "--parts", "0"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_options_name_the_option(graph, name):
    """An option that is missing, unknown or out of place is named with its value and the remedy."""
    asked, column, value = WRONG[name]
    with pytest.raises(InputError) as caught:
        read_problem(graph, asked)
    (problem,) = caught.value.problems
    assert (problem.column, problem.value) == (column, value)
    assert problem.remedy.en and problem.remedy.ja


def test_p_must_come_from_somewhere(tmp_path):
    """TSPLIB files state no p; a preset that needs one asks for it."""
    path = write_tsplib(tmp_path / "t.tsp", [[0, 0], [3, 4]])
    with pytest.raises(InputError, match="p-median needs -p"):
        read_problem(path, PresetOptions("p-median"))
    assert read_problem(path, PresetOptions("p-median", p=1)).travel["metres"].max() == 5


def test_open_capacities_must_be_given(tmp_path):
    """Where the file leaves the capacity open, --capacity gives it; uflp needs none."""
    sites = [("capacity", 1), ("capacity", 1)]
    path = write_uflp(tmp_path / "capa.txt", sites, [("0.5", [1, 2])])
    with pytest.raises(InputError, match="--capacity"):
        read_problem(path, PresetOptions("cflp"))
    city = read_problem(path, PresetOptions("cflp", parts=1, capacity=3))
    assert city.points["capacity"].tolist() == [30, 30]
    assert read_problem(path, PresetOptions("uflp")).points["capacity"].tolist() == [UNLIMITED] * 2


def test_what_a_preset_cannot_use_is_refused(tmp_path):
    """No distances between sites, customers that nothing reaches or that demand nothing."""
    skew = write_matrix(tmp_path / "a.csv", ["x", "y"], ["x", "y"], [[0, 5], [6, 0]])
    with pytest.raises(InputError, match="no distances between sites"):
        read_problem(skew, PresetOptions("p-dispersion", p=2))
    alone = write_matrix(tmp_path / "b.csv", ["x"], ["a", "b"], [[1], [""]])
    with pytest.raises(InputError, match="value 'b': no site can be reached"):
        read_problem(alone, PresetOptions("p-median", p=1))
    idle = write_uflp(tmp_path / "c.txt", [(5, 5)], [(0, [1])])
    with pytest.raises(InputError, match="without demand"):
        read_problem(idle, PresetOptions("cflp"))
    assert read_problem(idle, PresetOptions("uflp")).demand.tolist() == [1, 1]


def test_too_many_pairs_are_refused_before_memory_runs_out(tmp_path):
    """The refusal says how many pairs there are and how many are taken."""
    side = int(MOST_LINKS**0.5) + 1
    path = write_tsplib(tmp_path / "t.tsp", [[n, 0] for n in range(side)])
    with pytest.raises(InputError, match=f"{side * side:,} pairs"):
        read_problem(path, PresetOptions("p-median", p=2))


def test_sums_beyond_exact_doubles_are_refused(tmp_path):
    """A cost and its weight that would pass 2**53 are told before anything is built."""
    path = write_matrix(tmp_path / "m.csv", ["s"], ["a"], [[10**12]], [10**4])
    with pytest.raises(InputError, match="exact"):
        read_problem(path, PresetOptions("p-median", p=1))


def test_a_place_is_a_folder_or_a_file_with_a_preset(graph, tmp_path):
    """A city takes no preset, a file needs one; a path that leads nowhere is told."""
    with pytest.raises(InputError, match="leave --preset out"):
        read_place(KUMAMOTO, (), PresetOptions("p-median"))
    with pytest.raises(InputError, match="with --preset"):
        read_place(graph)
    for asked in (None, PresetOptions("p-median")):
        with pytest.raises(InputError):
            read_place(tmp_path / "nowhere.txt", (), asked)


def test_changes_that_lead_nowhere_are_told(graph):
    """--set on an entry that the preset does not have is refused."""
    with pytest.raises(InputError, match="pace"):
        read_problem(graph, PresetOptions("p-median"), ["set constraint.pace.changes=1"])


def test_a_file_is_read_as_its_suffix_says(tmp_path):
    """A .csv is a matrix and a .tsp is TSPLIB for every preset; --format says otherwise."""
    path = lines(tmp_path / "odd.csv", ["2 1 1"], ["1 2 7"])
    with pytest.raises(InputError):
        read_problem(path, PresetOptions("p-median"))
    assert read_problem(path, PresetOptions("p-median", "orlib-pmed")).travel["metres"].max() == 7
