"""The policy trace: every sentence of the policy, the constraints it asks for, what was measured."""

from collections.abc import Mapping
from dataclasses import dataclass

from optimizer.audit.stored import sentence as reading_sentence
from optimizer.audit.verify import Audit
from optimizer.base.words import LANGUAGES, UNITS, Text
from optimizer.city.city import Sentence
from optimizer.model.instance import Constraint, Instance
from optimizer.model.readings import Readings
from optimizer.report.instance_tables import check_claim
from optimizer.report.parameters import parameter_texts
from optimizer.report.table import Table

KINDS = {
    "rule": Text("rule", "規定"),
    "fact": Text("fact", "事実"),
    "choice": Text("choice", "選択"),
    "outside": Text("outside", "対象外"),
}

REASONS = {
    "rule": Text("a rule that no constraint expresses yet", "対応する制約がまだない規定である"),
    "fact": Text("a fact, not a condition on a plan", "事実であり、計画の条件ではない"),
    "choice": Text(
        "left to the planner; nothing asks for it", "計画担当者の選択であり、求めていない"
    ),
}
"""Why no constraint covers a sentence, where policy.toml gives no reason of its own."""

ALWAYS = Text("every plan needs it", "どの計画にも必要")
UNSOURCED = Text("added by the instance", "インスタンスが加えたもの")
HOLDS = Text("holds everywhere", "全ての箇所で成立")
NOTHING = Text("nothing to check", "確認する箇所がない")


@dataclass(frozen=True)
class Measured:
    """An entry and what its check measured: keys checked, violations, the tightest in words.

    margin: the least room that is left, in the constraint's unit; None where it has none.
    """

    entry: Constraint
    values: Text
    checked: int
    violations: int
    margin: int | None
    tightest: Text


@dataclass(frozen=True)
class Traced:
    """A sentence of the policy, the entries that name it as their source, why there are none.

    claims: where the sentence says something of today's volumes, how the derived ones compare.
    """

    sentence: Sentence
    entries: tuple[Measured, ...]
    why: Text | None
    claims: tuple[Text, ...]


@dataclass(frozen=True)
class Trace:
    """Sentences in the order of the policy; entries that no sentence asks for."""

    instance: Instance
    sentences: tuple[Traced, ...]
    unasked: tuple[Measured, ...]

    @property
    def gaps(self) -> tuple[str, ...]:
        """Rules of the policy that no entry expresses."""
        return tuple(
            t.sentence.id for t in self.sentences if t.sentence.kind == "rule" and not t.entries
        )

    @property
    def entries(self) -> tuple[Measured, ...]:
        """Every entry once: those asked for in the order of the sentences, then the others."""
        asked = [measured for traced in self.sentences for measured in traced.entries]
        return tuple({m.entry.id: m for m in [*asked, *self.unasked]}.values())


def trace(audit: Audit) -> Trace:
    """Return how sentences, entries and readings of a plan belong together."""
    instance = audit.instance
    measured = {entry.id: _measure(instance, entry, found) for entry, found in audit.readings}
    sentences = [_trace(instance, s, measured) for s in instance.policy.values()]
    unasked = [m for m in measured.values() if not m.entry.source]
    return Trace(instance, tuple(sentences), tuple(unasked))


def _trace(instance: Instance, sentence: Sentence, measured: Mapping[str, Measured]) -> Traced:
    mine = tuple(m for m in measured.values() if sentence.id in m.entry.source)
    why = None if mine else sentence.why or REASONS.get(sentence.kind)
    claims = [check_claim(instance, c) for c in instance.claims if c.source == sentence.id]
    return Traced(sentence, mine, why, tuple(_compared(*claim) for claim in claims))


def _compared(agrees: bool | None, detail: Text) -> Text:
    verdict = {
        True: Text("the derived volumes agree", "導出値と一致"),
        False: Text("the derived volumes disagree", "導出値と不一致"),
        None: Text("cannot be compared", "照合不能"),
    }[agrees]
    return Text(f"{verdict.en}: {detail.en}", f"{verdict.ja}: {detail.ja}")


def _measure(instance: Instance, entry: Constraint, readings: Readings) -> Measured:
    values = Text(*(", ".join(parameter_texts(instance, entry, lang)) for lang in LANGUAGES))
    checked, violations = len(readings.table), len(readings.violations)
    margin, tightest = None, HOLDS if checked else NOTHING
    if checked and (entry.unit or violations):
        row = readings.tightest()
        margin = int(row["margin"].iloc[0]) if entry.unit else None
        tightest = Text(*(reading_sentence(instance, entry, row, lang) for lang in LANGUAGES))
    return Measured(entry, values, checked, violations, margin, tightest)


def margin_text(measured: Measured, lang: str) -> str:
    """Return the least room with its unit, a dash where the constraint has no unit."""
    if measured.margin is None:
        return "–"
    return f"{measured.margin:,} {UNITS[measured.entry.unit].say(lang)}"


