"""The first screen: what changes, for whom, what it costs, whether it is proved."""

from dataclasses import dataclass

import pandas as pd

from optimizer.audit.verify import Audit
from optimizer.base.words import LANGUAGES, Text
from optimizer.model.outcome import Outcome
from optimizer.report.links import compared, spread
from optimizer.report.map.city_map import short_name
from optimizer.report.map.map_data import modes_by_year
from optimizer.report.map.marks import marks, states
from optimizer.report.numbers import against_today
from optimizer.report.page.charts import payroll
from optimizer.report.tables import outcome_lines

FURTHER = 1_000
"""Metres more than today from which a district is counted as sent further."""


@dataclass(frozen=True)
class Card:
    """One question of the first screen: its figure, what the figure is, and what must stand beside it."""

    id: str
    title: Text
    figure: Text
    caption: Text
    lines: tuple[Text, ...]


def cards(audit: Audit, outcome: Outcome | None, findings: int) -> tuple[Card, ...]:
    """Return the four cards. findings: how many faults were found in what is stored."""
    return (
        changes_card(audit),
        people_card(audit),
        cost_card(audit),
        proof_card(audit, outcome, findings),
    )


def changes_card(audit: Audit) -> Card:
    """How many counters are open today and at the end, and what has become of each."""
    instance, modes = audit.instance, modes_by_year(audit)
    kind = instance.points["kind"]
    shown = {p: states(instance, row) for p, row in modes.items() if kind[p] != "store"}
    ends: dict[str, list[str]] = {}
    for point, row in shown.items():
        if row[-1] is not None and row[-1] != row[0]:
            ends.setdefault(row[-1], []).append(short_name(str(instance.points["name"][point])))
    now, then = ({p for p, row in shown.items() if row[y] not in (None, "closed")} for y in (0, -1))
    other = sum(shown[p][0] != shown[p][-1] for p in now & then)
    end = Text(*(instance.name_of("period", instance.planned[-1], lang) for lang in LANGUAGES))
    looks = marks(instance)
    lines = [
        Text(
            f"{looks[mode].name.en} ({len(names)}): {', '.join(names)}",
            f"{looks[mode].name.ja}へ({len(names)}): {'、'.join(names)}",
        )
        for mode, names in sorted(ends.items(), key=lambda item: list(looks).index(item[0]))
    ]
    return Card(
        "changes",
        Text("What changes", "何が変わるか"),
        Text(f"{len(now)} → {len(then)} counters", f"{len(now)} → {len(then)}か所"),
        Text(
            f"today and in {end.en}: {len(now - then)} close, {len(then - now)} open, {other}"
            f" run otherwise",
            f"(現在 → {end.ja}: 廃止{len(now - then)}、新設{len(then - now)}、形態の変更{other})",
        ),
        tuple(reversed(lines)),
    )


def people_card(audit: Audit) -> Card:
    """How many people get another counter run by staff or partners, and what becomes of their ways."""
    instance = audit.instance
    table = compared(audit)
    district = table.index.get_level_values("district")
    further = set(district[table["after"] - table["before"] > FURTHER])
    nearer = set(district[table["after"] < table["before"]])
    residents = instance.districts["residents"]
    many, whole = _people(residents, further), int(residents.sum())
    lines = [
        Text(
            f"{len(further)} of {len(residents)} districts; {whole:,} residents in all",
            f"{len(residents)}校区のうち{len(further)}校区(全市{whole:,}人)",
        ),
        Text(
            f"nearer for a service: {len(nearer)} districts, {_people(residents, nearer):,} residents",
            f"いずれかの業務で近くなる: {len(nearer)}校区、{_people(residents, nearer):,}人",
        ),
    ]
    if len(table):
        now, then = (spread(table[c], table["cases"]) for c in ("before", "after"))
        lines += [
            Text(
                f"mean way of a case: {now.mean:,} m → {then.mean:,} m",
                f"1件当たりの平均: {now.mean:,}m → {then.mean:,}m",
            ),
            Text(
                f"furthest way: {now.furthest:,} m → {then.furthest:,} m",
                f"最も遠い校区: {now.furthest:,}m → {then.furthest:,}m",
            ),
        ]
    return Card(
        "people",
        Text("For whom", "誰に影響するか"),
        Text(f"{many:,} residents", f"{many:,}人"),
        Text(
            "live where a service moves more than 1 km further",
            "が住む校区で、いずれかの業務の窓口が1km超遠くなる",
        ),
        tuple(lines),
    )


