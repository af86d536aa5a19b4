"""What the command line says: no template, no English id and no English message where Japanese is due."""

import re

import pytest

from optimizer.base.words import LABELS
from optimizer.constraints import registry
from optimizer.objectives.staff_cost import StaffCost
from optimizer.report.rule_book import rule_lines
from optimizer.solver.search.incumbent import Progress
from tests.cli.conftest import optimizer


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("name", sorted(registry()))
def test_no_raw_template_in_the_rule_book(name, lang):
    """The sentences of a rule are shown with its labels and parameters named, never as {fields}."""
    text = "\n".join(rule_lines(name, registry()[name], lang))
    assert not re.search(r"\{\w*\}", text)
    label = registry()[name].key[0]
    assert (f"〔{LABELS[label].ja}〕" if lang == "ja" else "<") in text


def test_validate_speaks_japanese(city):
    """The sizes of an instance have Japanese names."""
    run = optimizer("validate", city, "--lang", "ja", cwd=city)
    assert run.returncode == 0
    for word in ("校区", "窓口", "年度", "制約", "仮定"):
        assert word in run.stdout
    assert "districts" not in run.stdout


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_progress_line_is_cut_by_cells(lang, monkeypatch):
    """However long the numbers, the live line stays below 100 cells, full-width ones counted twice."""
    from rich.cells import cell_len

    from optimizer.cli import progress

    monkeypatch.setattr(progress, "LANG", lang)
    state, title = Progress("proof", 12.0, 10**30, 10**30 - 1), StaffCost().heading
    assert cell_len(progress.live_line(title, state)) <= 99
    long = progress.describe(title, state)
    assert progress.live_line(title, state) == long[: len(progress.live_line(title, state))]
