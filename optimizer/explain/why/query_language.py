"""What people ask for, from a short text to an entry that forces it.

    大江出張所=general_branch@2018       a point's mode; a|b is either
    芳野/certificate_counter=北区役所@2019   where a district is sent
    大江出張所.staff>=3@2018             persons at a counter; also <= and =
    counters(西区)>=1@2019               counters run by the city in a ward
    counters(西区, branch)>=1@2019       the same of one kind

Names or ids; @2018-2020 is a run of years, and without @ all planned years are meant.
"""

import re
import unicodedata
from dataclasses import dataclass

from optimizer.base.errors import refuse
from optimizer.base.words import LANGUAGES, Text
from optimizer.city.city import UNLIMITED
from optimizer.constraints.allowed_modes import AllowedModes
from optimizer.constraints.counters_in_ward import CountersInWard
from optimizer.constraints.sent_to import SentTo
from optimizer.constraints.staff_between import CITY, StaffBetween
from optimizer.explain.why.names import find, find_modes
from optimizer.model.instance import Constraint, Instance
from optimizer.model.where import Where

ID = "your query"
"""The id of the entry that forces what is asked for."""

NUMBER = r"\s*(>=|<=|=)\s*([0-9]{1,6})"
COUNTERS = re.compile(rf"(?:counters|窓口)\s*\(([^,、()]+)(?:[,、]([^()]+))?\){NUMBER}")
STAFF = re.compile(rf"(.+)\.\s*(?:staff|職員){NUMBER}")
WAY = re.compile(r"([^=/]+)/([^=/]+)=([^=]+)")
MODE = re.compile(r"([^=/]+)=([^=]+)")
YEARS = re.compile(r"([0-9]{1,6})(?:\s*[-–~〜]\s*([0-9]{1,6}))?")

FORMS = Text(
    "POINT=MODE@YEAR, DISTRICT/SERVICE=POINT@YEAR, POINT.staff>=N@YEAR or counters(WARD)>=N@YEAR",
    "窓口=形態@年度、校区/業務=窓口@年度、窓口.staff>=人数@年度、counters(区)>=数@年度",
)


@dataclass(frozen=True)
class Query:
    """Something that is asked for: the text, the entry that forces it, what it means in words."""

    text: str
    entry: Constraint
    words: Text


def read_query(instance: Instance, text: str, place: str = "") -> Query:
    """Return what `text` asks for. Raises InputError saying what is not understood, with near
    names; `place` says where the text was given.
    """
    plain = unicodedata.normalize("NFKC", text).replace("≥", ">=").replace("≤", "<=").strip()
    query, _, tail = plain.rpartition("@") if "@" in plain else (plain, "", "")
    query = query.strip()
    periods = _periods(instance, tail.strip(), text, place)
    when = Text(*(_years(instance, periods, lang) for lang in LANGUAGES))
    if found := COUNTERS.fullmatch(query):
        return _counters(instance, text, found, periods, when, place)
    if found := STAFF.fullmatch(query):
        return _staff(instance, text, found, periods, when, place)
    if found := WAY.fullmatch(query):
        return _way(instance, text, found, periods, when, place)
    if found := MODE.fullmatch(query):
        return _mode(instance, text, found, periods, when, place)
    message = Text("not understood", "読み取れない")
    raise refuse(
        message,
        Text(f"write {FORMS.en}", f"次の形で書く: {FORMS.ja}"),
        column=place,
        value=text,
    )


def _periods(instance: Instance, tail: str, text: str, place: str) -> tuple[int, ...]:
    if not tail and "@" not in text:
        return tuple(instance.planned)
    found = YEARS.fullmatch(tail)
    if found:
        first = int(found[1])
        last = int(found[2] or first)
        chosen = tuple(t for t in instance.planned if first <= t <= last)
        if {first, last} <= set(chosen):
            return chosen
    known = ", ".join(map(str, instance.planned))
    raise refuse(
        Text("no such planned year", "該当する計画年度がない"),
        Text(f"planned are {known}", f"計画年度は {known}"),
        column=place,
        value=text,
    )


