"""Plan: what was decided – a mode and staff for every point, a counter for every district."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from optimizer.city.city import City

UNREACHABLE = 10**9
"""Metres of a pair for which the instance has no travel figure; beyond every limit."""


@dataclass(frozen=True, eq=False)
class Plan:
    """The decisions of the planned periods.

    - modes: index (point, period) -> mode.
    - assignments: index (district, service, period) -> point.
    - staff: index (point, period) -> persons at the counter.
    - extra: decisions that a constraint asked for, by name; e.g. community_staff with
      index (room, period) -> persons, or extended with index (point, period) -> 0 or 1, the
      counters with longer opening hours.
    """

    modes: pd.Series
    assignments: pd.Series
    staff: pd.Series
    extra: Mapping[str, pd.Series] = field(default_factory=dict)

    def served(self, instance: City) -> pd.DataFrame:
        """Return one row per assignment: its labels, its point, metres, cases and minutes of work.

        An assignment without a travel figure is UNREACHABLE metres away; one without demand
        has 0 cases.
        """
        table = self.assignments.rename("point").reset_index()
        pairs = pd.MultiIndex.from_frame(table[["district", "point"]])
        keys = pd.MultiIndex.from_frame(table[["district", "service", "period"]])
        table["metres"] = (
            instance.travel["metres"].reindex(pairs, fill_value=UNREACHABLE).to_numpy()
        )
        table["cases"] = instance.demand.reindex(keys, fill_value=0).to_numpy()
        table["minutes"] = table["cases"] * table["service"].map(instance.services["minutes"])
        return table

    def minutes(self, instance: City) -> pd.Series:
        """Return the minutes of work of every (point, period) of the plan, zero where none."""
        work = self.served(instance).groupby(["point", "period"])["minutes"].sum()
        return work.reindex(self.modes.index, fill_value=0)

    def extended(self, instance: City) -> pd.Series:
        """Return 1 where a (point, period) of the plan has longer opening hours, else 0.

        An instance that offers none has none, whatever the plan says.
        """
        chosen = self.extra.get("extended")
        if chosen is None or instance.extension is None:
            return pd.Series(0, index=self.modes.index)
        return chosen.reindex(self.modes.index, fill_value=0)

    def capacity(self, instance: City) -> pd.Series:
        """Return the minutes of work that the staff of every (point, period) can do in a year."""
        staff = self.staff.reindex(self.modes.index, fill_value=0)
        minutes = staff * instance.person_minutes
        if instance.extension is not None:
            minutes = minutes + staff * self.extended(instance) * instance.extension.minutes
        return minutes

    def with_mode(self, point: str, period: int, mode: str) -> "Plan":
        """Return a copy in which `point` has `mode` in `period`."""
        return replace(self, modes=_set(self.modes, (point, period), mode))

    def with_assignment(self, district: str, service: str, period: int, point: str) -> "Plan":
        """Return a copy in which `district` is sent to `point` for `service` in `period`."""
        return replace(self, assignments=_set(self.assignments, (district, service, period), point))

    def without_assignment(self, district: str, service: str, period: int) -> "Plan":
        """Return a copy in which nobody is named for `service` of `district` in `period`."""
        return replace(self, assignments=self.assignments.drop((district, service, period)))

    def with_staff(self, point: str, period: int, persons: int) -> "Plan":
        """Return a copy in which `point` has `persons` at the counter in `period`."""
        return replace(self, staff=_set(self.staff, (point, period), persons))

    def with_extra(self, name: str, key: tuple[object, ...], value: int) -> "Plan":
        """Return a copy in which the decision `name` has `value` at `key`."""
        return replace(self, extra={**self.extra, name: _set(self.extra[name], key, value)})


def _set(series: pd.Series, key: tuple[object, ...], value: object) -> pd.Series:
    copy = series.copy()
    copy.loc[key] = value
    return copy.sort_index()
