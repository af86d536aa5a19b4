"""The sheets of a city: districts, offices by year, staff, costs, differences to today."""

from itertools import pairwise

from optimizer.audit.verify import Audit
from optimizer.base.words import COST_ITEMS, Text
from optimizer.city.ledger import ITEMS
from optimizer.report.map.city_map import short_name
from optimizer.report.networks import (
    community_by_year,
    costs_by_year,
    modes_by_year,
    served_by_year,
    staff_by_year,
)
from optimizer.report.numbers import against_today
from optimizer.report.plan_tables import state_names
from optimizer.report.workbook.sheet import Cell, Formula, Sheet


def districts_sheet(audit: Audit, lang: str) -> Sheet:
    """The counter of every district and service today and in each year, with the way to it."""
    instance = audit.instance
    served = served_by_year(audit).set_index(["district", "service", "period"])
    years = [instance.today, *instance.planned]
    first, last = years[0], years[-1]
    rows: list[list[Cell]] = []
    for district, service in served.index.droplevel("period").unique():
        there = served.loc[(district, service)]
        row: list[Cell] = [
            district,
            instance.districts["name"][district],
            instance.districts["ward"][district],
            instance.name_of("service", service, lang),
        ]
        for year in years:
            known = year in there.index
            name = instance.name_of("point", there["point"][year], lang) if known else ""
            row.append(short_name(name))
            row.append(int(there["metres"][year]) if known else None)
        both = first in there.index and last in there.index
        growth = int(there["metres"][last] - there["metres"][first]) if both else None
        row.append(None if growth is None else Formula(f"={{m{last}}}-{{m{first}}}", growth))
        cases = int(there["cases"][last]) if last in there.index else 0
        row.append(cases)
        carried = cases * int(there["metres"][last]) if cases else 0
        row.append(Formula(f"={{m{last}}}*{{cases}}", carried))
        rows.append(row)
    columns = {
        "id": "id",
        "district": Text("district", "校区").say(lang),
        "ward": Text("ward", "区").say(lang),
        "service": Text("service", "業務").say(lang),
    }
    for year in years:
        name = instance.name_of("period", year, lang)
        columns[f"p{year}"] = name + Text(" counter", " 窓口").say(lang)
        columns[f"m{year}"] = name + Text(" (m)", "(m)").say(lang)
    columns["growth"] = Text("change (m)", "増減(m)").say(lang)
    columns["cases"] = Text("cases in the last year", "最終年度の件数").say(lang)
    columns["carried"] = Text("cases x m", "件数×m").say(lang)
    total = [Text("all", "計").say(lang), *[None] * (len(columns) - 3)]
    sums = [_sum(rows, -2, "cases"), _sum(rows, -1, "carried")]
    note = Text(
        "Today's counters are derived: the nearest that serves. Distances of no travel survey.",
        "現在の窓口は公表値でなく、最寄りの窓口として導いた。距離は実測調査によるものではない。",
    ).say(lang)
    title = Text("Districts", "校区").say(lang)
    return Sheet("districts", title, columns, rows, [[*total, *sums]], (note,), kept=4)


def offices_sheet(audit: Audit, lang: str) -> Sheet:
    """Each counter in each year: state, staff, cases and every item of its cost."""
    instance = audit.instance
    modes, staff, costs = modes_by_year(audit), staff_by_year(audit), costs_by_year(audit)
    cases = served_by_year(audit).groupby(["point", "period"])["cases"].sum()
    rows: list[list[Cell]] = []
    for point in modes.index:
        names = state_names(instance, list(modes.loc[point]), lang)
        for year, state in zip(modes.columns, names, strict=True):
            yen = {item: int(costs[item].get((point, year), 0)) for item in ITEMS}
            years = int(instance.periods["years"][year])
            wages = Formula("={persons}*wage*{years}", yen["wages"])
            others = [yen[item] for item in ITEMS if item != "wages"]
            total = Formula("=SUM({wages}:{moving})", sum(yen.values()))
            rows.append(
                [
                    point,
                    instance.points["name"][point],
                    instance.kind_names[instance.points["kind"][point]].say(lang)
                    if instance.points["kind"][point] in instance.kind_names
                    else instance.points["kind"][point],
                    instance.points["ward"][point],
                    int(year),
                    years,
                    state,
                    int(staff.loc[point, year]),
                    int(cases.get((point, year), 0)),
                    wages,
                    *others,
                    total,
                ]
            )
    columns = {
        "id": "id",
        "name": Text("counter", "窓口").say(lang),
        "kind": Text("kind", "種別").say(lang),
        "ward": Text("ward", "区").say(lang),
        "year": Text("fiscal year", "年度").say(lang),
        "years": Text("years", "年数").say(lang),
        "state": Text("state", "形態").say(lang),
        "persons": Text("staff (persons)", "職員(人)").say(lang),
        "cases": Text("cases a year", "年間件数").say(lang),
        **{item: COST_ITEMS[item].say(lang) + Text(" (yen)", "(円)").say(lang) for item in ITEMS},
        "total": Text("cost (yen)", "費用(円)").say(lang),
    }
    note = Text(
        "Filter by fiscal year. Wages are staff x wage x years; today's staff is derived.",
        "年度で絞り込める。人件費は職員×単価×年数。現在の職員数は導出値。",
    ).say(lang)
    title = Text("Offices by year", "窓口・年度別").say(lang)
    return Sheet("offices", title, columns, rows, notes=(note,), kept=2)


