"""Firm and arbitrary decisions, and break-even values, in words and tables."""

from fractions import Fraction

from optimizer.base.words import UNITS, Text
from optimizer.explain.robust.break_even import BreakEven, Side
from optimizer.explain.robust.firm import Answer, Firmness
from optimizer.model.instance import Instance
from optimizer.report.table import Report, Table

MARKS = {"firm": "●", "arbitrary": "○", "unknown": "?"}
BY_RULES = "■"


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
            **{v: found.count(v) for v in ("firm", "arbitrary", "unknown")},
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
            within=f"{float(found.within * 100):g} %",
        ),
    ]
    if found.interrupted:
        lines.append(
            Text("interrupted; run again to go on", "中断した。再実行で続きから").say(lang)
        )
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
        "■ firm: rules about modes leave no other, whatever it costs. ● firm: the same in every such"
        " plan. ○ arbitrary: also the mode after the stroke."
        " ? unknown: neither was proved in the time given. Counters with one possible mode are"
        " left out.",
        "■ 固定: 費用にかかわらず、形態に関する制約で決まる。● 固定: 許容範囲のどの計画でも同じ。○ 任意: 斜線の後の形態の計画もある。"
        "? 不明: 時間内にどちらも証明できなかった。形態が一つしかない窓口は除く。",
    )
    title = Text("Firm and arbitrary decisions", "固定の決定と任意の決定").say(lang)
    columns = [Text("counter", "窓口").say(lang), *years]
    return Table("firm", title, columns, rows, notes=(note.say(lang),), total=True)


def _cell(answer: Answer, instance: Instance, lang: str) -> str:
    modes = [answer.mode, *([answer.other] if answer.other else [])]
    named = "/".join(instance.name_of("mode", mode, lang) for mode in modes)
    return f"{BY_RULES if answer.by_rules else MARKS[answer.verdict]} {named}"


def break_even_report(
    found: tuple[BreakEven, ...], instance: Instance, within: Fraction, lang: str
) -> Report:
    """Return how far every assumed number may move, in both directions."""
    line = Text(
        "values at which some plan with the modes of this one still costs at most {within} more"
        " than the best plan",
        "この計画と同じ形態のまま、費用が最適な計画より{within}以内に収まる値の範囲",
    )
    rows = [_assumption(answer, instance, lang) for answer in found]
    note = Text(
        "holds to: the last value tried at which the modes hold; flips at: the nearest at which they"
        " are proved not to. Between two values that hold nothing is claimed. ? unknown.",
        "維持の限度: 形態が維持されることを確かめた最後の値。反転: 維持されないと証明された最も近い値。"
        "確かめた値の間については何も述べない。? 不明。",
    )
    heads = [
        Text("assumed number", "仮定した数値"),
        Text("stated", "設定値"),
        Text("down: holds to", "減: 維持の限度"),
        Text("flips at", "反転"),
        Text("up: holds to", "増: 維持の限度"),
        Text("flips at", "反転"),
        Text("what flips first", "最初に変わる決定"),
    ]
    title = Text("How far assumptions may move", "仮定はどこまで動けるか").say(lang)
    table = Table(
        "break_even",
        title,
        [head.say(lang) for head in heads],
        rows,
        frozenset({1, 2, 3, 4, 5}),
        (note.say(lang),),
        total=True,
    )
    lines = (line.say(lang, within=f"{float(within * 100):g} %"),)
    return Report(instance.name.say(lang), lines, (table,))


NOW = {
    "unknown": Text("whether they hold at all is unknown", "維持されるかどうか自体が不明"),
    "flips": Text("they do not hold as it is", "設定値でも維持されない"),
    "refused": Text("the stated value is refused", "設定値が認められない"),
}


def _assumption(answer: BreakEven, instance: Instance, lang: str) -> list[str]:
    sides = (answer.down, answer.up)
    cells = [cell for side in sides for cell in _side(side)]
    flipped = next((d for side in sides if side for d in side.flipped), None)
    told = NOW[answer.now].say(lang) if answer.now in NOW else "–"
    if flipped is not None:
        point, period, mode = flipped
        labels = (("point", point), ("period", period), ("mode", mode))
        told = " ".join(instance.name_of(label, value, lang) for label, value in labels)
    unit = instance.assumptions[answer.name].unit.say(lang)
    return [f"{answer.name} ({unit})", _short(answer.value), *cells, told]


def _side(side: Side | None) -> list[str]:
    if side is None:
        return ["?", "?"]
    flips = _short(side.flips) if side.flips else "–"
    return [_short(side.holds), f"? {flips}".removesuffix(" –") if side.unknown else flips]


def _short(value: str) -> str:
    """Return a number with separators; of one by period the last period's."""
    last = value.rpartition("=")[2].strip(' "}')
    return f"{int(last):,}" if last.lstrip("-").isdigit() else last
