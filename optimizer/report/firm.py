"""Firm and arbitrary decisions, and break-even values, in words and tables."""

from optimizer.explain.firm import Answer, Firmness
from optimizer.instance import Instance
from optimizer.report.numbers import percent
from optimizer.report.table import Report, Table
from optimizer.words import UNITS, Text

MARKS = {"firm": "●", "arbitrary": "○", "unknown": "?"}


def firm_report(found: Firmness, instance: Instance, lang: str) -> Report:
    """Return the verdict on every decision: counters down, years across."""
    unit = UNITS[instance.objectives[0].measure].say(lang)
    what = instance.objectives[0].heading.say(lang)
    lines = [
        Text(
            "{count} decisions (counter and year): {firm} firm, {arbitrary} arbitrary, {unknown}"
            " unknown",
            "{count}件の決定(窓口・年度)のうち、固定{firm}件、任意{arbitrary}件、不明{unknown}件",
        ).say(
            lang,
            count=len(found.answers),
            **{v: found.count(v) for v in ("firm", "arbitrary", "unknown")},  # type: ignore[arg-type]
        ),
        Text(
            "over all plans with {what} of at most {cap} {unit}: this plan's {value} and {within} more",
            "{what}が{cap}{unit}以下(この計画の{value}{unit}に{within}を加えた額)の全ての計画について",
        ).say(
            lang,
            what=what,
            cap=f"{found.cap:,}",
            unit=unit,
            value=f"{found.value:,}",
            within=percent(found.within),
        ),
    ]
    if found.interrupted:
        lines.append(Text("interrupted; run again to go on", "中断した。再実行で続きから").say(lang))
    return Report(instance.name.say(lang), tuple(lines), (_table(found, instance, lang),))


def _table(found: Firmness, instance: Instance, lang: str) -> Table:
    by_point: dict[str, list[Answer]] = {}
    for answer in found.answers:
        by_point.setdefault(answer.point, []).append(answer)
    rows = [
        [instance.name_of("point", point, lang), *(_cell(a, instance, lang) for a in answers)]
        for point, answers in by_point.items()
    ]
    years = [instance.name_of("period", t, lang) for t in instance.planned]
    note = Text(
        "● firm: the same in every such plan. ○ arbitrary: also the mode after the stroke."
        " ? unknown: neither was proved in the time given. Counters with one possible mode are"
        " left out.",
        "● 固定: どの計画でも同じ。○ 任意: 斜線の後の形態の計画もある。"
        "? 不明: 時間内にどちらも証明できなかった。形態が一つしかない窓口は除く。",
    )
    title = Text("Firm and arbitrary decisions", "固定の決定と任意の決定").say(lang)
    columns = [Text("counter", "窓口").say(lang), *years]
    return Table("firm", title, columns, rows, notes=(note.say(lang),), total=True)


def _cell(answer: Answer, instance: Instance, lang: str) -> str:
    modes = [answer.mode, *([answer.other] if answer.other else [])]
    named = "/".join(instance.name_of("mode", mode, lang) for mode in modes)
    return f"{MARKS[answer.verdict]} {named}"
