"""`optimizer pareto` from the outside."""

import itertools
import json

from tests.cli.conftest import optimizer


def test_a_frontier_is_told_and_written(city, solved, tmp_path):
    """Points come by rising cost and falling way, as JSON, CSV and plot; both languages fit."""
    asked = (
        "pareto",
        city,
        "--x",
        "staff-cost",
        "--y",
        "worst-travel",
        "--points",
        3,
        "--gap",
        "0.1%",
    )
    asked += ("--solve-limit", 8, "--time-limit", 40, "--start", solved[0])
    run = optimizer(*asked, "--json", "--csv", tmp_path / "a.csv", cwd=city)
    assert run.returncode == 0, run.stderr
    points = json.loads(run.stdout)["data"]["points"]
    assert points and all(p["least_x"] is None or p["least_x"] <= p["x"] for p in points)
    for one, other in itertools.pairwise(points):
        assert one["x"] < other["x"] and one["y"] > other["y"]
    assert len((tmp_path / "a.csv").read_text().splitlines()) == len(points) + 1


def test_what_is_no_objective_is_refused(city):
    """A name that is none, the same twice, and one that needs parameters end with code 2."""
    for x, y in (("staff-cost", "happiness"), ("travel", "travel"), ("staff-cost", "weighted")):
        run = optimizer("pareto", city, "--x", x, "--y", y, cwd=city)
        assert run.returncode == 2 and run.stderr, (x, y)
