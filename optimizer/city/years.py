"""Counting in years where periods may be longer than one."""

from optimizer.city.city import City


def years_between(instance: City, first: int, last: int) -> int:
    """Return the years from the beginning of the period `first` to that of the period `last`."""
    years = instance.periods["years"]
    return int(years[(years.index >= first) & (years.index < last)].sum())


def period_before(instance: City, period: int, years: int) -> int | None:
    """Return the latest period that begins at least `years` years before `period`; today's may be
    it. None if the instance does not reach back that far.
    """
    early = [t for t in instance.periods.index if years_between(instance, t, period) >= years]
    early = [int(t) for t in early if t <= period]
    return early[-1] if early else None
