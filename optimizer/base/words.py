"""A text in every language the program speaks, and the words a constraint brings along."""

from dataclasses import dataclass
from typing import NamedTuple

LANGUAGES = ("en", "ja")


class Text(NamedTuple):
    """One text in English and Japanese."""

    en: str
    ja: str

    def say(self, lang: str, **values: object) -> str:
        """Return the text in `lang` ("en" or "ja"), its {fields} filled from `values`."""
        template = self.ja if lang == "ja" else self.en
        return template.format(**values) if values else template


@dataclass(frozen=True)
class Words:
    """What people call a constraint and how they are told of it.

    `reading`, `conflict` and `repair` are sentences whose fields are the constraint's
    parameters, the labels of its key, and (for readings and repairs) `actual` and `limit`.
    """

    name: Text
    reading: Text
    conflict: Text
    repair: Text


UNITS = {
    "": Text("", ""),
    "m": Text("m", "m"),
    "min": Text("min", "分"),
    "persons": Text("persons", "人"),
    "yen": Text("yen", "円"),
    "changes": Text("changes", "件"),
    "%": Text("%", "%"),
    "cases": Text("cases", "件"),
    "residents": Text("residents", "人"),
    "counters": Text("counters", "か所"),
    "years": Text("years", "年"),
    "points": Text("points", "点"),
    "case-metres": Text("case-metres", "件・m"),
    "person-metres": Text("person-metres", "人・m"),
    "residents x services": Text("residents x services", "人×業務"),
    "persons x services x years": Text("persons x services x years", "人×業務×年"),
    "felt case-metres": Text("felt case-metres", "体感換算の件・m"),
    "felt person-metres": Text("felt person-metres", "体感換算の人・m"),
}

KINDS_OF_VALUE = {
    "m": Text("m", "m"),
    "%": Text("%", "%"),
    "count": Text("count", "数"),
    "cases": Text("cases a year", "件／年"),
    "residents": Text("residents", "人"),
    "persons": Text("persons", "人"),
    "yen": Text("yen", "円"),
    "group": Text("whose way counts", "対象とする人・件数"),
    "district ids": Text("district ids", "校区のid"),
    "constraint ids": Text("constraint ids", "制約のid"),
    "districts": Text("districts", "校区"),
    "period": Text("fiscal year", "年度"),
    "point ids": Text("point ids", "窓口のid"),
    "kinds of point": Text("kinds of point", "種別"),
    "modes": Text("modes", "形態"),
    "service": Text("service", "業務"),
    "services": Text("services", "業務"),
    "years": Text("years", "年"),
    "true or false": Text("true or false", "true／false"),
    "items of cost": Text("items of cost", "費目"),
}
"""What a parameter of a constraint holds, as its description names it."""


GROUPS = {
    "cases": Text("cases", "件数"),
    "residents": Text("residents", "住民"),
    "residents65": Text("residents aged 65 or more", "65歳以上の住民"),
    "residents75": Text("residents aged 75 or more", "75歳以上の住民"),
}
"""Whose way counts (see `city.weights`)."""


COST_ITEMS = {
    "wages": Text("wages at counters", "窓口職員の人件費"),
    "running": Text("running costs", "維持運営費"),
    "hours": Text("longer hours", "開庁時間の延長"),
    "fees": Text("fees to partners", "委託・取次手数料"),
    "moving": Text("moving, once", "移行費(一時)"),
}
"""The items of the ledger."""


def kind_of_value(description: str | None, lang: str) -> str:
    """Return the description of a parameter in `lang`; unknown ones as they are."""
    known = KINDS_OF_VALUE.get(description or "")
    return known.say(lang) if known else description or ""


LABELS = {
    "district": Text("district", "校区"),
    "point": Text("counter", "窓口"),
    "service": Text("service", "業務"),
    "period": Text("year", "年度"),
    "room": Text("exchange room", "まちづくり交流室"),
    "mode": Text("mode", "形態"),
    "ward": Text("ward", "区"),
    "frozen": Text("stopped after", "中止年度"),
}
