"""Counter volumes: the cases a year that a plan sends to a point, today's derived ones included."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pandas as pd

from optimizer.city.baseline import baseline
from optimizer.city.ledger import changed
from optimizer.city.plan import Plan
from optimizer.model.instance import Instance

if TYPE_CHECKING:
    from optimizer.model.algebra import Affine
    from optimizer.model.decisions import Decisions


def caseloads(instance: Instance, plan: Plan, services: Iterable[str] = ()) -> pd.Series:
    """Return cases a year, index (point, period), for every point in every period.

    The first period has the volumes derived for today. services: only those; none means all.
    """
    services = list(services) or instance.services.index
    return _cases(instance, baseline(instance), services) + _cases(instance, plan, services)


def caseload(
    instance: Instance, x: "Decisions", services: Iterable[str] = ()
) -> "tuple[Affine, pd.Series]":
    """Return the same as an expression over the decisions, and the most that each can be."""
    services = list(services) or instance.services.index
    links = x.links[x.links["service"].isin(services)]
    cases = links.set_index(["district", "service", "point", "period"])["cases"]
    given = _cases(instance, baseline(instance), services)
    most = links.groupby(["point", "period"])["cases"].sum()
    chosen = x.assign.over(pd.MultiIndex.from_frame(links[cases.index.names])) * cases
    index = _everywhere(instance)
    expression = chosen.sum(by=["point", "period"]).over(index, fill=True) + given
    return expression, most.reindex(index, fill_value=0) + given


def possible_moves(instance: Instance, kinds: Iterable[str], modes: Iterable[str]) -> pd.DataFrame:
    """Return every way in which a point of `kinds` could come into one of `modes`: columns point,
    mode, period, and `before`, the period before.
    """
    kind, modes = instance.points["kind"], set(modes)
    wanted = set(kind.index[kind.isin(list(kinds))])
    labels = [
        (point, mode, period, instance.previous(period))
        for point, mode in instance.point_modes
        if point in wanted and mode in modes
        for period in instance.planned
    ]
    return pd.DataFrame(labels, columns=["point", "mode", "period", "before"])


def moves_made(
    instance: Instance, plan: Plan, kinds: Iterable[str], modes: Iterable[str]
) -> pd.Series:
    """Return whether the point goes over to one of `modes` in the period, index (point, period),
    for the points of `kinds`.
    """
    kind = plan.modes.index.get_level_values("point").map(instance.points["kind"])
    held = plan.modes[kind.isin(list(kinds))]
    return changed(instance, plan)[held.index] & held.isin(list(modes))


def _cases(instance: Instance, plan: Plan, services: Iterable[str]) -> pd.Series:
    """Return the cases that `plan` sends, index (point, period), for every point in every period."""
    served = plan.served(instance)
    served = served[served["service"].isin(services)]
    cases = served.groupby(["point", "period"])["cases"].sum()
    return cases.reindex(_everywhere(instance), fill_value=0)


def _everywhere(instance: Instance) -> pd.MultiIndex:
    return pd.MultiIndex.from_product(
        [instance.points.index, instance.periods.index], names=["point", "period"]
    )
