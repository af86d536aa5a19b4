"""What is left of a plan when the reorganisation stops: its modes kept from a period on.

A plan that must be able to stop publishes, for every period after which it could, who would then
be served where and by whom: decisions `fallback_<name>` with the labels of the decision `<name>`
and `frozen`, the last period in which modes changed. What they leave out is 0.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from optimizer.city.baseline import network
from optimizer.city.city import City
from optimizer.city.plan import Plan

PREFIX = "fallback_"
ASSIGN = ["district", "service", "point", "period", "frozen"]


def frozen_plan(instance: City, plan: Plan, after: int) -> Plan:
    """Return `plan` up to the period `after`, and from then on its modes of `after` with the
    fallback that it publishes for that.
    """
    everywhere = pd.MultiIndex.from_product(
        [instance.points.index, instance.planned], names=["point", "period"]
    )
    kept = [(point, min(period, after)) for point, period in everywhere]
    modes = plan.modes.reindex(pd.MultiIndex.from_tuples(kept, names=everywhere.names))
    named = _named(plan, after).drop_duplicates(["district", "service", "period"])
    sent = named.set_index(["district", "service", "period"])["point"]
    staff = _joined(_early(plan.staff, after), _later(plan, "staff", after))
    names = {name.removeprefix(PREFIX) for name in plan.extra} - {"assign", "staff"}
    return Plan(
        modes.set_axis(everywhere).dropna(),
        pd.concat([_early(plan.assignments, after), sent]).sort_index(),
        staff.reindex(everywhere, fill_value=0).astype("int64"),
        {name: _extra(plan, name, after) for name in sorted(names)},
    )


def with_fallback(plan: Plan, left: Plan, after: int) -> Plan:
    """Return `plan` whose fallback for `after` has the further decisions of the stopped plan `left`."""
    extra = dict(plan.extra)
    for name, series in left.extra.items():
        fallback = extra.get(PREFIX + name)
        if fallback is None or "period" not in series.index.names:
            continue
        later = series[series.index.get_level_values("period") > after]
        later = pd.concat({after: later}, names=["frozen"]).reorder_levels(fallback.index.names)
        others = fallback[fallback.index.get_level_values("frozen") != after]
        extra[PREFIX + name] = pd.concat([others, later]).sort_index()
    return Plan(plan.modes, plan.assignments, plan.staff, extra)


def misnamed_fallback(plan: Plan, after: int) -> int:
    """Return how many assignments of the fallback are no answer: a second counter, a number that
    is neither 0 nor 1, a period in which the modes have not stopped yet.
    """
    named = _named(plan, after)
    twice = named.duplicated(["district", "service", "period"])
    return int((twice | (named["value"] != 1) | (named["period"] <= after)).sum())


def nearest_fallback(instance: City, plan: Plan, stops: Iterable[int]) -> Plan:
    """Return `plan` with a fallback for each of `stops`: nearest counters and the fewest persons."""
    sent: dict[tuple[object, ...], int] = {}
    staff: dict[tuple[object, ...], int] = {}
    for stop in stops:
        modes = plan.modes.xs(stop, level="period")
        for period in [t for t in instance.planned if t > stop]:
            left = network(instance, modes, period)
            sent |= {(d, s, p, t, stop): 1 for (d, s, t), p in left.assignments.items()}
            staff |= {(p, t, stop): n for (p, t), n in left.staff.items() if n}
    extra = {
        "fallback_assign": _series(sent, ASSIGN),
        "fallback_staff": _series(staff, ["point", "period", "frozen"]),
    }
    return Plan(plan.modes, plan.assignments, plan.staff, {**plan.extra, **extra})


def _named(plan: Plan, after: int) -> pd.DataFrame:
    """The fallback's assignments after `after`: district, service, point, period, value (not 0)."""
    series = plan.extra.get(f"{PREFIX}assign")
    if series is None or set(series.index.names) != set(ASSIGN):
        series = _series({}, ASSIGN)
    table = series[series != 0].rename("value").reset_index()
    return table[table["frozen"] == after]


def _early(series: pd.Series, after: int) -> pd.Series:
    return series[series.index.get_level_values("period") <= after]


def _later(plan: Plan, name: str, after: int) -> pd.Series:
    """The decision `name` of the fallback in the periods after `after`."""
    series = plan.extra.get(PREFIX + name)
    if series is None or "frozen" not in series.index.names:
        return pd.Series(dtype="int64")
    series = series[series.index.get_level_values("frozen") == after].droplevel("frozen")
    dated = "period" in series.index.names
    return series[series.index.get_level_values("period") > after] if dated else series


def _extra(plan: Plan, name: str, after: int) -> pd.Series:
    """The decision `name` up to `after`, then that of the fallback; one without periods is one."""
    real, later = plan.extra.get(name), _later(plan, name, after)
    if real is None or ("period" not in real.index.names and len(later)):
        return later
    return _joined(_early(real, after), later) if "period" in real.index.names else real


def _joined(early: pd.Series, later: pd.Series) -> pd.Series:
    if later.empty or set(later.index.names) != set(early.index.names):
        return early
    return pd.concat([early, later.reorder_levels(early.index.names)]).sort_index()


def _series(numbers: dict[tuple[object, ...], int], names: list[str]) -> pd.Series:
    index = pd.MultiIndex.from_tuples(list(numbers), names=names)
    return pd.Series(list(numbers.values()), index=index, dtype=np.int64).sort_index()
