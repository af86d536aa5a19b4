"""Whatever numbers a file holds, reading gives them back, and an instance keeps them."""

from decimal import Decimal
from math import isqrt

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from optimizer.files.presets import PresetOptions
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
from optimizer.importers.problem import read_problem
from tests.importers.files import (
    write_diaz,
    write_holmberg,
    write_matrix,
    write_pmed,
    write_pmedcap,
    write_tsplib,
    write_uflp,
)

whole = st.integers(0, 10**6)
positive = st.integers(1, 10**4)
amounts = st.decimals(0, 10**5, places=5).map(lambda value: format(value, "f"))
once = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def grid(rows: int, columns: int, cell: st.SearchStrategy) -> st.SearchStrategy:
    """A table of cells."""
    row = st.lists(cell, min_size=columns, max_size=columns)
    return st.lists(row, min_size=rows, max_size=rows)


sizes = st.tuples(st.integers(1, 5), st.integers(1, 4))


@once
@given(st.data(), sizes)
def test_single_source_files_keep_every_number(tmp_path, data, size):
    """Holmberg and Díaz order the same numbers differently; both give the same problem."""
    n, m = size
    cost, demand = data.draw(grid(n, m, whole)), data.draw(grid(1, n, positive))[0]
    fixed, capacity = data.draw(grid(2, m, whole))
    by_site = [list(column) for column in zip(*cost, strict=True)]
    sites = list(zip(capacity, fixed, strict=True))
    one = holmberg.read(write_holmberg(tmp_path / "h.txt", sites, demand, by_site))
    other = diaz.read(write_diaz(tmp_path / "d.txt", cost, demand, fixed, capacity))
    for found in (one, other):
        assert found.cost.tolist() == cost and found.demand.tolist() == demand
        assert found.site_cost.tolist() == fixed and found.capacity.tolist() == capacity


@once
@given(st.data(), sizes)
def test_uflp_numbers_over_their_scale_are_those_of_the_file(tmp_path, data, size):
    """Integers divided by 10**k give the decimals back, and no smaller k would do."""
    n, m = size
    cost, fixed = data.draw(grid(n, m, amounts)), data.draw(grid(1, m, amounts))[0]
    path = write_uflp(
        tmp_path / "cap.txt", [(9, value) for value in fixed], [(1, row) for row in cost]
    )
    found = orlib_uflp.read(path)
    k = found.cost_decimals
    numbers = [*found.cost.reshape(-1).tolist(), *found.site_cost.tolist()]
    assert [Decimal(x).scaleb(-k) for x in numbers] == [
        Decimal(x) for x in [*(c for row in cost for c in row), *fixed]
    ]
    assert k == 0 or any(x % 10 for x in numbers)


@once
@given(st.data(), st.integers(1, 6))
def test_shortest_paths_are_those_of_repeated_relaxation(tmp_path, data, n):
    """Paths agree with Bellman's rounds over the edges, the last of repeated edges counting."""
    vertex = st.integers(1, n)
    edges = data.draw(st.lists(st.tuples(vertex, vertex, st.integers(0, 50)), max_size=12))
    found = orlib_pmed.read(write_pmed(tmp_path / "g.txt", n, 1, edges))
    length = {frozenset((i, j)): c for i, j, c in edges if i != j}
    for start in range(1, n + 1):
        best = {start: 0}
        for _ in range(n):
            for pair, c in length.items():
                i, j = tuple(pair)
                for a, b in ((i, j), (j, i)):
                    if a in best:
                        best[b] = min(best.get(b, 10**9), best[a] + c)
        assert found.cost[start - 1].tolist() == [best.get(j, NO_WAY) for j in range(1, n + 1)]


@once
@given(st.lists(st.tuples(*[st.decimals(-999, 999, places=2)] * 2), min_size=1, max_size=5))
def test_distances_are_the_whole_part_of_the_root(tmp_path, points):
    """For TSPLIB points with decimals: r <= distance < r + 1, in exact arithmetic."""
    found = tsplib.read(write_tsplib(tmp_path / "t.tsp", points)).cost
    for i, (a, b) in enumerate(points):
        for j, (c, d) in enumerate(points):
            square = (a - c) ** 2 + (b - d) ** 2
            r = int(found[i, j])
            assert r * r <= square < (r + 1) * (r + 1)


@once
@given(st.lists(st.tuples(whole, whole, positive), min_size=1, max_size=5), positive)
def test_capacitated_points_keep_demand_and_distance(tmp_path, points, capacity):
    """Demands, the one capacity and integer square roots."""
    found = orlib_pmedcap.read(write_pmedcap(tmp_path / "c.txt", 1, capacity, points))
    assert found.demand.tolist() == [q for _, _, q in points]
    assert set(found.capacity.tolist()) == {capacity}
    assert found.cost.tolist() == [
        [isqrt((a - c) ** 2 + (b - d) ** 2) for c, d, _ in points] for a, b, _ in points
    ]


@once
@given(st.data(), sizes)
def test_an_instance_of_a_matrix_has_its_ways_and_weights(tmp_path, data, size):
    """Every known cell is a row of travel, every other none; weights are residents; ids stay."""
    n, m = size
    cells = data.draw(grid(n, m, st.one_of(st.just(""), whole)))
    weights = data.draw(grid(1, n, positive))[0]
    customers, sites = [f"c{i}" for i in range(n)], [f"s{j}" for j in range(m)]
    path = write_matrix(tmp_path / "m.csv", sites, customers, cells, weights)
    found = matrix_csv.read(path)
    assume(all(any(cell != "" for cell in row) for row in cells))
    instance = read_problem(path, PresetOptions("lscp", metres=Decimal(5)))
    ways = {
        (c, s): cells[i][j]
        for i, c in enumerate(customers)
        for j, s in enumerate(sites)
        if cells[i][j] != ""
    }
    assert instance.travel["metres"].to_dict() == ways
    assert instance.districts["residents"].tolist() == weights == found.weight.tolist()
    assert instance.links["metres"].tolist() == [ways[key] for key in sorted(ways)]
