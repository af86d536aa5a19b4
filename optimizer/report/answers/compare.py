"""A comparison of two plans in words and tables."""

from fractions import Fraction
from math import ceil, floor

import pandas as pd

from optimizer.base.words import COST_ITEMS, UNITS, Text
from optimizer.explain.compare.attribution import Attribution, Share, half_up
from optimizer.explain.compare.compare import Comparison
from optimizer.model.instance import Instance
from optimizer.report.fairness import fairness_table
from optimizer.report.table import Report, Table

ARROW = " → "

LONGEST = 20
"""Assignments that are listed, those whose way changes most; --json has them all."""


def comparison_report(found: Comparison, lang: str) -> Report:
    """Return what is different in the other plan, headline first."""
    instance = found.other.instance
    tables = (
        scenario_table(found, lang),
        *([shares_table(found.attribution, lang)] if found.attribution else []),
        _offices(found, lang),
        _districts(found, lang),
        _staff(found, lang),
        _costs(found, lang),
        fairness_table(found.fairness, instance, lang, wards=False),
        fairness_table(found.fairness, instance, lang, wards=True),
    )
    title = Text("{a} and {b}", "{a}と{b}の比較")
    return Report(
        title.say(lang, a=found.first.name, b=found.other.name),
        tuple(headline(found, lang)),
        tuple(table for table in tables if table.rows),
        tuple(note.say(lang) for note in found.other.instance.notes),
    )


def headline(found: Comparison, lang: str) -> list[str]:
    """Return the difference in cost, how far it is proved, and how much is decided otherwise."""
    instance = found.first.instance
    a, b = found.first.least, found.other.least
    objective = instance.objectives[0]
    lines = []
    if objective == found.other.instance.objectives[0] and None not in (a.value, b.value):
        assert a.value is not None and b.value is not None
        text = Text(
            "{what}: {a} {unit} in {first}, {b} {unit} in {other}: {difference} {unit}",
            "{what}: {first}は{a}{unit}、{other}は{b}{unit}(差{difference}{unit})",
        )
        names = {"first": found.first.name, "other": found.other.name}
        what, unit = objective.heading.say(lang), UNITS[objective.measure].say(lang)
        values = {"a": f"{a.value:,}", "b": f"{b.value:,}", "difference": f"{b.value - a.value:+,}"}
        lines.append(text.say(lang, what=what, unit=unit, **names, **values))
        if a.bound is not None and b.bound is not None and (a.value, b.value) != (a.bound, b.bound):
            text = Text(
                "between the best plans of both the difference is {least} to {most} {unit},"
                " as far as it is proved",
                "両方の最適な計画どうしの差は、証明された範囲で{least}〜{most}{unit}",
            )
            least, most = f"{b.bound - a.value:+,}", f"{b.value - a.bound:+,}"
            lines.append(text.say(lang, least=least, most=most, unit=unit))
    if found.same:
        lines.append(
            Text("the two plans decide the same", "二つの計画の決定は同じである").say(lang)
        )
        return lines
    counts = Text(
        "{offices} counters, {districts} districts and the staff of {staff} counters differ in"
        " some year",
        "いずれかの年度で異なるのは、窓口{offices}か所の形態、{districts}校区の割当て、"
        "窓口{staff}か所の職員数",
    )
    numbers = {
        "offices": found.offices["point"].nunique(),
        "districts": found.districts["district"].nunique(),
        "staff": found.staff["point"].nunique(),
    }
    return [*lines, counts.say(lang, **numbers)]


def scenario_table(found: Comparison, lang: str) -> Table:
    """Every change from the scenario of the first plan to that of the other."""
    none = Text("not there", "なし").say(lang)
    rows = [[_name(c.id, c.name, lang), c.before or none, c.after or none] for c in found.scenario]
    title = Text("Changes of the scenario", "シナリオの変更点").say(lang)
    columns = [Text("change", "変更").say(lang), found.first.name, found.other.name]
    return Table("scenario", title, columns, rows)


def shares_table(shares: Attribution, lang: str) -> Table:
    """What each change causes of the difference, with the interval that is proved."""
    rows = [
        [_name(s.change.id, s.change.name, lang), _yen(s.attained), _interval(s, lang)]
        for s in shares.shares
    ]
    attained = [s.attained for s in shares.shares]
    if rows and None not in attained:
        whole = sum((a for a in attained if a is not None), start=Fraction(0))
        rows.append([Text("all changes", "計").say(lang), _yen(whole), ""])
    titles = {
        "ordered": Text(
            "What each change causes, made in this order", "この順に変更した場合の各変更による差"
        ),
        "shapley": Text(
            "What each change causes, on average over all orders (Shapley value)",
            "全ての順序の平均による各変更の寄与(シャープレイ値)",
        ),
    }
    columns = [
        Text("change", "変更").say(lang),
        Text("difference", "差").say(lang),
        Text("proved to lie in", "証明された範囲").say(lang),
    ]
    notes = (
        Text(
            "From {n} exact solves between the two; whole yen, the interval rounded outward.",
            "中間のシナリオ{n}件を厳密に解いた結果。円未満は四捨五入、範囲は外側に丸めた。",
        ).say(lang, n=shares.solves),
    )
    title = titles[shares.method].say(lang)
    return Table("shares", title, columns, rows, frozenset({1, 2}), notes)


