"""Every reader on files small enough to work out by hand."""

from itertools import product

import numpy as np
import pytest

from optimizer.base.errors import InputError
from optimizer.city.city import UNLIMITED
from optimizer.importers import (
    diaz,
    holmberg,
    matrix_csv,
    orlib_pmed,
    orlib_pmedcap,
    orlib_uflp,
    tsplib,
)
from optimizer.importers.location import NO_WAY
from tests.importers.files import (
    lines,
    write_diaz,
    write_holmberg,
    write_matrix,
    write_pmed,
    write_pmedcap,
    write_tsplib,
    write_uflp,
)


def test_a_graph_gives_its_shortest_paths(tmp_path):
    """Costs are shortest paths; a vertex without a way to another has none."""
    # 1 -2- 2 -3- 3 and a direct edge 1-3 of 10: the way over 2 is shorter. 4 stands alone.
    path = write_pmed(tmp_path / "g.txt", 4, 2, [[1, 2, 2], [2, 3, 3], [1, 3, 10]])
    found = orlib_pmed.read(path)
    assert found.p == 2 and found.customers == found.sites == ["1", "2", "3", "4"]
    assert found.cost.tolist() == [
        [0, 2, 5, NO_WAY],
        [2, 0, 3, NO_WAY],
        [5, 3, 0, NO_WAY],
        [NO_WAY, NO_WAY, NO_WAY, 0],
    ]
    assert (found.between == found.cost).all() and found.weight.tolist() == [1, 1, 1, 1]


@pytest.mark.parametrize("unit", [1, 2_000, 2**28])
@pytest.mark.parametrize("whole", [True, False])
def test_paths_of_any_length_are_exact(unit, whole):
    """Whether or not narrow integers hold them, paths are those of Python's own sums."""
    random = np.random.default_rng(unit)
    size, far = 12, orlib_pmed.FAR
    length = np.full((size, size), far, dtype=np.int64)
    for i in range(size - 1):
        ends = i, i + 1 if whole or i != 5 else i
        length[ends] = length[ends[::-1]] = unit * int(random.integers(1, 9))
    np.fill_diagonal(length, 0)
    paths = [[int(n) for n in row] for row in length]
    for k, i, j in product(range(size), repeat=3):
        paths[i][j] = min(paths[i][j], paths[i][k] + paths[k][j])
    expected = [[NO_WAY if n >= far else n for n in row] for row in paths]
    assert orlib_pmed.shortest_paths(length).tolist() == expected


def test_a_repeated_edge_takes_its_last_length(tmp_path):
    """Not the shortest of the lengths given, and whichever end comes first."""
    path = write_pmed(tmp_path / "g.txt", 2, 1, [[1, 2, 3], [2, 1, 7]])
    assert orlib_pmed.read(path).cost.tolist() == [[0, 7], [7, 0]]


def test_uflp_decimals_become_whole_at_the_smallest_scale(tmp_path):
    """Costs share one power of ten, demands and capacities another; trailing zeros do not count."""
    path = write_uflp(
        tmp_path / "cap.txt",
        [["5000", "7500."], ["5000", "12.50"]],
        [("146", ["6739.72500", "10355.05000"]), ("0.5", ["0.", "3"])],
    )
    found = orlib_uflp.read(path)
    assert found.cost_decimals == 3 and found.demand_decimals == 1
    # customer by site, in thousandths
    assert found.cost.tolist() == [[6739725, 10355050], [0, 3000]]
    assert found.site_cost.tolist() == [7500000, 12500]
    assert found.demand.tolist() == [1460, 5] and found.capacity.tolist() == [50000, 50000]


def test_the_word_capacity_leaves_it_open(tmp_path):
    """Files of the library that state no capacity are read, and say so."""
    path = write_uflp(tmp_path / "capa.txt", [["capacity", 3], ["capacity", 4]], [(1, [5, 6])])
    assert orlib_uflp.read(path).capacity is None