def staff_sheet(audit: Audit, lang: str) -> Sheet:
    """Persons by counter and year, with community support and the payroll beneath."""
    instance, staff = audit.instance, staff_by_year(audit)
    shown = staff[staff.any(axis=1)]
    columns = {"id": "id", "name": Text("counter", "窓口").say(lang)}
    columns |= {f"y{t}": instance.name_of("period", t, lang) for t in shown}
    rows: list[list[Cell]] = [
        [p, instance.points["name"][p], *(int(n) for n in shown.loc[p])] for p in shown.index
    ]
    sums = [int(n) for n in shown.sum()]
    community = community_by_year(audit)
    totals: list[list[Cell]] = [
        [
            Text("counters", "窓口 計").say(lang),
            None,
            *(Formula(f"=SUM([y{t}])", n) for t, n in zip(shown, sums, strict=True)),
        ],
        [Text("community support", "地域担当職員").say(lang), None, *community],
        [
            Text("on the payroll", "合計").say(lang),
            None,
            *(
                Formula(f"=SUM([y{t}])+{n}", total + n)
                for t, total, n in zip(shown, sums, community, strict=True)
            ),
        ],
    ]
    title = Text("Staff", "職員数").say(lang)
    return Sheet("staff", title, columns, rows, totals, kept=2)


def costs_sheet(audit: Audit, lang: str) -> Sheet:
    """Yen by item and year, added up from the sheet of offices; then what made the difference."""
    instance, costs = audit.instance, costs_by_year(audit)
    years = [instance.today, *instance.planned]
    sums = costs.groupby(level="period").sum()
    rows: list[list[Cell]] = [
        [COST_ITEMS[item].say(lang)]
        + [
            Formula(f"=SUMIF([offices.year],{t},[offices.{item}])", int(sums.loc[t, item]))
            for t in years
        ]
        for item in ITEMS
    ]
    totals: list[list[Cell]] = [
        [Text("cost (yen)", "費用(円)").say(lang)]
        + [Formula(f"=SUM([y{t}])", int(sums.loc[t].sum())) for t in years]
    ]
    words = {
        "demand": Text("against today: demand alone", "現在との差 需要の変化のみ"),
        "stores": Text("against today: stores opened", "現在との差 コンビニ交付の開始"),
        "reorganisation": Text("against today: reorganisation", "現在との差 窓口の再編"),
    }
    split = against_today(audit)
    totals += [[words[n].say(lang), None, *(int(y) for y in split.loc[n])] for n in words]
    columns = {"item": Text("item", "項目").say(lang)}
    columns |= {f"y{t}": instance.name_of("period", t, lang) for t in years}
    title = Text("Costs", "費用").say(lang)
    return Sheet("costs", title, columns, rows, totals)


def changes_sheet(audit: Audit, lang: str) -> Sheet:
    """Differences to today, one row each: an office that changes, a district sent elsewhere."""
    instance, modes = audit.instance, modes_by_year(audit)
    office, district = Text("counter", "窓口").say(lang), Text("district", "校区").say(lang)
    rows: list[list[Cell]] = []
    for point in modes.index:
        names = state_names(instance, list(modes.loc[point]), lang)
        steps = list(zip(modes.columns, modes.loc[point], names, strict=True))
        for (_, was, before), (year, mode, after) in pairwise(steps):
            if mode != was:
                name = instance.points["name"][point]
                rows.append([int(year), office, name, "", before, after, None, None, None])
    served = served_by_year(audit)
    served["was"] = served.groupby(["district", "service"])["point"].shift()
    served["before"] = served.groupby(["district", "service"])["metres"].shift()
    for r in served[served["was"].notna() & (served["was"] != served["point"])].itertuples():
        rows.append(
            [
                int(r.period),
                district,
                instance.name_of("district", r.district, lang),
                instance.name_of("service", r.service, lang),
                instance.name_of("point", r.was, lang),
                instance.name_of("point", r.point, lang),
                int(r.before),
                int(r.metres),
                Formula("={after_m}-{before_m}", int(r.metres - r.before)),
            ]
        )
    columns = {
        "year": Text("from fiscal year", "年度から").say(lang),
        "what": Text("what", "区分").say(lang),
        "name": Text("name", "名称").say(lang),
        "service": Text("service", "業務").say(lang),
        "before": Text("before", "変更前").say(lang),
        "after": Text("after", "変更後").say(lang),
        "before_m": Text("before (m)", "前(m)").say(lang),
        "after_m": Text("after (m)", "後(m)").say(lang),
        "change": Text("change (m)", "増減(m)").say(lang),
    }
    rows.sort(key=lambda row: (row[1] == district, row[0]))
    title = Text("Differences to today", "現在との違い").say(lang)
    return Sheet("changes", title, columns, rows, kept=3)


def _sum(rows: list[list[Cell]], place: int, key: str) -> Formula:
    """Return the sum of a column with the number it must give."""
    cells = [row[place] for row in rows]
    values = [c.value if isinstance(c, Formula) else c for c in cells]
    return Formula(f"=SUM([{key}])", sum(int(v or 0) for v in values))
