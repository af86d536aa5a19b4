"""Why a decision of a plan is as it is, in words and tables."""

from collections import Counter

import pandas as pd

from optimizer.audit.stored import sentence as reading_sentence
from optimizer.base.words import LANGUAGES, UNITS, Text
from optimizer.explain.why.alternatives import Alternative, Ruling
from optimizer.explain.why.why import Choice, Why
from optimizer.model.instance import Instance
from optimizer.model.readings import Readings
from optimizer.report.answers.compare import years
from optimizer.report.table import Report, Table

DOZEN = 12
"""Alternatives that are listed, the nearest; --json has them all."""

TITLE = {
    "district": Text(
        "Why {name} is sent where it is, and where else it could be sent",
        "{name}校区の窓口の理由と、他に可能であった窓口",
    ),
    "point": Text(
        "Why {name} has its mode, and which others it could have",
        "{name}の形態の理由と、他に可能であった形態",
    ),
}
SENT = Text(
    "{years}, {service}: sent to {value} ({metres} m).",
    "{years}・{service}: {value}({metres}m)に割り当てる。",
)
IS = Text("{years}: {value}.", "{years}: {value}とする。")
COUNT = Text(
    "Of {all} others {out} are ruled out and {free} would be possible, everything else being as it"
    " is{best}.",
    "他の候補{all}件のうち、{out}件は制約により不可、{free}件は他の決定を変えずに可能である{best}。",
)
BEST = Text(" (the cheapest: {value}, {cost})", "(費用が最小の候補: {value}、{cost})")
SAME = Text("the same {what}", "{what}は同じ")
POSSIBLE = Text("possible: {cost}{staff}", "可能: {cost}{staff}")
STAFF = Text("; staff {changes}", "。職員: {changes}")
WHATEVER = Text("in no plan", "どの計画でも不可")
NOW = Text("not with the rest of this plan", "この計画の他の決定の下で不可")
ALSO = Text("also: {names}", "ほかに{names}")
NOT_OFFERED = Text(
    "{point} is in the mode {mode} in {years} and does not offer {service}",
    "{point}は{years}に「{mode}」であり、{service}を取り扱わない",
)
SENT_THERE = Text(
    "{count} districts are sent there for what it would not offer ({names})",
    "取り扱わなくなる業務で割り当てられている校区が{count}校区ある({names})",
)
PLACES = Text("{sentence} ({count} such readings)", "{sentence}(同様の箇所が計{count}件)")
POLICY = Text(" (policy {ids})", "(方針{ids})")
AS_IT_IS = Text(
    "Each alternative is tried alone, with everything else as it is: the staff of the counters"
    " concerned follow their work, nothing is solved again. `optimizer why-not` solves again.",
    "各候補は、他の決定を変えずに一つずつ当てはめたもの。関係する窓口の職員数だけを業務量に"
    "合わせ、再計算(求解)はしない。求解による比較は `optimizer why-not` で行う。",
)


def why_report(found: Why, lang: str) -> Report:
    """Return the decisions, the alternatives of each, what was checked, the policy behind it."""
    name = found.instance.name_of(found.label, found.id, lang)
    choices = _tables_of_districts(found, lang) if found.label == "district" else []
    tables = [
        *(choices or [_table_of_modes(found, lang)]),
        _touching(found, lang),
        _policy(found, lang),
    ]
    return Report(
        TITLE[found.label].say(lang, name=name),
        tuple(choice_text(found, choice, lang) for choice in found.choices),
        tuple(table for table in tables if table.rows),
        (AS_IT_IS.say(lang), *(note.say(lang) for note in found.instance.notes)),
    )


def choice_text(found: Why, choice: Choice, lang: str) -> str:
    """Return the decision and how many others there were, as sentences."""
    instance = found.instance
    label = "point" if found.label == "district" else "mode"
    values = {
        "years": years(instance, list(choice.periods), lang),
        "value": instance.name_of(label, choice.value, lang),
    }
    if found.label == "district":
        values["service"] = instance.name_of("service", choice.service, lang)
        values["metres"] = "–" if choice.metres is None else f"{choice.metres:,}"
    text = (SENT if found.label == "district" else IS).say(lang, **values)
    free = sum(a.possible for a in choice.alternatives)
    best = ""
    if choice.best is not None:
        cheapest = instance.name_of(label, choice.best.value, lang)
        best = BEST.say(lang, value=cheapest, cost=cost_text(instance, choice.best, lang))
    all_ = len(choice.alternatives)
    if not all_:
        return text
    count = COUNT.say(lang, all=all_, out=all_ - free, free=free, best=best)
    return f"{text}{'' if lang == 'ja' else ' '}{count}"


