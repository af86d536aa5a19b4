"""The charts of the page as numbers in place: where every bar and line goes; the template draws them."""

from collections.abc import Sequence
from dataclasses import dataclass

from optimizer.audit.verify import Audit
from optimizer.base.words import Text
from optimizer.city.baseline import baseline
from optimizer.report.links import Spread, compared, reached, spread
from optimizer.report.numbers import against_today, yearly_costs
from optimizer.report.plan_tables import community_by_year

BAR = 340
"""Units that the longest bar is wide."""

STEPS = 24
"""Steps of a line of travel."""


@dataclass(frozen=True)
class Bar:
    """A bar from `start`, `width` units wide. kind: total, more, less, counter or community."""

    name: Text | str
    value: str
    start: float
    width: float
    kind: str


def waterfall(audit: Audit) -> tuple[Bar, ...]:
    """Return the way from what today's counters would cost over the planned years to the plan.

    The yen of today times the years; then what demand, stores and reorganisation do, of which
    moving, once, by itself; then the plan. Every bar but the first and last starts where the one
    before ends.
    """
    instance = audit.instance
    years = sum(int(instance.periods["years"][t]) for t in instance.planned)
    costs, split = yearly_costs(audit), against_today(audit).sum(axis=1)
    moving = int(costs.loc["moving", instance.planned].sum())
    start = (
        int(costs[instance.today].sum()) // int(instance.periods["years"][instance.today]) * years
    )
    steps = [
        (Text("falling demand alone", "件数の減少のみによる分"), int(split["demand"])),
        (Text("card holders go to stores", "コンビニ交付による分"), int(split["stores"])),
        (
            Text("reorganisation, running cost", "窓口の再編（経常）"),
            int(split["reorganisation"]) - moving,
        ),
        (Text("reorganisation, moving once", "窓口の再編（移行費・一時）"), moving),
    ]
    levels = [start]
    for _, change in steps:
        levels.append(levels[-1] + change)
    unit = BAR / max(*levels, 1)
    bars = [
        Bar(
            Text("today's counters", "現在の窓口のまま"), _millions(start), 0, start * unit, "total"
        )
    ]
    for (name, change), before, after in zip(steps, levels, levels[1:], strict=False):
        kind = "more" if change > 0 else "less"
        low = min(before, after)
        bars.append(Bar(name, f"{change / 1e6:+,.1f}", low * unit, abs(change) * unit, kind))
    end = levels[-1]
    return (*bars, Bar(Text("the plan", "計画"), _millions(end), 0, end * unit, "total"))


@dataclass(frozen=True)
class StaffYear:
    """The payroll of a year: persons at counters and in community support, and their bars."""

    name: Text
    counters: int
    community: int
    counters_width: float
    community_width: float


def payroll(audit: Audit) -> tuple[StaffYear, ...]:
    """Return the payroll of today and of every planned year."""
    instance = audit.instance
    planned = audit.plan.staff.groupby(level="period").sum()
    counters = [int(baseline(instance).staff.sum()), *(int(planned[t]) for t in instance.planned)]
    community = community_by_year(audit)
    unit = BAR / max(*(a + b for a, b in zip(counters, community, strict=True)), 1)
    years = [instance.today, *instance.planned]
    return tuple(
        StaffYear(_year(audit, t), a, b, a * unit, b * unit)
        for t, a, b in zip(years, counters, community, strict=True)
    )


@dataclass(frozen=True)
class Travel:
    """Of a service, the share of cases within a distance, today and in the plan, as SVG lines."""

    name: Text
    before: Spread
    after: Spread
    line_before: str
    line_after: str
    ticks: tuple[tuple[float, str], ...]


def travel_lines(audit: Audit, width: int = 300, height: int = 150) -> tuple[Travel, ...]:
    """Return one chart for every service that has ways today and in the last year."""
    table, charts = compared(audit), []
    if table.empty:
        return ()
    end = max(-(-int(table[["before", "after"]].to_numpy().max()) // 1000), 1) * 1000
    limits = [end * n // (STEPS * 2) for n in range(STEPS * 2 + 1)]
    every = max(end // 5000, 1) * 1000
    ticks = tuple((width * m / end, f"{m // 1000}") for m in range(0, end + 1, every))
    for service in audit.instance.services.index:
        if service not in table.index.get_level_values("service"):
            continue
        rows = table.xs(service, level="service")
        before, after = (
            (
                spread(rows[column], rows["cases"]),
                _line(reached(rows[column], rows["cases"], limits), width, height),
            )
            for column in ("before", "after")
        )
        name = Text(*(audit.instance.name_of("service", service, x) for x in ("en", "ja")))
        charts.append(Travel(name, before[0], after[0], before[1], after[1], ticks))
    return tuple(charts)


def _line(shares: Sequence[float], width: int, height: int) -> str:
    step = width / (len(shares) - 1)
    return " ".join(f"{n * step:.1f},{height * (1 - s):.1f}" for n, s in enumerate(shares))


def _year(audit: Audit, period: int) -> Text:
    return Text(*(audit.instance.name_of("period", period, lang) for lang in ("en", "ja")))


def _millions(yen: int) -> str:
    return f"{yen / 1e6:,.1f}"
