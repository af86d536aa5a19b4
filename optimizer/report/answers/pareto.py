"""A frontier in words: table, CSV, plot."""

import csv
import io
from html import escape

from optimizer.base.words import UNITS, Text
from optimizer.explain.pareto import Frontier, Point
from optimizer.model.instance import Instance, Objective
from optimizer.report.table import Report, Table


def pareto_csv(found: Frontier) -> str:
    """Return every point as a row."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        [found.x.id, found.y.id, "proved", f"least_{found.x.id}", f"least_{found.y.id}", "level"]
    )
    for p in found.points:
        cells = [p.x, p.y, str(p.proved).lower(), p.least_x, p.least_y, p.level]
        writer.writerow(["" if cell is None else cell for cell in cells])
    return text.getvalue()


def pareto_report(found: Frontier, instance: Instance, lang: str) -> Report:
    """Return the points, what each step costs, and how far they are proved."""
    heads = [
        _axis(found.x, lang),
        _axis(found.y, lang),
        Text("more than the point before", "前の点との差").say(lang),
        Text("proved", "証明").say(lang),
    ]
    rows = []
    for number, point in enumerate(found.points):
        before = found.points[number - 1] if number else None
        step = "–" if before is None else f"{point.x - before.x:+,} / {point.y - before.y:+,}"
        rows.append([f"{point.x:,}", f"{point.y:,}", step, _proof(point, lang)])
    table = Table(
        "frontier",
        Text("Plans of which none is better in both", "両方で優る計画がないもの").say(lang),
        heads,
        rows,
        frozenset({0, 1, 2}),
        total=True,
    )
    title = Text("{x} against {y}", "{x}と{y}の関係")
    names = {"x": found.x.heading.say(lang), "y": found.y.heading.say(lang)}
    notes = tuple(note.say(lang) for note in instance.notes)
    return Report(title.say(lang, **names), _headline(found, lang), (table,), notes)


def _headline(found: Frontier, lang: str) -> tuple[str, ...]:
    if found.infeasible:
        told = Text("No plan satisfies all constraints.", "全ての制約を満たす計画はない。")
        return (told.say(lang),)
    count = len(found.points)
    proved = sum(point.proved for point in found.points)
    lines = [
        Text("{count} points, {proved} of them proved", "{count}点(うち証明済み{proved}点)").say(
            lang, count=count, proved=proved
        )
    ]
    if found.complete:
        lines.append(
            Text("This is the whole frontier.", "これで全てである(他に該当する計画はない)。").say(
                lang
            )
        )
    elif count > 1:
        lines.append(
            Text(
                "Between these points further ones may lie.", "これらの点の間に、他の点があり得る。"
            ).say(lang)
        )
    if found.floor is not None and not found.complete:
        text = Text(
            "{y}: no plan has less than {floor} (proved)", "{y}: {floor}未満の計画はない(証明済み)"
        )
        lines.append(text.say(lang, y=_axis(found.y, lang), floor=f"{found.floor:,}"))
    if found.unknown:
        levels = ", ".join(f"{level:,}" for level in found.unknown)
        lines.append(
            Text(
                "No plan was found in time with {y} of at most: {levels}",
                "{y}が次の値以下の計画は時間内に見つからなかった: {levels}",
            ).say(lang, y=found.y.heading.say(lang), levels=levels)
        )
    return tuple(lines)


def _axis(objective: Objective, lang: str) -> str:
    return f"{objective.heading.say(lang)} ({UNITS[objective.measure].say(lang)})"


def _proof(point: Point, lang: str) -> str:
    if point.proved:
        return Text("proved", "証明済み").say(lang)
    least = [
        f"{name} ≥ {value:,}"
        for name, value in (("x", point.least_x), ("y", point.least_y))
        if value is not None
    ]
    return Text("not proved", "未証明").say(lang) + (f" ({', '.join(least)})" if least else "")


WIDTH, HEIGHT, LEFT, BOTTOM = 760, 460, 110, 60


def pareto_svg(found: Frontier, lang: str) -> str:
    """Return a plot: ● proved points, ○ others with a bar down to their proved bound of x."""
    xs = [n for p in found.points for n in (p.x, p.least_x) if n is not None] or [0, 1]
    ys = [p.y for p in found.points] or [0, 1]
    width, height = WIDTH - LEFT - 40, HEIGHT - BOTTOM - 50

    def at(x: int, y: int) -> tuple[float, float]:
        a = (x - min(xs)) / max(max(xs) - min(xs), 1)
        b = (y - min(ys)) / max(max(ys) - min(ys), 1)
        return LEFT + width * a, 40 + height * (1 - b)

    title = Text("{x} against {y}; ○: not proved", "{x}と{y}(○は未証明)").say(
        lang, x=found.x.heading.say(lang), y=found.y.heading.say(lang)
    )
    low = HEIGHT - BOTTOM
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        ' font-family="sans-serif" font-size="13">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{LEFT}" y="22">{escape(title)}</text>',
        f'<path d="M{LEFT} 34V{low}H{WIDTH - 30}" fill="none" stroke="#333"/>',
        f'<text x="{LEFT - 8}" y="44" text-anchor="end">{max(ys):,}</text>',
        f'<text x="{LEFT - 8}" y="{40 + height}" text-anchor="end">{min(ys):,}</text>',
        f'<text x="{LEFT}" y="{low + 20}">{min(xs):,}</text>',
        f'<text x="{WIDTH - 40}" y="{low + 20}" text-anchor="end">{max(xs):,}</text>',
        f'<text x="{LEFT + width / 2:.0f}" y="{low + 42}" text-anchor="middle">'
        f"{escape(_axis(found.x, lang))}</text>",
        f'<text transform="translate(20 {40 + height / 2:.0f}) rotate(-90)" text-anchor="middle">'
        f"{escape(_axis(found.y, lang))}</text>",
    ]
    for point in found.points:
        x, y = at(point.x, point.y)
        if point.least_x is not None and point.least_x < point.x:
            parts.append(
                f'<line x1="{at(point.least_x, point.y)[0]:.1f}" x2="{x:.1f}" y1="{y:.1f}"'
                f' y2="{y:.1f}" stroke="#555" stroke-width="3"/>'
            )
        fill = "#0b4f8a" if point.proved else "#fff"
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{fill}" stroke="#0b4f8a"'
            f' stroke-width="2"><title>{point.x:,} / {point.y:,}</title></circle>'
        )
    return "\n".join([*parts, "</svg>", ""])
