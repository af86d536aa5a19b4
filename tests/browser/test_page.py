"""The page at work: silent on the network and the console, every control by mouse and by keyboard."""

from itertools import pairwise

import pytest

from optimizer.report.links import used_links
from optimizer.report.map.map_data import mean_ways, modes_by_year, shade
from optimizer.report.map.marks import states

SHADES = """Object.fromEntries([...document.querySelectorAll("#districts .district")]
    .map(d => [d.dataset.id, d.dataset.shade]))"""
OFFICES = """Object.fromEntries([...document.querySelectorAll("#offices .office")].map(o => [o.dataset.id,
    getComputedStyle(o).display === "none" ? null : o.firstElementChild.getAttribute("href").slice(6)]))"""
FOCUS = "document.activeElement.id || document.activeElement.dataset.id || ''"


def texts(browser, selector: str) -> list[str]:
    """Return what a reader sees of every element that `selector` finds."""
    return browser.run(f"[...document.querySelectorAll('{selector}')].map(e => e.innerText.trim())")


def tab_to(browser, name: str) -> None:
    """Press Tab until the element with the id, or data-id, `name` has the focus."""
    for _ in range(60):
        if browser.run(FOCUS) == name:
            return
        browser.press("Tab")
    raise AssertionError(f"Tab does not reach {name}")


def expected(stored, year: int) -> tuple[dict[str, str], dict[str, str | None]]:
    """Return the shade of every district and the mark of every counter in a year, from the audit."""
    instance = stored.audit.instance
    period = [instance.today, *instance.planned][year]
    means = mean_ways(used_links(stored.audit))
    near = {d: means.get((d, period)) for d in instance.districts.index}
    shades = {d: shade(None if m is None else int(m)) for d, m in near.items()}
    modes = modes_by_year(stored.audit)
    return shades, {p: states(instance, row)[year] for p, row in modes.items()}


def assert_shown(browser, stored, year: int) -> None:
    """Check every shape of the map against the audit."""
    shades, marks = expected(stored, year)
    assert browser.run(SHADES) == shades
    shown = browser.run(OFFICES)
    assert shown and shown == {p: marks[p] for p in shown}


def test_the_page_asks_nobody_and_complains_of_nothing(browser):
    """The file itself is the only request; no console message, no error, no policy violated."""
    for lang in ("en", "ja"):
        browser.point(f"label[for=lang-{lang}]", click=True)
    browser.point("#districts [data-id=D50]", click=True)
    requests = [e["request"]["url"] for e in browser.told("Network.requestWillBeSent")]
    assert [url.partition("?")[0].rpartition("/")[2] for url in requests] == ["report.html"]
    for event in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"):
        assert browser.told(event) == []


def test_the_policy_forbids_every_request(browser):
    """A picture, a script and a request that somebody slips in are refused by the page itself."""
    browser.run(
        """new Promise(done => { window.broken = [];
        addEventListener("securitypolicyviolation", e => broken.push(e.effectiveDirective));
        for (const tag of ["img", "script"]) {
            const e = document.createElement(tag); e.src = "https://example.org/x"; document.body.append(e); }
        fetch("https://example.org/x").catch(() => setTimeout(done, 100)); })"""
    )
    assert set(browser.run("broken")) == {"img-src", "script-src-elem", "connect-src"}


def test_year_and_today_change_the_right_shapes_by_mouse(browser, stored):
    """Every year and today show the marks and shades that the audit gives for them."""
    assert_shown(browser, stored, 4)
    browser.point("label[for=when-today]", click=True)
    assert_shown(browser, stored, 0)
    assert "現在" in texts(browser, "#shown")[0]
    browser.point("label[for=when-plan]", click=True)
    assert_shown(browser, stored, 4)
    browser.point("#year", click=True)  # the middle of 1..4
    year = int(browser.run("document.getElementById('year').value"))
    assert year in (2, 3)
    assert_shown(browser, stored, year)


def test_year_and_today_change_the_right_shapes_by_keyboard(browser, stored):
    """Arrow keys move the slider through every year and the switch to today and back."""
    tab_to(browser, "when-plan")
    browser.press("ArrowLeft")
    assert_shown(browser, stored, 0)
    browser.press("ArrowRight")
    assert_shown(browser, stored, 4)
    tab_to(browser, "year")
    for year in (3, 2, 1):
        browser.press("ArrowLeft")
        assert_shown(browser, stored, year)
        assert texts(browser, "#year-name") == [f"{2016 + year}年度"]


def test_a_service_shades_by_its_own_way(browser, stored):
    """The choice of a service, made by keyboard, shades every district by the way to that service."""
    instance = stored.audit.instance
    table = used_links(stored.audit)["metres"].xs(instance.planned[-1], level="period")
    tab_to(browser, "service")
    for service in instance.services.index:
        browser.press("ArrowDown")
        near = table.xs(service, level="service")
        assert browser.run(SHADES) == {
            d: shade(int(near[d]) if d in near.index else None) for d in instance.districts.index
        }