def summary(found: Trace, lang: str) -> list[str]:
    """Return what the trace amounts to: sentences by kind, coverage, gaps."""
    kinds = [traced.sentence.kind for traced in found.sentences]
    counts = [f"{KINDS[kind].say(lang)} {kinds.count(kind)}" for kind in KINDS]
    covered = sum(bool(traced.entries) for traced in found.sentences)
    asked = len(found.entries) - len(found.unasked)
    lines = [
        Text(
            "{n} sentences ({counts}); {covered} are expressed by {asked} constraints",
            "方針の文{n}件({counts})のうち{covered}件を、制約{asked}件で表している",
        ).say(
            lang,
            n=len(kinds),
            counts=("、" if lang == "ja" else ", ").join(counts),
            covered=covered,
            asked=asked,
        ),
        Text("{n} further constraints name no sentence", "方針の文によらない制約が{n}件ある").say(
            lang, n=len(found.unasked)
        ),
    ]
    gaps = Text("rules without a constraint: {ids}", "制約のない規定: {ids}")
    none = Text("every rule has a constraint", "全ての規定に制約がある")
    return [*lines, gaps.say(lang, ids=", ".join(found.gaps)) if found.gaps else none.say(lang)]


def tables(found: Trace, lang: str) -> list[Table]:
    """Return the trace as tables: sentences with entries, sentences without, entries without."""
    covered = [
        [traced.sentence.id, traced.sentence.text.say(lang), *_row(measured, lang)]
        for traced in found.sentences
        for measured in traced.entries
    ]
    left = [
        [
            traced.sentence.id,
            KINDS[traced.sentence.kind].say(lang),
            traced.sentence.text.say(lang),
            "; ".join(t.say(lang) for t in (traced.why, *traced.claims) if t is not None),
        ]
        for traced in found.sentences
        if not traced.entries
    ]
    unasked = [
        [(ALWAYS if m.entry.always else UNSOURCED).say(lang), *_row(m, lang)] for m in found.unasked
    ]
    measured = [
        ("constraint", "制約"),
        ("checked", "確認数"),
        ("broken", "違反"),
        ("tightest", "最も厳しい箇所"),
    ]
    policy = [("no.", "番号"), ("policy", "方針")]
    return [
        _table(
            "asked",
            Text("The policy as constraints", "方針と制約"),
            [*policy, *measured],
            covered,
            lang,
        ),
        _table(
            "uncovered",
            Text("Sentences that no constraint covers", "制約のない方針の文"),
            [("no.", "番号"), ("kind", "区分"), ("policy", "方針"), ("why", "理由")],
            left,
            lang,
        ),
        _table(
            "unasked",
            Text("Constraints that no sentence asks for", "方針の文によらない制約"),
            [("why", "理由"), *measured],
            unasked,
            lang,
        ),
    ]


def _row(measured: Measured, lang: str) -> list[str]:
    entry = measured.entry
    return [
        f"{entry.id}: {entry.words.name.say(lang)}",
        f"{measured.checked:,}",
        f"{measured.violations:,}",
        measured.tightest.say(lang),
    ]


def _table(
    name: str, title: Text, columns: list[tuple[str, str]], rows: list[list[str]], lang: str
) -> Table:
    numbers = frozenset(n for n, (en, _) in enumerate(columns) if en in ("checked", "broken"))
    return Table(name, title.say(lang), [Text(*c).say(lang) for c in columns], rows, numbers)


def trace_data(found: Trace) -> dict[str, object]:
    """Return the trace as plain data for JSON."""
    return {
        "sentences": [_sentence_data(traced) for traced in found.sentences],
        "constraints": [_entry_data(measured) for measured in found.entries],
        "rules_without_constraint": list(found.gaps),
    }


def _sentence_data(traced: Traced) -> dict[str, object]:
    sentence = traced.sentence
    return {
        "id": sentence.id,
        "kind": sentence.kind,
        "section": sentence.section,
        "text_en": sentence.text.en,
        "text_ja": sentence.text.ja,
        "constraints": [measured.entry.id for measured in traced.entries],
        "why_en": traced.why.en if traced.why else None,
        "why_ja": traced.why.ja if traced.why else None,
        "claims": [{"en": claim.en, "ja": claim.ja} for claim in traced.claims],
    }


def _entry_data(measured: Measured) -> dict[str, object]:
    entry = measured.entry
    return {
        "id": entry.id,
        "type": entry.type_name(),
        "name_en": entry.words.name.en,
        "name_ja": entry.words.name.ja,
        "values": entry.values(),
        "source": list(entry.source),
        "always": entry.always,
        "assumed": list(entry.assumed),
        "checked": measured.checked,
        "violations": measured.violations,
        "margin": measured.margin,
        "unit": entry.unit,
        "tightest_en": measured.tightest.en,
        "tightest_ja": measured.tightest.ja,
    }
