"""The tables of a plan: counters, staff, cost, districts that move, exchange rooms."""

from collections.abc import Sequence

import pandas as pd

from optimizer.audit.verify import Audit
from optimizer.base.words import COST_ITEMS, Text
from optimizer.city.baseline import baseline
from optimizer.city.ledger import ITEMS
from optimizer.model.instance import Instance
from optimizer.report.numbers import against_today, moved_districts, yearly_costs
from optimizer.report.table import Table


def modes_table(audit: Audit, lang: str) -> Table:
    """What happens to each point year by year, beside its stated distance to a ward office."""
    instance = audit.instance
    modes = audit.plan.modes.unstack("period")
    now = instance.points["mode_today"]
    kind = instance.points["kind"]
    stated = instance.office_distances["metres"].groupby(level="point").min()
    rows = []
    for point in sorted(modes.index, key=lambda p: (list(instance.kinds).index(kind[p]), p)):
        never = not set(instance.modes["run_by"][[now[point], *modes.loc[point]]]) - {"none"}
        if never or kind[point] in ("ward_office", "store"):
            continue
        before, *cells = state_names(instance, [now[point], *modes.loc[point]], lang)
        shown = [
            c if c != b else "〃" if lang == "ja" else "·"
            for c, b in zip(cells, [before, *cells[:-1]], strict=True)
        ]
        distance = f"{stated[point]:,}" if kind[point] == "branch" and point in stated else ""
        rows.append([instance.points["name"][point], distance, before, *shown])
    return Table(
        "modes",
        Text("Counters, year by year", "窓口の年度別の形態").say(lang),
        [
            Text("counter", "窓口").say(lang),
            Text("to ward office (m)", "区役所まで(m)").say(lang),
            Text("today", "現在").say(lang),
            *_years(instance, lang),
        ],
        rows,
        frozenset({1}),
        (
            Text(
                "A dot means: as in the year before. Ward offices and stores do not change.",
                "「〃」は前年度と同じ。区役所とコンビニは変わらない。",
            ).say(lang),
        ),
    )


def state_names(instance: Instance, modes: Sequence[str], lang: str) -> list[str]:
    """Return the names of a point's modes, from today on; where nobody runs it, whether it ever was open."""
    names, opened = [], False
    for mode in modes:
        nobody = instance.modes["run_by"][mode] == "none"
        opened |= not nobody
        gone = Text("closed", "廃止") if opened else Text("not open", "未設置")
        names.append(gone.say(lang) if nobody else instance.name_of("mode", mode, lang))
    return names


def staff_table(audit: Audit, lang: str) -> Table:
    """Counter staff by point and year against the derived baseline, and community staff."""
    instance, plan = audit.instance, audit.plan
    before = baseline(instance).staff.droplevel("period")
    staff = plan.staff.unstack("period")
    shown = [p for p in staff.index if before.get(p, 0) or staff.loc[p].any()]
    shown = sorted(shown, key=lambda p: (instance.points["kind"][p] != "ward_office", p))
    rows = [
        [instance.points["name"][p], *_numbers([before.get(p, 0), *staff.loc[p]])] for p in shown
    ]
    counters = [int(before.sum()), *(int(n) for n in staff.sum())]
    community = community_by_year(audit)
    rows.append([Text("counters", "窓口 計").say(lang), *_numbers(counters)])
    rows.append([Text("community support", "地域担当職員").say(lang), *_numbers(community)])
    both = [a + b for a, b in zip(counters, community, strict=True)]
    rows.append([Text("on the payroll", "合計").say(lang), *_numbers(both)])
    return Table(
        "staff",
        Text("Staff (persons)", "職員数(人)").say(lang),
        [
            Text("counter", "窓口").say(lang),
            Text("today*", "現在*").say(lang),
            *_years(instance, lang),
        ],
        rows,
        frozenset(range(1, len(instance.planned) + 2)),
        (
            Text(
                "* derived, not published: nearest counter, fewest persons.",
                "* 公表値ではなく導出値(最寄りの窓口、必要最少の人数)。",
            ).say(lang),
        ),
        total=True,
    )


