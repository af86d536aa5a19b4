"""Scenarios in words."""

from collections.abc import Sequence

from optimizer.base.words import Text
from optimizer.files.scenario import Scenario
from optimizer.report.table import Report, Table


def scenarios_report(scenarios: Sequence[Scenario], lang: str) -> Report:
    """Return a line for every scenario."""
    heads = (Text("name", "名前"), Text("in words", "内容"), Text("changes", "変更数"))
    rows = [[s.id, s.name.say(lang), str(len(s.steps))] for s in scenarios]
    title = Text("Scenarios", "シナリオ").say(lang)
    columns = [head.say(lang) for head in heads]
    table = Table("scenarios", title, columns, rows, frozenset({2}))
    count = Text("{count} scenarios", "シナリオ{count}件").say(lang, count=len(rows))
    return Report(title, (count,), (table,))


def scenario_report(scenario: Scenario, fingerprint: str, lang: str) -> Report:
    """Return every change with author, reason and source."""
    heads = (
        Text("change", "変更"),
        Text("why", "理由"),
        Text("author", "作成者"),
        Text("source", "出典"),
    )
    rows = [[s.change.text, s.reason.say(lang), s.author, s.source or "–"] for s in scenario.steps]
    table = Table(
        "changes",
        Text("Changes, in order", "変更(順に適用)").say(lang),
        [head.say(lang) for head in heads],
        rows,
    )
    base = Text("on {base}", "基準: {base}").say(lang, base=scenario.base)
    return Report(scenario.name.say(lang), (base, f"SHA-256: {fingerprint}"), (table,))
