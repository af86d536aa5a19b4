"""An instance for people: its size, the balance of demand, derived volumes and the policy's claims."""

from fractions import Fraction

from optimizer.base.words import Text
from optimizer.city.baseline import baseline
from optimizer.city.city import Claim
from optimizer.model.instance import Instance
from optimizer.report.parameters import parameter_texts
from optimizer.report.table import Report, Table
from optimizer.report.tables import assumptions_table

QUOTED = 50
"""Characters of a policy sentence that are quoted beside a constraint."""

SHARE_WITHIN = 5
"""Points of a per cent by which a derived share may miss the stated one and still agree."""


def instance_report(instance: Instance, lang: str) -> Report:
    """Return the report of an instance in `lang`."""
    headline = [
        Text(
            "{d} districts with {r} residents, {p} points, {n} planned years, {c} constraints",
            "{d}校区(人口{r}人)、窓口{p}か所、計画年度{n}、制約{c}件",
        ).say(
            lang,
            d=len(instance.districts),
            r=f"{int(instance.districts['residents'].sum()):,}",
            p=len(instance.points),
            n=len(instance.planned),
            c=len(instance.entries),
        ),
        f"SHA-256 {instance.fingerprint}",
    ]
    tables = (
        balance_table(instance, lang),
        volumes_table(instance, lang),
        claims_table(instance, lang),
        origins_table(instance, lang),
        entries_table(instance, lang),
        assumptions_table(instance, lang),
    )
    return Report(
        instance.name.say(lang),
        tuple(headline),
        tuple(table for table in tables if table.rows),
        tuple(note.say(lang) for note in instance.notes),
    )


def balance_table(instance: Instance, lang: str) -> Table:
    """Cases a year by service; what is gone against today stands in the last row."""
    table = instance.demand.groupby(level=["service", "period"]).sum().unstack("period")
    rows = [
        [instance.name_of("service", s, lang), *(f"{int(n):,}" for n in table.loc[s])]
        for s in instance.services.index
    ]
    total = table.sum()
    rows.append([Text("all cases", "合計").say(lang), *(f"{int(n):,}" for n in total)])
    gone = total - total.iloc[0]
    rows.append([Text("against today", "現在との差").say(lang), *(f"{int(n):+,}" for n in gone)])
    return Table(
        "demand",
        Text("Cases a year (assumed rates)", "年間件数(仮定の率による)").say(lang),
        [Text("service", "業務").say(lang), *(instance.name_of("period", t, lang) for t in table)],
        rows,
        frozenset(range(1, len(table.columns) + 1)),
        total=True,
    )


def volumes_table(instance: Instance, lang: str) -> Table:
    """Today's derived cases and staff at each point."""
    plan = baseline(instance)
    cases = plan.served(instance).pivot_table(
        index="point", columns="service", values="cases", aggfunc="sum", fill_value=0
    )
    services = [s for s in instance.services.index if s in cases]
    rows = [
        [
            instance.points["name"][point],
            *(f"{int(cases.loc[point, s]):,}" for s in services),
            f"{int(cases.loc[point].sum()):,}",
            f"{int(plan.staff[point, instance.today]):,}",
        ]
        for point in cases.index
    ]
    return Table(
        "volumes",
        Text("Today, derived: cases and staff by counter", "現在(導出値): 窓口別の件数と職員").say(
            lang
        ),
        [
            Text("counter", "窓口").say(lang),
            *(instance.name_of("service", s, lang) for s in services),
            Text("all", "計").say(lang),
            Text("staff", "職員").say(lang),
        ],
        rows,
        frozenset(range(1, len(services) + 3)),
        total=True,
    )


def claims_table(instance: Instance, lang: str) -> Table:
    """What the policy says of its volumes, and whether the derived ones agree."""
    verdicts = {
        True: Text("agrees", "一致"),
        False: Text("disagrees", "不一致"),
        None: Text("not comparable", "照合不能"),
    }
    rows = []
    for claim in instance.claims:
        agrees, detail = check_claim(instance, claim)
        text = instance.policy[claim.source].text.say(lang)
        rows.append([claim.source, text, verdicts[agrees].say(lang), detail.say(lang)])
    return Table(
        "claims",
        Text("The policy's words beside the derived volumes", "方針の記述と導出値の照合").say(lang),
        [
            Text(en, ja).say(lang)
            for en, ja in [
                ("no.", "番号"),
                ("policy", "方針"),
                ("verdict", "照合"),
                ("derived", "導出値"),
            ]
        ],
        rows,
    )


