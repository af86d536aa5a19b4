"""The report of a classical problem: its value in the file's own unit, the open sites, the readings."""

from decimal import Decimal
from fractions import Fraction

from optimizer.audit.verify import Audit
from optimizer.base.words import Text
from optimizer.city.city import Classical
from optimizer.model.outcome import Outcome
from optimizer.objectives.ede import Ede
from optimizer.report.table import Report, Table

UNITS = {
    "cost": Text("cost", "費用"),
    "distance": Text("distance", "距離"),
    "sites": Text("open sites", "開設数"),
    "weight": Text("weight uncovered", "被覆されない重み"),
    "felt": Text("weighted felt distance", "体感距離(重み付き合計)"),
}


def location_headline(audit: Audit, outcome: Outcome | None, lang: str) -> list[str]:
    """Return the value with what is proved of it, and how many sites are open."""
    classical = audit.instance.classical
    assert classical is not None
    value = next(iter(audit.values.values()))
    stage = outcome.stages[0] if outcome else None
    unit = UNITS[classical.unit].say(lang)
    words = {"unit": unit, "value": told(value, classical)}
    if stage is not None and stage.contradiction is not None and outcome is not None:
        false = told(stage.contradiction.bound or 0, classical)
        words["told"] = outcome.refuted(stage, words["value"], false).say(lang)
        text = Text("{unit} {value}; {told}", "{unit} {value}。{told}")
    elif stage is None or stage.bound is None or outcome is None:
        text = Text("{unit} {value} (nothing is proved about it)", "{unit} {value}(最適性は未証明)")
    elif value <= stage.bound:
        words["engine"] = outcome.claimant(stage).say(lang)
        text = Text(
            "{unit} {value}; optimal: {engine} claims that nothing is better",
            "{unit} {value}。最適({engine}による。これより良い解はない)",
        )
    else:
        words |= {
            "engine": outcome.claimant(stage).say(lang),
            "bound": told(stage.bound, classical),
            "gap": f"{(value - stage.bound) / max(abs(value), 1):.2%}",
        }
        text = Text(
            "{unit} {value}; {engine} claims that nothing is better than {bound} (gap {gap})",
            "{unit} {value}。{engine}によれば{bound}より良い解はない(差{gap})",
        )
    names = [str(audit.instance.points["name"][point]) for point in open_sites(audit)]
    many = Text("{n} of {all} sites open: {names}", "{all}か所のうち{n}か所を開設: {names}")
    shown = ", ".join(names[:20]) + (" …" if len(names) > 20 else "")
    total = len(audit.instance.points)
    lines = [text.say(lang, **words), many.say(lang, n=len(names), all=total, names=shown)]
    equal = Text("as good as {way} for everybody", "全員が{way}であるのと同じ")
    return lines + [
        equal.say(lang, way=amount(aim.metres(audit.instance, audit.plan), classical.per))
        for aim in audit.instance.objectives
        if isinstance(aim, Ede)
    ]


def problem_data(audit: Audit, outcome: Outcome | None) -> dict[str, object]:
    """Return value and bound in the file's unit (decimal texts) and the open sites as plain data."""
    classical = audit.instance.classical
    bound = outcome.stages[0].bound if outcome else None
    assert classical is not None
    return {
        "preset": classical.preset,
        "unit": classical.unit,
        "value": told(next(iter(audit.values.values())), classical).replace(",", ""),
        "bound": None if bound is None else told(bound, classical).replace(",", ""),
        "per_unit": classical.per,
        "open": open_sites(audit),
    }


def told(value: int, classical: Classical) -> str:
    """Return a value of the objective in the file's unit.

    A quantity to be made large is minimised as its negative, and told as itself.
    """
    return amount(-value if classical.largest else value, classical.per)


def amount(value: int, per: int) -> str:
    """Return value / per with at most six decimals."""
    exact = round(Fraction(value, per), 6)
    decimal = Decimal(exact.numerator) / exact.denominator
    return f"{decimal:,.6f}".rstrip("0").rstrip(".")


def open_sites(audit: Audit) -> list[str]:
    """Return the ids of the open sites."""
    modes = audit.plan.modes
    return list(modes.index[modes.isin(audit.instance.open_modes)].get_level_values("point"))


def sites_table(audit: Audit, lang: str) -> Table:
    """Every open site: what goes there and, where capacities count, how full it is."""
    instance, classical = audit.instance, audit.instance.classical
    assert classical is not None
    limited = any(entry.type_name() == "capacity" for entry in instance.entries)
    served = audit.plan.served(instance).groupby("point")["cases"].agg(["size", "sum"])
    rows = []
    for site in open_sites(audit):
        count, load = served.loc[site] if site in served.index else (0, 0)
        most = int(instance.points["capacity"][site])
        full = [amount(int(n), classical.cases_per) for n in (load, most)] if limited else []
        rows.append([str(instance.points["name"][site]), f"{int(count):,}", *full])
    whole = Text("customers", "需要地の数")
    names = [Text("site", "候補地"), Text("parts", "分割分の数") if classical.parts > 1 else whole]
    names += [Text("load", "需要量"), Text("capacity", "容量")] if limited else []
    return Table(
        "sites",
        Text("Open sites", "開設する候補地").say(lang),
        [name.say(lang) for name in names],
        rows,
        frozenset(range(1, len(names))),
    )


def readings_table(audit: Audit, lang: str) -> Table:
    """Every active entry: what it is, keys checked, violations, smallest margin."""
    rows = []
    for entry, readings in audit.readings:
        margins = readings.table["margin"]
        margin = f"{int(margins.min()):,}" if len(margins) and entry.unit else "–"
        name = entry.words.name.say(lang)
        counts = [f"{len(margins):,}", f"{len(readings.violations):,}"]
        rows.append([entry.id, name, *counts, margin])
    names = [("entry", "記号"), ("constraint", "制約"), ("checked", "確認数")]
    names += [("violations", "違反"), ("margin", "最小の余裕")]
    return Table(
        "constraints",
        Text("Constraint report", "制約の確認結果").say(lang),
        [Text(en, ja).say(lang) for en, ja in names],
        rows,
        frozenset({2, 3, 4}),
    )


def location_report(audit: Audit, outcome: Outcome | None, lang: str) -> Report:
    """Return the report of a plan of a classical problem."""
    instance = audit.instance
    return Report(
        instance.name.say(lang),
        tuple(location_headline(audit, outcome, lang)),
        tuple(
            table for table in (sites_table(audit, lang), readings_table(audit, lang)) if table.rows
        ),
        tuple(note.say(lang) for note in instance.notes),
    )
