"""How the page looks, measured: nothing overflows or overlaps, every text has contrast, prints whole."""

import re

import pytest

from optimizer.report.map.marks import marks
from tests.browser.conftest import WIDTHS

LEAST = 4.5
"""The contrast that a text needs: WCAG 2.2, success criterion 1.4.3."""
LEAST_SHAPE = 3.0
"""The contrast that a mark needs: WCAG 2.2, success criterion 1.4.11."""

SPILLED = """(() => {
  const found = [], seen = e => e.checkVisibility() && !e.closest(".unseen, .skip, .defs");
  const scrolls = e => e.closest(".wide, .tall, .mapbox, pre");
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, e = node.parentElement;
    if (!node.data.trim() || !seen(e) || ["SCRIPT", "STYLE", "OPTION"].includes(e.tagName)) continue;
    const range = document.createRange(); range.selectNodeContents(node);
    const svg = e.closest("svg"), box = svg || e.closest("td, th, .card, section, header, footer, main, fieldset") || document.body;
    const outer = box.getBoundingClientRect();
    for (const r of range.getClientRects()) {
      if (r.width < 1) continue;
      if (r.left < outer.left - 1.5 || r.right > outer.right + 1.5) found.push([node.data.slice(0, 40), box.tagName]);
      else if (!scrolls(e) && (r.left < -1 || r.right > innerWidth + 1)) found.push([node.data.slice(0, 40), "window"]);
    }
  }
  return found; })()"""

OVERLAPS = """(selector => {
  const found = [];
  for (const svg of document.querySelectorAll(selector)) {
    const boxes = [...svg.querySelectorAll("text")].filter(t => t.checkVisibility()).map(t => [t.textContent, t.getBoundingClientRect()]);
    boxes.forEach(([a, p], i) => boxes.slice(i + 1).forEach(([b, q]) => {
      const x = Math.min(p.right, q.right) - Math.max(p.left, q.left), y = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
      if (x > 1 && y > 4) found.push([a.trim(), b.trim(), Math.round(x), Math.round(y)]);
    }));
  }
  return found; })"""

CONTRASTS = """(() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgb = colour => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); return canvas.getImageData(0, 0, 1, 1).data; };
  const light = c => { const [r, g, b] = [...c].slice(0, 3).map(v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b; };
  const behind = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c[3] === 255) return c; } return [255, 255, 255]; };
  const found = {};
  for (const e of document.querySelectorAll("body *")) {
    if (!e.checkVisibility() || e.closest(".unseen, .defs, script")) continue;
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
    const style = getComputedStyle(e), svg = e.closest("svg");
    const ink = light(rgb(svg ? style.fill : style.color)), ground = light(behind(svg ? svg.parentElement : e));
    const ratio = (Math.max(ink, ground) + .05) / (Math.min(ink, ground) + .05);
    const key = `${e.tagName}.${e.getAttribute("class") || ""} in ${e.closest("[id]")?.id}`;
    found[key] = Math.min(found[key] ?? 99, ratio);
  }
  return found; })()"""


@pytest.fixture(params=[(w, lang) for w in WIDTHS for lang in ("ja", "en")], ids=str)
def view(request, browser):
    """The page in each width and language."""
    width, lang = request.param
    browser.size(width)
    browser.point(f"label[for=lang-{lang}]", click=True)
    return browser


def test_texts_fit_their_boxes(view):
    """No text leaves its cell, card or drawing, and the page never scrolls sideways."""
    assert view.run(SPILLED) == []
    assert view.run("document.scrollingElement.scrollWidth - innerWidth") <= 0


def test_no_label_lies_on_another(view):
    """On the map, today and in the plan, and in the charts no two texts overlap."""
    for when in ("plan", "today"):
        view.point(f"label[for=when-{when}]", click=True)
        assert view.run(f"{OVERLAPS}('#city, .chart')") == []


def test_every_text_has_contrast(view):
    """Each text against what is painted behind it: at least 4.5 to 1."""
    found = view.run(CONTRASTS)
    assert len(found) > 40
    assert {key: round(ratio, 2) for key, ratio in found.items() if ratio < LEAST} == {}


def _light(colour: str) -> float:
    """Return the relative luminance of "#rrggbb", as WCAG defines it."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_marks_stand_out_and_differ_in_shape(stored):
    """Each mode has a shape of its own, and its colour stands out from the white around it."""
    look = marks(stored.audit.instance)
    assert len({mark.path for mark in look.values()}) == len(look)
    assert all(1.05 / (_light(mark.colour) + 0.05) >= LEAST_SHAPE for mark in look.values())


def test_district_shades_differ_without_colour(browser):
    """From the third step on shades are hatched, each its own way, and the lighter ones differ in light."""
    fills = browser.run(
        """[...document.querySelectorAll(".legend rect.district")].map(e => getComputedStyle(e).fill)"""
    )
    assert len(set(fills)) == len(fills) == 6
    assert [f.startswith("url") for f in fills] == [False] * 3 + [True] * 3


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_printed_page_breaks_sensibly(browser, lang):
    """On A4 no row, card or chart is cut, heads repeat, controls are gone, and the pages are few."""
    browser.point(f"label[for=lang-{lang}]", click=True)
    document = browser.pdf()
    pages = len(re.findall(rb"/Type\s*/Page\b", document))
    assert 8 <= pages <= 40
    browser.send("Emulation.setEmulatedMedia", media="print")
    browser.size(688, 1017)  # A4 less its margins of 14 mm, in CSS pixels
    whole = """[...document.querySelectorAll("tr, .card, .chart, figure, .plate")]
        .filter(e => e.checkVisibility())"""
    assert (
        browser.run(f"{whole}.filter(e => getComputedStyle(e).breakInside !== 'avoid').length") == 0
    )
    assert browser.run(f"Math.max(...{whole}.map(e => e.getBoundingClientRect().height))") < 1017
    heads = "[...document.querySelectorAll('main table thead')]"
    assert browser.run(f"{heads}.every(e => getComputedStyle(e).display === 'table-header-group')")
    hidden = ".lang, .controls, .filter, .skip"
    assert (
        browser.run(
            f"[...document.querySelectorAll('{hidden}')].filter(e => e.checkVisibility()).length"
        )
        == 0
    )
    assert browser.run("document.scrollingElement.scrollWidth") <= 688
    assert browser.run(SPILLED) == []
    spilled = """[...document.querySelectorAll("table")].filter(t => t.checkVisibility()
        && t.getBoundingClientRect().right > 689).map(t => t.id || t.className)"""
    assert browser.run(spilled) == []
