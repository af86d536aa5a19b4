"""The numbers of a benchmark file, in order, each with the line it stands in; exact throughout.

Old files end at the first NUL or Ctrl-Z byte: what follows is the rest of a disk block.
"""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

import numpy as np

from optimizer.base.errors import InputError, refuse
from optimizer.base.words import Text
from optimizer.files.text_files import read_bytes

NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{0,12})?|\.[0-9]{1,12}", re.ASCII)
END = re.compile(rb"[\x00\x1a]")

MOST_DECIMALS = 6
"""Decimals that a number of a file may have: integers in millionths are exact enough."""

LARGEST = 10**12
"""The largest number of a file, in the units that its decimals make whole."""


class Numbers:
    """The blank-separated words of one file, taken one after the other."""

    def __init__(self, path: Path, words: Sequence[tuple[str, int]] | None = None) -> None:
        self.path = path
        self.words = split_words(read_ascii(path)) if words is None else list(words)
        self.next = 0

    @property
    def left(self) -> int:
        """Words not taken yet."""
        return len(self.words) - self.next

    def word(self, what: Text) -> str:
        """Take the next word. Raises InputError, saying `what` is missing, at the end."""
        if self.left == 0:
            raise self.wrong(
                what,
                Text("the file ends before this number", "この数の前でファイルが終わっている"),
                Text(
                    "complete the file, or name its --format",
                    "ファイルを補うか --format を指定する",
                ),
                at_end=True,
            )
        self.next += 1
        return self.words[self.next - 1][0]

    def whole(self, what: Text, least: int = 0, most: int = LARGEST) -> int:
        """Take the next number, an integer between `least` and `most` ("7." counts as 7)."""
        value = self.decimal(what)
        if value != value.to_integral_value():
            raise self.wrong(
                what,
                Text("a fraction where a whole number is due", "整数でない"),
                Text("check the file and its --format", "ファイルと --format を確かめる"),
            )
        if not least <= value <= most:
            raise self.wrong(
                what,
                Text(f"not between {least:,} and {most:,}", f"{least:,}〜{most:,}の範囲にない"),
                Text("check the file and its --format", "ファイルと --format を確かめる"),
            )
        return int(value)

    def decimal(self, what: Text) -> Decimal:
        """Take the next number, at least 0 and without an exponent."""
        return self.parsed(self.word(what), what)

    def parsed(self, word: str, what: Text) -> Decimal:
        """Return `word`, the one taken last, as a number."""
        if NUMBER.fullmatch(word):
            return Decimal(word)
        raise self.wrong(
            what,
            Text("not a plain number of at least 0", "0以上の数として読めない"),
            Text("check the file and its --format", "ファイルと --format を確かめる"),
        )

    def decimals(self, count: int, what: Text) -> list[Decimal]:
        """Take the next `count` numbers."""
        return [self.decimal(what) for _ in range(count)]

    def wholes(self, count: int, what: Text, least: int = 0) -> list[int]:
        """Take the next `count` integers."""
        return [self.whole(what, least) for _ in range(count)]

    def finish(self) -> None:
        """Raise InputError if anything is left."""
        if self.left:
            count, self.next = self.left, self.next + 1
            raise self.wrong(
                Text("end of file", "ファイルの終わり"),
                Text(f"{count:,} numbers too many", f"数が{count:,}個余っている"),
                Text("check the counts in its first line and its --format",
                     "先頭行の件数と --format を確かめる"),
            )  # fmt: skip

    def wrong(self, what: Text, message: Text, remedy: Text, at_end: bool = False) -> InputError:
        """Return the error that the word taken last is no good as `what`."""
        word, line = self.words[self.next - 1] if self.next else ("", None)
        message = Text(f"{what.en}: {message.en}", f"{what.ja}: {message.ja}")
        place = {"file": self.path.name, "row": line, "value": "" if at_end else word[:40]}
        return refuse(message, remedy, **place)


def read_ascii(path: Path) -> str:
    """Return the text before the end mark of an old file. Raises InputError."""
    raw = END.split(read_bytes(path), maxsplit=1)[0]
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        row = raw[: error.start].count(b"\n") + 1
        message = Text("not a text file", "テキストファイルでない")
        remedy = Text("save it as plain text", "テキストで保存する")
        raise refuse(message, remedy, file=path.name, row=row) from None
    if not text.strip():
        message = Text("the file is empty", "ファイルが空である")
        remedy = Text("give a file with numbers", "数の入ったファイルを指定する")
        raise refuse(message, remedy, file=path.name)
    return text


def split_words(text: str) -> list[tuple[str, int]]:
    """Return every word with its line, the first line being 1."""
    return [(word, n) for n, line in enumerate(text.splitlines(), 1) for word in line.split()]


def decimals_needed(values: Iterable[Decimal]) -> int:
    """Return the smallest k >= 0 for which every value times 10**k is whole."""
    return max((_decimals(value) for value in values), default=0)


def made_whole(values: Iterable[Decimal], scale: int, file: str) -> np.ndarray:
    """Return the values times 10**scale as int64, exactly.

    Raises InputError where that takes more than MOST_DECIMALS or gives more than LARGEST.
    """
    values = list(values)
    if scale > MOST_DECIMALS:
        raise refuse(
            Text(f"more than {MOST_DECIMALS} decimals", f"小数点以下が{MOST_DECIMALS}桁を超える"),
            Text("round the numbers of the file", "ファイルの数を丸める"),
            file=file,
            value=str(max(values, key=_decimals)),
        )
    if values and max(values) * 10**scale > LARGEST:
        raise refuse(
            Text("the number is too large", "数が大きすぎる"),
            Text("check the unit", "単位を確かめる"),
            file=file,
            value=str(max(values)),
        )
    return np.array([int(value.scaleb(scale)) for value in values], dtype=np.int64)


def _decimals(value: Decimal) -> int:
    return max(-int(value.normalize().as_tuple().exponent), 0)
