"""`optimizer sweep` from the outside: stored, resumed, summed up, refused; on processes and on Dask."""

import csv
import io
import json
import signal
import subprocess
import sys
import time

import pytest

from tests.cli.conftest import COMMAND, optimizer

WAGES = ("--grid", "assumptions.wage=6000000,8000000", "--time-limit", 5)


def rows(folder):
    return list(csv.DictReader(io.StringIO((folder / "sweep.csv").read_text())))


def test_a_sweep_is_stored_and_goes_on(city, tmp_path):
    """Every case is a stored solution that verifies; asked again, none is solved again."""
    out = tmp_path / "out"
    first = optimizer("sweep", city, "--out", out, *WAGES, "--json", cwd=city)
    assert first.returncode == 0, first.stderr
    cases = json.loads(first.stdout)["data"]["cases"]
    assert [c["status"] for c in cases] == ["solved"] * 2 and not any(c["known"] for c in cases)
    assert cases[0]["value"] < cases[1]["value"] and cases[0]["bound"] <= cases[0]["value"]
    for case, row in zip(cases, rows(out), strict=True):
        assert row["value"] == str(case["value"]) and row["assumptions.wage"] in row["case"] + "0"
        assert optimizer("verify", city, out / case["key"], cwd=city).returncode == 0
    assert (out / "sweep.svg").read_text().count("<circle") == 2
    broken = out / cases[1]["key"] / "costs.csv"
    broken.write_text(broken.read_text() + "x\n")
    again = optimizer("sweep", city, "--out", out, *WAGES, "--lang", "ja", cwd=city)
    assert again.returncode == 0 and "うち1件は以前の結果" in again.stdout
    assert [r["value"] for r in rows(out)] == [str(c["value"]) for c in cases]


def test_interrupted_and_resumed(city, tmp_path):
    """Ctrl-C ends with 130 and a table; what was finished is known the next time."""
    out = tmp_path / "out"
    asked = [
        "sweep",
        city,
        "--out",
        out,
        "--sample",
        4,
        "--range",
        "assumptions.wage=6000000..9000000",
    ]
    asked += ["--time-limit", 6, "--gap", "0%"]
    process = subprocess.Popen(
        [*COMMAND, *map(str, asked)], cwd=city, stdout=-1, stderr=-1, text=True,
        start_new_session=True,
    )  # fmt: skip
    until = time.monotonic() + 60
    while not list(out.glob("*/manifest.json")) and time.monotonic() < until:
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    status = [row["status"] for row in rows(out)]
    assert "solved" in status and "not tried" in status
    again = optimizer(*asked, "--json", cwd=city)
    cases = json.loads(again.stdout)["data"]["cases"]
    assert [c["status"] for c in cases] == ["solved"] * 4 and any(c["known"] for c in cases)


def test_cases_from_a_table_and_what_is_refused(city, tmp_path):
    """Rows of a CSV file are cases, blank cells change nothing; what leads nowhere is told."""
    table = tmp_path / "cases.csv"
    table.write_text("constraint.pace.changes,assumptions.wage\n2,\n,9000000\n1,much\n")
    out = tmp_path / "out"
    run = optimizer(
        "sweep", city, "--out", out, "--csv", table, "--time-limit", 5, "--gap", "50%", cwd=city
    )
    assert run.returncode == 0, run.stderr
    assert [row["status"] for row in rows(out)] == ["solved", "solved", "bad input"]
    for wrong in (
        ("--grid", "assumptions.wage"),
        ("--grid", "assumptions.wage=1,,2"),
        ("--range", "assumptions.wage=1-2"),
        ("--scenario", "nowhere"),
        ("--csv", tmp_path / "nowhere.csv"),
    ):
        assert optimizer("sweep", city, "--out", out, *wrong, cwd=city).returncode == 2, wrong
    lost = ("--dask", "tcp://127.0.0.1:9", "--grid", "assumptions.wage=1")
    assert optimizer("sweep", city, "--out", out, *lost, cwd=city).returncode == 6


def test_the_workers_of_a_cluster_give_the_same(city, tmp_path):
    """On a Dask cluster a case ends with the same value as in a process here."""
    pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    place = tmp_path / "scheduler.json"
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    options = [
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--no-dashboard",
        "--scheduler-file",
        str(place),
    ]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", "--scheduler-file", str(place)]
    worker += [
        "--nworkers",
        "1",
        "--nthreads",
        "1",
        "--no-dashboard",
        "--local-directory",
        str(tmp_path),
    ]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    running = [subprocess.Popen([*dask, *options], cwd=tmp_path, **quiet)]
    try:
        until = time.monotonic() + 30
        while not place.exists() and time.monotonic() < until:
            time.sleep(0.1)
        running.append(subprocess.Popen(worker, cwd=tmp_path, **quiet))
        address = json.loads(place.read_text())["address"]
        asked = ("sweep", city, "--grid", "assumptions.wage=6000000", "--time-limit", 8, "--json")
        there = optimizer(*asked, "--out", tmp_path / "a", "--dask", address, cwd=city)
        here = optimizer(*asked, "--out", tmp_path / "b", cwd=city)
    finally:
        for process in reversed(running):
            process.terminate()
            process.wait(timeout=20)
    values = [json.loads(run.stdout)["data"]["cases"][0]["value"] for run in (there, here)]
    assert there.returncode == 0 and values[0] == values[1] is not None
