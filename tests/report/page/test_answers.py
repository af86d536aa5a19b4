"""Answers kept beside a solution: shown on its page, told apart from those about another plan."""

import json
import shutil

import pytest

from optimizer.audit.stored import verify_folder
from optimizer.base.errors import InputError
from optimizer.explain.robust.break_even import BreakEven, Side
from optimizer.files.kept import question
from optimizer.report.page.answers import ASK, read_answers
from optimizer.report.page.html import html_report
from tests.conftest import KUMAMOTO

BASE = KUMAMOTO.parents[1] / "solutions" / "kumamoto-2015" / "base"
FLIP = Side("6500000", "6430000", "flips", (("B01", 2018, "closed"),))
WAGE = BreakEven("wage", "7000000", "holds", FLIP, Side("9000000", "", "holds"))


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A copy of the committed base plan."""
    return shutil.copytree(BASE, tmp_path_factory.mktemp("kept") / "base")


@pytest.fixture(scope="module")
def stored(place):
    """The audit of the copy."""
    return verify_folder(KUMAMOTO, place)


def page(stored, place) -> str:
    """Return the page with what is kept beside the solution."""
    return html_report(stored.audit, stored.outcome, answers=read_answers(place, stored.audit))


def keep(place, name: str, **asked: str) -> None:
    """Write an answer about the wage to a file beside the solution."""
    data = {"question": asked, "answers": [WAGE.to_json()]}
    place.with_name(name).write_text(json.dumps(data))


def test_without_answers_the_page_names_the_commands(stored, place):
    """Where nothing was asked, the page says with what it is."""
    text = page(stored, place)
    assert all(text.count(command) == 1 for command in ASK.values())


def test_break_even_values_stand_on_the_page(stored, place):
    """A kept answer is a row of the page in both languages; what is open is counted."""
    asked = question(stored.audit.instance, stored.audit.plan)
    keep(place, "base.break-even-0.5%.json", **asked, within="1/200", reach="50%")
    text = page(stored, place)
    section = text.partition('id="break-even"')[2].partition("</section>")[0]
    for told in ("6,500,000", "6,430,000", "9,000,000", "within 0.5 %", "1 of 41", "41件のうち1件"):
        assert told in section
    assert ASK["break_even"] not in text and ASK["prices"] in text


def test_answers_about_another_plan_are_named_and_not_shown(stored, place):
    """A file about another plan is told of; none of its numbers is on the page."""
    keep(place, "base.break-even-9%.json", instance="x", plan="y", within="9/100", reach="50%")
    text = page(stored, place)
    assert "base.break-even-9%.json" in text and "within 9 %" not in text
    place.with_name("base.break-even-9%.json").unlink()


def test_a_file_that_holds_no_answers_is_refused(stored, place):
    """A broken file of answers is an error that names it, not a page without them."""
    broken = place.with_name("base.break-even-1%.json")
    broken.write_text("[]")
    with pytest.raises(InputError, match=r"base\.break-even-1%\.json"):
        read_answers(place, stored.audit)
    broken.unlink()
