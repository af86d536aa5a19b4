"""The sentences of a district letter: which counter is new, what becomes of the one before."""

from collections.abc import Iterator
from itertools import pairwise

import pandas as pd

from optimizer.base.words import Text
from optimizer.city.plan import UNREACHABLE
from optimizer.model.instance import Instance

OTHER = Text(
    "{service}: from {year}, {new} in place of {old} ({way}{growth}).",
    "{service}: {year}から、{old}に代わり{new}となります({way}{growth})。",
)
GROWN = Text(", {d} m further", "、これまでより{d}m遠い")
SHRUNK = Text(", {d} m nearer", "、これまでより{d}m近い")

STAYS = Text(" You can go on using {old}.", "{old}も引き続き利用できます。")
UNTIL = Text(" You can use {old} up to the end of {last}.", "{old}も{last}までは利用できます。")
CLOSES = Text(" {old} closes.", "{old}は廃止となります。")
STOPS = Text(
    " {old} becomes: {state}, and no longer handles {service}.",
    "{old}は「{state}」となり、{service}を取り扱わなくなります。",
)
BECOMES = Text(
    "{service}: from {year}, {old} is: {state}. It goes on handling {service}.",
    "{service}: {old}は{year}から「{state}」となります。{service}は引き続き取り扱います。",
)


def way(metres: int, origin: str, lang: str) -> str:
    """Return a distance with its unit, marked where nobody stated it."""
    if metres >= UNREACHABLE:
        return Text("way unknown", "距離不明").say(lang)
    unit = Text(" m", "m").say(lang)
    return f"{metres:,}{unit}" + ("" if origin == "stated" else "*")


def changes(
    instance: Instance,
    district: str,
    service: str,
    there: pd.DataFrame,
    modes: pd.DataFrame,
    states: dict[str, dict[int, str]],
    lang: str,
) -> Iterator[str]:
    """Yield a sentence for every year in which the counter of `service` is another, or is changed.

    there: the assignments of the district by year. modes: of every point (rows) by year. states:
    the names of these modes.
    """
    what = instance.name_of("service", service, lang)
    for (was, before), (year, after) in pairwise(there.iterrows()):
        old, new = before["point"], after["point"]
        words = {
            "service": what,
            "year": instance.name_of("period", year, lang),
            "old": instance.name_of("point", old, lang),
            "new": instance.name_of("point", new, lang),
            "state": states[old][year],
        }
        if old == new:
            if states[old][year] != states[old][was]:
                yield BECOMES.say(lang, **words)
            continue
        grown = int(after["metres"]) - int(before["metres"])
        known = max(int(after["metres"]), int(before["metres"])) < UNREACHABLE and grown
        growth = (GROWN if grown > 0 else SHRUNK).say(lang, d=f"{abs(grown):,}") if known else ""
        told = OTHER.say(
            lang, **words, way=way(int(after["metres"]), after["origin"], lang), growth=growth
        )
        last = _last_year(instance, district, service, old, modes.loc[old], year)
        if last is not None:
            rest = STAYS if last == instance.planned[-1] else UNTIL
            words["last"] = instance.name_of("period", last, lang)
        elif states[old][year] == states[old][was]:
            rest = Text("", "")  # it is in another ward
        else:
            rest = STOPS if modes[year][old] in instance.open_modes else CLOSES
        yield told + rest.say(lang, **words)


def _last_year(
    instance: Instance, district: str, service: str, point: str, modes: pd.Series, year: int
) -> int | None:
    """Return until when, from `year` on, the point handles the service for the district; else None."""
    home, there = instance.districts["ward"][district], instance.points["ward"][point]
    if instance.services["ward_bound"][service] and home != there:
        return None
    last = None
    for period in (t for t in instance.planned if t >= year):
        if (modes[period], service) not in instance.serves:
            break
        last = period
    return last
