"""One page in two languages: a text that differs stands there twice, each marked with its language."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from optimizer.base.words import Text
from optimizer.report.table import Table

MINUS = re.compile(r"(?<![\w-])-(?=\d)")
UNIT = re.compile(r"(?<=\d) (?=(?:m|km|million)\b)")
"""The space before a unit, at which no line may break."""


def both(text: Text | str) -> Markup:
    """Return HTML of `text`: once where both languages say the same, else one span for each."""
    return _marked(text, "span")


def both_svg(text: Text | str) -> Markup:
    """Return `text` as content of an SVG text element."""
    return _marked(text, "tspan")


def _marked(text: Text | str, tag: str) -> Markup:
    if isinstance(text, str):
        return escape(_set(text))
    if text.en == text.ja:
        return escape(_set(text.en))
    spans = [
        f'<{tag} lang="{lang}">{escape(_set(text.say(lang)))}</{tag}>' for lang in ("en", "ja")
    ]
    return Markup("".join(spans))


def _set(text: str) -> str:
    """Return the text as a printer sets it: true minus signs, units kept with their numbers."""
    return UNIT.sub("\N{NO-BREAK SPACE}", MINUS.sub("\N{MINUS SIGN}", text))


SUMS = frozenset({"staff", "costs", "provenance"})
"""Tables that end in sums, or tell a story: they keep their order."""


@dataclass(frozen=True)
class Sheet:
    """A table in both languages: the cells are HTML."""

    id: str
    title: Markup
    columns: Sequence[Markup]
    rows: Sequence[Sequence[Markup]]
    right: frozenset[int]
    notes: tuple[Markup, ...]
    sortable: bool


def sheet(en: Table, ja: Table) -> Sheet:
    """Return the two tables, which have the same rows in the same order, as one."""

    def merged(ours: Sequence[str], theirs: Sequence[str]) -> list[Markup]:
        return [both(Text(a, b)) for a, b in zip(ours, theirs, strict=True)]

    return Sheet(
        en.id,
        both(Text(en.title, ja.title)),
        merged(en.columns, ja.columns),
        [merged(a, b) for a, b in zip(en.rows, ja.rows, strict=True)],
        en.right,
        tuple(merged(en.notes, ja.notes)),
        en.id not in SUMS,
    )
