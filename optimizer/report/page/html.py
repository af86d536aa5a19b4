"""The report as one HTML file that asks nothing of anybody: no request, no framework, both languages."""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import partial
from importlib.resources import files
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from optimizer.audit.verify import Audit
from optimizer.base.words import LANGUAGES, Text
from optimizer.files.areas import Areas
from optimizer.model.outcome import Outcome
from optimizer.report.links import used_links
from optimizer.report.map.city_map import city_map
from optimizer.report.map.map_data import BOUNDS, map_data, mean_ways, modes_by_year, shade
from optimizer.report.map.marks import marks, states
from optimizer.report.page import charts
from optimizer.report.page.answers import ASK, Answers
from optimizer.report.page.both import Sheet, both, both_svg, sheet
from optimizer.report.page.page_tables import (
    all_ways_table,
    assumptions_page_table,
    fairness_tables,
    groups_table,
    provenance_table,
)
from optimizer.report.page.summary import cards
from optimizer.report.page.timeline import timeline
from optimizer.report.table import Table
from optimizer.report.tables import full_report

NONE = Answers()


def html_report(
    audit: Audit,
    outcome: Outcome | None,
    *,
    areas: Areas | None = None,
    manifest: Mapping[str, Any] | None = None,
    answers: Answers = NONE,
    findings: Sequence[Text] = (),
    lang: str = "ja",
) -> str:
    """Return the report of a plan as HTML text, in both languages, everything escaped.

    areas: where districts lie, for the map; without them it shows points. manifest: what the
    plan was made from. answers: what was kept of questions about the plan. findings: what is wrong with the stored plan, told before all else.
    lang: the language that is shown first. The content security policy of the page allows its
    own style and script, by their hashes, and nothing else.
    """
    folder = files("optimizer.report.page")
    text = {
        name: folder.joinpath(f"report.{name}").read_text("utf-8") for name in ("html", "css", "js")
    }
    env = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    env.filters |= {
        "both": both,
        "both_svg": both_svg,
        "both_words": lambda pair: both_svg(Text(*pair)),
    }
    page = env.from_string(text["html"])
    reports = [full_report(audit, outcome, lang) for lang in LANGUAGES]
    en, ja = reports
    sheets = {a.id: sheet(a, b) for a, b in zip(en.tables, ja.tables, strict=True)}
    made = manifest or {}
    sheets["provenance"] = _sheet(lambda x: provenance_table(audit, outcome, made, x))
    city = (
        {}
        if audit.instance.classical is not None
        else _city(audit, outcome, areas, len(findings)) | _answers(answers)
    )
    return page.render(
        lang=lang,
        title=Text(en.title, ja.title),
        headline=[Text(a, b) for a, b in zip(en.headline, ja.headline, strict=True)],
        notes=[Text(a, b) for a, b in zip(en.notes, ja.notes, strict=True)],
        findings=findings,
        sheets=sheets | city.pop("sheets", {}),
        style=Markup(text["css"]),
        style_hash=_hash(text["css"]),
        script=Markup(text["js"]),
        script_hash=_hash(text["js"]),
        fingerprint=audit.instance.fingerprint,
        city=city,
    )


def _city(
    audit: Audit, outcome: Outcome | None, areas: Areas | None, findings: int
) -> dict[str, Any]:
    """Return what the page of a city has beyond tables: first screen, map, timeline, charts."""
    instance, look = audit.instance, marks(audit.instance)
    modes = modes_by_year(audit)
    means = mean_ways(used_links(audit))
    last = instance.planned[-1]
    near = {d: means.get((d, last)) for d in instance.districts.index}
    tables: dict[str, Any] = {
        "ways": partial(all_ways_table, audit),
        "groups": partial(groups_table, audit),
        "assumptions": partial(assumptions_page_table, audit),
        **fairness_tables(audit),
    }
    data = json.dumps(map_data(audit, look), ensure_ascii=False, separators=(",", ":"))
    return {
        "cards": cards(audit, outcome, findings),
        "marks": look,
        "map": city_map(instance, areas, modes),
        "shades": {d: shade(None if m is None else int(m)) for d, m in near.items()},
        "bounds": BOUNDS,
        "last_state": {p: states(instance, row)[-1] for p, row in modes.items()},
        "years": [_words(audit, "period", t) for t in (instance.today, *instance.planned)],
        "services": [_words(audit, "service", s) for s in instance.services.index],
        "districts": {str(d): str(name) for d, name in instance.districts["name"].items()},
        "timeline": timeline(audit),
        "waterfall": charts.waterfall(audit),
        "payroll": charts.payroll(audit),
        "travel": charts.travel_lines(audit),
        "data": Markup(data.replace("<", "\\u003c")),
        "sheets": {name: _sheet(table) for name, table in tables.items()},
    }


def _answers(answers: Answers) -> dict[str, Any]:
    """Return the tables of what was asked about the plan, and how to ask what was not."""
    return {
        "break_even": [_sheet(maker) for maker in answers.break_even],
        "prices": [_sheet(maker) for maker in answers.prices],
        "stale": answers.stale,
        "ask": ASK,
    }


def _words(audit: Audit, label: str, value: object) -> Text:
    return Text(*(audit.instance.name_of(label, value, lang) for lang in LANGUAGES))


def _sheet(make: Any) -> Sheet:
    tables: list[Table] = [make(lang) for lang in LANGUAGES]
    return sheet(*tables)


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
