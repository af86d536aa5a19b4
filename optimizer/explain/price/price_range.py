"""How far the limit of an entry may move before the least value provably changes.

The least value is a step function of the limit, falling as the limit widens. Towards tighter limits
the plan at hand holds down to what it needs; just beyond, a solve either finds a plan as good, which
then holds further, or proves that there is none. Towards wider limits, halving between the last
limit without and the first with a proved saving.
"""

from optimizer.explain.infeasible.limits import present, stated, widened, width
from optimizer.explain.price.inquiry import Inquiry
from optimizer.explain.price.prices import Side
from optimizer.model.instance import Constraint

TRIES = 8
"""Solves that one direction may take."""


def side(inquiry: Inquiry, entry: Constraint, towards: int) -> Side:
    """Return how far the limit of `entry` may move: 1 towards more plans, -1 towards fewer."""
    if inquiry.bounds.bound is None or not inquiry.bounds.monotone(entry):
        return Side(stated(entry))
    return _wider(inquiry, entry) if towards > 0 else _tighter(inquiry, entry)


def _tighter(inquiry: Inquiry, entry: Constraint) -> Side:
    for _ in range(TRIES):
        holds = _kept(inquiry, entry)
        beyond = widened(entry, holds, -1)
        if beyond is None:
            return Side(holds, ends=True)
        if not _dearer(inquiry, entry, beyond):
            inquiry.ask(entry, beyond)
        if _dearer(inquiry, entry, beyond):
            return Side(holds, beyond)
        if _kept(inquiry, entry) == holds:
            break
    dearer = [t.limit for t in inquiry.bounds.of(entry) if t.limit is not None]
    dearer = [limit for limit in dearer if _dearer(inquiry, entry, limit)]
    nearest = max(dearer, key=lambda limit: width(entry, limit), default=None)
    return Side(_kept(inquiry, entry), nearest)


def _kept(inquiry: Inquiry, entry: Constraint) -> int:
    """Return the tightest limit that a known plan keeps that is no dearer than the plan."""
    bounds = inquiry.bounds
    limits = [stated(entry), *(t.limit for t in bounds.of(entry) if t.limit is not None)]
    needs = [bounds.kept[entry.id], *(t.needs for t in bounds.of(entry))]
    limits += [limit for limit in needs if limit is not None]
    good = []
    for limit in limits:
        value = bounds.upper(entry, limit)
        if value is not None and value <= bounds.value and width(entry, limit) <= present(entry):
            good.append(limit)
    return min(good, key=lambda limit: width(entry, limit))


def _dearer(inquiry: Inquiry, entry: Constraint, limit: int) -> bool:
    low = inquiry.bounds.lower(entry, limit)
    impossible = inquiry.bounds.impossible(entry, limit)
    return impossible or (low is not None and low > inquiry.bounds.best)


def _wider(inquiry: Inquiry, entry: Constraint) -> Side:
    bounds, holds, step = inquiry.bounds, stated(entry), inquiry.step_of(entry)
    for _ in range(TRIES):
        if _no_cheaper(inquiry, entry, None):
            return Side(holds, ends=True)
        changes = _cheaper_from(inquiry, entry)
        if changes is None:
            limit = widened(entry, holds, step)
            step *= 2
            if limit is None:
                return Side(holds, ends=True)
        elif abs(changes - holds) <= 1:
            break
        else:
            limit = (holds + changes) // 2
        inquiry.ask(entry, limit)
        if _no_cheaper(inquiry, entry, limit):
            holds = limit
        elif (value := bounds.upper(entry, limit)) is None or value >= _bound(inquiry):
            break  # neither was proved
    return Side(holds, _cheaper_from(inquiry, entry))


def _no_cheaper(inquiry: Inquiry, entry: Constraint, limit: int | None) -> bool:
    low = inquiry.bounds.lower(entry, limit)
    return low is not None and low >= _bound(inquiry)


def _cheaper_from(inquiry: Inquiry, entry: Constraint) -> int | None:
    """Return the narrowest limit at which a known plan is cheaper than any that keeps the limit."""
    told = [t for t in inquiry.bounds.of(entry) if t.value is not None and t.needs is not None]
    limits = [int(t.needs or 0) for t in told if int(t.value or 0) < _bound(inquiry)]
    return min(limits, key=lambda limit: width(entry, limit), default=None)


def _bound(inquiry: Inquiry) -> int:
    assert inquiry.bounds.bound is not None
    return inquiry.bounds.bound
