"""Entries moved along their limit or left out, and how tight a limit a plan would still keep."""

from dataclasses import replace

from optimizer.city.plan import Plan
from optimizer.model.instance import Constraint, Instance
from optimizer.model.where import Where

STEPS = {"m": 500, "%": 1, "persons": 1, "counters": 1, "changes": 1, "years": 1}
"""One step of a limit by its unit; of money, cases and the like it is a hundredth of the limit."""

Width = tuple[int, int]
"""Orders the ways in which one entry can stand: the greater, the more plans it lets pass."""

LEFT_OUT: Width = (1, 0)


def unit(entry: Constraint) -> str:
    """Return the unit of the limit of `entry`, which need not be that of its readings."""
    stands = type(entry).model_fields[str(entry.limit)].description or ""
    return entry.unit if stands == "count" else stands


def step_of(entry: Constraint) -> int:
    """Return how far one step moves the limit of `entry`."""
    return STEPS.get(unit(entry), max(stated(entry) // 100, 1))


def stated(entry: Constraint) -> int:
    """Return the limit that the entry states."""
    return int(getattr(entry, str(entry.limit)))


def width(entry: Constraint, limit: int | None) -> Width:
    """Return the width of `entry` with this limit; without one, of the entry left out."""
    if limit is None:
        return LEFT_OUT
    return (0, limit if entry.widens == "up" else -limit)


def present(entry: Constraint) -> Width:
    """Return the width of `entry` as it stands."""
    return (0, 0) if entry.limit is None else width(entry, stated(entry))


def widened(entry: Constraint, limit: int, by: int) -> int | None:
    """Return `limit` moved `by` towards more plans (negative: fewer), as far as its type allows;
    None where it cannot move at all.
    """
    assert entry.limit is not None
    bounds = {type(rule).__name__: rule for rule in type(entry).model_fields[entry.limit].metadata}
    least, most = int(bounds["Ge"].ge), int(bounds["Le"].le)
    moved = min(max(limit + (by if entry.widens == "up" else -by), least), most)
    return None if moved == limit else moved


def with_limit(entry: Constraint, limit: int) -> Constraint:
    """Return `entry` with this limit."""
    return entry.model_copy(update={str(entry.limit): limit})


def altered(instance: Instance, entry: Constraint, limit: int | None) -> Instance:
    """Return `instance` in which `entry` has this limit, or is left out (None).

    A rule that is always on does not go: its bare form takes the place of the last entry of it.
    """
    others = [e for e in instance.entries if e.id != entry.id]
    if limit is not None:
        moved = with_limit(entry, limit)
        entries = [moved if e.id == entry.id else e for e in instance.entries]
    elif entry.always and not any(type(e) is type(entry) and e.where == Where() for e in others):
        entries = [type(entry)(id=entry.type_name()), *others]
    else:
        entries = others
    return replace(instance, entries=tuple(entries))


def needed(instance: Instance, entry: Constraint, plan: Plan) -> int | None:
    """Return the tightest limit under which `plan` keeps `entry`; None if it keeps none.

    By halving, from the readings alone: a wider limit never refuses what a tighter one accepts.
    """
    if entry.limit is None:
        return None

    def keeps(limit: int) -> bool:
        return bool(with_limit(entry, limit).readings(instance, plan).violations.empty)

    far = 2 * 10**13
    wide, tight = (widened(entry, stated(entry), by) for by in (far, -far))
    wide, tight = (stated(entry) if end is None else end for end in (wide, tight))
    if keeps(tight):
        return tight
    if not keeps(wide):
        return None
    while abs(wide - tight) > 1:
        middle = (wide + tight) // 2
        wide, tight = (middle, tight) if keeps(middle) else (wide, middle)
    return wide
