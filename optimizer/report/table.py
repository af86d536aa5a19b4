"""A table and a report: plain texts, in one language, that every renderer starts from."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Table:
    """A titled table of texts. right: the columns to align right. note: a line under it."""

    id: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: frozenset[int] = frozenset()
    notes: tuple[str, ...] = ()
    total: bool = False


@dataclass(frozen=True)
class Report:
    """Headline first, then the tables, then what must be told beside every figure."""

    title: str
    headline: tuple[str, ...]
    tables: tuple[Table, ...]
    notes: tuple[str, ...] = field(default=())
