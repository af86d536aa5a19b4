"""Checks within instance.toml: names that lead nowhere, numbers that cannot be, things told twice."""

from decimal import Decimal

from optimizer.base.errors import Problem
from optimizer.base.words import Text
from optimizer.files.entries import FILE
from optimizer.files.schema import InstanceSpec

WHAT = {
    "district": Text("district", "校区"),
    "point": Text("point", "窓口"),
    "room": Text("exchange room", "まちづくり交流室"),
    "kind": Text("kind", "種別"),
    "mode": Text("mode", "形態"),
    "service": Text("service", "業務"),
    "ward": Text("ward", "区"),
    "period": Text("period", "年度"),
    "sentence": Text("policy sentence", "方針の文"),
    "assumption": Text("assumption", "仮定"),
    "entry": Text("constraint entry", "制約"),
    "origin": Text("origin (straight_line, in_district, stated)", "出典の区分"),
}


def toml_problems(spec: InstanceSpec) -> list[Problem]:
    """Return every name in instance.toml that leads nowhere and every number that cannot be."""
    modes, services = {m.id for m in spec.mode}, {s.id for s in spec.service}
    periods = {str(p.period) for p in spec.period}
    found = [
        ("mode", f"mode.{m.id}.serves", s, "service", services) for m in spec.mode for s in m.serves
    ]
    found += [("kind", f"kind.{k.id}.modes", m, "mode", modes) for k in spec.kind for m in k.modes]
    found += [("moves", "moves", m, "mode", modes) for pair in spec.moves for m in pair]
    found += [
        ("demand", "demand.services", s, "service", services)
        for d in spec.demand
        for s in d.services
    ]
    numbers = [(f"service.{s.id}.minutes", s.minutes) for s in spec.service]
    numbers += [
        (f"mode.{m.id}.{name}", getattr(m, name))
        for m in spec.mode
        for name in ("crew", "running_cost", "fee", "move_in_cost")
    ]
    numbers += [(f"staff.{name}", value) for name, value in spec.staff]
    numbers += [(f"extension.{name}", value) for name, value in spec.extension or ()]
    numbers += [(f"travel.in_district.{k}", v) for k, v in spec.travel.in_district.items()]
    problems = [
        no_such(what, place, value) for _, place, value, what, known in found if value not in known
    ]
    rates = [
        (f"demand.{d.services[0]}.{name}", getattr(d, name), True)
        for d in spec.demand
        for name in ("rate", "remaining", "share")
        if getattr(d, name) is not None
    ]
    for place, name, decimal in [
        *((p, v, False) for p, v in numbers if isinstance(v, str)),
        *rates,
    ]:
        if name not in spec.assumptions:
            problems.append(no_such("assumption", place, name))
            continue
        value = spec.assumptions[name].value
        if isinstance(value, dict):
            for period in sorted(periods - set(value)) if decimal else ["*"]:
                problems.append(no_such("period", f"assumptions.{name}.value", period))
        elif not decimal and not str(value).isdigit():
            message = Text("a whole number is due here", "ここには整数が必要である")
            remedy = Text("round the assumption", "仮定の値を整数にする")
            problems.append(Problem(message, remedy, FILE, None, f"assumptions.{name}", str(value)))
        for period in sorted(set(value) - periods) if isinstance(value, dict) else ():
            problems.append(no_such("period", f"assumptions.{name}.value", period))
        shares = [str(v) for v in (value.values() if isinstance(value, dict) else [value])]
        for share in [v for v in shares if place.endswith(".share") and Decimal(v) > 1]:
            message = Text("a share is at most 1", "割合は1以下である")
            remedy = Text("write 0.12 for 12 %", "12%は 0.12 と書く")
            problems.append(Problem(message, remedy, FILE, None, f"assumptions.{name}", share))
    problems += _repeated(spec)
    years = [p.period for p in spec.period]
    if years != sorted(set(years)):
        message = Text("the periods are not in rising order", "年度が昇順でない")
        problems.append(Problem(message, Text("sort them", "並べ替える"), FILE, None, "period"))
    wrong_share = [d for d in spec.demand if (len(d.services) == 2) != (d.share is not None)]
    for rule in wrong_share:
        message = Text("a share goes with two services", "shareは業務が二つのときだけ要る")
        place = f"demand.{rule.services[0]}.share"
        problems.append(
            Problem(message, Text("add or remove it", "加えるか除く"), FILE, None, place)
        )
    return problems


def _repeated(spec: InstanceSpec) -> list[Problem]:
    """Return a problem for every id given twice, and for a person without minutes."""
    lists = {
        "service": [s.id for s in spec.service],
        "mode": [m.id for m in spec.mode],
        "kind": [k.id for k in spec.kind],
        "demand": [s for d in spec.demand for s in d.services],
    }
    problems = []
    for place, ids in lists.items():
        for again in sorted({i for i in ids if ids.count(i) > 1}):
            message = Text("given twice", "二度書かれている")
            remedy = Text("keep one of the two", "どちらか一つだけ残す")
            problems.append(Problem(message, remedy, FILE, None, place, again))
    minutes = spec.staff.person_minutes
    number = spec.assumptions[minutes].value if minutes in spec.assumptions else minutes
    if str(number) == "0":
        message = Text("a person works 0 minutes", "一人の年間時間が0分である")
        remedy = Text("give at least 1", "1以上にする")
        place = f"assumptions.{minutes}" if isinstance(minutes, str) else "staff.person_minutes"
        problems.append(Problem(message, remedy, FILE, None, place, "0"))
    for mode in spec.mode:
        if mode.run_by != "city" and mode.crew != 0:
            message = Text(
                "only modes run by the city have a crew", "市の職員を置くのは市の窓口だけである"
            )
            remedy = Text("leave it out", "除く")
            place = f"mode.{mode.id}.crew"
            problems.append(Problem(message, remedy, FILE, None, place, str(mode.crew)))
    return problems


def no_such(what: str, place: str, value: str) -> Problem:
    """Return the problem that `value` at `place` names no `what`."""
    text = WHAT[what]
    message = Text(f"no such {text.en}", f"該当する{text.ja}がない")
    remedy = Text(f"use a {text.en} that the instance has", f"インスタンスにある{text.ja}を使う")
    return Problem(message, remedy, FILE, None, place, value)
