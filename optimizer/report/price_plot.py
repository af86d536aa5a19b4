"""Prices of constraints as one SVG picture: a bar for every interval, in both languages."""

from xml.sax.saxutils import escape

from optimizer.explain.prices import Price, Priced, Prices
from optimizer.report.price import TITLE, change_text, name_of, sign, words

ROW, LEFT, WIDTH, RIGHT = 44, 420, 420, 20
"""Heights and widths in units of the picture; LEFT is the room for texts."""
TOP = 56
STYLE = (
    "text{font:13px sans-serif;fill:#222}.small{font-size:11px;fill:#555}.title{font-size:16px;"
    "font-weight:bold}.sure{fill:#1f5f99}.open{fill:#1f5f99;fill-opacity:.25;stroke:#1f5f99}"
    ".axis{stroke:#888}"
)


def price_svg(found: Prices) -> str:
    """Return the picture as text; it needs nothing else to be shown."""
    rows = [(one, price) for one in found.priced for price in one.prices]
    longest = max((price.most or 0 for _, price in rows), default=0)
    height = TOP + ROW * len(rows) + 40
    total = LEFT + WIDTH + RIGHT
    title = f"{TITLE.en} / {TITLE.ja}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total} {height}" role="img">',
        f"<title>{escape(title)}</title><style>{STYLE}</style>",
        _text(10, 24, title, "title"),
        _text(10, 43, f"{found.instance.name.en} / {found.instance.name.ja}", "small"),
    ]
    for number, (one, price) in enumerate(rows):
        parts += _row(found, one, price, TOP + ROW * number, longest)
    low = TOP + ROW * len(rows)
    unit = found.instance.objectives[0].measure
    parts += [
        f'<line class="axis" x1="{LEFT}" y1="{TOP}" x2="{LEFT}" y2="{low}"/>',
        _text(LEFT, low + 18, "0", "small"),
        _text(LEFT + WIDTH, low + 18, f"{longest:,} {unit}", "small", "end"),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _row(found: Prices, one: Priced, price: Price, top: int, longest: int) -> list[str]:
    """Return the texts of one price, in both languages, and its bar."""
    names = [f"{name_of(one, lang)} – {change_text(one, price, lang)}" for lang in ("en", "ja")]
    told = f"{words(price, found, 'en')} / {words(price, found, 'ja')}"
    parts = [
        _text(10, top + 15, names[0]),
        _text(10, top + 30, names[1], "small"),
        f"<g><title>{escape(f'{names[0]}: {told}')}</title>",
    ]
    if price.most is not None and longest > 0:
        sure = WIDTH * max(price.least or 0, 0) / longest
        most = WIDTH * max(price.most, 0) / longest
        parts += [
            f'<rect class="open" x="{LEFT}" y="{top + 4}" width="{most:.1f}" height="14"/>',
            f'<rect class="sure" x="{LEFT}" y="{top + 4}" width="{sure:.1f}" height="14"/>',
        ]
    marks = " / ".join(sign(price, lang) for lang in ("en", "ja"))
    short = told if price.most is None else f"{marks} {price.least or 0:,} – {price.most:,}"
    return [*parts, _text(LEFT + 4, top + 31, short, "small"), "</g>"]


def _text(x: int, y: int, text: str, kind: str = "", anchor: str = "start") -> str:
    return f'<text class="{kind}" x="{x}" y="{y}" text-anchor="{anchor}">{escape(text)}</text>'
