"""Prints how fast programs are built: non-zeros a second of processor time, median of several runs.

`published` instead compares with published optima, `peers` with other tools, `speed` tells how soon
plans are found and proved: see published.py, peers.py and speed.py.
"""

import statistics
import sys
import time
from dataclasses import replace
from pathlib import Path

import pandas as pd

from optimizer.files.instance_folder import read_instance
from optimizer.model.build import build
from optimizer.model.instance import Instance
from optimizer.solver.engines.mathopt import _proto
from tests.benchmarks import peers, published, speed

KUMAMOTO = Path(__file__).parents[2] / "instances" / "kumamoto-2015"


def copies(city: Instance, count: int) -> Instance:
    """Return a city of `count` copies of `city` side by side, with the same rules."""

    def ids(values: pd.Index, n: int) -> pd.Index:
        return values.astype(str) + f"-{n}"

    def both(table: pd.DataFrame, levels: tuple[str, ...]) -> pd.DataFrame:
        parts = []
        for n in range(count):
            part = table.reset_index()
            for level in levels:
                part[level] = ids(part[level], n)
            parts.append(part.set_index(list(table.index.names)))
        return pd.concat(parts).sort_index()

    districts = both(city.districts, ("district", "room"))
    points = both(city.points, ("point",))
    demand = both(city.demand.to_frame(), ("district",))["cases"]
    return replace(
        city,
        districts=districts.assign(ward=districts["ward"] + districts.index.str[-2:]),
        points=points.assign(ward=points["ward"] + points.index.str[-2:]),
        rooms=both(city.rooms, ("room",)),
        travel=both(city.travel, ("district", "point")),
        office_distances=both(city.office_distances, ("point", "other")),
        demand=demand,
        entries=tuple(e for e in city.entries if e.id not in ("plaza", "yoshino")),
    )


def main(runs: int) -> None:
    """Print one row per city."""
    base = read_instance(KUMAMOTO)
    cities = {f"{count:>2} x Kumamoto": copies(base, count) for count in (1, 3, 10)}
    cities["1,000 districts"] = speed.thousand_districts(base)
    print(f"{'city':>15} {'columns':>8} {'rows':>8} {'non-zeros':>9} {'seconds':>8} {'nnz/s':>9}")
    for name, city in cities.items():
        times = []
        for _ in range(runs):
            fresh = replace(city)  # nothing worked out yet
            start = time.process_time()
            model = build(fresh)
            matrix = model.program.matrix(model.objectives[0])
            _proto({**matrix._asdict(), "integer": matrix.cost == matrix.cost})
            times.append(time.process_time() - start)
        seconds = statistics.median(times)
        size = len(matrix.row)
        print(
            f"{name:>15} {len(matrix.cost):>8,} {len(matrix.row_lower):>8,} {size:>9,}"
            f" {seconds:>8.2f} {size / seconds:>9,.0f}"
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["published"]:
        sys.exit(published.run(sys.argv[2:]))
    if sys.argv[1:2] == ["peers"]:
        sys.exit(peers.run(sys.argv[2:]))
    if sys.argv[1:2] == ["speed"]:
        sys.exit(speed.main(sys.argv[2:]))
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
