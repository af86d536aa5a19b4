"""Breaking texts and sizing columns where full-width characters count twice.

Rich breaks lines at spaces alone, which Japanese has none of. Here a line may break between any
two full-width characters, but not inside a number with its unit, a Latin or katakana word, before
closing or after opening punctuation (the rules of JIS X 4051 that matter in tables).
"""

import re
from collections.abc import Sequence

from rich.cells import cell_len, chop_cells

OPENING = r"(\[{〔（「『<"
CLOSING = r")\]}〕）」』>、。，．：；！？％:;!?・ー々…"
PIECE = re.compile(
    rf"\s+|[{OPENING}]*"
    r"(?:[0-9][0-9,.]*(?:年度|か所|校区|[分人件円年])"
    r"|[^\s\u0080-\uffff()\[\]{}<>:;!?=]+=?"
    r"|[ァ-ヺー]+"
    rf"|[^\s])?[{CLOSING}]*"
)


def wrap(text: str, width: int) -> list[str]:
    """Return `text` as lines of at most `width` cells."""
    return [line for part in text.split("\n") for line in _paragraph(part, width)]


def longest_piece(text: str) -> int:
    """Return the cells of the longest piece of `text` that should not be broken."""
    return max((cell_len(piece) for piece in PIECE.findall(text)), default=0)


def column_widths(least: Sequence[int], natural: Sequence[int], room: int) -> list[int]:
    """Return widths that add up to at most `room`: what each column needs, or a fair share.

    least, natural: cells of the longest piece and of the longest line of each column. Where
    not even the least fit, the largest are cut to one size. Above its least, every cell of room
    goes to the column that would have the most lines.
    """
    if sum(natural) <= room:
        return list(natural)
    widths = list(least)
    cap = max(widths)
    while sum(widths) > room and cap > 2:
        cap -= 1
        widths = [min(n, cap) for n in widths]
    for _ in range(room - sum(widths)):
        number = max(range(len(widths)), key=lambda i: natural[i] / widths[i])
        widths[number] += 1
    return widths


def fitted(columns: Sequence[Sequence[str]], least: Sequence[int], room: int) -> list[list[str]]:
    """Return the texts of every column, wrapped so that the columns take at most `room` cells.

    Wrapping leaves some of the room unused; it goes to the columns that can then be whole.
    """
    natural = [max(map(cell_len, texts)) for texts in columns]
    widths = column_widths(least, natural, room)
    wrapped = [_wrapped(texts, width) for texts, width in zip(columns, widths, strict=True)]
    widths = [
        max(cell_len(line) for text in texts for line in text.split("\n")) for texts in wrapped
    ]
    for number in sorted(range(len(widths)), key=lambda i: natural[i] - widths[i]):
        free = min(room - sum(widths), natural[number] - widths[number])
        if free > 0:
            widths[number] += free
            wrapped[number] = _wrapped(columns[number], widths[number])
    return wrapped


def _wrapped(texts: Sequence[str], width: int) -> list[str]:
    return ["\n".join(wrap(text, width)) for text in texts]


def _paragraph(text: str, width: int) -> list[str]:
    lines, line = [], ""
    for piece in PIECE.findall(text):
        if cell_len(line + piece.rstrip()) > width and line:
            lines.append(line.rstrip())
            line = ""
        if not line:
            piece = piece.lstrip()
            *full, piece = chop_cells(piece, width) if piece else [""]
            lines += full
        line += piece
    return [*lines, line.rstrip()]
