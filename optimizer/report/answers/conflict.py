"""A conflict in words: which rules cannot hold together, where, and what that rests on."""

from optimizer.base.words import GROUPS, Text
from optimizer.explain.infeasible.conflict import Conflict, Member
from optimizer.explain.infeasible.feasibility import Key
from optimizer.model.instance import Constraint, Instance
from optimizer.model.parameters import REFERENCES
from optimizer.report.parameters import names_of
from optimizer.report.table import Report, Table

NONE = Text("no conflict: a plan exists that keeps every rule", "全ての制約を満たす計画がある")
UNKNOWN = Text(
    "not known: the time ran out before a plan was found or proved impossible; raise --time-limit",
    "不明: 計画の有無が判明する前に時間切れとなった。--time-limit を延ばす",
)
FOUND = Text(
    "These {count} condition(s) cannot hold together in any plan:",
    "次の{count}件の条件を同時に満たす計画はない。",
)
ALONE = Text("No plan can keep this condition:", "次の条件を満たす計画はない。")
OWN = Text(
    "No plan exists, whatever the entries say: the rules that every plan keeps cannot hold here.",
    "個々の制約にかかわらず、どの計画にも必要な規定だけで成り立たない。",
)
MINIMAL = Text(
    "Minimal: without any one of them, the others can hold (a plan was found for each).",
    "最小の組である。どれか一つを除けば残りは成り立つ(それぞれ計画を確認した)。",
)
NOT_MINIMAL = Text(
    "Not proved minimal: the time ran out; some of them may not be needed.",
    "時間切れのため、最小とは確認できていない。不要なものが残っている可能性がある。",
)
WITH = Text(
    "Together with what every plan needs: {rules}.", "どの計画にも必要な規定「{rules}」による。"
)
PROTECTED = Text("protected", "保護")
TABLE = {
    "title": Text("Conditions that cannot hold together", "両立しない制約の組"),
    "entry": Text("constraint", "制約"),
    "told": Text("condition", "条件"),
    "source": Text("policy", "方針"),
}
WHOLE = Text("(all of it)", "(全体)")


def conflict_report(conflict: Conflict, lang: str) -> Report:
    """Return the conflict as a headline and a table of its conditions."""
    if conflict.status != "infeasible":
        text = NONE if conflict.status == "feasible" else UNKNOWN
        return Report(conflict.instance.name.say(lang), (text.say(lang),), ())
    conditions = [
        (member, told) for member in conflict.members for told in _told(conflict, member, lang)
    ]
    first = OWN if not conditions else ALONE if len(conditions) == 1 else FOUND
    lines = [first.say(lang, count=len(conditions))]
    if len(conditions) > 1 or (conditions and not conflict.minimal):
        lines.append((MINIMAL if conflict.minimal else NOT_MINIMAL).say(lang))
    if conflict.background:
        between = "」「" if lang == "ja" else "; "
        rules = between.join(entry.words.name.say(lang) for entry in conflict.background)
        lines.append(WITH.say(lang, rules=rules))
    tables = (_table(conditions, lang),) if conditions else ()
    return Report(conflict.instance.name.say(lang), tuple(lines), tables)


def _table(conditions: list[tuple[Member, str]], lang: str) -> Table:
    rows = []
    for member, told in conditions:
        entry = member.entry
        name = f"{entry.id} ({PROTECTED.say(lang)})" if entry.protected else entry.id
        rows.append((name, told, " ".join(entry.source)))
    columns = [TABLE[name].say(lang) for name in ("entry", "told", "source")]
    return Table("conflict", TABLE["title"].say(lang), columns, rows)


def _told(conflict: Conflict, member: Member, lang: str) -> list[str]:
    """Return a sentence for every key of the member, or its name where all of it takes part."""
    if not member.keys:
        return [f"{member.entry.words.name.say(lang)} {WHOLE.say(lang)}"]
    return [condition(conflict.instance, member.entry, key, lang) for key in member.keys]


def condition(instance: Instance, entry: Constraint, key: Key, lang: str) -> str:
    """Return what `entry` asks for at `key`, in its own words for a conflict."""
    labels = zip(entry.key, key, strict=True)
    names = {label: instance.name_of(label, value, lang) for label, value in labels}
    values = {name: _value(instance, entry, name, lang) for name in entry.parameters()}
    return str(entry.words.conflict.say(lang, **{**values, **names}))


def _value(instance: Instance, entry: Constraint, name: str, lang: str) -> str:
    value = getattr(entry, name)
    what = REFERENCES.get(entry.parameters()[name].description or "")
    if what is not None:
        return names_of(instance, what, value, lang)
    if isinstance(value, str) and value in GROUPS:
        return GROUPS[value].say(lang)
    return f"{value:,}" if isinstance(value, int) else str(value)
