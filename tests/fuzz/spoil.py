"""Small changes to valid files: bytes, cells, words and lines, with what has fooled readers before."""

import csv
import io
import re
from random import Random

TRAPS = [
    "", " ", "0", "-1", "1", "1_000", "１２", "٣", "1.5", "1e3", "1e999999999", "NaN", "nan", "Infinity",
    "-Infinity", "true", "null", "None", "9" * 30, "9" * 5000, "2147483648", "9223372036854775808", "-0",
    "0x10", "=1+1", "@x", "+1", "a,b", '"', "'", "[]", "{}", "[" * 3000, "\u3000", "\u200b", "ﾊ", "Ａ",
    "\u202e", "../../etc", "a/b", "CON", "é", "e\u0301", "𠮷", "\t", "\r", "x" * 3000, "%s", "{0}", "{id}",
]  # fmt: skip
"""Texts that mean another number, no number, another file, another line, or too much."""

BYTES = [
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\r",
    b"\r\n",
    b"\n\n",
    b"\x1a",
    b"\x1b[31m",
    b"\x93\xfa",
]

WORD = re.compile(r"[^\s,:=\[\]{}\"']+")


def spoilt(raw: bytes, random: Random) -> bytes:
    """Return `raw` after one to three small changes."""
    for _ in range(random.choice([1, 1, 1, 2, 3])):
        raw = random.choice([_bytes, _word, _word, _line, _cell, _cell])(raw, random)
    return raw


def _bytes(raw: bytes, random: Random) -> bytes:
    place, length = random.randrange(len(raw) + 1), random.choice([0, 0, 1, 1, 4, 200])
    put = random.choice([b"", random.choice(BYTES), bytes([random.randrange(256)])])
    return raw[:place] + put + raw[place + length :]


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _word(raw: bytes, random: Random) -> bytes:
    """Put a trap, or another word of the file, in the place of a word."""
    text = _text(raw)
    words = list(WORD.finditer(text))
    if not words:
        return raw
    found = random.choice(words)
    put = random.choice([random.choice(TRAPS), random.choice(words)[0], found[0] + found[0]])
    return _raw(text[: found.start()] + put + text[found.end() :])


def _line(raw: bytes, random: Random) -> bytes:
    """Leave out, repeat or exchange lines."""
    lines = raw.splitlines(keepends=True)
    if len(lines) < 2:
        return raw
    a, b = random.randrange(len(lines)), random.randrange(len(lines))
    match random.randint(0, 3):
        case 0:
            del lines[a]
        case 1:
            lines.insert(b, lines[a])
        case 2:
            lines[a], lines[b] = lines[b], lines[a]
        case 3:
            del lines[a:]
    return b"".join(lines)


def _cell(raw: bytes, random: Random) -> bytes:
    """Put a trap into a cell of a table, or do as with words where there is none."""
    text = _text(raw)
    if text.count(",") < 4 or "[" in text:
        return _word(raw, random)
    try:
        rows = [row for row in csv.reader(io.StringIO(text)) if row]
    except csv.Error:
        return raw
    if not rows:
        return raw
    row = random.choice(rows)
    row[random.randrange(len(row))] = random.choice(TRAPS)
    made = io.StringIO()
    try:
        csv.writer(made, lineterminator="\n").writerows(rows)
    except csv.Error:
        return raw
    return _raw(made.getvalue())
