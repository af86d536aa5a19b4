"""What a reader is shown, as plain tables in one language; every renderer starts from these."""

from optimizer.audit.stored import sentence
from optimizer.audit.verify import Audit
from optimizer.base.words import UNITS, Text
from optimizer.model.instance import Instance
from optimizer.model.outcome import Outcome
from optimizer.report.location import location_report
from optimizer.report.plan_tables import (
    cost_table,
    hours_table,
    modes_table,
    moved_table,
    rooms_table,
    staff_table,
    state_names,
)
from optimizer.report.table import Report, Table


def full_report(audit: Audit, outcome: Outcome | None, lang: str) -> Report:
    """Return the whole report of a plan in `lang` ("en" or "ja")."""
    instance = audit.instance
    if instance.classical is not None:
        return location_report(audit, outcome, lang)
    parts = (
        modes_table(audit, lang),
        staff_table(audit, lang),
        hours_table(audit, lang),
        cost_table(audit, lang),
        moved_table(audit, lang),
        rooms_table(audit, lang),
        constraint_table(audit, lang),
        assumptions_table(instance, lang),
    )
    return Report(
        instance.name.say(lang),
        (*outcome_lines(audit, outcome, lang), *decision_lines(audit, lang)),
        tuple(table for table in parts if table.rows),
        tuple(note.say(lang) for note in instance.notes),
    )


def outcome_lines(audit: Audit, outcome: Outcome | None, lang: str) -> list[str]:
    """Return what is known of each objective: value, least possible, gap, who claims it; of the
    first one also what it costs at most that districts are sent whole.
    """
    lines = []
    years = "–".join(
        dict.fromkeys(
            audit.instance.name_of("period", t, lang)
            for t in (audit.instance.planned[0], audit.instance.planned[-1])
        )
    )
    for objective in audit.instance.objectives:
        name, value = objective.id, audit.values[objective.id]
        stage = next((s for s in outcome.stages if s.objective == name), None) if outcome else None
        what, unit = objective.heading.say(lang), _unit(objective.measure, lang)
        if stage is not None and stage.contradiction is not None and outcome is not None:
            amount = Text("{n} {unit}", "{n}{unit}")
            have, false = (
                amount.say(lang, n=f"{n:,}", unit=unit)
                for n in (value, stage.contradiction.bound or 0)
            )
            line = Text("{what}, {years}: {told}", "{what}({years}): {told}")
            told = outcome.refuted(stage, have, false).say(lang)
            lines.append(line.say(lang, what=what, years=years, told=told))
            continue
        if stage is None or stage.bound is None or outcome is None:
            lines.append(
                Text(
                    "{what}, {years}: {value} {unit} (nothing is proved about it)",
                    "{what}({years}): {value}{unit}(最適性は未証明)",
                ).say(
                    lang,
                    what=what,
                    years=years,
                    value=f"{value:,}",
                    unit=unit,
                )
            )
            continue
        gap = max(value - stage.bound, 0) / max(abs(value), 1)
        text = (
            Text(
                "{what}, {years}: {value} {unit}; optimal: {engine} claims that no plan has less",
                "{what}({years}): {value}{unit}。最適({engine}による。これより小さい計画はない)",
            )
            if value <= stage.bound
            else Text(
                "{what}, {years}: {value} {unit}; {engine} claims that no plan has less than {bound}"
                " (gap {gap})",
                "{what}({years}): {value}{unit}。{engine}によれば{bound}を下回る計画はない(差{gap})",
            )
        )
        lines.append(
            text.say(
                lang,
                what=what,
                years=years,
                value=f"{value:,}",
                bound=f"{stage.bound:,}",
                gap=f"{gap:.2%}",
                unit=unit,
                engine=outcome.claimant(stage).say(lang),
            )
        )
        if stage is outcome.stages[0] and stage.divided is not None:
            lines.append(_wholeness(value, stage.divided, unit, outcome.engine).say(lang))
    return lines


def _wholeness(value: int, divided: int, unit: str, engine: str) -> Text:
    """Return what it costs at most that every district goes to one counter for a service."""
    more = max(value - divided, 0)
    share = f"{more / max(abs(value), 1):.2%}"
    return Text(
        f"sending whole districts, not shares of them, costs at most {more:,} {unit} of this ({share}):"
        f" {engine} claims that nothing is below {divided:,} even with districts divided",
        f"校区を分けずに一つの窓口へ割り当てることによる増加は、このうち最大{more:,}{unit}({share})。"
        f"{engine}によれば、校区を複数の窓口に分けたとしても{divided:,}{unit}を下回らない",
    )


def decision_lines(audit: Audit, lang: str) -> list[str]:
    """Return one sentence per point whose mode changes: what becomes of it and when."""
    instance, lines = audit.instance, []
    for point, row in audit.plan.modes.unstack("period").iterrows():
        if instance.points["kind"][point] == "store":
            continue
        modes = [instance.points["mode_today"][point], *row]
        names = state_names(instance, modes, lang)
        steps = []
        for number, period in enumerate(row.index, 1):
            if modes[number] != modes[number - 1]:
                year = instance.name_of("period", period, lang)
                name = names[number]
                steps.append(f"{year}から{name}" if lang == "ja" else f"{name} from {year}")
        if steps:
            told = ("、" if lang == "ja" else ", ").join(steps)
            lines.append(f"{instance.points['name'][point]}: {told}")
    return lines


def constraint_table(audit: Audit, lang: str) -> Table:
    """Every active entry: keys checked, violations, smallest margin and where, source, marks."""
    rows = []
    for entry, readings in audit.readings:
        unit = UNITS[entry.unit].say(lang)
        count = len(readings.table)
        margin, where = "–", ""
        if count and entry.unit:
            row = readings.tightest()
            margin = f"{int(row['margin'].iloc[0]):,} {unit}"
            where = sentence(audit.instance, entry, row, lang)
        elif len(readings.violations):
            where = sentence(audit.instance, entry, readings.tightest(), lang)
        mark = "*" if entry.assumed else ""
        rows.append(
            [
                f"{entry.id}{mark}: {entry.words.name.say(lang)}",
                f"{count:,}",
                str(len(readings.violations)),
                margin,
                where,
                " ".join(entry.source),
            ]
        )
    return Table(
        "constraints",
        Text("Constraint report", "制約の確認結果").say(lang),
        [
            Text(en, ja).say(lang)
            for en, ja in [
                ("constraint", "制約"),
                ("checked", "確認数"),
                ("broken", "違反"),
                ("margin", "最小の余裕"),
                ("tightest", "最も厳しい箇所"),
                ("source", "方針"),
            ]
        ],
        rows,
        frozenset({1, 2, 3}),
        (Text("* its limit is assumed.", "* 上限等は仮定による。").say(lang),),
    )


def assumptions_table(instance: Instance, lang: str) -> Table:
    """Every number that nobody published, with its reason."""
    rows = []
    for name, a in instance.assumptions.items():
        value = (
            a.value
            if isinstance(a.value, str)
            else ", ".join(f"{t}: {v}" for t, v in a.value.items())
        )
        rows.append(
            [
                name,
                f"{int(value):,}" if value.isdigit() else value,
                a.unit.say(lang),
                a.reason.say(lang),
            ]
        )
    return Table(
        "assumptions",
        Text("Assumed figures", "仮定した数値").say(lang),
        [
            Text(en, ja).say(lang)
            for en, ja in [("name", "記号"), ("value", "値"), ("unit", "単位"), ("reason", "理由")]
        ],
        rows,
    )


def _unit(unit: str, lang: str) -> str:
    return UNITS[unit].say(lang) if unit in UNITS else unit
