"""`optimizer export` on the command line."""

import json

from tests.cli.conftest import optimizer


def test_export_writes_once_and_tells_what(city, tmp_path):
    """The program and its names are written, told in both languages and as JSON, never replaced unasked."""
    file = tmp_path / "west.mps.gz"
    run = optimizer("export", city, "--to", file, "--lang", "ja", cwd=city)
    assert run.returncode == 0 and "名前の意味" in run.stdout, run.stderr
    before = file.read_bytes()
    again = optimizer("export", city, "--to", file, cwd=city)
    assert again.returncode == 2 and "--force" in again.stderr
    run = optimizer("export", city, "--to", file, "--force", "--json", cwd=city)
    data = json.loads(run.stdout)["data"]
    assert data["objective"] == "staff_cost" and data["columns"] > 100 and data["rows"] > 100
    assert file.read_bytes() == before
    names = (tmp_path / "west.mps.gz.names.csv").read_text(encoding="utf-8")
    assert len(names.splitlines()) == 1 + data["columns"] + data["rows"]


def test_export_refuses_another_ending(city, tmp_path):
    """A form that is not written is bad input, with those that are."""
    run = optimizer("export", city, "--to", tmp_path / "west.xlsx", cwd=city)
    assert run.returncode == 2 and ".mps.gz" in run.stderr
