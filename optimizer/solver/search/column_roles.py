"""What a search may know of a program: which of its columns matter how, by their names and levels."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ColumnRoles:
    """Names of columns and levels; columns that a program lacks do not matter.

    leading: stay whole in the relaxation that bounds. fixed: are decided first and then kept while
    the rest is found. links: the columns that send somebody to a place; other columns with all of
    its levels do so too. place: the level that tells where. steps: the levels that tell when; a
    column without the first belongs to no time. derived: columns that follow from the others.
    """

    leading: frozenset[str]
    fixed: frozenset[str]
    links: str
    place: str
    steps: tuple[str, ...]
    derived: frozenset[str] = frozenset()
