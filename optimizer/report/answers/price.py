"""Prices of constraints in words: a headline, a table, and bars of text."""

from optimizer.base.words import UNITS, Text
from optimizer.explain.infeasible.limits import stated
from optimizer.explain.price.prices import Price, Priced, Prices, Side
from optimizer.report.answers.repair import amount
from optimizer.report.table import Report, Table

SAVES = {
    "proved": Text("saves {least} {unit}", "{least}{unit}減"),
    "between": Text("saves {least} to {most} {unit}", "{least}〜{most}{unit}減"),
    "at least": Text("saves at least {least} {unit}", "{least}{unit}以上減"),
}
COSTS = {
    "proved": Text("costs {least} {unit}", "{least}{unit}増"),
    "between": Text("costs {least} to {most} {unit}", "{least}〜{most}{unit}増"),
    "at least": Text("costs at least {least} {unit}", "{least}{unit}以上増"),
}
OTHERS = {
    "open": Text(
        "no price can be proved: between {least} and {most} {unit}",
        "差額は証明できない: {least}から{most}{unit}の間",
    ),
    "impossible": Text("no plan would be left: proved", "計画が成り立たなくなる(証明済み)"),
    "unknown": Text("unknown: the time ran out", "不明(時間切れ)"),
    "refused": Text("cannot be stated so", "この設定はできない"),
}
NOTHING = Text("no difference: proved", "差なし(証明済み)")
FOUND = Text("; a plan found saves {attained}", "。{attained}{unit}少ない計画はある")
COLUMNS = (
    Text("constraint", "制約"),
    Text("if it were", "変更"),
    Text("over {years} years", "{years}年間の差"),
    Text("a year", "1年当たり"),
    Text("residents affected", "影響を受ける住民"),
)
TITLE = Text("What the rules cost", "制約による費用の差")
LEFT_OUT = Text("left out", "外す")
PROTECTED = Text("protected", "保護")
BASE = Text(
    "{what} of this plan: {value} {unit}; proved of every plan: at least {bound}",
    "この計画の{what}: {value}{unit}(全ての計画について証明された下限{bound}{unit})",
)
EXACT = Text(
    "{what} of this plan: {value} {unit}, proved to be the least",
    "この計画の{what}: {value}{unit}(最小と証明済み)",
)
UNPROVED = Text(
    "It is not proved that no plan is better; every interval allows for that gap of {gap} {unit}.",
    "この計画が最適とは証明されていない。どの範囲もその余地{gap}{unit}を見込んでいる。",
)
BETTER = Text(
    "A plan was found that keeps every rule and costs {less} {unit} less: solve again.",
    "全ての制約を満たし{less}{unit}少ない計画が見つかった。解き直すとよい。",
)
INTERRUPTED = Text("interrupted; run again to go on", "中断した。再実行で続きから")
NOTES = (
    Text(
        "Each line compares the least of all plans as it is with the least of all plans under that one"
        " change; both are intervals from exact solves, and so is their difference.",
        "各行は、現状の最小値と、その変更だけをした場合の最小値との差である。いずれも厳密解による範囲であり、"
        "差も範囲で示す。",
    ),
    Text(
        "Residents: of districts beyond the present limit in the cheaper plan found; of a tighter"
        " limit, of those that this plan leaves beyond it.",
        "住民は、見つかったより安い計画で現在の限度に収まらない校区の人数。限度を厳しくする場合は、この計画で"
        "新しい限度に収まらない校区の人数。",
    ),
)
BAR, SURE, OPEN = 40, "█", "░"
"""Cells of the longest bar; marks of what is proved and of what is open."""
NAMED = 2
"""Districts that a cell names; the JSON names all."""


def price_report(found: Prices, lang: str) -> Report:
    """Return the prices, dearest first, as a headline, a table and bars."""
    tables = [_table(found, lang), _bars(found, lang)]
    if any(one.wider is not None for one in found.priced):
        tables.append(_ranges(found, lang))
    return Report(found.instance.name.say(lang), _headline(found, lang), tuple(tables))


def _headline(found: Prices, lang: str) -> tuple[str, ...]:
    unit, bound = unit_of(found, lang), found.bound
    numbers = {
        "what": found.instance.objectives[0].heading.say(lang),
        "value": f"{found.value:,}",
        "bound": "?" if bound is None else f"{bound:,}",
        "unit": unit,
    }
    lines = [(EXACT if bound == found.value else BASE).say(lang, **numbers)]
    if bound is not None and bound < found.value:
        lines.append(UNPROVED.say(lang, gap=f"{found.value - bound:,}", unit=unit))
    if found.best < found.value:
        lines.append(BETTER.say(lang, less=f"{found.value - found.best:,}", unit=unit))
    if found.interrupted:
        lines.append(INTERRUPTED.say(lang))
    return tuple(lines)


def unit_of(found: Prices, lang: str) -> str:
    """Return the unit of the prices."""
    measure = found.instance.objectives[0].measure
    return UNITS.get(measure, Text(measure, measure)).say(lang)


