"""One attempt to get something false past the audit, and how attempts are counted."""

from collections.abc import Iterable
from typing import NamedTuple


class Attempt(NamedTuple):
    """What was done and whether it was found out.

    kind: what was altered and how far the forger covered the traces. counterexample: what was done.
    rules: the constraints that it tries, or (of stored plans) those whose check objected.
    told: what the audit said, or the attempt itself where it said nothing.
    """

    kind: str
    counterexample: str
    killed: bool
    rules: tuple[str, ...] = ()
    told: str = ""


class Count(NamedTuple):
    """How many attempts were tried and how many were found out."""

    tried: int
    killed: int

    @property
    def percent(self) -> int:
        """The kill rate, rounded down; 0 where nothing was tried, for that shows nothing."""
        return 100 * self.killed // self.tried if self.tried else 0


def count(attempts: Iterable[Attempt]) -> Count:
    """Return how many attempts there are and how many were found out."""
    found = [attempt.killed for attempt in attempts]
    return Count(len(found), sum(found))


def by_kind(attempts: list[Attempt]) -> dict[tuple[str, str], Count]:
    """Return the counts of every kind and counterexample; those of the rules stand in `by_rule`."""
    keys = {(a.kind, a.counterexample): None for a in attempts if not a.kind.startswith("rule")}
    keys = dict.fromkeys(
        sorted(keys, key=lambda key: key[0])
    )  # stable: counterexamples in their order
    return {key: count(a for a in attempts if (a.kind, a.counterexample) == key) for key in keys}


def by_rule(attempts: list[Attempt], rules: Iterable[str]) -> dict[str, tuple[Count, Count, int]]:
    """Return of every rule its own counterexamples, random edits, and stored plans that it caught."""
    found = {}
    for rule in rules:
        mine = [a for a in attempts if rule in a.rules]
        found[rule] = (
            count(a for a in mine if a.kind == "rule, own"),
            count(a for a in mine if a.kind == "rule, random"),
            sum(a.killed for a in mine if not a.kind.startswith("rule")),
        )
    return found