def test_hover_and_choice_show_the_ledger_of_a_district(browser, stored):
    """The mouse over a district shows its counters and metres; away from it, the chosen one's again."""
    instance = stored.audit.instance
    before = texts(browser, "#ledger h3")
    browser.point("#districts [data-id=D94]")
    assert texts(browser, "#ledger h3") == [instance.districts["name"]["D94"]]
    way = used_links(stored.audit).loc[("D94", slice(None), instance.planned[-1]), "metres"]
    assert texts(browser, "#ledger td:nth-child(3) .metres") == [f"{m:,} m" for m in way]
    browser.point("h1")
    assert texts(browser, "#ledger h3") == before
    browser.point("#districts [data-id=D94]", click=True)
    browser.point("h1")
    assert texts(browser, "#ledger h3") == [instance.districts["name"]["D94"]]


def test_districts_are_walked_by_arrow_keys(browser, stored):
    """Tab comes to one district; arrows go to its neighbours, Enter keeps one, Escape lets go."""
    names = stored.audit.instance.districts["name"]
    first = browser.run("document.querySelector('#districts [tabindex=\"0\"]').dataset.id")
    tab_to(browser, first)
    assert texts(browser, "#ledger h3") == [names[first]]
    seen = {first}
    for key in ("ArrowDown", "ArrowDown", "ArrowLeft", "ArrowUp", "ArrowRight"):
        browser.press(key)
        at = browser.run(FOCUS)
        assert texts(browser, "#ledger h3") == [names[at]]
        seen.add(at)
    assert len(seen) >= 4
    browser.press("Enter")
    assert browser.run("document.getElementById('place').value") == f"d:{at}"
    browser.press("Escape")
    assert browser.run("document.getElementById('place').value") == ""


def test_a_counter_shows_its_years(browser, stored):
    """The mouse over a counter, and its choice in the list, show mode and staff of every year."""
    browser.point("#offices [data-id=B01] use")
    name = stored.audit.instance.points["name"]["B01"]
    assert texts(browser, "#ledger h3") == [name]
    staff = [int(stored.audit.plan.staff["B01", t]) for t in stored.audit.instance.planned]
    assert texts(browser, "#ledger td.number")[1:] == [f"{n:,}" for n in staff]
    browser.point("h1")
    tab_to(browser, "place")
    browser.press("End")
    assert browser.run("document.getElementById('place').value").startswith("p:")


@pytest.mark.parametrize("way", ["mouse", "keyboard"])
def test_the_language_is_switched(browser, way):
    """Title, headings, names of controls and the ledger are all in the language chosen."""
    if way == "mouse":
        browser.point("label[for=lang-en]", click=True)
    else:
        tab_to(browser, "lang-ja")
        browser.press("ArrowRight")
    assert browser.run("document.documentElement.lang") == "en"
    assert texts(browser, "#t-map") == ["Map"]
    assert "Map of the districts" in browser.run("document.getElementById('city').ariaLabel")
    assert browser.run("document.title").startswith("Kumamoto")
    assert "certificates (card)" in texts(browser, "#ledger th")
    japanese = browser.run(
        "[...document.querySelectorAll('h2, h3, label, legend')].filter(e => e.innerText.match(/[ぁ-ん]/)).length"
    )
    assert japanese == 0


@pytest.mark.parametrize("way", ["mouse", "keyboard"])
def test_tables_sort_and_filter(browser, way):
    """A column's button sorts up, down and back; the filter keeps the rows with its words, and counts."""
    column = "#table-moved tbody tr:not([hidden]) td:nth-child(5)"
    first = texts(browser, column)
    button = "#table-moved thead th:nth-child(5) button"
    browser.run(f"document.querySelector('{button}').focus()")

    def click() -> list[int]:
        if way == "mouse":
            browser.point(button, click=True)
        else:
            browser.press("Enter")
        return [int(text.replace(",", "")) for text in texts(browser, column)]

    rows = click()
    assert rows == sorted(rows) and len(rows) == len(first)
    rows = click()
    assert rows == sorted(rows, reverse=True)
    click()
    assert texts(browser, column) == first
    browser.point("#filter-table-moved", click=True)
    browser.type("届出 区役所")
    left = browser.run("document.querySelectorAll('#table-moved tbody tr:not([hidden])').length")
    assert 0 < left < len(first)
    assert texts(browser, "#moved output") == [f"{left} / {len(first)}"]
    assert all("届出" in row for row in texts(browser, "#table-moved tbody tr:not([hidden])"))


def test_every_way_of_every_district_is_there(browser, stored):
    """The table of ways is complete: a row for each district and service that has one."""
    pairs = {key[:2] for key in used_links(stored.audit).index}
    rows = browser.run("document.querySelector('#table-ways').tBodies[0].rows.length")
    assert rows == len(pairs)


def test_controls_have_names_and_headings_have_an_order(browser):
    """What a screen reader reads: each control has a name, each table a heading, no level is skipped."""
    nodes = browser.send("Accessibility.getFullAXTree")["nodes"]
    roles = (
        "button",
        "slider",
        "combobox",
        "radio",
        "searchbox",
        "image",
        "img",
        "region",
        "group",
    )
    shown = [n for n in nodes if n.get("role", {}).get("value") in roles and not n["ignored"]]
    unnamed = [n for n in shown if not n.get("name", {}).get("value")]
    assert len(shown) > 150
    assert {n["role"]["value"] for n in unnamed} <= {"group"}
    levels = browser.run("[...document.querySelectorAll('h1,h2,h3')].map(h => +h.tagName[1])")
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
