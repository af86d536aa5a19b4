"""District letters: every district, both languages, every number as verified, marked as a draft."""

import re
import shutil
from dataclasses import replace

import pytest

from optimizer.audit.verify import verify
from optimizer.base.words import Text
from optimizer.city.city import Assumption
from optimizer.files.solution_folder import read_plan
from optimizer.model.example import town, town_plan
from optimizer.report.letters.letters import district_letters, letter_files, letter_page
from optimizer.report.networks import served_by_year
from optimizer.report.page.pdf import pdf
from tests.conftest import KUMAMOTO
from tests.tiny import with_entries

CHROMIUM = shutil.which("chromium")
BASE = KUMAMOTO.parents[1] / "solutions" / "kumamoto-2015" / "base"


@pytest.fixture(scope="module")
def audit(kumamoto):
    """The audit of the committed base plan."""
    return verify(kumamoto, read_plan(BASE, kumamoto))


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_every_metre_of_a_letter_is_a_verified_one(audit, lang):
    """Counters and ways of all districts, services and years are those of the plan and of today."""
    served = served_by_year(audit).set_index(["district", "service", "period"])
    instance = audit.instance
    letters = district_letters(audit, lang)
    assert [letter.id for letter in letters] == list(instance.districts.index)
    seen = 0
    for letter in letters:
        for service in instance.services.index:
            places = letter.rows.get(instance.name_of("service", service, lang))
            for number, year in enumerate((instance.today, *instance.planned)):
                known = (letter.id, service, year) in served.index
                place = places[number] if places else None
                assert (place is not None) == known
                if known:
                    row = served.loc[(letter.id, service, year)]
                    assert place.name == instance.name_of("point", row["point"], lang)
                    assert int(re.sub(r"\D", "", place.metres)) == row["metres"]
                    seen += 1
    assert seen == len(served)


def test_every_page_that_rests_on_an_assumption_says_so():
    """The mark stands on each page, and on none once every figure has a source."""
    figure = Assumption("wage", "1", Text("yen", "円"), Text("none", "なし"))
    for source, pages in (("", 4), ("ledger 2015", 0)):
        city = replace(with_entries(town()), assumptions={"wage": replace(figure, source=source)})
        audit = verify(city, town_plan())
        for lang, mark in (("en", "rests on assumed figures"), ("ja", "仮定の数値に基づきます")):
            page = letter_page(audit, district_letters(audit, lang), lang)
            assert page.count("<article") == 4 and page.count(mark) == pages


def test_a_change_names_old_and_new_counter_and_the_growth(audit):
    """A district whose counter changes is told from when, which, how far, and what became of it."""
    letters = {letter.id: letter for letter in district_letters(audit, "ja")}
    served = served_by_year(audit)
    served["was"] = served.groupby(["district", "service"])["point"].shift()
    moved = served[served["was"].notna() & (served["was"] != served["point"])]
    told = [c for letter in letters.values() for c in letter.changes if "に代わり" in c]
    assert len(told) == len(moved) > 0
    row = moved.iloc[0]
    name = audit.instance.name_of("point", row["point"], "ja")
    assert any(
        f"{row['period']}年度から" in c and name in c for c in letters[row["district"]].changes
    )


def test_what_becomes_of_the_old_counter_is_what_the_tables_say(audit):
    """That a counter can be used on, until when, or no longer, follows from its modes and their services."""
    instance, plan = audit.instance, audit.plan
    served = served_by_year(audit)
    served["was"] = served.groupby(["district", "service"])["point"].shift()
    letters = {letter.id: letter for letter in district_letters(audit, "ja")}
    endings = {"stays": 0, "until": 0, "gone": 0}
    for row in served[served["was"].notna() & (served["was"] != served["point"])].itertuples():
        name = instance.name_of("point", row.was, "ja")
        begin = f"{instance.name_of('service', row.service, 'ja')}: {row.period}年度から、{name}に代わり"
        (told,) = [c for c in letters[row.district].changes if c.startswith(begin)]
        usable = [
            (plan.modes[row.was, t] if t > instance.today else None, row.service) in instance.serves
            for t in range(row.period, instance.planned[-1] + 1)
        ]
        if instance.services["ward_bound"][row.service]:
            ward = instance.points["ward"][row.was] == instance.districts["ward"][row.district]
            usable = [u and ward for u in usable]
        ending = "stays" if all(usable) else "until" if usable[0] else "gone"
        endings[ending] += 1
        last = row.period + usable.index(False) - 1 if ending == "until" else 0
        wanted = {
            "stays": f"{name}も引き続き利用できます。",
            "until": f"{name}も{last}年度までは利用できます。",
            "gone": "なります。",
        }[ending]
        assert told.endswith(wanted), told
    assert all(endings.values())


def test_letters_escape_names_and_ask_nothing(audit):
    """A name with markup stays a text; no page has a script, a link to elsewhere or an image."""
    base = with_entries(town())
    spoilt = replace(base, districts=base.districts.assign(name="<script>x</script>"))
    pages = letter_files(verify(spoilt, town_plan()))
    assert len(pages) == 2 * (1 + 4)
    for page in pages.values():
        assert "<script" not in page and "&lt;script&gt;" in page
        assert not re.search(r"https?:|src=|@import|url\(", page)


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_every_letter_is_one_printed_page(audit, lang):
    """Printed by a browser, the letters of all districts are as many pages as districts."""
    printed = pdf(letter_page(audit, district_letters(audit, lang), lang))
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == len(audit.instance.districts)
