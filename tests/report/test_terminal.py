"""The terminal: lines break where a reader would break them, and nothing is cut away."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from optimizer.audit.verify import verify
from optimizer.files.solution_folder import read_plan
from optimizer.report.instance_tables import instance_report
from optimizer.report.table import Report, Table
from optimizer.report.tables import assumptions_table, full_report
from optimizer.report.terminal import console, print_report, print_table
from optimizer.report.wrapping import column_widths, wrap
from tests.conftest import KUMAMOTO

BASE = KUMAMOTO.parents[1] / "solutions" / "kumamoto-2015" / "base"


def printed(table: Table, lang: str = "ja") -> list[str]:
    """Return the lines of a table as the terminal shows them."""
    out = io.StringIO()
    print_table(table, console(out), lang, rows=0)
    return out.getvalue().splitlines()


def column(lines: list[str], number: int) -> str:
    """Return the text of one column, its lines joined without spaces."""
    rows = [line.strip("│").split("│") for line in lines if line.startswith("│")]
    return "".join(row[number] for row in rows).replace(" ", "")


@given(st.text("a1,.m(（校区年度サーー）)。、 \n", max_size=60), st.integers(2, 40))
def test_wrapping_keeps_every_character_and_the_width(text, width):
    """However a text is broken, no line is too wide and nothing but spaces is lost."""
    lines = wrap(text, width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "").replace("\n", "")


def test_japanese_breaks_between_words_and_not_before_a_full_stop():
    """Numbers with their unit and katakana words stay whole; no line begins with 。 or ends with (."""
    text = "力合校区・証明書(窓口)・2018年度: 現在より4,596m遠くなる(上限5,000m)。サービスコーナー"
    for width in range(16, 40):
        lines = wrap(text, width)
        for whole in ("2018年度:", "4,596m", "5,000m)。", "サービスコーナー"):
            assert any(whole in line for line in lines)
        assert not any(line[0] in "。、)・:" or line[-1] in "(（" for line in lines)


def test_a_long_line_of_japanese_is_filled():
    """A headline goes on up to the width instead of leaving a nearly empty line behind."""
    text = "職員費等(2017年度–2020年度): 6,076,279,750円。HiGHSによれば6,056,385,745を下回る計画はない(差0.33%)"
    first, second = wrap(text, 60)
    assert cell_len(first) > 50 and cell_len(second) < 60


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 60)), min_size=1, max_size=9))
def test_columns_share_the_room(sizes):
    """Columns get what they need where there is room, never more, and together no more than there is."""
    least = [a for a, _ in sizes]
    natural = [a + b for a, b in sizes]
    widths = column_widths(least, natural, 80)
    assert all(w <= n for w, n in zip(widths, natural, strict=True))
    assert all(w >= 1 for w in widths)
    assert sum(widths) <= max(80, len(sizes))
    if sum(natural) <= 80:
        assert widths == natural
    elif sum(least) <= 80:
        assert sum(widths) == 80
        assert all(w >= a for w, a in zip(widths, least, strict=True))


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_no_table_of_a_plan_or_instance_loses_a_word(kumamoto, lang):
    """Every cell of every table is there whole, within 100 columns, in both languages."""
    audit = verify(kumamoto, read_plan(BASE, kumamoto))
    reports = (full_report(audit, None, lang), instance_report(kumamoto, lang))
    for table in (table for report in reports for table in report.tables):
        lines = printed(table, lang)
        assert max(map(cell_len, lines)) <= 100, table.id
        for number in range(len(table.columns)):
            wanted = "".join(row[number] for row in table.rows).replace(" ", "")
            assert column(lines, number) == wanted, (table.id, number)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_assumptions_can_be_read(kumamoto, lang):
    """The reason of every assumption has more room than its value, and ids stay whole."""
    lines = printed(assumptions_table(kumamoto, lang), lang)
    row = next(line for line in lines if "person_minutes" in line).strip("│").split("│")
    assert cell_len(row[3]) > 30
    for name in kumamoto.assumptions:
        assert any(name in line.split("│")[1].split() for line in lines if line.startswith("│"))


def test_headline_and_notes_fit(kumamoto):
    """Long headlines and notes are broken with an indent, none wider than 100 columns."""
    text = "窓口" * 40
    out = io.StringIO()
    print_report(Report("題", (text,), (), (text,)), console(out), "ja")
    lines = out.getvalue().splitlines()
    assert max(map(cell_len, lines)) <= 100 and len(lines) == 5
    assert lines[2].startswith("    窓") and lines[4].startswith("    窓")
