"""How far a repair may move an entry, and the entries with some of them moved or left out."""

from typing import Any

from optimizer.model.instance import Constraint, Instance


class Fixed:
    """Says that an entry may not be relaxed."""


FIXED = Fixed()


def farthest(entry: Constraint) -> Any:
    """Return the farthest value of the limit within flex, None where the entry can be left out (no
    limit, or no flex stated), or a mark that it may not be touched.
    """
    if entry.protected or (entry.always and entry == type(entry)(id=entry.type_name())):
        return FIXED
    if entry.limit is None or entry.flex is None:
        return None
    if reach(entry) == 0:
        return FIXED
    return int(getattr(entry, entry.limit)) + reach(entry) * (1 if entry.widens == "up" else -1)


def reach(entry: Constraint) -> int:
    """Return how far the limit may move: its flex, and no further than its type allows."""
    assert entry.limit is not None
    bounds = {type(rule).__name__: rule for rule in type(entry).model_fields[entry.limit].metadata}
    yours = int(getattr(entry, entry.limit))
    room = bounds["Le"].le - yours if entry.widens == "up" else yours - bounds["Ge"].ge
    return int(room if entry.flex is None else min(entry.flex, room))


def changed(instance: Instance, relaxed: dict[int, int | None]) -> tuple[Constraint, ...]:
    """Return the entries with the limits of `relaxed` moved; those given None are left out."""
    entries = []
    for number, entry in enumerate(instance.entries):
        value = relaxed.get(number)
        if number not in relaxed:
            entries.append(entry)
        elif value is not None:
            entries.append(entry.model_copy(update={str(entry.limit): value}))
        elif entry.always:  # what stands in its place when nobody states it
            entries.append(type(entry)(id=entry.type_name()))
    return tuple(entries)
