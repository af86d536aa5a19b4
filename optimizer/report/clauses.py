"""The constraint report, clause by clause: what was checked, what is tightest, on whose word."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from optimizer.audit.stored import sentence
from optimizer.audit.verify import Audit
from optimizer.base.words import LANGUAGES, UNITS, Text
from optimizer.model.instance import Constraint
from optimizer.model.readings import Readings
from optimizer.report.wrapping import wrap

SHOWN = 3
"""Tightest readings that are told of an entry; all of them stand in readings.csv."""


@dataclass(frozen=True)
class Told:
    """One reading: its labels, what was measured, and the same as a sentence."""

    key: dict[str, str]
    actual: int
    limit: int
    margin: int
    text: Text


@dataclass(frozen=True)
class Clause:
    """One active entry. policy: id -> sentence it comes from. assumed: limits nobody published."""

    id: str
    type: str
    name: Text
    unit: str
    checked: int
    violations: int
    binding: int
    tightest: tuple[Told, ...]
    policy: dict[str, Text]
    assumed: tuple[str, ...]

    def to_json(self) -> dict[str, object]:
        """Return the clause as plain data."""
        told = [{**asdict(reading), "text": _both(reading.text)} for reading in self.tightest]
        policy = {name: _both(text) for name, text in self.policy.items()}
        return {**asdict(self), "name": _both(self.name), "tightest": told, "policy": policy}


def _both(text: Text) -> dict[str, str]:
    return {lang: text.say(lang) for lang in LANGUAGES}


def clauses(audit: Audit) -> tuple[Clause, ...]:
    """Return a clause for every active entry, in their order."""
    return tuple(_clause(audit, entry, readings) for entry, readings in audit.readings)


def _clause(audit: Audit, entry: Constraint, readings: Readings) -> Clause:
    worst, instance = readings.tightest(SHOWN), audit.instance
    told = []
    for number in range(len(worst)):
        row = worst.iloc[[number]]
        label = row.index[0] if row.index.nlevels > 1 else (row.index[0],)
        label = label if isinstance(label, tuple) else (label,)
        key = {str(name): str(part) for name, part in zip(row.index.names, label, strict=True)}
        actual, limit, margin = (int(row[name].iloc[0]) for name in ("actual", "limit", "margin"))
        text = Text(*(sentence(instance, entry, row, lang) for lang in LANGUAGES))
        told.append(Told(key, actual, limit, margin, text))
    return Clause(
        entry.id,
        entry.type_name(),
        entry.words.name,
        entry.unit,
        len(readings.table),
        len(readings.violations),
        len(readings.binding),
        tuple(told),
        {name: instance.policy[name].text for name in entry.source if name in instance.policy},
        entry.assumed,
    )


def clause_lines(clause: Clause, lang: str, width: int) -> Iterator[str]:
    """Yield a clause as lines of at most `width` cells."""
    head = Text(
        "{mark} {id}: {name} – {checked} checked, {broken} broken, {binding} at the limit",
        "{mark} {id}: {name} – 確認{checked}件、違反{broken}件、余裕なし{binding}件",
    )
    parts = {"id": clause.id, "name": clause.name.say(lang), "checked": f"{clause.checked:,}"}
    counts = {"broken": f"{clause.violations:,}", "binding": f"{clause.binding:,}"}
    mark = "✗" if clause.violations else "✓"
    yield from _indented(head.say(lang, mark=mark, **parts, **counts), "", width)
    unit = UNITS[clause.unit].say(lang)
    for told in clause.tightest if clause.unit or clause.violations else ():
        room = f"{told.margin:,} {unit}".rstrip()
        said = Text("room {room}: {text}", "余裕 {room}: {text}")
        yield from _indented(said.say(lang, room=room, text=told.text.say(lang)), "    ", width)
    for name, text in clause.policy.items():
        yield from _indented(f"{name} {text.say(lang)}", "    ", width)
    if clause.assumed:
        said = Text("assumed, not published: {names}", "公表されていない仮定: {names}")
        yield from _indented(said.say(lang, names=", ".join(clause.assumed)), "    ", width)
    if not clause.policy:
        said = Text("not from the policy: every plan needs it, or somebody asked for it",
                    "方針によらない: 全ての計画に要る条件、又は追加の条件")  # fmt: skip
        yield from _indented(said.say(lang), "    ", width)


def _indented(text: str, before: str, width: int) -> Iterator[str]:
    for number, line in enumerate(wrap(text, width - len(before) - 2)):
        yield before + ("  " if number else "") + line
