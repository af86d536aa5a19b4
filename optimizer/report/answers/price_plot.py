"""Prices of constraints as one SVG picture: a bar for every interval, in both languages."""

from xml.sax.saxutils import escape

from optimizer.explain.price.prices import Price, Priced, Prices
from optimizer.report.answers.price import TITLE, change_text, name_of, sign, words

ROW, TOP, LEFT, BAR, WIDTH = 64, 60, 12, 560, 900
"""Height of a price, where the first begins, where bars begin, the longest bar, the picture."""

STYLE = (
    "text{font:13px sans-serif;fill:#222}.small{font-size:11px;fill:#555}.title{font-size:16px;"
    "font-weight:bold}.sure{fill:#1f5f99}.open{fill:#1f5f99;fill-opacity:.25;stroke:#1f5f99}"
    ".axis{stroke:#888}"
)


def price_svg(found: Prices) -> str:
    """Return the picture as text; it needs nothing else to be shown."""
    rows = [(one, price) for one in found.priced for price in one.prices]
    longest = max((price.most or 0 for _, price in rows), default=0)
    low = TOP + ROW * len(rows)
    title, unit = f"{TITLE.en} / {TITLE.ja}", found.instance.objectives[0].measure
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {low + 34}" role="img">',
        f"<title>{escape(title)}</title>",
        f"<style>{STYLE}</style>",
        _text(LEFT, 24, title, "title"),
        _text(LEFT, 44, f"{found.instance.name.en} / {found.instance.name.ja}", "small"),
    ]
    for number, (one, price) in enumerate(rows):
        parts += _row(found, one, price, TOP + ROW * number, longest)
    parts += [
        f'<line class="axis" x1="{LEFT}" y1="{TOP}" x2="{LEFT}" y2="{low}"/>',
        _text(LEFT, low + 20, "0", "small"),
        _text(LEFT + BAR, low + 20, f"{longest:,} {unit}", "small", "end"),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _row(found: Prices, one: Priced, price: Price, top: int, longest: int) -> list[str]:
    """Return the texts of one price, in both languages, and its bar."""
    names = [f"{name_of(one, lang)} – {change_text(one, price, lang)}" for lang in ("en", "ja")]
    told = f"{words(price, found, 'en')} / {words(price, found, 'ja')}"
    parts = [
        f"<g><title>{escape(f'{names[0]}: {told}')}</title>",
        _text(LEFT + 6, top + 15, names[0]),
        _text(LEFT + 6, top + 31, names[1], "small"),
    ]
    if price.most is None:
        return [*parts, _text(LEFT + 6, top + 50, told, "small"), "</g>"]
    for kind, value in (("open", price.most), ("sure", price.least or 0)):
        wide = BAR * max(value, 0) / max(longest, 1)
        size = f'x="{LEFT}" y="{top + 37}" width="{wide:.1f}" height="16"'
        parts.append(f'<rect class="{kind}" {size}/>')
    marks = " / ".join(sign(price, lang) for lang in ("en", "ja"))
    numbers = f"{marks} {price.least or 0:,} – {price.most:,}"
    return [*parts, _text(LEFT + BAR + 10, top + 50, numbers, "small"), "</g>"]


def _text(x: int, y: int, text: str, kind: str = "", anchor: str = "start") -> str:
    return f'<text class="{kind}" x="{x}" y="{y}" text-anchor="{anchor}">{escape(text)}</text>'