def test_holmberg_states_costs_by_site(tmp_path):
    """The cost matrix has a row per site; it is turned to a row per customer."""
    path = write_holmberg(
        tmp_path / "p.txt", [[10, 100], [20, 200]], [4, 5, 6], [[1, 2, 3], [7, 8, 9]]
    )
    found = holmberg.read(path)
    assert found.cost.tolist() == [[1, 7], [2, 8], [3, 9]]
    assert found.demand.tolist() == [4, 5, 6]
    assert (found.capacity.tolist(), found.site_cost.tolist()) == ([10, 20], [100, 200])


@pytest.mark.parametrize("mark", ["\0\0\0", "\x1a\n"])
def test_a_file_ends_at_its_end_mark(tmp_path, mark):
    """What follows a NUL or Ctrl-Z byte is the rest of a disk block and not read."""
    path = write_holmberg(tmp_path / "p.txt", [[10, 100]], [4], [[1]])
    with path.open("a") as file:
        file.write(mark + "39. 336.\n")
    assert holmberg.read(path).cost.tolist() == [[1]]


def test_diaz_states_costs_by_customer_and_fixed_costs_before_capacities(tmp_path):
    """The order of the blocks: costs, demands, fixed costs, capacities."""
    path = write_diaz(tmp_path / "p.txt", [[1, 2], [3, 4], [5, 6]], [7, 8, 9], [10, 11], [12, 13])
    found = diaz.read(path)
    assert found.cost.tolist() == [[1, 2], [3, 4], [5, 6]]
    assert found.demand.tolist() == [7, 8, 9]
    assert (found.site_cost.tolist(), found.capacity.tolist()) == ([10, 11], [12, 13])


def test_pmedcap_rounds_distances_down(tmp_path):
    """(0,0), (1,1), (3,4): the square root of 2 is 1, of 25 is 5, of 13 is 3."""
    path = write_pmedcap(tmp_path / "c.txt", 2, 9, [[0, 0, 3], [1, 1, 4], [3, 4, 5]])
    found = orlib_pmedcap.read(path)
    assert found.cost.tolist() == [[0, 1, 5], [1, 0, 3], [5, 3, 0]]
    assert found.p == 2 and found.demand.tolist() == [3, 4, 5]
    assert found.capacity.tolist() == [9, 9, 9]


def test_tsplib_coordinates_may_have_decimals_exponents_and_signs(tmp_path):
    """Distances are rounded down after exact subtraction: 0.3 to -0.6 and 4 is the root of 16.81."""
    path = write_tsplib(tmp_path / "t.tsp", [["3.0e-01", "0"], ["-0.6", "4"], ["2.1e+03", "0"]])
    found = tsplib.read(path)
    # root(0.81 + 16) = 4.1; 2100 - 0.3 = 2099.7; root(2100.6^2 + 16) = 2100.60...
    assert found.cost.tolist() == [[0, 4, 2099], [4, 0, 2100], [2099, 2100, 0]]
    assert found.cost_decimals == 0 and found.p is None


def test_matrix_with_weights_and_missing_pairs(tmp_path):
    """Cells are exact decimals, an empty one is no way; weights are taken, ids kept."""
    path = write_matrix(
        tmp_path / "m.csv", ["東", "西"], ["a", "b"], [["1.5", ""], ["2", "0.25"]], [3, 4]
    )
    found = matrix_csv.read(path)
    assert found.cost_decimals == 2
    assert found.cost.tolist() == [[150, NO_WAY], [200, 25]]
    assert found.weight.tolist() == found.demand.tolist() == [3, 4]
    assert found.between is None and found.capacity.tolist() == [UNLIMITED, UNLIMITED]


def test_a_square_matrix_knows_the_ways_between_sites(tmp_path):
    """Only where the sites are customers and ways are the same in both directions."""
    square = write_matrix(tmp_path / "a.csv", ["x", "y"], ["y", "x"], [[5, 0], [0, 5]])
    assert matrix_csv.read(square).between.tolist() == [[0, 5], [5, 0]]
    skew = write_matrix(tmp_path / "b.csv", ["x", "y"], ["x", "y"], [[0, 5], [6, 0]])
    assert matrix_csv.read(skew).between is None


GRAPH = [["2 1 1"], ["1 2 3"]]

