"""Tables that only the page has: every way, travel before and after by group, provenance."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pandas as pd

from optimizer.audit.fairness import Fairness, fairness
from optimizer.audit.verify import Audit
from optimizer.base.words import Text
from optimizer.model.instance import Instance
from optimizer.model.outcome import Outcome
from optimizer.report.fairness import fairness_table
from optimizer.report.links import compared, spread, used_links
from optimizer.report.map.city_map import short_name
from optimizer.report.table import Table
from optimizer.report.tables import assumptions_table


def all_ways_table(audit: Audit, lang: str) -> Table:
    """Every district and service: its counter and metres today and in every year. Nothing is cut."""
    instance, table = audit.instance, used_links(audit)
    years = [instance.today, *instance.planned]
    names = {p: short_name(str(name)) for p, name in instance.points["name"].items()}
    wards = instance.districts["ward"].to_dict()
    known = dict(zip(table.index, zip(table["point"], table["metres"], strict=True), strict=True))
    rows = []
    for district, service in dict.fromkeys(key[:2] for key in known):
        cells: list[str] = []
        for period in years:
            point, way = known.get((district, service, period), (None, None))
            cells += ["–", "–"] if point is None else [names[point], f"{way:,}"]
        name = instance.name_of("district", district, lang)
        rows.append([name, wards[district], instance.name_of("service", service, lang), *cells])
    heads = [head for t in years for head in (instance.name_of("period", t, lang), "m")]
    first = [Text("district", "校区"), Text("ward", "区"), Text("service", "業務")]
    return Table(
        "ways",
        Text("Every district, service and year", "全校区・業務・年度の窓口と距離").say(lang),
        [*(name.say(lang) for name in first), *heads],
        rows,
        frozenset(range(4, 3 + 2 * len(years), 2)),
        (
            Text(
                "The first year is today, derived: nearest counter.",
                "最初の年度は現在(導出値。最寄りの窓口)。",
            ).say(lang),
        ),
    )


def groups_table(audit: Audit, lang: str) -> Table:
    """Metres of a case, today's way and the plan's, for all, each service and each ward."""
    instance, table = audit.instance, compared(audit)
    ward = table.index.get_level_values("district").map(instance.districts["ward"])
    service = table.index.get_level_values("service")
    groups: list[tuple[str, pd.Series | None]] = [(Text("all", "全体").say(lang), None)]
    groups += [
        (instance.name_of("service", s, lang), service == s) for s in instance.services.index
    ]
    groups += [(str(w), ward == w) for w in sorted(set(ward))]
    rows = []
    for name, chosen in groups:
        part = table if chosen is None else table[chosen]
        if part.empty:
            continue
        now, then = (spread(part[c], part["cases"]) for c in ("before", "after"))
        further = int(part["cases"][part["after"] > part["before"]].sum())
        cells = [
            f"{getattr(x, name):,}"
            for name in ("mean", "median", "most", "furthest")
            for x in (now, then)
        ]
        share = f"{further / int(part['cases'].sum()):.1%}"
        rows.append([name, f"{int(part['cases'].sum()):,}", *cells, share])
    heads = [
        Text("group", "区分"),
        Text("cases", "件数"),
        *(
            Text(f"{en}, {when_en}", f"{ja}({when_ja})")
            for en, ja in [
                ("mean", "平均"),
                ("median", "中央"),
                ("90 % within", "9割が以内"),
                ("furthest", "最遠"),
            ]
            for when_en, when_ja in [("today", "現在"), ("plan", "計画")]
        ),
        Text("cases further away", "遠くなる件数"),
    ]
    return Table(
        "groups",
        Text("Travel by group (m)", "区分別の距離(m)").say(lang),
        [name.say(lang) for name in heads],
        rows,
        frozenset(range(1, len(heads))),
        (
            Text(
                "Both weighted by the cases of the last year; today's ways are derived.",
                "いずれも最終年度の件数による加重。現在の距離は導出値。",
            ).say(lang),
        ),
    )


def provenance_table(
    audit: Audit, outcome: Outcome | None, manifest: Mapping[str, Any], lang: str
) -> Table:
    """What the plan was made from, with what, by which command, and what was claimed."""
    rows: list[tuple[Text, str]] = [
        (Text("instance", "インスタンス"), audit.instance.id),
        (Text("SHA-256 of the instance", "インスタンスの SHA-256"), audit.instance.fingerprint),
        (Text("changes to the instance", "変更"), " | ".join(audit.instance.changes) or "–"),
    ]
    rows += [
        (Text(f"SHA-256 of {name}", f"{name} の SHA-256"), str(digest))
        for name, digest in manifest.get("inputs", {}).items()
    ]
    rows += [
        (Text(f"version of {name}", f"{name} の版"), str(number))
        for name, number in manifest.get("versions", {}).items()
    ]
    for key, name in {
        "command": Text("command", "コマンド"),
        "started": Text("started", "開始"),
        "seconds": Text("seconds", "秒数"),
    }.items():
        if key in manifest:
            rows.append((name, str(manifest[key])))
    if outcome is not None:
        rows.append((Text("engine", "ソルバー"), f"{outcome.engine}, {outcome.version}"))
        heads = {o.id: o.heading for o in audit.instance.objectives}
        for stage in outcome.stages:
            gap = "–" if stage.gap is None else f"{float(stage.gap):.4%}"
            numbers = ["–" if n is None else f"{n:,}" for n in (stage.value, stage.bound)]
            what = heads.get(stage.objective, Text(stage.objective, stage.objective))
            name = Text(f"{what.en}: value, bound, gap", f"{what.ja}: 値、下界、差")
            rows.append((name, " | ".join([*numbers, gap])))
    return Table(
        "provenance",
        Text("Where this comes from", "この報告書の根拠").say(lang),
        [Text("what", "項目").say(lang), Text("value", "内容").say(lang)],
        [[name.say(lang), value] for name, value in rows],
    )


def assumptions_page_table(audit: Audit, lang: str) -> Table:
    """Every parameter of the instance: its value, whether anybody published it, what rests on it, why."""
    table = assumptions_table(audit.instance, lang)
    rows = []
    for (name, value, unit, reason), a in zip(
        table.rows, audit.instance.assumptions.values(), strict=True
    ):
        resting = ", ".join(entry.id for entry, _ in audit.readings if name in entry.assumed)
        told = f"{reason} {a.source}".strip()
        mark = Text("published", "公表") if a.source else Text("* assumed", "※仮定")
        rows.append([name, value, unit, mark.say(lang), resting or "–", told])
    heads = [
        Text("name", "記号"),
        Text("value", "値"),
        Text("unit", "単位"),
        Text("mark", "区分"),
        Text("limit of", "上限等に用いる制約"),
        Text("reason", "理由"),
    ]
    return Table("assumptions", table.title, [head.say(lang) for head in heads], rows)


def fairness_tables(audit: Audit) -> dict[str, Callable[[str], Table]]:
    """Return the fairness panel, city by year and wards in the last year, by the id of its table."""
    pairs = [(row, row) for row in fairness(audit.instance, audit.plan)]
    return {
        name: partial(_panel, pairs, audit.instance, wards=wards)
        for name, wards in (("fairness", False), ("fairness_wards", True))
    }


def _panel(
    pairs: list[tuple[Fairness, Fairness]], instance: Instance, lang: str, *, wards: bool
) -> Table:
    return fairness_table(pairs, instance, lang, wards)
