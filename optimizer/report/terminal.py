"""Reports on a terminal: Rich tables that fit 100 columns, plain when piped."""

from collections.abc import Sequence
from typing import IO

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text as RichText

from optimizer.report.table import Report, Table
from optimizer.report.wrapping import fitted, longest_piece, wrap

WIDTH = 100
SHORT, NAME = 10, 16
"""Cells up to which a text, and a name in the first column, is not broken to make room for others."""
ROWS = 20
"""Longer tables are cut on the terminal, and say so."""


def console(file: IO[str]) -> Console:
    """Return a console of at most 100 columns; colours only on a terminal without NO_COLOR."""
    made = Console(file=file, highlight=False, soft_wrap=False)
    made.width = min(made.width, WIDTH) if made.is_terminal else WIDTH
    return made


def print_report(report: Report, out: Console, lang: str) -> None:
    """Print the headline, the tables and the notes."""
    _say(out, report.title, "", style="bold")
    for line in report.headline:
        _say(out, line, "  ")
    for table in report.tables:
        if table.id != "assumptions":
            print_table(table, out, lang)
    for note in report.notes:
        _say(out, note, "※ " if lang == "ja" else "Note: ", style="dim")


def print_table(table: Table, out: Console, lang: str, rows: int = ROWS) -> None:
    """Print one table; `rows` is the most that is shown (0: all)."""
    out.print()
    limit = len(table.rows) if rows == 0 or table.total or table.id in WHOLE else rows
    shown = table.rows[:limit]
    drawn = RichTable(
        title=RichText("\n".join(wrap(table.title, out.width))),
        title_justify="left",
        title_style="bold",
        pad_edge=False,
    )
    columns = [[str(name), *(row[n] for row in shown)] for n, name in enumerate(table.columns)]
    least = [
        _least(texts, number in table.right, SHORT if number else NAME)
        for number, texts in enumerate(columns)
    ]
    room = out.width - 3 * len(columns) + 1  # a border and two blanks each, less those at the edges
    columns = fitted(columns, least, room)
    for number, texts in enumerate(columns):
        right = number in table.right
        drawn.add_column(RichText(texts[0]), justify="right" if right else "left", no_wrap=True)
    for row in zip(*(texts[1:] for texts in columns), strict=True):
        drawn.add_row(*map(RichText, row))
    out.print(drawn)
    if limit < len(table.rows):
        more = len(table.rows) - limit
        _say(out, f"ほか{more}行は報告書にある" if lang == "ja" else f"{more} more in the report")
    for note in table.notes:
        _say(out, note, style="dim")


def _least(texts: Sequence[str], number: bool, short: int) -> int:
    """Return the cells that a column cannot do without: its longest word, its longest number."""
    longest = max(map(longest_piece, texts))
    if number:
        longest = max(longest, *map(cell_len, texts[1:]), 0)
    return max(longest, min(max(map(cell_len, texts)), short))


def _say(out: Console, text: str, before: str = "  ", style: str = "") -> None:
    """Print a text under an indent, its later lines a little further in."""
    indent = cell_len(before)
    for number, line in enumerate(wrap(text, out.width - max(indent, 4))):
        out.print(RichText((before if number == 0 else " " * max(indent, 4)) + line, style=style))


WHOLE = ("constraints", "modes", "costs", "rooms")
"""Tables that are never cut."""
