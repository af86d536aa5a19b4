"""What earlier commands found out about a plan and kept beside it, as tables of its page."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path

from optimizer.audit.verify import Audit
from optimizer.base.words import Text
from optimizer.explain.robust.break_even import from_json
from optimizer.files.kept import Kept, kept, question
from optimizer.report.answers.firm import break_even_report
from optimizer.report.table import Table

Maker = Callable[[str], Table]
"""Gives a table in a language."""

ASK = {
    "break_even": "optimizer firm INSTANCE --solution SOLUTION --assumptions",
    "prices": "optimizer price INSTANCE --solution SOLUTION",
}
"""The commands that find the answers."""


@dataclass(frozen=True)
class Answers:
    """Tables of break-even values and of prices, and the files that are about another plan."""

    break_even: tuple[Maker, ...] = ()
    prices: tuple[Maker, ...] = ()
    stale: tuple[str, ...] = ()


def read_answers(solution: Path, audit: Audit) -> Answers:
    """Return what is kept beside `solution` about its plan. Raises InputError."""
    found = kept(solution, "break-even-", question(audit.instance, audit.plan))
    return Answers(
        tuple(partial(_break_even, answers, audit) for answers in found if answers.ours),
        (),
        tuple(answers.file for answers in found if not answers.ours),
    )


def _break_even(answers: Kept, audit: Audit, lang: str) -> Table:
    """Return the break-even values of one file, and of how many numbers it has them."""
    found = tuple(from_json(row) for row in answers.rows)
    within = Fraction(answers.question["within"])
    report = break_even_report(found, audit.instance, within, lang)
    (table,) = report.tables
    assumed = sum(not a.source for a in audit.instance.assumptions.values())
    count = Text(
        "{found} of {all} assumed numbers are settled; the others are not known.",
        "仮定した数値{all}件のうち{found}件が判明。他は不明。",
    ).say(lang, found=len(found), all=assumed)
    share = f"{float(within * 100):g} %"
    title = Text("{title} (within {share})", "{title}(許容{share})")
    return Table(
        f"break_even_{answers.file.rpartition('-')[2].removesuffix('.json').strip('%')}",
        title.say(lang, title=table.title, share=share),
        table.columns,
        table.rows,
        table.right,
        (*report.headline, count, *table.notes),
    )
