"""The workbook: complete, deterministic, safe, and its formulas give the verified numbers."""

import io
import shutil
import subprocess
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from optimizer.audit.verify import verify
from optimizer.files.neutral import neutral
from optimizer.files.solution_folder import read_plan
from optimizer.model.example import town, town_plan
from optimizer.report.networks import costs_by_year
from optimizer.report.workbook.workbook import workbook
from tests.conftest import KUMAMOTO
from tests.tiny import with_entries

BASE = KUMAMOTO.parents[1] / "solutions" / "kumamoto-2015" / "base"
SOFFICE = shutil.which("soffice")
needs_libreoffice = pytest.mark.skipif(
    SOFFICE is None, reason="LibreOffice (Debian package libreoffice-calc) is not installed"
)


@pytest.fixture(scope="module")
def audit(kumamoto):
    """The audit of the committed base plan."""
    return verify(kumamoto, read_plan(BASE, kumamoto))


@pytest.fixture(scope="module")
def book(audit):
    """The workbook of the base plan in Japanese, as openpyxl reads it: formulas, not values."""
    return load_workbook(io.BytesIO(workbook(audit, None, "ja")))


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_same_plan_gives_the_same_bytes(lang):
    """Neither the hour nor the machine is in the file."""
    audit = verify(with_entries(town()), town_plan())
    assert workbook(audit, None, lang) == workbook(audit, None, lang)


def test_every_sheet_is_there_filtered_frozen_and_for_a4(book, audit):
    """Cover, districts, offices, staff, costs, differences, constraints, readings, assumptions, sources."""
    assert book.sheetnames == [
        "表紙", "校区", "窓口・年度別", "職員数", "費用", "現在との違い", "制約の確認", "確認結果の全件",
        "仮定の一覧", "出典",
    ]  # fmt: skip
    for page in book.worksheets:
        assert page.freeze_panes is not None
        assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
        assert page.print_title_rows == "$4:$4"
        assert page.title == "表紙" or page.auto_filter.ref.startswith("A4:")
    assert book["確認結果の全件"].max_row == 4 + len(audit.table())
    assert book["校区"].column_dimensions["D"].width >= 2 * len("証明書(カード)") - 2


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "＝1"])
def test_a_name_that_looks_like_a_formula_stays_a_text(start):
    """A point named =1+1 is a string in the workbook, and gets an apostrophe in a CSV."""
    base = town()
    points = base.points.assign(name=[start] * len(base.points))
    audit = verify(with_entries(replace(base, points=points)), town_plan())
    page = load_workbook(io.BytesIO(workbook(audit, None, "en")))["Staff"]
    assert {page.cell(5, 2).data_type} == {"s"} and page.cell(5, 2).quotePrefix
    assert neutral(start) == f"'{start}" and neutral("大江") == "大江"


def reopened(folder, *books: str) -> list:
    """Return workbooks of `folder` as LibreOffice opens and writes them anew: values, not formulas."""
    subprocess.run(
        [SOFFICE, f"-env:UserInstallation=file://{folder}/profile", "--headless",
         "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", folder / "out",
         *(folder / book for book in books)],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    return [load_workbook(folder / "out" / book, data_only=True) for book in books]


@needs_libreoffice
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_libreoffice_opens_it_and_recomputes_the_verified_numbers(audit, tmp_path, lang):
    """LibreOffice leaves no cell out, as it does where it repairs a file, and every formula, its
    cached value taken away, gives what verify found."""
    raw = workbook(audit, None, lang)
    wanted = load_workbook(io.BytesIO(raw), data_only=True)
    (tmp_path / "raw.xlsx").write_bytes(raw)
    stripped = load_workbook(io.BytesIO(raw))  # openpyxl writes formulas without their values
    stripped.save(tmp_path / "stripped.xlsx")
    opened, recomputed = reopened(tmp_path, "raw.xlsx", "stripped.xlsx")
    assert opened.sheetnames == wanted.sheetnames
    formulas = 0
    for page in stripped.worksheets:
        for row in page.iter_rows():
            for cell in row:
                value = wanted[page.title][cell.coordinate].value
                assert (opened[page.title][cell.coordinate].value or None) == (value or None)
                if cell.data_type == "f":
                    assert recomputed[page.title][cell.coordinate].value == value, cell.coordinate
                    formulas += 1
    assert formulas > 500


def test_the_sums_are_those_of_the_ledger(audit, book):
    """The verified total stands on the cover, and beside it a sum over the sheet of offices."""
    values = load_workbook(io.BytesIO(workbook(audit, None, "ja")), data_only=True)
    cover = {row[0]: row[1] for row in values["表紙"].iter_rows(min_row=5, values_only=True)}
    assert cover["計画期間の費用・検証値(円)"] == cover["同・この表での合計"] == audit.costs.sum()
    costs = costs_by_year(audit).groupby(level="period").sum()
    total = next(r for r in values["費用"].iter_rows(values_only=True) if r[0] == "費用(円)")
    assert list(total[1:]) == costs.sum(axis=1).tolist()
    assert str(book["費用"]["B5"].value).startswith("=SUMIF(")
