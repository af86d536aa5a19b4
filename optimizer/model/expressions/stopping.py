"""The second set of decisions: what stands if the reorganisation stops (`optimizer/city/frozen_plan.py`)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from optimizer.city.frozen_plan import frozen_plan, with_fallback
from optimizer.city.plan import Plan
from optimizer.model.instance import Constraint, Instance, completed, forbidden

if TYPE_CHECKING:
    from optimizer.model.algebra import Rows
    from optimizer.model.decisions import Decisions


def fallback_rows(
    instance: Instance, x: "Decisions", entries: Sequence[Constraint], stops: Sequence[int]
) -> "list[Rows]":
    """Return the rows of `entries` over the decisions of the fallback for each of `stops`."""
    links = instance.links
    links = links[~forbidden(instance, entries, links)]
    return [rows for t in stops for rows in x.frozen(t, stops, links).rows_of(instance, entries)]


def settled_fallback(
    instance: Instance, plan: Plan, entries: Sequence[Constraint], stops: Sequence[int]
) -> Plan:
    """Return `plan` whose fallbacks for `stops` have what `entries` settle by a formula."""
    for stop in stops:
        left = completed(instance, entries, frozen_plan(instance, plan, stop))
        plan = with_fallback(plan, left, stop)
    return plan
