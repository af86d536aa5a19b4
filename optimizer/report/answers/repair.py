"""Repairs in words: your value -> suggested value, what the repaired plan costs, whom it touches."""

from optimizer.base.words import UNITS, Text
from optimizer.explain.infeasible import limits
from optimizer.explain.infeasible.repair import LimitChange, Repair, Repairs
from optimizer.files.changes import Change
from optimizer.files.scenario import Scenario, Step
from optimizer.model.instance import Constraint, Instance
from optimizer.report.table import Report, Table

STATUS = {
    "feasible": Text(
        "nothing to repair: a plan exists that keeps every rule",
        "緩和は不要である。全ての制約を満たす計画がある",
    ),
    "none": Text(
        "no repair: no change of up to four entries within flex leaves a plan",
        "緩和案はない。「flex」の範囲で4項目まで変えても計画は成り立たない",
    ),
    "unknown": Text(
        "no repair was found in the time given; raise --time-limit",
        "時間内に緩和案が見つからなかった。--time-limit を延ばす",
    ),
}
FOUND = Text(
    "{count} repair(s) that share no entry; each was solved again and verified.",
    "互いに項目の重ならない緩和案{count}件。それぞれ解き直し、計画を確認した。",
)
COMPLETE = Text(
    "There is no further one of up to four other entries.",
    "ほかの4項目以内の緩和案はない。",
)
TITLE = Text("Repair {number}", "緩和案{number}")
COLUMNS = (
    Text("constraint", "制約"),
    Text("entry", "項目"),
    Text("your value", "現在の値"),
    Text("suggested", "提案"),
    Text("residents affected", "影響を受ける住民"),
)
LEFT_OUT = Text("left out", "外す")
AS_IT_IS = Text("in force", "適用")
COST = Text(
    "{objective}: {value} {unit} (proved: no less than {bound})",
    "{objective}: {value}{unit}(証明された下限{bound}{unit})",
)
NOT_LEAST = Text(
    "Not proved to be the smallest change: the time ran out.",
    "時間切れのため、最小の変更とは確認できていない。",
)
RESIDENTS = Text(
    "Residents affected: those of districts beyond your value in the repaired plan.",
    "影響を受ける住民は、緩和後の計画で現在の値に収まらない校区の住民である。",
)
AUTHOR = "optimizer repair"
ALREADY = Text("Was changed before the repair.", "緩和案を求める前に変更されていた。")
REASON = Text("repair of rules that cannot hold together", "両立しない制約の緩和")


def repair_report(instance: Instance, repairs: Repairs, lang: str) -> Report:
    """Return the repairs as a headline and one table each."""
    if repairs.status != "repaired":
        return Report(instance.name.say(lang), (STATUS[repairs.status].say(lang),), ())
    lines = [FOUND.say(lang, count=len(repairs.repairs))]
    if repairs.complete:
        lines.append(COMPLETE.say(lang))
    tables = tuple(_table(n, repair, lang) for n, repair in enumerate(repairs.repairs, 1))
    return Report(instance.name.say(lang), tuple(lines), tables, (RESIDENTS.say(lang),))


def _table(number: int, repair: Repair, lang: str) -> Table:
    rows = [
        (
            change.entry.words.name.say(lang),
            change.entry.id,
            _amount(change, change.value, AS_IT_IS, lang),
            _amount(change, change.suggested, LEFT_OUT, lang),
            f"{change.residents:,}",
        )
        for change in repair.changes
    ]
    notes = [*cost(repair, lang)]
    if not all(change.least for change in repair.changes):
        notes.append(NOT_LEAST.say(lang))
    columns = [column.say(lang) for column in COLUMNS]
    title = TITLE.say(lang, number=number)
    return Table(f"repair {number}", title, columns, rows, frozenset({2, 3, 4}), tuple(notes))


def cost(repair: Repair, lang: str) -> list[str]:
    """Return what the repaired plan attains of the first objective, and what is proved of it."""
    stages = repair.solution.outcome.stages
    if not stages or stages[0].value is None:
        return []
    objective = repair.instance.objectives[0]
    bound = "–" if stages[0].bound is None else f"{stages[0].bound:,}"
    unit = UNITS.get(objective.unit, Text(objective.unit, objective.unit)).say(lang)
    name = objective.heading.say(lang)
    return [COST.say(lang, objective=name, value=f"{stages[0].value:,}", unit=unit, bound=bound)]


def _amount(change: LimitChange, value: int | None, otherwise: Text, lang: str) -> str:
    if value is None:
        return otherwise.say(lang)
    return amount(change.entry, value, lang)


def amount(entry: Constraint, limit: int, lang: str) -> str:
    """Return a limit of `entry` with its unit."""
    of = limits.unit(entry)
    unit = UNITS.get(of, Text(of, of)).say(lang)
    return f"{limit:,}{unit}" if lang == "ja" else f"{limit:,} {unit}".strip()


def repair_scenario(instance: Instance, number: int, repair: Repair) -> Scenario:
    """Return the repair as a scenario; changes that the instance already has come first."""
    already = [Step(Change.of(change), AUTHOR, ALREADY) for change in instance.changes]
    steps = [*already, *(Step(Change.of(change.text), AUTHOR, REASON) for change in repair.changes)]
    name = Text(*(TITLE.say(lang, number=number) for lang in ("en", "ja")))
    return Scenario(f"repair-{number}", instance.id, name, tuple(steps))
