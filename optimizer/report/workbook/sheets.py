"""What the workbook holds: its sheets, in their order, in one language."""

from collections.abc import Iterable

from optimizer.audit.stored import sentence
from optimizer.audit.verify import Audit
from optimizer.base.words import LABELS, UNITS, Text
from optimizer.model.outcome import Outcome
from optimizer.report.tables import full_report, outcome_lines
from optimizer.report.workbook.city_sheets import (
    changes_sheet,
    costs_sheet,
    districts_sheet,
    offices_sheet,
    staff_sheet,
)
from optimizer.report.workbook.sheet import Cell, Formula, Sheet

MOST_READINGS = 50_000
"""Longer lists of readings are cut to those with the least room, and say so."""


def workbook_sheets(audit: Audit, outcome: Outcome | None, lang: str) -> list[Sheet]:
    """Return every sheet. A classical problem has no city: it has the tables of its report."""
    middle = (
        [make(audit, lang) for make in CITY] if audit.instance.classical is None
        else _plain_tables(audit, outcome, lang)
    )  # fmt: skip
    return [
        cover_sheet(audit, outcome, lang),
        *middle,
        constraints_sheet(audit, lang),
        readings_sheet(audit, lang),
        assumptions_sheet(audit, lang),
        sources_sheet(audit, lang),
    ]


CITY = (districts_sheet, offices_sheet, staff_sheet, costs_sheet, changes_sheet)


def cover_sheet(audit: Audit, outcome: Outcome | None, lang: str) -> Sheet:
    """What the plan is of, under which conditions, what it costs and what is proved."""
    instance = audit.instance

    def say(en: str, ja: str) -> str:
        return Text(en, ja).say(lang)

    rows: list[list[Cell]] = [
        [say("instance", "インスタンス"), instance.name.say(lang)],
        [say("fingerprint (SHA-256)", "指紋(SHA-256)"), instance.fingerprint],
        *_lines(say("condition changed", "変更した条件"), instance.changes),
        *_lines(say("result", "結果"), outcome_lines(audit, outcome, lang)),
        [say("readings beyond a limit", "制約の違反件数"), audit.violations],
    ]
    if outcome is not None:
        rows.append([say("solver", "ソルバー"), f"{outcome.engine} {outcome.version}"])
        rows.append([say("gap asked for", "求めた差"), outcome.requested_gap])
    if instance.classical is None:
        total = int(audit.costs.sum())
        rows += [
            [
                say("wage (yen a person and year)", "人件費単価(円／人・年)"),
                Formula("=wage", instance.wage),
            ],
            [say("cost of the planned years, verified (yen)", "計画期間の費用・検証値(円)"), total],
            [
                say("the same, summed in this workbook", "同・この表での合計"),
                Formula(f'=SUMIF([offices.year],">{instance.today}",[offices.total])', total),
            ],
        ]
    rows += [[say("note", "注"), note.say(lang)] for note in instance.notes]
    if any(not a.source for a in instance.assumptions.values()):
        note = say(
            "Rests on assumed figures; see the sheet of them.",
            "仮定の数値による。仮定の一覧を参照。",
        )
        rows.append([say("caution", "注意"), note])
    return Sheet(
        "cover",
        say("Cover", "表紙"),
        {"what": say("item", "項目"), "value": say("value", "内容")},
        rows,
        filters=False,
    )


def _lines(what: str, texts: Iterable[str]) -> list[list[Cell]]:
    return [[what, text] for text in texts]


def constraints_sheet(audit: Audit, lang: str) -> Sheet:
    """One row per active constraint: its tightest reading, and how many were checked."""
    heads = [
        ("id", "id", "id"), ("words", "constraint", "制約"), ("checked", "checked", "確認数"),
        ("broken", "broken", "違反"), ("tightest", "tightest reading", "最も厳しい箇所"),
        ("actual", "actual", "実測値"), ("limit", "limit", "上限・下限"), ("margin", "margin", "余裕"),
        ("unit", "unit", "単位"), ("verdict", "verdict", "判定"), ("source", "policy", "方針"),
        ("assumed", "assumed", "仮定"),
    ]  # fmt: skip
    rows: list[list[Cell]] = []
    for entry, readings in audit.readings:
        worst = readings.tightest()
        there = len(worst) > 0
        numbers = [int(worst[n].iloc[0]) if there else None for n in ("actual", "limit", "margin")]
        rows.append(
            [
                entry.id,
                entry.words.name.say(lang),
                len(readings.table),
                len(readings.violations),
                sentence(audit.instance, entry, worst, lang) if there else "",
                *numbers,
                UNITS[entry.unit].say(lang),
                _verdict(numbers[2], lang),
                " ".join(entry.source),
                " ".join(entry.assumed),
            ]
        )
    checked, broken = (sum(int(str(row[n])) for row in rows) for n in (2, 3))
    totals: list[list[Cell]] = [
        [Text("all", "計").say(lang), None, Formula("=SUM([checked])", checked),
         Formula("=SUM([broken])", broken), *[None] * 8]
    ]  # fmt: skip
    title = Text("Constraints", "制約の確認").say(lang)
    return Sheet("constraints", title, _heads(heads, lang), rows, totals, kept=2)


