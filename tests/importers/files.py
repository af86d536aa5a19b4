"""Small benchmark files of every format, written from numbers; what tests and properties start from."""

from collections.abc import Sequence
from pathlib import Path

Row = Sequence[object]


def lines(path: Path, *rows: Row) -> Path:
    """Write one line per row, its cells separated by blanks; returns `path`."""
    path.write_text("".join(" ".join(map(str, row)) + "\n" for row in rows), encoding="utf-8")
    return path


def write_pmed(path: Path, n: int, p: int, edges: Sequence[Row]) -> Path:
    """OR-Library p-median: vertices, edges, p."""
    return lines(path, [n, len(edges), p], *edges)


def write_uflp(path: Path, sites: Sequence[Row], customers: Sequence[tuple[object, Row]]) -> Path:
    """OR-Library warehouse location: (capacity, fixed cost) a site, (demand, costs) a customer."""
    rows: list[Row] = [[len(sites), len(customers)], *sites]
    for demand, costs in customers:
        rows += [[demand], costs]
    return lines(path, *rows)


def write_holmberg(path: Path, sites: Sequence[Row], demand: Row, costs: Sequence[Row]) -> Path:
    """Holmberg: (capacity, fixed cost) a site, demands, costs by site."""
    return lines(path, [len(sites), len(demand)], *sites, demand, *costs)


def write_diaz(path: Path, costs: Sequence[Row], demand: Row, fixed: Row, capacity: Row) -> Path:
    """Díaz: costs by customer, demands, fixed costs, capacities."""
    return lines(path, [len(demand), len(fixed)], *costs, demand, fixed, capacity)


def write_pmedcap(path: Path, p: int, capacity: int, points: Sequence[Row]) -> Path:
    """Capacitated p-median: (x, y, demand) a point."""
    rows = [[n, *point] for n, point in enumerate(points, start=1)]
    return lines(path, [1, 0], [len(points), p, capacity], *rows)


def write_tsplib(path: Path, points: Sequence[Row]) -> Path:
    """TSPLIB EUC_2D: (x, y) a point."""
    rows = [[n, *point] for n, point in enumerate(points, start=1)]
    head = [["NAME : t"], ["DIMENSION", ":", len(points)], ["EDGE_WEIGHT_TYPE : EUC_2D"]]
    return lines(path, *head, ["NODE_COORD_SECTION"], *rows, ["EOF"])


def write_matrix(
    path: Path, sites: Sequence[str], customers: Sequence[str], cells: Sequence[Row],
    weights: Sequence[int] | None = None,
) -> Path:  # fmt: skip
    """Matrix CSV: header of sites, a row per customer, perhaps weights."""
    header = ["id", *sites, *(["weight"] if weights else [])]
    rows = [
        [name, *row, *([weights[n]] if weights else [])]
        for n, (name, row) in enumerate(zip(customers, cells, strict=True))
    ]
    text = "".join(",".join(map(str, row)) + "\n" for row in [header, *rows])
    path.write_text(text, encoding="utf-8")
    return path