def _table(found: Prices, lang: str) -> Table:
    rows = [
        (
            name_of(one, lang),
            change_text(one, price, lang),
            words(price, found, lang),
            _a_year(price, found),
            _residents(price, found, lang),
        )
        for one in found.priced
        for price in one.prices
    ]
    columns = [column.say(lang, years=found.years) for column in COLUMNS]
    notes = tuple(note.say(lang) for note in NOTES)
    return Table("prices", TITLE.say(lang), columns, rows, frozenset({3}), notes, total=True)


def name_of(one: Priced, lang: str) -> str:
    """Return the id of an entry, its name, and whether it is protected."""
    mark = f" ({PROTECTED.say(lang)})" if one.entry.protected else ""
    return f"{one.entry.id}{mark}: {one.entry.words.name.say(lang)}"


def change_text(one: Priced, price: Price, lang: str) -> str:
    """Return what is changed, such as "5,000 m → 5,500 m"."""
    if price.limit is None:
        return LEFT_OUT.say(lang)
    limits = (stated(one.entry), price.limit)
    return " → ".join(amount(one.entry, limit, lang) for limit in limits)


def words(price: Price, found: Prices, lang: str) -> str:
    """Return what may be said of a price over all years."""
    if price.verdict == "proved" and price.most == 0:
        return NOTHING.say(lang)
    texts = COSTS if price.change == "tighter" else SAVES
    numbers = {
        name: "?" if value is None else f"{value:,}"
        for name, value in (("least", price.least), ("most", price.most))
    }
    unit = unit_of(found, lang)
    told = (texts | OTHERS)[price.verdict].say(lang, **numbers, unit=unit)
    attained = price.attained or 0
    if price.change == "tighter" or attained <= (price.least or 0):
        return told
    return told + FOUND.say(lang, attained=f"{attained:,}", unit=unit)


def _a_year(price: Price, found: Prices) -> str:
    least, most = price.per_year(found.years)
    if price.verdict in ("impossible", "unknown", "refused") or least is None:
        return "–"
    if least == most:
        return f"{least:,}"
    return f"{least:,}–{'?' if most is None else f'{most:,}'}"


def _residents(price: Price, found: Prices, lang: str) -> str:
    if not price.districts:
        return "0"
    names = [found.instance.name_of("district", d, lang) for d in price.districts]
    told = ("、" if lang == "ja" else ", ").join(names[:NAMED])
    more = f" +{len(names) - NAMED}" if len(names) > NAMED else ""
    return f"{price.residents:,} ({told}{more})"


def _bars(found: Prices, lang: str) -> Table:
    """Return a bar for every price that has an end: what is proved of it, and what is open."""
    longest = max((p.most or 0 for one in found.priced for p in one.prices), default=0)
    rows = [
        (one.entry.id, change_text(one, price, lang), _bar(price, longest), sign(price, lang))
        for one in found.priced
        for price in one.prices
    ]
    columns = [COLUMNS[0], COLUMNS[1], Text("0 to {most} {unit}", "0〜{most}{unit}"), Text("", "")]
    values = {"most": f"{longest:,}", "unit": unit_of(found, lang)}
    title = Text("The same as bars: █ proved, ░ open", "図: █ 証明された分、░ 未確定の分")
    heads = [column.say(lang, **values) for column in columns]
    return Table("bars", title.say(lang), heads, rows, total=True)


def _bar(price: Price, longest: int) -> str:
    if price.most is None or longest == 0:
        return "?" if price.verdict == "unknown" else "×" if price.verdict == "impossible" else ""
    sure = BAR * max(price.least or 0, 0) // longest
    return SURE * sure + OPEN * (-(-BAR * max(price.most, 0) // longest) - sure)


def sign(price: Price, lang: str) -> str:
    """Return whether the change saves or costs."""
    text = Text("costs", "増") if price.change == "tighter" else Text("saves", "減")
    return text.say(lang)


def _ranges(found: Prices, lang: str) -> Table:
    rows = []
    for one in found.priced:
        if one.tighter is None or one.wider is None:
            continue
        sides = [cell for side in (one.tighter, one.wider) for cell in _side(one, side, lang)]
        rows.append((one.entry.id, amount(one.entry, stated(one.entry), lang), *sides))
    columns = (
        COLUMNS[0],
        Text("stated", "設定値"),
        Text("tighter: holds to", "厳: 不変の限度"),
        Text("dearer at", "増加"),
        Text("wider: holds to", "緩: 不変の限度"),
        Text("cheaper at", "減少"),
    )
    title = Text("Limits over which the least cost does not change", "最小値が変わらない限度の範囲")
    note = Text(
        "holds to: the last limit at which the least value is proved to lie where it lies now."
        " Then the nearest limit proved otherwise; – none found, ∞ none at any limit.",
        "不変の限度: 最小値が現在の範囲にあると証明された最後の値。次の列は、変わると証明された最も近い値。"
        "– は見つからず、∞ はどの値でも変わらない。",
    )
    heads = [column.say(lang) for column in columns]
    right = frozenset({1, 2, 3, 4, 5})
    return Table("ranges", title.say(lang), heads, rows, right, (note.say(lang),), total=True)


def _side(one: Priced, side: Side, lang: str) -> tuple[str, str]:
    holds = "∞" if side.ends else amount(one.entry, side.holds, lang)
    return holds, "–" if side.changes is None else amount(one.entry, side.changes, lang)
