"""What a query would change of a plan, or why no plan can do it, in words and tables."""

from dataclasses import replace

from optimizer.base.words import LANGUAGES, UNITS, Text
from optimizer.explain.compare.compare import Comparison
from optimizer.explain.why.query_language import ID
from optimizer.explain.why.why_not import WhyNot
from optimizer.report.answers.compare import comparison_report, headline
from optimizer.report.answers.conflict import conflict_report
from optimizer.report.table import Report, Table

TITLE = Text("Why not: {ask}", "{ask}について")
ADOPTED = Text("The plan does this already.", "この計画は既にそうなっている。")
IMPOSSIBLE = Text("No plan can do this: proved.", "これを満たす計画はない(証明済み)。")
POSSIBLE = Text("Possible. {cost}.", "可能である。{cost}。")
EXACT = Text(
    "{what}: {least} {unit}, proved to be the least", "{what}: {least}{unit}(最小と証明済み)"
)
BETWEEN = Text(
    "{what}: {attained} {unit} in the plan found; the least lies between"
    " {least} and {attained} {unit} (by the solver's bound)",
    "{what}: 見つかった計画で{attained}{unit}。最小の差は{least}{unit}から{attained}{unit}の間にある"
    "(ソルバーの下界による)",
)
ONLY_FOUND = Text(
    "{what}: {attained} {unit} in the plan found; nothing is proved below that",
    "{what}: 見つかった計画で{attained}{unit}。下限は証明されていない",
)
WHAT = Text("{objective}, against this plan", "この計画と比べた{objective}")
UNKNOWN = Text(
    "Not known: in the time given no plan that does it was found, and none was proved impossible;"
    " raise --time-limit.",
    "不明: 時間内に、これを満たす計画は見つからず、ないことの証明もできなかった。--time-limit を延ばす。",
)
AT_LEAST = Text(
    "If one exists: {what}: at least {least} {unit} (the solver's bound).",
    "あるとしても、{what}: {least}{unit}以上(ソルバーの下界)。",
)
BEYOND = Text(
    "Not known: more persons are asked for than the search looks at (twice what all work there"
    " could need).",
    "不明: 求めた人数が、探索で扱う上限(そこで見込まれる全業務に要る人数の2倍)を超える。",
)
OPEN = Text(
    "The plan itself is proved only to within {gap} {unit} of the least; a change may therefore"
    " even turn out cheaper.",
    "この計画自体、最小との差が{gap}{unit}以内と証明されているにとどまるため、変更後の方が安くなることもある。",
)
STOPPED = Text("Stopped before the end.", "途中で中止した。")
THIS, WISH = Text("this plan", "この計画"), Text("with the change", "変更後")
ASKED = Text("what is asked", "求めた内容")
SHOWN = ("offices", "districts", "staff", "costs")
"""Tables of the comparison that are shown; --json has all."""


def why_not_report(found: WhyNot, lang: str) -> Report:
    """Return the answer first, then what differs, or the conflict."""
    lines, tables = list(answer(found, lang)), list[Table]()
    if found.interrupted:
        lines.append(STOPPED.say(lang))
    if found.comparison is not None:
        named = _named(found.comparison, lang)
        lines.append(headline(named, lang)[-1])
        shown = {table.id: table for table in comparison_report(named, lang).tables}
        tables += [shown[name] for name in SHOWN if name in shown]
    if found.conflict is not None and found.conflict.status == "infeasible":
        told = conflict_report(found.conflict, lang)
        lines += told.headline
        tables += [_renamed(table, found, lang) for table in told.tables]
    notes = tuple(note.say(lang) for note in found.instance.notes)
    return Report(
        TITLE.say(lang, ask=found.ask.words.say(lang)), tuple(lines), tuple(tables), notes
    )


def answer(found: WhyNot, lang: str) -> tuple[str, ...]:
    """Return the verdict, and the cost as far as it is proved, as sentences."""
    objective = found.instance.objectives[0]
    unit = UNITS[objective.measure].say(lang)
    what = WHAT.say(lang, objective=objective.heading.say(lang))
    words = {"what": what, "unit": unit}
    cheaper = found.unproved and (found.least is None or found.least < 0)
    open_gap = (OPEN.say(lang, gap=f"{found.unproved:,}", unit=unit),) if cheaper else ()
    if found.verdict == "adopted":
        return (ADOPTED.say(lang),)
    if found.verdict == "impossible":
        return (IMPOSSIBLE.say(lang),)
    least = "" if found.least is None else f"{found.least:+,}"
    if found.attained is None:
        if found.beyond:
            return (BEYOND.say(lang),)
        more = (AT_LEAST.say(lang, least=least, **words),) if least else ()
        return (UNKNOWN.say(lang), *more)
    if found.least == found.attained:
        cost, open_gap = EXACT.say(lang, least=least, **words), ()
    else:
        text = BETWEEN if least else ONLY_FOUND
        cost = text.say(lang, least=least, attained=f"{found.attained:+,}", **words)
    return (POSSIBLE.say(lang, cost=cost), *open_gap)


def why_not_data(found: WhyNot) -> dict[str, object]:
    """Return the answer as plain data, with its sentences in both languages."""
    words = {f"answer_{lang}": list(why_not_report(found, lang).headline) for lang in LANGUAGES}
    return {**found.to_json(), **words}


def _named(found: Comparison, lang: str) -> Comparison:
    first, other = (
        replace(found.first, name=THIS.say(lang)),
        replace(found.other, name=WISH.say(lang)),
    )
    return replace(found, first=first, other=other)


def _renamed(table: Table, found: WhyNot, lang: str) -> Table:
    """Return the table of the conflict with the query in the words in which it was understood, once."""
    mine = (ASKED.say(lang), _query(found, lang), "")
    rows = [mine if row[0] == ID else tuple(row) for row in table.rows]
    return replace(table, rows=list(dict.fromkeys(rows)))


def _query(found: WhyNot, lang: str) -> str:
    """Return what was asked, with the years in which it clashes where these are not all."""
    said, periods = found.ask.words.say(lang), found.ask.entry.where.periods
    years: set[object] = set(periods)
    for member in found.conflict.members if found.conflict is not None else ():
        if member.entry.id == ID:
            place = member.entry.key.index("period")
            years = {key[place] for key in member.keys} or set(member.entry.where.periods)
    if years == set(periods):
        return said
    named = [found.instance.name_of("period", year, lang) for year in periods if year in years]
    return f"{said} ({', '.join(named)})" if lang == "en" else f"{said}({'、'.join(named)})"
