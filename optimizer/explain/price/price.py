"""What a rule costs: an entry left out, or its limit moved a step, by exact solves from a known plan.

v is the least value of the first objective, w the least with one entry changed. The plan that is
priced has value U, its proved bound is L, so L <= v <= U; a solve of the changed instance gives
l <= w <= u. An entry left out or widened can only lower the value, as the plan still holds:

    max(0, L - u) <= v - w <= U - l          (what leaving it out saves)

and one tightened can only raise it: max(0, l - U) <= w - v <= u - L. Nothing rests on LP duals.
A limit that the plan keeps anyway needs no solve: then u = U.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

from optimizer.audit.verify import verify
from optimizer.base.errors import refuse
from optimizer.base.words import Text
from optimizer.city.plan import Plan
from optimizer.explain.infeasible.feasibility import automatic
from optimizer.explain.price.bounds import Bounds
from optimizer.explain.price.inquiry import Inquiry, Solve
from optimizer.explain.price.price_range import side
from optimizer.explain.price.prices import (
    CHANGES,
    Known,
    Prices,
)
from optimizer.model.instance import Constraint, Instance


def priceable(instance: Instance, ids: Collection[str] = ()) -> list[Constraint]:
    """Return the entries to price: those with `ids`, or all that were stated and are not protected.

    Raises InputError for an id that no stated entry has.
    """
    entries = {entry.id: entry for entry in instance.entries if not automatic(entry)}
    for name in ids:
        if name not in entries:
            raise refuse(
                Text("no such stated constraint", "該当する制約がない"),
                Text(*[", ".join(entries)] * 2),
                column="--entry",
                value=name,
            )
    return [e for e in entries.values() if e.id in ids or not (ids or e.protected)]


def price(
    instance: Instance,
    plan: Plan,
    solve: Solve,
    entries: Iterable[Constraint],
    bound: int | None = None,
    each: float = 5,
    step: int | None = None,
    ranges: bool = False,
    known: Iterable[Known] = (),
    keep: Callable[[Prices], None] = lambda found: None,
    left: Callable[[], float] = lambda: float("inf"),
) -> Prices:
    """Return the prices of `entries` in `instance`, of which `plan` is a plan with this `bound`.

    bound: of the first objective, None to have it solved for. each: seconds for a solve without
    an entry; one with a moved limit takes less. step: how far limits move, in their own unit. known: answers of an earlier run; nothing that they
    answer is solved again. keep: told what is known after every solve. left: seconds left for all.
    Raises InputError if the plan breaks a rule or a found plan refutes the bound.
    """
    if verify(instance, plan).violations:
        raise refuse(
            Text("the plan breaks constraints", "計画が制約に違反している"),
            Text("see `optimizer verify`", "`optimizer verify` で確かめる"),
        )
    objective = instance.objectives[0].model_copy(update={"share": 100})
    bounds = Bounds(replace(instance, objectives=(objective,)), plan, entries, bound)
    inquiry = Inquiry(bounds, solve, each, step, keep, left)
    for answer in known:
        bounds.learn(answer)
    if bound is None:
        inquiry.ask(None, None)
    for change in CHANGES:
        for entry in inquiry.entries:
            inquiry.price(entry, change)
    for entry in inquiry.entries if ranges else ():
        if entry.limit is not None:
            inquiry.sides[entry.id] = side(inquiry, entry, -1), side(inquiry, entry, 1)
    return inquiry.found()
