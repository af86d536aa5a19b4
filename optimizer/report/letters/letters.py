"""District letters: one A4 page per district that says where each service is, today and each year.

Every number is a reading of the plan on the raw tables: the way to the counter a district is sent
to, and the year a counter changes. Nothing is said of a counter that the tables do not say.
"""

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import pandas as pd
from jinja2 import Environment, Template
from markupsafe import Markup

from optimizer.audit.verify import Audit
from optimizer.base.errors import refuse
from optimizer.base.words import LANGUAGES, Text
from optimizer.model.instance import Instance
from optimizer.report.letters.letter_changes import changes, way
from optimizer.report.networks import modes_by_year, served_by_year
from optimizer.report.plan_tables import state_names


@dataclass(frozen=True)
class Place:
    """Where people go in a year: the counter, its state and the way; `again`: as the year before."""

    name: str
    mode: str
    metres: str
    again: bool


@dataclass(frozen=True)
class Letter:
    """One page in one language. rows: service -> its place in each year (None: nobody comes)."""

    id: str
    district: str
    ward: str
    rows: dict[str, list[Place | None]]
    changes: list[str]
    ask: str
    estimated: bool


def district_letters(audit: Audit, lang: str) -> list[Letter]:
    """Return a letter for every district, in their order. Raises InputError for a classical problem."""
    instance = audit.instance
    if instance.classical is not None:
        raise refuse(
            Text("a benchmark problem has no districts to write to", "校区のない問題である"),
            Text("leave --letters out", "--letters を除く"),
        )
    modes = modes_by_year(audit)
    states = {
        point: dict(zip(row.index, state_names(instance, list(row), lang), strict=True))
        for point, row in modes.iterrows()
    }
    served = served_by_year(audit)
    return [
        _letter(instance, str(district), table, modes, states, lang)
        for district, table in served.groupby("district", sort=True)
    ]


def _letter(
    instance: Instance,
    district: str,
    table: pd.DataFrame,
    modes: pd.DataFrame,
    states: dict[str, dict[int, str]],
    lang: str,
) -> Letter:
    years = [instance.today, *instance.planned]
    rows: dict[str, list[Place | None]] = {}
    told: list[str] = []
    for service in instance.services.index:
        there = table[table["service"] == service].set_index("period")
        places: list[Place | None] = []
        for year in years:
            if year not in there.index:
                places.append(None)
                continue
            point, metres = there["point"][year], int(there["metres"][year])
            metre = way(metres, there["origin"][year], lang)
            before = places[-1] if places else None
            again = before is not None and (
                there["point"].get(years[len(places) - 1]) == point
                and before.mode == states[point][year]
            )
            name = instance.name_of("point", point, lang)
            places.append(Place(name, states[point][year], metre, again))
        if any(places):
            rows[instance.name_of("service", service, lang)] = places
        told += changes(instance, district, service, there, modes, states, lang)
    ward = instance.districts["ward"][district]
    estimated = bool((table["origin"] != "stated").any())
    return Letter(
        district,
        instance.name_of("district", district, lang),
        ward,
        rows,
        told,
        _whom_to_ask(instance, ward, lang),
        estimated,
    )


def _whom_to_ask(instance: Instance, ward: str, lang: str) -> str:
    """Return the ward office of the district, or the city where the tables name none."""
    points = instance.points
    offices = points[(points["kind"] == "ward_office") & (points["ward"] == ward)]
    if offices.empty:
        return Text("the planning office of the city", "市の企画担当課").say(lang)
    return Text(" / ", "、").say(lang).join(str(name) for name in offices["name"])


def letter_page(audit: Audit, letters: list[Letter], lang: str) -> str:
    """Return `letters` as one printable HTML text, a page each; it asks nothing of anybody."""
    instance = audit.instance
    template, style = _template()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return template.render(
        lang=lang,
        ja=lang == "ja",
        city=instance.name.say(lang),
        letters=letters,
        years=[instance.name_of("period", t, lang) for t in (instance.today, *instance.planned)],
        bound=[
            instance.name_of("service", s, lang)
            for s in instance.services.index[instance.services["ward_bound"]]
        ],
        draft=any(not a.source for a in instance.assumptions.values()),
        fingerprint=instance.fingerprint[:16],
        style=Markup(style),
        style_hash=f"sha256-{digest}",
    )


@cache
def _template() -> tuple[Template, str]:
    """Return the page and its style, compiled once for the many letters."""
    folder = files("optimizer.report.page")
    text, style = (folder.joinpath(f"letters.{n}").read_text("utf-8") for n in ("html", "css"))
    env = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return env.from_string(text), style


def letter_files(audit: Audit) -> dict[str, str]:
    """Return all letters in both languages: one file with every page, and one file per district."""
    written = {}
    for lang in LANGUAGES:
        letters = district_letters(audit, lang)
        written[f"letters/letters-{lang}.html"] = letter_page(audit, letters, lang)
        for letter in letters:
            written[f"letters/{lang}/{letter.id}.html"] = letter_page(audit, [letter], lang)
    return written