def _people(residents: pd.Series, districts: set[str]) -> int:
    return int(residents[sorted(districts)].sum())


def cost_card(audit: Audit) -> Card:
    """What the counters cost over the planned years, against today, and what stays on the payroll."""
    total, split = int(audit.costs.sum()), against_today(audit).sum(axis=1)
    first, *_, last = staff = payroll(audit)
    difference = int(split.sum())
    years = f"{audit.instance.planned[0]}–{audit.instance.planned[-1]}"
    words = {
        "demand": Text("demand alone", "件数の減少のみ"),
        "stores": Text("stores", "コンビニ交付"),
        "reorganisation": Text("reorganisation", "再編"),
    }
    parts = {n: f"{int(split[n]) / 1e6:+,.0f}" for n in words}
    lines = [
        Text(
            f"{difference / 1e6:+,.0f} million yen against today's counters (derived):"
            f" {', '.join(f'{w.en} {parts[n]}' for n, w in words.items())}",
            f"現在の窓口(導出値)との差 {difference / 1e6:+,.0f}百万円"
            f"({'、'.join(f'{w.ja} {parts[n]}' for n, w in words.items())})",
        ),
        Text(
            f"staff at counters: {first.counters} → {last.counters}; community support:"
            f" {first.community} → {last.community}",
            f"窓口の職員 {first.counters}人 → {last.counters}人、地域担当職員"
            f" {first.community}人 → {last.community}人",
        ),
    ]
    if len({year.counters + year.community for year in staff}) == 1:
        lines.append(
            Text(
                "the payroll stays the same: redeployed wages are no saving of the city",
                "職員の総数は変わらない。配置換えした職員の人件費は市の節減額ではない",
            )
        )
    assumed = sum(not a.source for a in audit.instance.assumptions.values())
    lines.append(
        Text(
            f"all yen rest on {assumed} assumed figures", f"金額は全て{assumed}件の仮定の数値による"
        )
    )
    return Card(
        "cost",
        Text("What it costs", "費用はいくらか"),
        Text(f"{total / 1e6:,.0f} million yen", f"{total / 1e6:,.0f}百万円"),
        Text(f"for counters, {years}, assumed prices", f"(窓口の費用、{years}年度、仮定の単価)"),
        tuple(lines),
    )


def proof_card(audit: Audit, outcome: Outcome | None, findings: int) -> Card:
    """Whether the rules hold, as measured, and how far from the best the plan can be, as claimed."""
    checked = sum(len(readings.table) for _, readings in audit.readings)
    broken = audit.violations
    gap = outcome.gap if outcome else None
    if broken or findings:
        figure = Text("not sound", "問題あり")
        caption = Text(
            f"{broken} broken readings, {findings} findings", f"違反{broken}件、指摘{findings}件"
        )
    elif outcome is not None and outcome.contradicted:
        figure = Text("not proved", "未証明")
        caption = Text(
            "claims about the cost contradict each other", "費用についての主張が互いに矛盾する"
        )
    elif outcome is None or gap is None:
        figure = Text("rules hold", "制約は成立")
        caption = Text("nothing is proved about the cost", "費用の最適性は未証明")
    else:
        who = outcome.claimant(outcome.stages[0])
        if gap == 0:
            figure = Text("optimal", "最適")
            caption = Text(f"as {who.en} claims", f"({who.ja}による)")
        else:
            figure = Text(f"within {float(gap):.1%}", f"{float(gap):.1%}以内")
            caption = Text(
                f"of the least possible cost, as {who.en} claims; not optimal",
                f"(理論上の最小費用との差、{who.ja}による。最適とは限らない)",
            )
    lines = [
        Text(
            f"every rule measured again without the engine: {checked:,} readings, {broken} broken",
            f"全ての制約をソルバーと別に確認: {checked:,}件、違反{broken}件",
        )
    ]
    claims = (outcome_lines(audit, outcome, lang) for lang in ("en", "ja"))
    lines += [Text(a, b) for a, b in zip(*claims, strict=True)]
    return Card("proof", Text("Is it proved", "証明されているか"), figure, caption, tuple(lines))