def _interval(share: Share, lang: str) -> str:
    if share.impossible:
        return Text("no plan without the other changes", "他の変更なしでは計画がない").say(lang)
    if share.least is None and share.most is None:
        return Text("unknown", "不明").say(lang)
    low = "?" if share.least is None else f"{floor(share.least):+,}"
    high = "?" if share.most is None else f"{ceil(share.most):+,}"
    return low if low == high else f"{low} – {high}"


def _yen(value: Fraction | None) -> str:
    return "?" if value is None else f"{half_up(value):+,}"


def _name(name: str, words: Text, lang: str) -> str:
    return f"{words.say(lang)} [{name}]"


def years(instance: Instance, periods: list[int], lang: str) -> str:
    """Return periods in words, runs of consecutive ones as first–last."""
    planned, runs = instance.planned, list[list[int]]()
    for period in periods:
        if runs and planned.index(period) == planned.index(runs[-1][-1]) + 1:
            runs[-1].append(period)
        else:
            runs.append([period])
    told = [
        "–".join(dict.fromkeys(instance.name_of("period", t, lang) for t in (run[0], run[-1])))
        for run in runs
    ]
    return ("、" if lang == "ja" else ", ").join(told)


def _offices(found: Comparison, lang: str) -> Table:
    instance = found.other.instance
    rows = []
    for (point, before, after), group in found.offices.groupby(
        ["point", "before", "after"], sort=False
    ):
        modes = [instance.name_of("mode", m, lang) if m else "–" for m in (before, after)]
        when = years(instance, list(group["period"]), lang)
        rows.append([instance.name_of("point", point, lang), when, *modes])
    return Table(
        "offices",
        Text("Counters that differ", "形態が異なる窓口").say(lang),
        [Text("counter", "窓口").say(lang), Text("years", "年度").say(lang), *_both(found)],
        rows,
    )


def _both(found: Comparison) -> list[str]:
    return [found.first.name, found.other.name]


def _districts(found: Comparison, lang: str) -> Table:
    instance = found.other.instance
    table = found.districts.copy()
    table["growth"] = [
        abs(int(b) - int(a)) if a is not None and b is not None else 0
        for a, b in zip(table["metres_before"], table["metres_after"], strict=True)
    ]
    labels = ["district", "service", "before", "after"]
    rows = []
    for (district, service, before, after), group in sorted(
        table.groupby(labels, sort=False), key=lambda item: (-item[1]["growth"].max(), item[0])
    ):
        row = group.iloc[-1]
        ends = [
            _counter(instance, *end, lang)
            for end in ((before, row["metres_before"]), (after, row["metres_after"]))
        ]
        when = years(instance, list(group["period"]), lang)
        names = [
            instance.name_of("district", district, lang),
            instance.name_of("service", service, lang),
        ]
        rows.append([*names, when, *ends, f"{int(row['cases']):,}"])
    more = len(rows) - LONGEST
    note = Text(
        "{more} more, whose ways change less, with --json.",
        "ほか{more}行(移動距離の変化がより小さいもの)は --json で出力。",
    )
    return Table(
        "districts",
        Text("Districts sent to another counter", "割り当てる窓口が異なる校区").say(lang),
        [
            Text("district", "校区").say(lang),
            Text("service", "業務").say(lang),
            Text("years", "年度").say(lang),
            *_both(found),
            Text("cases a year", "件／年").say(lang),
        ],
        rows[:LONGEST],
        frozenset({5}),
        (note.say(lang, more=more),) if more > 0 else (),
        total=True,
    )


def _counter(instance: Instance, point: str, metres: int | None, lang: str) -> str:
    if not point:
        return "–"
    return f"{instance.name_of('point', point, lang)} {int(metres or 0):,} m"


def _staff(found: Comparison, lang: str) -> Table:
    instance, rows = found.other.instance, []
    planned = instance.planned
    total = dict.fromkeys(planned, 0)
    for point, group in found.staff.groupby("point", sort=False):
        cells = dict.fromkeys(planned, "·")
        for period, a, b in zip(group["period"], group["before"], group["after"], strict=True):
            cells[period] = f"{a}{ARROW}{b}"
            total[period] += int(b) - int(a)
        rows.append([instance.name_of("point", point, lang), *cells.values()])
    if rows:
        together = Text("all counters, change", "計(増減)").say(lang)
        rows.append([together, *(f"{n:+,}" if n else "0" for n in total.values())])
    return Table(
        "staff",
        Text("Staff at counters (persons)", "窓口の職員数(人)").say(lang),
        [
            Text("counter", "窓口").say(lang),
            *(instance.name_of("period", t, lang) for t in planned),
        ],
        rows,
        frozenset(range(1, len(planned) + 1)),
        total=True,
    )


def _costs(found: Comparison, lang: str) -> Table:
    table = found.costs[(found.costs != 0).any(axis=1)]
    whole = pd.DataFrame({"": table.sum()}).T
    rows = []
    for item, row in pd.concat([table, whole]).iterrows():
        a, b = int(row["before"]), int(row["after"])
        name = COST_ITEMS[str(item)] if item else Text("all", "計")
        rows.append([name.say(lang), f"{a:,}", f"{b:,}", f"{b - a:+,}" if b != a else "0"])
    return Table(
        "costs",
        Text("Cost over all planned years (yen)", "計画期間の費用(円)").say(lang),
        [Text("item", "費目").say(lang), *_both(found), Text("difference", "差").say(lang)],
        rows,
        frozenset({1, 2, 3}),
        total=True,
    )
