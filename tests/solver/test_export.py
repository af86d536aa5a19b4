"""Export: another solver reads the file and finds the same optimum; names say what they stand for."""

import gzip
import re
import subprocess
import sys
from dataclasses import replace

import pandas as pd
import pytest

from optimizer.base.errors import InputError
from optimizer.constraints import registry
from optimizer.model.build import build
from optimizer.model.example import town
from optimizer.model.program import Program
from optimizer.objectives.staff_cost import StaffCost
from optimizer.objectives.travel import Travel
from optimizer.solver.engines.cbc import binary
from optimizer.solver.export import export, name_table
from optimizer.solver.solve import SolveSettings, solve

FORMS = ["town.lp", "town.mps", "town.mps.gz", "town.lp.gz"]


@pytest.fixture(scope="module")
def city():
    """The town under its always-on rules and some of the others."""
    some = {"travel_limit", "minimum_crew", "budget", "coverage_share"}
    rules = registry().items()
    entries = tuple(r.examples().entry for n, r in rules if r.always or n in some)
    return replace(town(), entries=entries, objectives=(StaffCost(), Travel()))


@pytest.fixture(scope="module")
def least(city):
    """What the town costs at least, and the least travel when cost does not count."""
    swapped = replace(city, objectives=city.objectives[::-1])
    first = [
        solve(c, SolveSettings(gap=0, time_limit=60)).outcome.stages[0] for c in (city, swapped)
    ]
    assert [stage.status for stage in first] == ["optimal"] * 2
    return {stage.objective: stage.value for stage in first}


def by_cbc(file) -> float:
    """Return the optimum that CBC reads out of `file`."""
    told = subprocess.run([binary(), str(file), "-solve"], capture_output=True, text=True).stdout
    assert "Result - Optimal solution found" in told, told
    return float(re.search(r"Objective value: +(\S+)", told)[1])


def by_ortools(file) -> float:
    """Return the optimum of an MPS file as OR-Tools reads it, solved by SCIP."""
    code = (
        "import sys\n"
        "from ortools.linear_solver.python import model_builder as mb\n"
        "model = mb.Model()\n"
        "assert model.import_from_mps_file(sys.argv[1])\n"
        "solver = mb.Solver('scip')\n"
        "assert solver.solve(model) == mb.SolveStatus.OPTIMAL\n"
        "print(solver.objective_value)\n"
    )
    return float(
        subprocess.run(
            [sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=True
        ).stdout
    )


@pytest.mark.parametrize("objective", ["staff_cost", "travel"])
@pytest.mark.parametrize("name", FORMS)
def test_another_solver_reads_the_same_program(name, objective, city, least, tmp_path):
    """CBC reads LP and MPS, packed or not, with an optimum equal to the yen."""
    done = export(city, tmp_path / name, objective)
    file = done.file
    if file.suffix == ".gz":
        file = tmp_path / f"plain{file.with_suffix('').suffix}"
        file.write_bytes(gzip.decompress(done.file.read_bytes()))
    assert by_cbc(file) == least[objective]
    if file.suffix == ".mps":
        assert by_ortools(file) == pytest.approx(least[objective], abs=0.5)


def test_the_same_instance_gives_the_same_bytes(city, tmp_path):
    """Two exports agree to the byte, packed ones too; no number has a fraction or an exponent."""
    for name in FORMS:
        files = [export(city, tmp_path / f"{n}{name}") for n in "ab"]
        assert files[0].file.read_bytes() == files[1].file.read_bytes()
    for line in (tmp_path / "atown.mps").read_text().splitlines():
        assert not re.search(r"\s[-+]?\d+([.]\d|[eE])", line), line


def test_every_name_says_what_it_stands_for(city, tmp_path):
    """Each column and row is named once, in order, after its decision or entry and its labels."""
    done = export(city, tmp_path / "town.lp")
    names, program = pd.read_csv(done.names), build(city).program
    assert names["name"].is_unique
    assert (names["part"] == "column").sum() == program.width == done.columns
    assert (names["part"] == "row").sum() == done.rows
    row = names[names["name"] == "mode.B1.closed.2017"].iloc[0]
    assert (row["part"], row["of"]) == ("column", "mode")
    assert row["labels"] == "point=B1; mode=closed; period=2017"
    used = set(re.findall(r"[A-Za-z_][\w.]*", done.file.read_text()))
    assert set(names["name"]) <= used


def test_labels_that_no_file_takes_get_names_of_their_own(tmp_path):
    """Japanese ids become plain letters, told apart by numbers; the table has the ids themselves."""
    index = pd.MultiIndex.from_product([["東区", "西区", "e5"], [2017]], names=["ward", "period"])
    program = Program()
    x = program.add_columns("mode", index, 0, 1)
    program.add_rows("5 km", x.sum(by=["ward"]) <= 1)
    names = name_table(program)
    assert list(names["name"]) == [
        "mode.__.2017", "mode.__.2017..2", "mode.e5.2017", "_5_km.e5", "_5_km.__", "_5_km.__..2"
    ]  # fmt: skip
    assert names["labels"][1] == "ward=西区; period=2017"


@pytest.mark.parametrize(("file", "objective"), [("town.txt", None), ("town.lp", "beauty")])
def test_what_cannot_be_written_is_refused(file, objective, city, tmp_path):
    """An unknown ending and an unknown objective are faults of the input, and nothing is written."""
    with pytest.raises(InputError):
        export(city, tmp_path / file, objective)
    assert list(tmp_path.iterdir()) == []
