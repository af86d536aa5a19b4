"""`optimizer report`: what is asked for is written, known to the manifest, and never of a wrong plan."""

import json
import shutil
import sys

import pytest

from optimizer.base.errors import InputError
from optimizer.files.added import add_files
from optimizer.files.solution_folder import manifest_data
from optimizer.report.page import pdf
from tests.cli.conftest import optimizer
from tests.conftest import KUMAMOTO

BASE = KUMAMOTO.parents[1] / "solutions" / "kumamoto-2015" / "base"


@pytest.fixture
def stored(tmp_path):
    """A copy of the committed base plan."""
    return shutil.copytree(BASE, tmp_path / "base")


def test_outputs_go_into_the_solution_and_verify_still_agrees(stored):
    """Page, workbook, letters and layers are added; the manifest knows them; nothing is left over."""
    run = optimizer(
        "report", stored, "--instance", KUMAMOTO, "--xlsx", "--letters", "--gis", cwd=stored.parent
    )
    assert run.returncode == 0, run.stderr
    recorded = json.loads((stored / "manifest.json").read_text())["outputs"]
    for name in ("report.xlsx", "letters/letters-ja.html", "letters/en/D01.html", "gis/plan.gpkg"):
        assert (stored / name).is_file() and name in recorded
    assert [p.name for p in stored.parent.iterdir()] == ["base"]
    assert optimizer("verify", KUMAMOTO, stored, cwd=stored.parent).returncode == 0


def test_an_altered_plan_is_not_handed_round(stored):
    """A plan that is not what was stored gives code 1 and no file; an altered page is replaced."""
    (stored / "report.html").write_text("scribbled")
    args = ("report", stored, "--instance", KUMAMOTO, "--html")
    assert optimizer(*args, cwd=stored.parent).returncode == 0
    assert "scribbled" not in (stored / "report.html").read_text()
    costs = stored / "costs.csv"
    costs.write_text(costs.read_text().replace(",0\n", ",1\n", 1))
    (stored / "report.html").unlink()
    run = optimizer(*args, "--json", cwd=stored.parent)
    assert run.returncode == 1 and not (stored / "report.html").exists()
    assert {f["code"] for f in json.loads(run.stdout)["data"]["findings"]} == {"altered", "number"}


def test_out_leaves_the_solution_alone(stored, tmp_path):
    """With --out the files go there, and the stored solution stays as it was."""
    before = {p: p.read_bytes() for p in stored.rglob("*") if p.is_file()}
    run = optimizer(
        "report", stored, "--instance", KUMAMOTO, "--out", tmp_path / "x", "--json", cwd=tmp_path
    )
    assert run.returncode == 0
    assert sorted(p.name for p in (tmp_path / "x").iterdir()) == ["report.html", "report.xlsx"]
    assert {p: p.read_bytes() for p in stored.rglob("*") if p.is_file()} == before


def test_a_writing_that_fails_leaves_the_old_solution(stored):
    """A file that cannot be placed raises, and every byte of the folder is as before."""
    before = {p: p.read_bytes() for p in stored.rglob("*") if p.is_file()}
    with pytest.raises(Exception, match="cannot be written"):
        add_files(stored, {"a.txt": "new", "report.html/x": "a file is in the way"})
    assert {p: p.read_bytes() for p in stored.rglob("*") if p.is_file()} == before
    assert [p.name for p in stored.parent.iterdir()] == ["base"]


def test_pdf_is_written_or_refused_in_words(stored):
    """With a browser or WeasyPrint a PDF stands beside the page; else it is said what to install."""
    run = optimizer("report", stored, "--instance", KUMAMOTO, "--pdf", cwd=stored.parent)
    if run.returncode == 0:
        assert (stored / "report.pdf").read_bytes().startswith(b"%PDF-")
    else:
        assert run.returncode == 2 and "optimizer[pdf]" in run.stderr


def test_pdf_without_browser_and_extra_is_refused(monkeypatch):
    """Where neither is there, the refusal names both, and printing by hand."""
    monkeypatch.setattr(pdf.shutil, "which", lambda name: None)
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(InputError, match=r"Chromium or WeasyPrint"):
        pdf.pdf("<p>x</p>")


def test_solve_writes_page_and_workbook(solved):
    """A new solution holds both, and its manifest records both."""
    folder, _ = solved
    recorded = json.loads((folder / "manifest.json").read_text())["outputs"]
    assert {"report.html", "report.xlsx"} <= set(recorded)


def test_solve_draws_areas_and_tells_provenance(city, tmp_path):
    """The page that `solve` writes shows the areas beside the instance and its own command."""
    folder = shutil.copytree(city, tmp_path / "west")
    shutil.copy(KUMAMOTO / "districts.geojson", folder)
    out = tmp_path / "out"
    run = optimizer("solve", folder, "--out", out, "--time-limit", 5, cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    text = (out / "report.html").read_text("utf-8")
    assert '<path class="district"' in text and "Schematic areas" in text
    assert manifest_data(out)["command"].partition(" ")[2] in text


def test_areas_that_cannot_be_read_are_told_before_the_solve(city, tmp_path):
    """A broken districts.geojson costs no solve: code 2 and nothing stored."""
    folder = shutil.copytree(city, tmp_path / "west")
    (folder / "districts.geojson").write_text("no map")
    run = optimizer("solve", folder, "--out", tmp_path / "out", "--time-limit", 5, cwd=tmp_path)
    assert run.returncode == 2 and "districts.geojson" in run.stderr
    assert not (tmp_path / "out").exists()