def cost_table(audit: Audit, lang: str) -> Table:
    """Yen by item and year, and what demand, stores and reorganisation each do against today."""
    instance = audit.instance
    costs = yearly_costs(audit)
    rows = [[COST_ITEMS[item].say(lang), *_millions(costs.loc[item])] for item in ITEMS]
    rows.append([Text("counter cost", "窓口費用 計").say(lang), *_millions(costs.sum())])
    split = against_today(audit)
    words = {
        "demand": Text("of which demand alone", "うち需要の変化のみ"),
        "stores": Text("of which stores opened", "うちコンビニ交付の開始"),
        "reorganisation": Text("of which reorganisation", "うち窓口の再編"),
    }
    rows.append([Text("against today", "現在との差").say(lang), "", *_millions(split.sum())])
    rows += [[words[name].say(lang), "", *_millions(split.loc[name])] for name in words]
    community = [n * instance.wage for n in community_by_year(audit)]
    rows.append(
        [Text("wages of community staff", "地域担当職員の人件費").say(lang), *_millions(community)]
    )
    return Table(
        "costs",
        Text("Cost (million yen)", "費用(百万円)").say(lang),
        [
            Text("item", "項目").say(lang),
            Text("today*", "現在*").say(lang),
            *_years(instance, lang),
        ],
        rows,
        frozenset(range(1, len(instance.planned) + 2)),
        (
            Text(
                "Wages of staff moved to community support stay on the payroll: no saving of the city.",
                "地域担当へ振り替えた職員の人件費は引き続き市の負担であり、節減額ではない。",
            ).say(lang),
            Text(
                "All yen rest on assumed figures; see the assumptions.",
                "金額は全て仮定の数値による(仮定の一覧を参照)。",
            ).say(lang),
            Text(
                "Demand alone: today's counters, nearest people and fewest staff, under the"
                " demand of the year; then with the stores of the plan; the rest is reorganisation.",
                "「需要の変化のみ」は、現在の窓口のままその年度の件数に要る費用との差。次にコンビニ"
                "交付を加え、残りを再編による差とする。",
            ).say(lang),
        ),
    )


def moved_table(audit: Audit, lang: str) -> Table:
    """Districts whose counter is further in the last year than today, the largest growth first."""
    instance = audit.instance
    moved = moved_districts(audit)
    rows = [
        [
            instance.name_of("district", r.district, lang),
            instance.name_of("service", r.service, lang),
            instance.name_of("point", r.before, lang),
            instance.name_of("point", r.point, lang),
            f"{r.metres_before:,}",
            f"{r.metres:,}",
            f"{r.metres - r.metres_before:+,}",
            f"{r.cases:,}",
        ]
        for r in moved.itertuples()
    ]
    last = instance.name_of("period", instance.planned[-1], lang)
    return Table(
        "moved",
        Text(
            "Districts whose counter moves, today to {last}", "窓口が変わる校区(現在と{last})"
        ).say(lang, last=last),
        [
            Text(en, ja).say(lang)
            for en, ja in [
                ("district", "校区"),
                ("service", "業務"),
                ("today", "現在の窓口"),
                ("plan", "計画の窓口"),
                ("m today", "現在(m)"),
                ("m plan", "計画(m)"),
                ("change", "増減(m)"),
                ("cases", "件数"),
            ]
        ],
        rows,
        frozenset({4, 5, 6, 7}),
    )


def rooms_table(audit: Audit, lang: str) -> Table:
    """Community staff by exchange room and year."""
    instance = audit.instance
    staff = audit.plan.extra.get("community_staff")
    table = None if staff is None else staff.unstack("period")
    districts = instance.districts.groupby("room").size()
    rows = (
        []
        if table is None
        else [
            [instance.name_of("room", r, lang), str(districts.get(r, 0)), *_numbers(table.loc[r])]
            for r in table.index
        ]
    )
    return Table(
        "rooms",
        Text(
            "Community support by exchange room (persons)", "まちづくり交流室別の地域担当職員(人)"
        ).say(lang),
        [
            Text("exchange room", "まちづくり交流室").say(lang),
            Text("districts", "校区数").say(lang),
            *_years(instance, lang),
        ],
        rows,
        frozenset(range(1, len(instance.planned) + 2)),
    )


def hours_table(audit: Audit, lang: str) -> Table:
    """Counters with longer opening hours, by year; no rows where there are none."""
    instance = audit.instance
    longer = audit.plan.extended(instance).unstack("period")
    yes, no = Text("longer", "延長").say(lang), Text("·", "–").say(lang)
    rows = [
        [instance.name_of("point", point, lang), *(yes if on else no for on in row)]
        for point, row in longer[longer.any(axis=1)].iterrows()
    ]
    return Table(
        "hours",
        Text("Counters with longer opening hours", "開庁時間を延長する窓口").say(lang),
        [Text("counter", "窓口").say(lang), *_years(instance, lang)],
        rows,
    )


def community_by_year(audit: Audit) -> list[int]:
    """Community staff today and in each planned year."""
    staff = audit.plan.extra.get("community_staff", pd.Series(dtype="int64"))
    by_year = {} if staff.empty else staff.groupby(level="period").sum().to_dict()
    return [
        audit.instance.community_today,
        *(int(by_year.get(t, 0)) for t in audit.instance.planned),
    ]


def _years(instance: Instance, lang: str) -> list[str]:
    return [instance.name_of("period", t, lang) for t in instance.planned]


def _numbers(values: Sequence[int]) -> list[str]:
    return [f"{int(value):,}" for value in values]


def _millions(values: Sequence[int]) -> list[str]:
    return [f"{int(value) / 1e6:,.1f}" for value in values]