def cost_text(instance: Instance, alternative: Alternative, lang: str) -> str:
    """Return the difference of the first objective with its name and unit."""
    objective = instance.objectives[0]
    what, unit = objective.heading.say(lang), UNITS[objective.measure].say(lang)
    if not alternative.cost:
        return SAME.say(lang, what=what)
    return f"{what} {alternative.cost:+,}{'' if lang == 'ja' else ' '}{unit}"


def result(found: Why, choice: Choice, alternative: Alternative, lang: str) -> str:
    """Return what came of the alternative: possible at what cost, or ruled out by what."""
    instance = found.instance
    if alternative.possible:
        staff = ""
        if alternative.staff:
            stop = "、" if lang == "ja" else ", "
            told = [
                f"{instance.name_of('point', p, lang)} {instance.name_of('period', t, lang)}"
                f" {before}→{after}"
                for p, t, before, after in alternative.staff
            ]
            staff = STAFF.say(lang, changes=stop.join(told))
        return POSSIBLE.say(lang, cost=cost_text(instance, alternative, lang), staff=staff)
    first, *others = alternative.rulings
    kind = (WHATEVER if first.always else NOW).say(lang)
    text = f"{kind}: {ruling_text(found, choice, alternative, first, lang)}"
    if others:
        names = ("、" if lang == "ja" else "; ").join(_name(r, lang) for r in others)
        text += ("。" if lang == "ja" else "; ") + ALSO.say(lang, names=names)
    return text


def ruling_text(
    found: Why, choice: Choice, alternative: Alternative, ruling: Ruling, lang: str
) -> str:
    """Return what the entry finds in the alternative, its name, and the policy it comes from."""
    return f"{_name(ruling, lang)} – {_finding(found, choice, alternative, ruling, lang)}"


def _name(ruling: Ruling, lang: str) -> str:
    entry = ruling.entry
    ids = ("・" if lang == "ja" else ", ").join(entry.source)
    policy = POLICY.say(lang, ids=ids) if ids else ""
    return f"{entry.words.name.say(lang)} [{entry.id}]{policy}"


def _finding(
    found: Why, choice: Choice, alternative: Alternative, ruling: Ruling, lang: str
) -> str:
    instance = found.instance
    if ruling.entry.type_name() == "served_where_open":
        return _not_served(found, choice, alternative, ruling, lang)
    if ruling.broken.empty:
        return str(ruling.entry.words.name.say(lang))
    told = reading_sentence(instance, ruling.entry, ruling.broken.head(1), lang).rstrip(".。")
    count = len(ruling.broken)
    return PLACES.say(lang, sentence=told, count=count) if count > 1 else told


def _not_served(
    found: Why, choice: Choice, alternative: Alternative, ruling: Ruling, lang: str
) -> str:
    """Return that a counter does not offer the service, or who is sent to one that no longer would."""
    instance = found.instance
    if found.label == "point":
        names = ruling.broken.index.get_level_values("district").unique()
        stop = "、" if lang == "ja" else ", "
        told = stop.join(instance.name_of("district", d, lang) for d in names[:6])
        more = "" if len(names) <= 6 else (" ほか" if lang == "ja" else ", ...")
        return SENT_THERE.say(lang, count=len(names), names=told + more)
    lost = sorted(ruling.broken.index.get_level_values("period").unique()) or choice.periods
    modes = {str(alternative.plan.modes[alternative.value, t]) for t in lost}
    stop = "、" if lang == "ja" else ", "
    return NOT_OFFERED.say(
        lang,
        point=instance.name_of("point", alternative.value, lang),
        mode=stop.join(instance.name_of("mode", m, lang) for m in sorted(modes)),
        years=years(instance, [int(t) for t in lost], lang),
        service=instance.name_of("service", choice.service, lang),
    )


