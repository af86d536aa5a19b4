"""What the script of the page needs to know: every way of every district, every mode, every name."""

import pandas as pd

from optimizer.audit.verify import Audit
from optimizer.model.instance import Instance
from optimizer.report.links import used_links
from optimizer.report.map.marks import Mark, states

BOUNDS = (1_000, 2_000, 3_000, 5_000, 8_000)
"""Metres at which the shade of a district changes."""


def modes_by_year(audit: Audit) -> dict[str, list[str]]:
    """Return point -> its mode today and in every planned year."""
    now, planned = audit.instance.points["mode_today"], audit.plan.modes.unstack("period")
    return {str(p): [str(now[p]), *map(str, planned.loc[p])] for p in planned.index}


def shade(metres: int | None) -> str:
    """Return the class of a distance: the number of bounds below it, or "none"."""
    return "none" if metres is None else str(sum(metres > bound for bound in BOUNDS))


def mean_ways(table: pd.DataFrame) -> pd.Series:
    """Return the mean metres of a district's cases, half up, index (district, period).

    table: as `ways` returns it.
    """
    moved = (table["metres"] * table["cases"]).groupby(level=["district", "period"]).sum()
    cases = table["cases"].groupby(level=["district", "period"]).sum()
    return (2 * moved + cases) // (2 * cases)


def map_data(audit: Audit, look: dict[str, Mark]) -> dict[str, object]:
    """Return names, ways and modes as plain data, compact: lists follow `years`, points by number.

    A way is [point, metres, cases], or 0 where there is none.
    """
    instance, table = audit.instance, used_links(audit)
    points = [str(p) for p in instance.points.index]
    number = {p: n for n, p in enumerate(points)}
    years = [instance.today, *instance.planned]
    means = mean_ways(table)
    cells: dict[tuple[str, str, int], list[int]] = {
        key: [number[row[0]], int(row[1]), int(row[2])]
        for key, row in zip(table.index, table.to_numpy().tolist(), strict=True)
    }
    services = list(instance.services.index)
    modes = modes_by_year(audit)
    return {
        "bounds": BOUNDS,
        "years": [_names(instance, "period", t) for t in years],
        "services": [_names(instance, "service", s) for s in services],
        "marks": {m: [mark.name.en, mark.name.ja] for m, mark in look.items()},
        "points": [str(instance.points["name"][p]) for p in points],
        "ids": points,
        "modes": [states(instance, modes[p]) for p in points],
        "staff": [_staff(audit, p) for p in points],
        "districts": {
            str(d): {
                "name": str(row["name"]),
                "ward": str(row["ward"]),
                "residents": int(row["residents"]),
                "mean": [int(means.get((d, t), -1)) for t in years],
                "ways": [[cells.get((str(d), s, t), 0) for t in years] for s in services],
            }
            for d, row in instance.districts.iterrows()
        },
    }


def _names(instance: Instance, label: str, value: object) -> list[str]:
    return [instance.name_of(label, value, lang) for lang in ("en", "ja")]


def _staff(audit: Audit, point: str) -> list[int]:
    from optimizer.city.baseline import baseline

    now = int(baseline(audit.instance).staff[point, audit.instance.today])
    return [now, *(int(audit.plan.staff[point, t]) for t in audit.instance.planned)]