def _verdict(margin: int | None, lang: str) -> Formula | str:
    """Return the verdict as a formula over the margin of its row."""
    broken, full, holds = (
        t.say(lang)
        for t in (Text("broken", "違反"), Text("no room", "余裕なし"), Text("holds", "適合"))
    )
    if margin is None:
        return Text("nothing to check", "対象なし").say(lang)
    value = broken if margin < 0 else full if margin == 0 else holds
    return Formula(f'=IF({{margin}}<0,"{broken}",IF({{margin}}=0,"{full}","{holds}"))', value)


def readings_sheet(audit: Audit, lang: str) -> Sheet:
    """Every reading with its labels, the least room first within its constraint."""
    table = audit.table()
    labels = [n for n in LABELS if n in table and (table[n] != "").any()]
    notes: tuple[str, ...] = ()
    if len(table) > MOST_READINGS:
        text = Text(
            "The {n} of {all} readings with the least room; all of them stand in readings.csv.",
            "余裕の小さい順に{n}件。全{all}件は readings.csv にある。",
        )
        notes = (text.say(lang, n=f"{MOST_READINGS:,}", all=f"{len(table):,}"),)
        table = table.nsmallest(MOST_READINGS, "margin", keep="first").sort_index()
    names = {n: {v: _name(audit, n, v, lang) for v in table[n].unique()} for n in labels}
    shown = [table[n].map(names[n]) for n in labels]
    numbers = [table[n].astype("int64").tolist() for n in ("actual", "limit", "margin")]
    rows = [list(row) for row in zip(table["entry"], *shown, *numbers, strict=True)]
    heads = [
        ("id", "id", "id"),
        *((n, *LABELS[n]) for n in labels),
        ("actual", "actual", "実測値"),
        ("limit", "limit", "上限・下限"),
        ("margin", "margin", "余裕"),
    ]
    title = Text("Readings", "確認結果の全件").say(lang)
    return Sheet("readings", title, _heads(heads, lang), rows, notes=notes)


def _name(audit: Audit, label: str, value: str, lang: str) -> str:
    known: object = int(value) if label == "period" and value.isdigit() else value
    return audit.instance.name_of(label, known, lang) if value else ""


def assumptions_sheet(audit: Audit, lang: str) -> Sheet:
    """Every parameter of the instance: assumed with its reason, or published with its source."""
    rows: list[list[Cell]] = []
    for name, a in audit.instance.assumptions.items():
        whole = isinstance(a.value, str) and a.value.isdigit()
        value: Cell = (
            int(str(a.value)) if whole
            else a.value if isinstance(a.value, str)
            else ", ".join(f"{t}: {v}" for t, v in a.value.items())
        )  # fmt: skip
        mark = Text("published", "公表") if a.source else Text("assumed", "仮定")
        rows.append([name, value, a.unit.say(lang), mark.say(lang), a.reason.say(lang), a.source])
    heads = [
        ("name", "name", "記号"), ("value", "value", "値"), ("unit", "unit", "単位"),
        ("mark", "mark", "区分"), ("reason", "reason", "理由"), ("source", "source", "出典"),
    ]  # fmt: skip
    title = Text("Assumptions", "仮定の一覧").say(lang)
    return Sheet("assumptions", title, _heads(heads, lang), rows)


def sources_sheet(audit: Audit, lang: str) -> Sheet:
    """Every sentence of the policy with the constraints that come from it."""
    rows: list[list[Cell]] = []
    for s in audit.instance.policy.values():
        entries = [e.id for e, _ in audit.readings if s.id in e.source]
        why = s.why.say(lang) if s.why else ""
        rows.append([s.id, s.section, s.text.say(lang), s.kind, " ".join(entries), why])
    heads = [
        ("no", "no.", "番号"), ("section", "section", "章"), ("text", "sentence", "文"),
        ("kind", "kind", "区分"), ("entries", "constraints", "対応する制約"), ("why", "why not", "対応しない理由"),
    ]  # fmt: skip
    return Sheet("sources", Text("Sources", "出典").say(lang), _heads(heads, lang), rows)


def _plain_tables(audit: Audit, outcome: Outcome | None, lang: str) -> list[Sheet]:
    """Return the tables of the report of a classical problem, texts as they are."""
    report = full_report(audit, outcome, lang)
    return [
        Sheet(
            t.id,
            t.id,
            {f"c{n}": str(name) for n, name in enumerate(t.columns)},
            [[str(cell) for cell in row] for row in t.rows],
            notes=t.notes,
        )
        for t in report.tables
        if t.id not in ("constraints", "assumptions")
    ]


def _heads(heads: list[tuple[str, str, str]], lang: str) -> dict[str, str]:
    return {key: Text(en, ja).say(lang) for key, en, ja in heads}
