"""Reports on a terminal: Rich tables that fit 100 columns, plain when piped."""

from typing import IO

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text as RichText

from optimizer.report.table import Report, Table

WIDTH = 100
ROWS = 20
"""Longer tables are cut on the terminal, and say so."""


def console(file: IO[str]) -> Console:
    """Return a console of at most 100 columns; colours only on a terminal without NO_COLOR."""
    made = Console(file=file, highlight=False, soft_wrap=False)
    made.width = min(made.width, WIDTH) if made.is_terminal else WIDTH
    return made


def print_report(report: Report, out: Console, lang: str) -> None:
    """Print the headline, the tables and the notes."""
    out.print(RichText(report.title, style="bold"))
    for line in report.headline:
        out.print(RichText(f"  {line}"))
    for table in report.tables:
        if table.id != "assumptions":
            print_table(table, out, lang)
    for note in report.notes:
        out.print(RichText(f"※ {note}" if lang == "ja" else f"Note: {note}", style="dim"))


def print_table(table: Table, out: Console, lang: str, rows: int = ROWS) -> None:
    """Print one table; `rows` is the most that is shown (0: all)."""
    out.print()
    drawn = RichTable(title=table.title, title_justify="left", title_style="bold", pad_edge=False)
    widths = _least_widths(table)
    for number, name in enumerate(table.columns):
        right = number in table.right
        drawn.add_column(
            RichText(name),
            justify="right" if right else "left",
            no_wrap=right and bool(number),
            overflow="fold",
            min_width=widths[number],
        )
    limit = len(table.rows) if rows == 0 or table.total or table.id in WHOLE else rows
    for row in table.rows[:limit]:
        drawn.add_row(*(RichText(cell) for cell in row))
    out.print(drawn)
    if limit < len(table.rows):
        more = len(table.rows) - limit
        out.print(
            RichText(
                f"  ほか{more}行は報告書にある" if lang == "ja" else f"  {more} more in the report"
            )
        )
    for note in table.notes:
        out.print(RichText(f"  {note}", style="dim"))


def _least_widths(table: Table) -> list[int | None]:
    """Return widths that keep names and single words whole, or none where that takes too much."""
    widths: list[int | None] = []
    for number, name in enumerate(table.columns):
        texts = [str(name), *(row[number] for row in table.rows)]
        longest = max(cell_len(part) for text in texts for part in text.split(" "))
        widths.append(min(longest, 20 if number == 0 else 12))
    needed = sum(width or 0 for width in widths) + 3 * len(widths) + 1
    return widths if needed <= WIDTH else [None] * len(widths)


WHOLE = ("constraints", "modes", "costs", "rooms")
"""Tables that are never cut."""
