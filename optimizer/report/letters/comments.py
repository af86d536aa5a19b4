"""Answers to requests from the public: as a table to hand round, and as rows for a spreadsheet."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from optimizer.base.words import LANGUAGES, UNITS, Text
from optimizer.explain.why.query_language import ID
from optimizer.explain.why.requests import Request
from optimizer.explain.why.why_not import WhyNot
from optimizer.files.neutral import neutral
from optimizer.model.instance import Instance
from optimizer.report.answers.compare import headline
from optimizer.report.answers.conflict import condition
from optimizer.report.answers.why_not import answer
from optimizer.report.table import Report, Table

VERDICTS = {
    "adopted": Text("adopted", "反映済み"),
    "costs": Text("would cost", "費用の差"),
    "impossible": Text("impossible", "不可"),
    "unknown": Text("unknown", "不明"),
}
NOT_ASKED = Text("Not asked: the time was over.", "未検討: 時間切れ。")
CLASHES = Text("It clashes with: {what}", "次の条件と両立しない: {what}")
PERHAPS = Text("It clashes with some of: {what}", "次の条件のいずれかと両立しない: {what}")
ITSELF = Text(
    "The city as it is cannot do it, whatever the constraints.",
    "個々の制約にかかわらず、施設や形態の上で実現できない。",
)
COUNTS = Text("{count} {verdict}", "{verdict}{count}件")
TITLE = Text("Answers to {count} request(s)", "意見{count}件への回答")
COLUMNS = {
    "id": Text("id", "番号"),
    "asked": Text("what is asked", "求める内容"),
    "verdict": Text("verdict", "判定"),
    "answer": Text("answer", "回答"),
}


@dataclass(frozen=True)
class Reply:
    """What came of a query, in plain data. least, attained: extra value in `unit`; entries, policy:
    ids of what forbids it.
    """

    ask: str
    seconds: float
    verdict: str
    least: int | None
    attained: int | None
    unit: str
    entries: tuple[str, ...]
    policy: tuple[str, ...]
    answer_en: str
    answer_ja: str

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> "Reply":
        """Return a reply from plain data as JSON keeps it."""
        return cls(**{**row, "entries": tuple(row["entries"]), "policy": tuple(row["policy"])})


def reply(found: WhyNot, seconds: float) -> Reply:
    """Return the answer to a query that was given `seconds`."""
    members = found.conflict.members if found.conflict is not None else ()
    others = [member.entry for member in members if member.entry.id != ID]
    return Reply(
        found.ask.text,
        seconds,
        found.verdict,
        found.least,
        found.attained,
        found.instance.objectives[0].measure,
        tuple(entry.id for entry in others),
        tuple(dict.fromkeys(source for entry in others for source in entry.source)),
        *(_said(found, lang) for lang in LANGUAGES),
    )


def not_asked(request: Request) -> Reply:
    """Return the answer to a query for which no time was left."""
    said = (NOT_ASKED.say(lang) for lang in LANGUAGES)
    return Reply(request.ask.text, 0.0, "unknown", None, None, "", (), (), *said)


def _said(found: WhyNot, lang: str) -> str:
    """Return the answer in one paragraph: the verdict, then what changes or what forbids it."""
    lines = list(answer(found, lang))
    if found.comparison is not None:
        lines.append(_stopped(headline(found.comparison, lang)[-1], lang))
    if found.conflict is not None and found.conflict.status == "infeasible":
        told = [
            condition(found.instance, member.entry, key, lang)
            for member in found.conflict.members
            if member.entry.id != ID
            for key in member.keys
        ] or [m.entry.words.name.say(lang) for m in found.conflict.members if m.entry.id != ID]
        what = (" " if lang == "en" else "").join(told)
        text = CLASHES if found.conflict.minimal else PERHAPS
        lines.append(text.say(lang, what=what) if told else ITSELF.say(lang))
    return (" " if lang == "en" else "").join(lines)


def _stopped(line: str, lang: str) -> str:
    return line if line.endswith((".", "。")) else line + (". " if lang == "en" else "。").strip()


def comments_report(
    instance: Instance, answered: Sequence[tuple[Request, Reply]], lang: str
) -> Report:
    """Return how many of which verdict there are, and every answer."""
    counted = {name: [r.verdict for _, r in answered].count(name) for name in VERDICTS}
    counts = [
        COUNTS.say(lang, count=count, verdict=VERDICTS[name].say(lang))
        for name, count in counted.items()
        if count
    ]
    rows = [
        (
            request.id,
            request.ask.words.say(lang),
            VERDICTS[found.verdict].say(lang),
            getattr(found, f"answer_{lang}"),
        )
        for request, found in answered
    ]
    columns = [text.say(lang) for text in COLUMNS.values()]
    title = TITLE.say(lang, count=len(answered))
    table = Table("comments", title, columns, rows)
    notes = tuple(note.say(lang) for note in instance.notes)
    line = (", " if lang == "en" else "、").join(counts)
    return Report(instance.name.say(lang), (line,), (table,), notes)


def comments_csv(answered: Sequence[tuple[Request, Reply]]) -> str:
    """Return every answer as CSV, in both languages; no cell begins as a formula does."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    rows = [_row(request, found) for request, found in answered]
    if rows:
        writer.writerow(rows[0])
    for row in rows:
        writer.writerow(
            [neutral(str(cell)) if isinstance(cell, str) else cell for cell in row.values()]
        )
    return out.getvalue()


def comments_data(answered: Sequence[tuple[Request, Reply]]) -> dict[str, object]:
    """Return every answer as plain data."""
    return {"answers": [{"id": request.id, **asdict(found)} for request, found in answered]}


def _row(request: Request, found: Reply) -> dict[str, object]:
    return {
        "id": request.id,
        "ask": request.ask.text,
        "text": request.text,
        "asked_en": request.ask.words.en,
        "asked_ja": request.ask.words.ja,
        "verdict": found.verdict,
        "extra_least": found.least,
        "extra_attained": found.attained,
        "unit_en": UNITS[found.unit].en if found.unit else "",
        "unit_ja": UNITS[found.unit].ja if found.unit else "",
        "entries": " ".join(found.entries),
        "policy": " ".join(found.policy),
        "answer_en": found.answer_en,
        "answer_ja": found.answer_ja,
    }
