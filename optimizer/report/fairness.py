"""The fairness panel as a table: one plan, or two side by side."""

from collections.abc import Sequence

from optimizer.audit.fairness import MEASURES, TAIL, Fairness
from optimizer.base.words import GROUPS, Text
from optimizer.model.instance import Instance
from optimizer.report.table import Table

ARROW = " → "

FAIRNESS = {
    "mean": Text("mean (m)", "平均(m)"),
    "worst": Text("longest (m)", "最長(m)"),
    "ede": Text("EDE (m)", "EDE(m)"),
    "gini": Text("Gini", "ジニ係数"),
    "cvar": Text(f"longest {TAIL} % (m)", f"遠い方{TAIL}%の平均(m)"),
}

NOTE = Text(
    "EDE: if everybody had this way, it would be as good as the ways they have. Gini: 0 if all ways"
    " are alike. The first year is today's, derived. Residents count once for every service.",
    "EDE: 全員がこの距離なら、実際の負担と同等となる距離。ジニ係数: 全員同じなら0。"
    "最初の年度は現在の導出値。住民は業務ごとに数える。",
)


def fairness_table(
    pairs: Sequence[tuple[Fairness, Fairness]], instance: Instance, lang: str, wards: bool
) -> Table:
    """Return the panel of the city year by year, or of the wards in the last year.

    pairs: the rows of two panels, which a cell shows as "a → b", or once where they are the same.
    """
    last = max(b.period for _, b in pairs)
    rows = []
    for a, b in pairs:
        if wards != bool(b.ward) or (wards and b.period != last) or b.weight == 0:
            continue
        where = b.ward if wards else instance.name_of("period", b.period, lang)
        rows.append([GROUPS[b.group].say(lang), where, *(_moved(a, b, m) for m in MEASURES)])
    when = instance.name_of("period", last, lang)
    title = (
        Text("Ways in the wards, {when}", "区別の移動距離({when})")
        if wards
        else Text("Ways in the whole city", "全市の移動距離")
    )
    return Table(
        "fairness_wards" if wards else "fairness",
        title.say(lang, when=when),
        [
            Text("whose", "対象").say(lang),
            Text("ward", "区").say(lang) if wards else Text("year", "年度").say(lang),
            *(FAIRNESS[m].say(lang) for m in MEASURES),
        ],
        rows,
        frozenset(range(2, 2 + len(MEASURES))),
        () if wards else (NOTE.say(lang),),
        total=True,
    )


def _moved(a: Fairness, b: Fairness, measure: str) -> str:
    before, after = a.shown()[measure], b.shown()[measure]
    told = [f"0.{n:03}" if measure == "gini" and n < 1000 else f"{n:,}" for n in (before, after)]
    return told[0] if before == after else ARROW.join(told)