def _tables_of_districts(found: Why, lang: str) -> list[Table]:
    instance, tables = found.instance, []
    for choice in found.choices:
        title = Text("{service}, {years}: other counters", "{service}・{years}: 他の窓口")
        named = {
            "service": instance.name_of("service", choice.service, lang),
            "years": years(instance, list(choice.periods), lang),
        }
        rows = [
            [
                instance.name_of("point", a.value, lang),
                f"{a.metres:,}" if a.metres is not None else "–",
                result(found, choice, a, lang),
            ]
            for a in choice.alternatives[:DOZEN]
        ]
        columns = [
            Text("counter", "窓口").say(lang),
            Text("way (m)", "距離(m)").say(lang),
            Text("result", "結果").say(lang),
        ]
        notes = (_summary(choice, lang),)
        name = f"alternatives {choice.service}"
        tables.append(
            Table(name, title.say(lang, **named), columns, rows, frozenset({1}), notes, total=True)
        )
    return tables


def _summary(choice: Choice, lang: str) -> str:
    """Return how many of all alternatives each entry rules out."""
    counts = Counter(r.entry.id for a in choice.alternatives for r in a.rulings)
    stop = "、" if lang == "ja" else ", "
    told = stop.join(f"{name} {count}" for name, count in counts.most_common())
    left = max(len(choice.alternatives) - DOZEN, 0)
    text = Text(
        "Ruled out, of all {all}: {told}. {left} further away are listed with --json.",
        "全{all}件のうち各制約により不可となる件数: {told}。より遠い{left}件は --json で出力。",
    )
    return text.say(lang, all=len(choice.alternatives), told=told or "–", left=left)


def _table_of_modes(found: Why, lang: str) -> Table:
    instance = found.instance
    rows = [
        [
            years(instance, list(choice.periods), lang),
            instance.name_of("mode", a.value, lang),
            result(found, choice, a, lang),
        ]
        for choice in found.choices
        for a in choice.alternatives
    ]
    columns = [
        Text("year", "年度").say(lang),
        Text("other mode", "他の形態").say(lang),
        Text("result", "結果").say(lang),
    ]
    title = Text("Other modes, year by year", "年度ごとの他の形態").say(lang)
    return Table("alternatives", title, columns, rows, total=True)


def _touching(found: Why, lang: str) -> Table:
    """Every entry that reads the decisions, at the reading with the least room."""
    tables: dict[str, list[pd.DataFrame]] = {}
    entries = {t.entry.id: t.entry for c in found.choices for t in c.touching}
    for choice in found.choices:
        for touching in choice.touching:
            tables.setdefault(touching.entry.id, []).append(touching.readings)
    rows = []
    for name, parts in tables.items():
        entry = entries[name]
        if not entry.source and not entry.unit:
            continue  # what every plan needs, and has
        tightest = Readings(pd.concat(parts)).tightest()
        if not entry.source and not tightest[["actual", "limit"]].to_numpy().any():
            continue  # nothing is there and nothing may be
        told = reading_sentence(found.instance, entry, tightest, lang)
        named = f"{entry.words.name.say(lang)} [{name}]"
        rows.append([named, told, " ".join(entry.source)])
    columns = [
        Text("constraint", "制約").say(lang),
        Text("tightest reading in the plan", "計画での最も厳しい箇所").say(lang),
        Text("policy", "方針").say(lang),
    ]
    title = Text("What was checked of these decisions", "これらの決定に関わる制約の確認結果")
    return Table("touching", title.say(lang), columns, rows, total=True)


def _policy(found: Why, lang: str) -> Table:
    texts = found.instance.policy
    rows = [[s, texts[s].text.say(lang)] for s in found.cited]
    columns = [Text("no.", "番号").say(lang), Text("sentence", "文").say(lang)]
    title = Text("Sentences of the policy behind them", "根拠となる方針の文").say(lang)
    return Table("policy", title, columns, rows, total=True)


def why_data(found: Why) -> dict[str, object]:
    """Return the explanation as plain data, every decision and alternative with its words."""
    data = found.to_json()
    for row, choice in zip(data["decisions"], found.choices, strict=True):  # type: ignore[call-overload]
        for lang in LANGUAGES:
            row[f"words_{lang}"] = choice_text(found, choice, lang)
            for told, alternative in zip(row["alternatives"], choice.alternatives, strict=True):
                told[f"words_{lang}"] = result(found, choice, alternative, lang)
    return data