def _years(instance: Instance, periods: tuple[int, ...], lang: str) -> str:
    ends = dict.fromkeys(instance.name_of("period", t, lang) for t in (periods[0], periods[-1]))
    return "–".join(ends)


def _mode(
    instance: Instance,
    text: str,
    found: re.Match[str],
    periods: tuple[int, ...],
    when: Text,
    place: str,
) -> Query:
    point = find(instance, "point", found[1], place)
    modes = find_modes(instance, point, found[2], place)
    entry = AllowedModes(id=ID, modes=modes, where=Where(points=(point,), periods=periods))
    names = [
        (" or " if lang == "en" else "又は").join(instance.name_of("mode", m, lang) for m in modes)
        for lang in LANGUAGES
    ]
    who = _names(instance, "point", point)
    words = Text(
        f"{who.en} as {names[0]} in {when.en}", f"{when.ja}に{who.ja}を「{names[1]}」とすること"
    )
    return Query(text, entry, words)


def _way(
    instance: Instance,
    text: str,
    found: re.Match[str],
    periods: tuple[int, ...],
    when: Text,
    place: str,
) -> Query:
    district = find(instance, "district", found[1], place)
    service = find(instance, "service", found[2], place)
    point = find(instance, "point", found[3], place)
    idle = [t for t in periods if instance.demand.get((district, service, t), 0) <= 0]
    if idle:
        raise refuse(
            Text("nobody there asks for this service then", "その年度にその業務の件数がない"),
            Text("name another year or service", "別の年度か業務にする"),
            column=place,
            value=text,
        )
    where = Where(districts=(district,), services=(service,), periods=periods)
    who, what = _names(instance, "district", district), _names(instance, "service", service)
    to = _names(instance, "point", point)
    words = Text(
        f"{who.en} sent to {to.en} for {what.en} in {when.en}",
        f"{when.ja}に{who.ja}校区の{what.ja}を{to.ja}に割り当てること",
    )
    return Query(text, SentTo(id=ID, point=point, where=where), words)


def _staff(
    instance: Instance,
    text: str,
    found: re.Match[str],
    periods: tuple[int, ...],
    when: Text,
    place: str,
) -> Query:
    point = find(instance, "point", found[1], place)
    sign, number = found[2], int(found[3])
    least, most = _bounds(sign, number, CITY)
    who = _names(instance, "point", point)
    words = Text(
        f"{_sign(sign, 'en')} {number} persons at {who.en} in {when.en}",
        f"{when.ja}の{who.ja}の職員を{number}人{_sign(sign, 'ja')}とすること",
    )
    where = Where(points=(point,), periods=periods)
    return Query(text, StaffBetween(id=ID, least=least, most=most, where=where), words)


def _counters(
    instance: Instance,
    text: str,
    found: re.Match[str],
    periods: tuple[int, ...],
    when: Text,
    place: str,
) -> Query:
    ward = find(instance, "ward", found[1], place)
    kind = find(instance, "kind", found[2], place) if found[2] else ""
    sign, number = found[3], int(found[4])
    least, most = _bounds(sign, number, UNLIMITED)
    of = instance.kind_names[kind] if kind else Text("counters", "窓口")
    words = Text(
        f"{_sign(sign, 'en')} {number} {of.en} run by the city in {ward} in {when.en}",
        f"{when.ja}の{ward}の市の{of.ja}を{number}か所{_sign(sign, 'ja')}とすること",
    )
    where = Where(periods=periods)
    entry = CountersInWard(id=ID, ward=ward, kind=kind, least=least, most=most, where=where)
    return Query(text, entry, words)


def _bounds(sign: str, number: int, unlimited: int) -> tuple[int, int]:
    return (0 if sign == "<=" else number), (unlimited if sign == ">=" else number)


def _sign(sign: str, lang: str) -> str:
    words = {
        ">=": Text("at least", "以上"),
        "<=": Text("at most", "以下"),
        "=": Text("exactly", "ちょうど"),
    }
    return words[sign].say(lang)


def _names(instance: Instance, label: str, i: str) -> Text:
    return Text(*(instance.name_of(label, i, lang) for lang in LANGUAGES))