def check_claim(instance: Instance, claim: Claim) -> tuple[bool | None, Text]:
    """Return whether today's derived volumes bear the claim out, with the figures.

    None: the claim is of a trend, and the instance has no past volumes to set beside it.
    """
    served = baseline(instance).served(instance)
    if claim.test == "service_share":
        at = served[served["point"].isin(claim.among)]
        mine = int(at.loc[at["service"].isin(claim.services), "cases"].sum())
        share = Fraction(mine, max(int(at["cases"].sum()), 1))
        detail = Text(f"{float(share):.1%} of cases", f"件数の{float(share):.1%}")
        return abs(share * 100 - (claim.per_cent or 0)) <= SHARE_WITHIN, detail
    cases = served.groupby("point")["cases"].sum().reindex(instance.points.index, fill_value=0)
    figures = Text(
        ", ".join(f"{instance.points['name'][p]} {int(cases[p]):,}" for p in claim.points),
        "、".join(f"{instance.points['name'][p]} {int(cases[p]):,}" for p in claim.points),
    )
    if claim.test == "trend":
        return None, Text(
            f"trend, no past volumes in the instance; today {figures.en}",
            f"推移に関する記述であり、過去の件数はインスタンスにない。現在 {figures.ja}",
        )
    others = cases[[p for p in claim.among if p not in claim.points]]
    if claim.test == "largest":
        bar, other = int(others.max()), Text("largest other", "他の最大")
    else:
        bar, other = int(others.median()), Text("median of the others", "他の中央値")
    detail = Text(f"{figures.en}; {other.en} {bar:,}", f"{figures.ja}、{other.ja} {bar:,}")
    return all(cases[p] >= bar for p in claim.points), detail


def origins_table(instance: Instance, lang: str) -> Table:
    """How many distances come from where."""
    words = {
        "straight_line": Text("straight line x circuity", "直線距離×迂回率"),
        "in_district": Text("assumed, inside the district", "校区内として仮定"),
        "stated": Text("stated", "公表"),
    }
    counts = instance.travel["origin"].value_counts().sort_index()
    rows = [[words[o].say(lang), f"{n:,}"] for o, n in counts.items()]
    stated = len(instance.office_distances) // 2
    rows.append(
        [
            Text("between offices, stated in the policy", "区役所と出張所等の間(方針による)").say(
                lang
            ),
            f"{stated:,}",
        ]
    )
    return Table(
        "origins",
        Text("Where distances come from", "距離の出典").say(lang),
        [Text("origin", "出典").say(lang), Text("cells", "件数").say(lang)],
        rows,
        frozenset({1}),
    )


def entries_table(instance: Instance, lang: str) -> Table:
    """Every active constraint with its values and the policy sentence it comes from."""
    rows = []
    for entry in instance.entries:
        values = ", ".join(parameter_texts(instance, entry, lang))
        assumed = f" [{', '.join(entry.assumed)}]" if entry.assumed else ""
        quotes = [f"{s} {instance.policy[s].text.say(lang)}" for s in entry.source[:1]]
        short = [quote if len(quote) <= QUOTED else quote[:QUOTED] + "…" for quote in quotes]
        rows.append([entry.id, entry.words.name.say(lang), values + assumed, *(short or [""])])
    return Table(
        "constraints",
        Text("Constraints", "制約").say(lang),
        [
            Text(en, ja).say(lang)
            for en, ja in [
                ("entry", "記号"),
                ("constraint", "制約"),
                ("values", "値"),
                ("policy", "方針"),
            ]
        ],
        rows,
        frozenset(),
        (Text("[ ] the assumption it rests on.", "[ ]は、もとになる仮定。").say(lang),),
    )