BAD = {
    "an end of an edge that is no vertex": (orlib_pmed, ["2 1 1", "1 3 3"], 2, "3"),
    "a number missing at the end": (orlib_pmed, ["2 1 1", "1 2"], 2, ""),
    "a number too many": (orlib_pmed, ["2 1 1", "1 2 3", "9"], 3, "9"),
    "more sites to open than there are": (orlib_pmed, ["2 1 3", "1 2 3"], 1, "3"),
    "a word for a number": (orlib_pmed, ["2 1 1", "1 2 x"], 2, "x"),
    "a negative length": (orlib_pmed, ["2 1 1", "1 2 -3"], 2, "-3"),
    "a fraction of a vertex": (orlib_pmed, ["2 1 1", "1.5 2 3"], 2, "1.5"),
    "a demand that is no number": (orlib_uflp, ["1 1", "5 5", "nan", "3"], 3, "nan"),
    "too many decimals": (orlib_uflp, ["1 1", "5 5", "1", "3.1234567"], None, "3.1234567"),
    "a cost too large": (orlib_uflp, ["1 1", "5 5", "1", "9999999999999"], None, "9999999999999"),
    "a fraction of a cost": (holmberg, ["1 1", "5 5", "1", "3.5"], 4, "3.5"),
    "costs missing": (diaz, ["1 2", "3 4", "1", "1 1"], 4, ""),
    "a point numbered twice": (orlib_pmedcap, ["1 0", "2 1 9", "1 0 0 1", "1 1 1 1"], 4, "1"),
    "no coordinates": (tsplib, ["DIMENSION : 1", "EDGE_WEIGHT_TYPE : EUC_2D"], None, ""),
    "another kind of distance": (
        tsplib,
        ["DIMENSION : 1", "EDGE_WEIGHT_TYPE : GEO", "NODE_COORD_SECTION", "1 0 0"],
        None,
        "GEO",
    ),
    "fewer points than said": (
        tsplib,
        ["DIMENSION : 2", "EDGE_WEIGHT_TYPE : EUC_2D", "NODE_COORD_SECTION", "1 0 0", "EOF"],
        4,
        "",
    ),
    "coordinates too fine to square": (
        tsplib,
        ["DIMENSION : 2", "EDGE_WEIGHT_TYPE : EUC_2D", "NODE_COORD_SECTION", "1 0 0",
         "2 1000000 0.0001"],
        None,
        "",
    ),
    "a short row": (matrix_csv, ["id,a,b", "x,1"], 2, ""),
    "a site twice": (matrix_csv, ["id,a,a", "x,1,2"], 1, "a"),
    "a customer without an id": (matrix_csv, ["id,a", ",1"], 2, ""),
    "a cell that is no number": (matrix_csv, ["id,a", "x,far"], 2, "far"),
    "a weight of nothing": (matrix_csv, ["id,a,weight", "x,1,0"], 2, "0"),
    "only weights": (matrix_csv, ["id,weight", "x,1"], None, ""),
    "an empty file": (holmberg, [" "], None, ""),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_files_name_place_value_and_remedy(tmp_path, name):
    """A malformed file is refused with its name, the line and the value, in both languages."""
    module, text, row, value = BAD[name]
    path = lines(tmp_path / "bad.txt", *([line] for line in text))
    with pytest.raises(InputError) as caught:
        module.read(path)
    problem = caught.value.problems[0]
    assert (problem.file, problem.row, problem.value) == ("bad.txt", row, value)
    for lang in ("en", "ja"):
        assert problem.message.say(lang) and problem.remedy.say(lang)


def test_a_missing_or_binary_file_is_refused(tmp_path):
    """No traceback for a path that leads nowhere, a folder, or bytes that are no text."""
    (tmp_path / "b.txt").write_bytes(b"1 2\n\xff\xfe")
    for path, row in ((tmp_path / "no.txt", None), (tmp_path, None), (tmp_path / "b.txt", 2)):
        with pytest.raises(InputError) as caught:
            orlib_pmed.read(path)
        assert caught.value.problems[0].row == row
