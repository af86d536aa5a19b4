"""TSPLIB coordinates (EUC_2D): every point a customer of weight 1 and a site, p to be given.

Distances are rounded down, as in the p-median literature on these files (Durán-Mateluna, Ales,
Elloumi, An efficient Benders decomposition for the p-median problem, European Journal of
Operational Research 308, 2023), not to the nearest as for tours (Reinelt, TSPLIB, 1991).
"""

import re
from decimal import Decimal
from pathlib import Path

import numpy as np

from optimizer.base.errors import InputError, refuse
from optimizer.base.words import Text
from optimizer.importers.distances import rounded_down
from optimizer.importers.location import LocationData
from optimizer.importers.numbers import Numbers, decimals_needed, read_ascii, split_words

COORDINATE = re.compile(r"[+-]?([0-9]{1,9}(\.[0-9]{0,9})?)([eE][+-]?[0-9]{1,2})?", re.ASCII)
SECTION = "NODE_COORD_SECTION"
MOST = 10**9


def read(path: Path) -> LocationData:
    """Return the points in `path`. Raises InputError."""
    lines = read_ascii(path).splitlines()
    start = next((n for n, line in enumerate(lines) if line.strip() == SECTION), None)
    if start is None:
        raise _header(path, SECTION, "", "the section is missing", "節がない")
    pairs = (line.partition(":") for line in lines[:start])
    header = {name.strip(): value.strip() for name, _, value in pairs}
    kind = header.get("EDGE_WEIGHT_TYPE", "")
    if kind != "EUC_2D":
        raise _header(path, "EDGE_WEIGHT_TYPE", kind, "only EUC_2D is read", "EUC_2D だけを読む")
    size = header.get("DIMENSION", "")
    if not re.fullmatch("[1-9][0-9]{0,4}", size, re.ASCII):
        raise _header(path, "DIMENSION", size, "not a number of points", "点の数でない")
    words = split_words("\n" * (start + 1) + "\n".join(lines[start + 1 :]))
    if words and words[-1][0] == "EOF":
        words.pop()
    numbers = Numbers(path, words)
    ids, xy = _points(numbers, int(size))
    decimals = decimals_needed(value for pair in xy for value in pair)
    metres = rounded_down(_whole(path, xy, decimals), decimals)
    return LocationData(ids, list(ids), metres, between=metres)


def _points(numbers: Numbers, count: int) -> tuple[list[str], list[tuple[Decimal, Decimal]]]:
    ids, xy = [], []
    for _ in range(count):
        ids.append(str(numbers.whole(Text("number of a point", "点の番号"))))
        xy.append((_coordinate(numbers), _coordinate(numbers)))
    numbers.finish()
    if len(set(ids)) < len(ids):
        again = next(i for n, i in enumerate(ids) if i in ids[:n])
        message = Text("a point is numbered twice", "点の番号が重複している")
        remedy = Text("number every point once", "番号を重複させない")
        raise refuse(message, remedy, file=numbers.path.name, value=again)
    return ids, xy


def _coordinate(numbers: Numbers) -> Decimal:
    what = Text("coordinate", "座標")
    word = numbers.word(what)
    if COORDINATE.fullmatch(word) and abs(Decimal(word)) <= MOST:
        return Decimal(word)
    raise numbers.wrong(
        what,
        Text("not a number of at most 1e9", "10億以下の数として読めない"),
        Text("correct it", "直す"),
    )


def _whole(path: Path, xy: list[tuple[Decimal, Decimal]], decimals: int) -> np.ndarray:
    """Return the coordinates in units of 10**-decimals. Raises InputError beyond exact squares."""
    units = [[int(value.scaleb(decimals)) for value in pair] for pair in xy]
    spread = max(max(axis) - min(axis) for axis in zip(*units, strict=True))
    if spread >= 2**30:
        message = Text(
            f"{decimals} decimals over {spread // 10**decimals:,} are too fine to square exactly",
            f"広がり{spread // 10**decimals:,}に対して小数{decimals}桁は細かすぎる",
        )
        raise refuse(message, Text("round the coordinates", "座標を丸める"), file=path.name)
    return np.array(units, dtype=np.int64)


def _header(path: Path, name: str, value: str, en: str, ja: str) -> InputError:
    remedy = Text(
        "give a TSPLIB file of type EUC_2D with NODE_COORD_SECTION",
        "NODE_COORD_SECTION のある EUC_2D の TSPLIB ファイルを指定する",
    )
    return refuse(Text(en, ja), remedy, file=path.name, column=name, value=value)
