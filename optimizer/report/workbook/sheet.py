"""A sheet of a workbook as data: columns with keys, numbers as numbers, sums as formulas."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Formula:
    """A formula and the verified number it must give.

    In the text `{key}` is the cell of the column `key` in the same row, `[key]` the whole
    column of the data above, and `[sheet.key]` the column of another sheet.
    """

    text: str
    value: int | str


Cell = str | int | Formula | None


@dataclass(frozen=True)
class Sheet:
    """One sheet: columns (key -> heading), rows of data, and rows of totals beneath them.

    kept: how many columns stay in sight when scrolling sideways.
    """

    id: str
    title: str
    columns: dict[str, str]
    rows: Sequence[Sequence[Cell]]
    totals: Sequence[Sequence[Cell]] = ()
    notes: tuple[str, ...] = ()
    kept: int = 1
    filters: bool = field(default=True)
