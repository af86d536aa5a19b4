"""What a sweep found: a table, a CSV file, a plot."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from optimizer.base.words import LANGUAGES, UNITS, Text
from optimizer.city.plan import Plan
from optimizer.files.neutral import neutral
from optimizer.model.instance import Instance
from optimizer.report.table import Report, Table
from optimizer.sweep.sweep import Result

VERDICTS = {
    "solved": Text("solved", "求解済み"),
    "infeasible": Text("no plan possible", "計画なし(実行不可能)"),
    "no plan": Text("no plan in the time given", "時間内に計画なし"),
    "failed": Text("failed", "失敗"),
    "bad input": Text("bad input", "入力の誤り"),
    "not tried": Text("not tried", "未実行"),
}


@dataclass(frozen=True)
class Line:
    """One case in numbers. counters, staff, community: in the last year; metres: mean, longest."""

    result: Result
    value: int | None = None
    bound: int | None = None
    counters: int | None = None
    changed: int | None = None
    staff: int | None = None
    mean_metres: int | None = None
    longest_metres: int | None = None

    @property
    def gap(self) -> str:
        """What is not proved, as a share of the value."""
        stages = self.result.solved.outcome.stages if self.result.solved else ()
        gap = stages[0].gap if stages else None
        return "–" if gap is None else f"{float(gap):.2%}"


HEADS = {
    "counters": Text("counters of the city", "市の窓口数"),
    "changed": Text("counters changed", "変わる窓口数"),
    "staff": Text("staff at counters", "窓口職員"),
    "mean_metres": Text("mean way (m)", "平均距離(m)"),
    "longest_metres": Text("longest way (m)", "最長距離(m)"),
}
"""Columns of the last year."""


def line(result: Result, read: Callable[[], Instance]) -> Line:
    """Return a result in numbers. read: makes the instance of its case."""
    if result.solved is None:
        return Line(result)
    stage = result.solved.outcome.stages[0]
    if result.solved.plan is None:
        return Line(result, stage.value, stage.bound)
    return _of_plan(result, read(), result.solved.plan)


def _of_plan(result: Result, instance: Instance, plan: Plan) -> Line:
    assert result.solved is not None
    stage = result.solved.outcome.stages[0]
    last = instance.planned[-1]
    modes = plan.modes.xs(last, level="period")
    today = instance.points["mode_today"].reindex(modes.index)
    served = plan.served(instance)
    served = served[served["period"] == last]
    cases = int(served["cases"].sum())
    metres = int((served["metres"] * served["cases"]).sum())
    return Line(
        result,
        stage.value,
        stage.bound,
        int(modes.isin(list(instance.city_modes)).sum()),
        int((modes != today).sum()),
        int(plan.staff.xs(last, level="period").sum()),
        (2 * metres + cases) // (2 * cases) if cases else None,
        int(served["metres"].max()) if len(served) else None,
    )


def paths_of(lines: Sequence[Line]) -> list[str]:
    """Return every path that some case varies, in the order in which they come."""
    return list(dict.fromkeys(path for each in lines for path in each.result.case.values))


def sweep_csv(lines: Sequence[Line]) -> str:
    """Return every case as a row; what is not known is blank."""
    paths = paths_of(lines)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    columns = ["value", "bound", *HEADS]
    writer.writerow(
        ["case", *map(neutral, paths), "status", *columns, "gap", "seconds", "folder", "detail"]
    )
    for each in lines:
        case, solved = each.result.case, each.result.solved
        numbers = [getattr(each, name) for name in columns]
        seconds = "" if solved is None else f"{solved.seconds:.1f}"
        row = [case.name, *(case.values.get(path, "") for path in paths), each.result.verdict]
        cells = [*row, *("" if n is None else n for n in numbers), each.gap, seconds]
        writer.writerow([neutral(str(c)) for c in (*cells, each.result.key, each.result.detail)])
    return text.getvalue()


def sweep_report(lines: Sequence[Line], instance: Instance, lang: str) -> Report:
    """Return the table of all cases, the value of the first objective and how far it is proved."""
    objective = instance.objectives[0]
    heads = [
        Text("case", "ケース"),
        Text(
            *(f"{objective.heading.say(x)} ({UNITS[objective.measure].say(x)})" for x in LANGUAGES)
        ),
        Text("not proved", "未証明"),
        *HEADS.values(),
    ]
    rows = []
    for each in lines:
        verdict = VERDICTS[each.result.verdict].say(lang)
        value = verdict if each.value is None else f"{each.value:,}"
        numbers = [getattr(each, name) for name in HEADS]
        told = ["–" if n is None else f"{n:,}" for n in numbers]
        rows.append([each.result.case.name or instance.id, value, each.gap, *told])
    count = {v: sum(each.result.verdict == v for each in lines) for v in VERDICTS}
    known = sum(each.result.known for each in lines)
    comma = "、" if lang == "ja" else ", "
    headline = comma.join(f"{VERDICTS[v].say(lang)}: {n}" for v, n in count.items() if n)
    again = Text("{known} were solved before", "うち{known}件は以前の結果").say(lang, known=known)
    details = tuple(f"{e.result.case.name}: {e.result.detail}" for e in lines if e.result.detail)
    title = Text("Cases", "ケース一覧").say(lang)
    table = Table(
        "cases",
        title,
        [h.say(lang) for h in heads],
        rows,
        frozenset(range(1, len(heads))),
        details,
        total=True,
    )
    notes = tuple(note.say(lang) for note in instance.notes)
    return Report(
        Text("Sweep of {name}", "{name}の一括計算").say(lang, name=instance.name.say(lang)),
        (headline, *([again] if known else [])),
        (table,),
        notes,
    )


WIDTH, ROW, LEFT, RIGHT = 900, 26, 330, 130


def sweep_svg(lines: Sequence[Line], instance: Instance, lang: str) -> str:
    """Return a plot: for every case the interval from what is proved to what was attained."""
    known = [each for each in lines if each.value is not None]
    numbers = [n for each in known for n in (each.value, each.bound) if n is not None]
    low, high = (min(numbers), max(numbers)) if numbers else (0, 1)
    room = WIDTH - LEFT - RIGHT

    def at(number: int) -> float:
        return LEFT + room * (number - low) / max(high - low, 1)

    height = ROW * (len(lines) + 3)
    title = Text(
        "{what}: ● plan found, bar down to the proved bound",
        "{what}(●は求めた計画、棒は証明された下界まで)",
    ).say(lang, what=instance.objectives[0].heading.say(lang))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img"'
        f' font-family="sans-serif" font-size="13">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        f'<text x="10" y="{ROW}">{escape(title)}</text>',
    ]
    for number, each in enumerate(lines, 2):
        y = ROW * number + 4
        name = _short(each.result.case.name or instance.id)
        parts.append(f'<text x="{LEFT - 10}" y="{y + 5}" text-anchor="end">{escape(name)}</text>')
        if each.value is None:
            told = VERDICTS[each.result.verdict].say(lang)
            parts.append(f'<text x="{LEFT}" y="{y + 5}" fill="#444">{escape(told)}</text>')
            continue
        x = at(each.value)
        if each.bound is not None:
            parts.append(
                f'<line x1="{at(each.bound):.1f}" x2="{x:.1f}" y1="{y}" y2="{y}"'
                ' stroke="#555" stroke-width="6"/>'
            )
        parts.append(f'<circle cx="{x:.1f}" cy="{y}" r="5" fill="#0b4f8a"/>')
        parts.append(f'<text x="{WIDTH - RIGHT + 10}" y="{y + 5}">{each.value:,}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _short(text: str, most: int = 44) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
