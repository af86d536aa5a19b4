"""The report as a workbook: numbers as numbers, sums that an auditor can follow, ready for A4.

The bytes depend on the plan alone: the creation date is fixed, and nothing of this machine or of
the hour is written.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from rich.cells import cell_len

from optimizer.audit.verify import Audit
from optimizer.base.words import Text
from optimizer.files.neutral import starts_formula
from optimizer.model.outcome import Outcome
from optimizer.report.workbook.sheet import Cell, Formula, Sheet
from optimizer.report.workbook.sheets import workbook_sheets
from optimizer.report.wrapping import wrap

CREATED = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
HEADER, FIRST = 3, 4
"""Rows, from 0: the title and the notes stand above the header, the data below it."""
NARROWEST, WIDEST, WIDEST_OF_MANY, WIDEST_HEADING, MANY = 6, 60, 24, 14, 12
"""Widths of columns in cells; those of a sheet with many columns are kept narrower, for paper."""
LINE = 14
"""Points of height of one line of text."""
LONGEST_TEXT = 32_767
LARGEST = 2**53
"""What a cell holds: so many characters, and integers below this exactly."""
ROWS = 1_000_000
A4 = 9


def workbook(audit: Audit, outcome: Outcome | None, lang: str) -> bytes:
    """Return report.xlsx of a plan in `lang`."""
    import xlsxwriter

    sheets = workbook_sheets(audit, outcome, lang)
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"title": audit.instance.name.say(lang), "created": CREATED})
    book.set_calc_mode("auto")
    book.define_name("wage", f"={audit.instance.wage}")
    font = {"font_name": "Noto Sans CJK JP" if lang == "ja" else "Arial", "font_size": 10}
    font |= {"valign": "top"}
    formats = {
        "title": book.add_format(font | {"bold": True, "font_size": 14}),
        "head": book.add_format(
            font | {"bold": True, "bg_color": "#DDE5EE", "border": 1, "text_wrap": True}
        ),
        "text": book.add_format(font | {"text_wrap": True, "indent": 1}),
        "quoted": book.add_format(font | {"text_wrap": True, "quote_prefix": True}),
        "note": book.add_format(font | {"italic": True}),
        "number": book.add_format(font | {"num_format": "#,##0"}),
        "plain": book.add_format(font | {"num_format": "0", "align": "left"}),
        "text total": book.add_format(font | {"bold": True, "top": 1}),
        "number total": book.add_format(font | {"bold": True, "top": 1, "num_format": "#,##0"}),
    }
    by_id = {sheet.id: sheet for sheet in sheets}
    for sheet in sheets:
        _write(book.add_worksheet(sheet.title), sheet, by_id, formats, lang)
    book.close()
    return buffer.getvalue()


def _write(
    page: Any, sheet: Sheet, sheets: dict[str, Sheet], formats: dict[str, Any], lang: str
) -> None:
    widths = [_width(sheet, n, name) for n, name in enumerate(sheet.columns.values())]
    page.write_string(0, 0, sheet.title, formats["title"])
    page.write_string(1, 0, " ".join(sheet.notes), formats["note"])
    page.set_row(HEADER, LINE * _lines(list(sheet.columns.values()), widths))
    for number, heading in enumerate(sheet.columns.values()):
        page.write_string(HEADER, number, heading, formats["head"])
        page.set_column(number, number, widths[number])
    rows = [*((row, "") for row in sheet.rows), *((row, " total") for row in sheet.totals)]
    for number, (row, kind) in enumerate(rows, FIRST):
        lines = _lines(row, widths)
        if lines > 1:
            page.set_row(number, LINE * lines)
        for place, (key, cell) in enumerate(zip(sheet.columns, row, strict=True)):
            _cell(page, number, place, key, cell, kind, (sheet, sheets, formats))
    page.freeze_panes(FIRST, sheet.kept)
    if sheet.filters and sheet.rows:
        page.autofilter(HEADER, 0, HEADER + len(sheet.rows), len(sheet.columns) - 1)
    page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(HEADER)
    page.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    page.set_footer("&L&A&R" + Text("page &P of &N", "&P／&N頁").say(lang))


def _cell(page: Any, row: int, column: int, key: str, cell: Cell, kind: str, places: Any) -> None:
    sheet, sheets, formats = places
    if cell is None:
        return
    number = formats["number" + kind]
    if isinstance(cell, Formula):
        text = _resolved(cell.text, row, sheet, sheets)
        page.write_formula(row, column, text, number, cell.value)
    elif isinstance(cell, int) and abs(cell) < LARGEST:
        page.write_number(row, column, cell, formats["plain"] if key == "year" else number)
    else:
        told = str(cell)
        told = told if len(told) <= LONGEST_TEXT else told[: LONGEST_TEXT - 1] + "…"
        style = formats["quoted" if starts_formula(told) else "text" + kind]
        page.write_string(row, column, told, style)


def _resolved(text: str, row: int, sheet: Sheet, sheets: dict[str, Sheet]) -> str:
    """Return the formula with its keys replaced by cells and ranges."""

    def column(of: Sheet, key: str) -> str:
        from xlsxwriter.utility import xl_col_to_name

        return str(xl_col_to_name(list(of.columns).index(key)))

    def whole(match: re.Match[str]) -> str:
        other, _, key = match[1].rpartition(".")
        of = sheets[other] if other else sheet
        letter, last = column(of, key), FIRST + max(len(of.rows), 1)
        place = f"${letter}${FIRST + 1}:${letter}${last}"
        return f"'{of.title}'!{place}" if other else place

    text = re.sub(r"\[([a-z0-9_.]+)\]", whole, text)
    return re.sub(r"\{([a-z0-9_]+)\}", lambda m: f"{column(sheet, m[1])}{row + 1}", text)


def _width(sheet: Sheet, column: int, heading: str) -> int:
    """Return the width that fits the column, full-width characters counted double."""
    cells = [row[column] for row in (*sheet.rows, *sheet.totals)]
    shown = [c.value if isinstance(c, Formula) else c for c in cells]
    texts = [f"{c:,}" if isinstance(c, int) else str(c or "") for c in shown]
    longest = max(
        [*(cell_len(t) for t in texts), min(cell_len(heading), WIDEST_HEADING)], default=0
    )
    widest = WIDEST_OF_MANY if len(sheet.columns) > MANY else WIDEST
    return min(max(longest + 2, NARROWEST), widest)


def _lines(row: Sequence[Cell], widths: list[int]) -> int:
    """Return how many lines the longest text of a row takes; at most what a row may be high."""
    counts = [len(wrap(c, w)) for c, w in zip(row, widths, strict=True) if isinstance(c, str)]
    return min(max(counts, default=1), 409 // LINE)
