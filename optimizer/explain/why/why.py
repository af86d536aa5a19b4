"""Why a plan sends a district where it does, or why a counter has its mode: what else there was.

Every other value that a decision could take is tried in the plan, one at a time (see
`alternatives`): either some entries break, and they are what ruled it out, everything else being
as it is, or none does, and the difference in cost is told. Nothing is solved.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from optimizer.audit.verify import Audit
from optimizer.explain.why.alternatives import Alternative, Judge, Ruling
from optimizer.explain.why.clones import ONE_DISTRICT, Way, alone
from optimizer.explain.why.names import find
from optimizer.model.instance import Constraint, Instance

CONSEQUENCES = frozenset({"enough_staff", "minimum_crew", "no_staff_when_closed"})
"""Rules that break where a counter is given work that it cannot take; others say why it cannot."""


@dataclass(frozen=True, eq=False)
class Touching:
    """An entry with readings at the decision. readings: index its key; columns actual, limit, margin."""

    entry: Constraint
    readings: pd.DataFrame

    def to_json(self) -> dict[str, object]:
        """Return what was checked, and the reading with the least room, as plain data."""
        worst = self.readings.sort_values("margin", kind="stable").head(1).reset_index()
        (row,) = worst.to_dict("records")
        reading = {str(k): v if isinstance(v, str) else int(v) for k, v in row.items()}
        names = {"id": self.entry.id, "type": self.entry.type_name()}
        checked = {"checked": len(self.readings), "tightest": reading}
        return {**names, "source": list(self.entry.source), **checked}


@dataclass(frozen=True, eq=False)
class Choice:
    """One decision of the plan, in a run of years in which it is the same.

    service: of a district, else "". value: the point it is sent to, or the mode of the point.
    alternatives: every other one, the nearest first (modes: in the order of their kind).
    """

    service: str
    periods: tuple[int, ...]
    value: str
    metres: int | None
    alternatives: tuple[Alternative, ...]
    touching: tuple[Touching, ...]

    @property
    def best(self) -> Alternative | None:
        """The cheapest alternative that nothing rules out."""
        free = [a for a in self.alternatives if a.cost is not None]
        return min(free, key=lambda a: a.cost or 0, default=None)

    def to_json(self) -> dict[str, object]:
        """Return the decision as plain data."""
        return {
            "service": self.service,
            "periods": list(self.periods),
            "value": self.value,
            "metres": self.metres,
            "alternatives": [a.to_json() for a in self.alternatives],
            "touching": [t.to_json() for t in self.touching],
        }


@dataclass(frozen=True, eq=False)
class Why:
    """All decisions of one district or point. label: "district" or "point"; id: which one."""

    audit: Audit
    label: str
    id: str
    choices: tuple[Choice, ...]

    @property
    def instance(self) -> Instance:
        """The instance."""
        return self.audit.instance

    @property
    def cited(self) -> tuple[str, ...]:
        """The sentences of the policy behind all entries that are named, in its order."""
        entries = [r.entry for c in self.choices for a in c.alternatives for r in a.rulings]
        entries += [t.entry for c in self.choices for t in c.touching]
        named = {sentence for entry in entries for sentence in entry.source}
        return tuple(s for s in self.instance.policy if s in named)

    def to_json(self) -> dict[str, object]:
        """Return the explanation as plain data, with the sentences of the policy that it names."""
        texts = {s: self.instance.policy[s].text for s in self.cited}
        return {
            self.label: self.id,
            "objective": self.instance.objectives[0].id,
            "decisions": [choice.to_json() for choice in self.choices],
            "policy": {s: {"en": t.en, "ja": t.ja} for s, t in texts.items()},
        }


def why_district(audit: Audit, name: str) -> Why:
    """Return why the district called `name` is sent where it is, service by service.

    Raises InputError with near names if it is unknown or ambiguous.
    """
    instance = audit.instance
    district = find(instance, "district", name, "--district")
    judge = Judge(audit)
    runs = list(_runs(audit, district))
    travel = instance.travel.loc[district]["metres"].sort_values(kind="stable")
    ways = [
        Way(district, service, periods, str(point))
        for service, periods, chosen in runs
        for point in travel.index
        if point != chosen
    ]
    by_itself = alone(audit, ways)
    always = _forbidding(instance, ways)
    found: dict[tuple[str, tuple[int, ...]], list[Alternative]] = {run[:2]: [] for run in runs}
    for way, mine, forbidding in zip(ways, by_itself, always, strict=True):
        metres = int(travel[way.point])
        one = _elsewhere(judge, way, mine, forbidding, metres)
        found[way.service, way.periods].append(one)
    choices = []
    for service, periods, chosen in runs:
        labels = {"district": district, "point": chosen, "service": service}
        labels |= {"ward": instance.districts["ward"][district]}
        far = int(travel[chosen]) if chosen in travel else None
        touching = _touching(audit, labels, periods, "district")
        others = tuple(found[service, periods])
        choices.append(Choice(service, periods, chosen, far, others, touching))
    return Why(audit, "district", district, tuple(choices))


def why_point(audit: Audit, name: str) -> Why:
    """Return why the point called `name` has its mode, year by year.

    Raises InputError with near names if it is unknown or ambiguous.
    """
    instance, plan = audit.instance, audit.plan
    point = find(instance, "point", name, "--point")
    judge = Judge(audit)
    choices = []
    for period in instance.planned:
        mode = str(plan.modes[point, period])
        others = [m for m in instance.kinds[instance.points["kind"][point]] if m != mode]
        alternatives = tuple(_otherwise(judge, point, period, other) for other in others)
        labels = {"point": point, "ward": instance.points["ward"][point]}
        touching = _touching(audit, labels, (period,), "point")
        choices.append(Choice("", (period,), mode, None, alternatives, touching))
    return Why(audit, "point", point, tuple(choices))


def _runs(audit: Audit, district: str) -> Iterator[tuple[str, tuple[int, ...], str]]:
    """Yield service, years one after the other, and the point in all of them."""
    sent = audit.plan.assignments
    mine = sent[sent.index.get_level_values("district") == district]
    for service in audit.instance.services.index:
        years: list[int] = []
        last = ""
        for period in audit.instance.planned:
            point = str(mine.get((district, service, period), ""))
            if point != last and years:
                yield str(service), tuple(years), last
                years = []
            last = point
            if point:
                years.append(period)
        if years:
            yield str(service), tuple(years), last


def _forbidding(instance: Instance, ways: list[Way]) -> list[list[Constraint]]:
    """Return for each of `ways` the entries that rule one of its links out, whatever is decided."""
    if not ways:
        return []
    links = instance.links
    links = links[links["district"] == ways[0].district].reset_index(drop=True)
    keys = pd.MultiIndex.from_frame(links[["service", "point", "period"]])
    found: list[list[Constraint]] = [[] for _ in ways]
    for entry in instance.entries:
        lost = entry.forbids(instance, links)
        if lost is None:
            continue
        gone = set(keys[pd.array(lost, dtype=bool) & entry.where.mask(instance, links)])
        for number, way in enumerate(ways):
            if any((way.service, way.point, t) in gone for t in way.periods):
                found[number].append(entry)
    return found


def _elsewhere(
    judge: Judge, way: Way, mine: list[Ruling], always: list[Constraint], metres: int
) -> Alternative:
    """Return the alternative of sending a district another way."""
    audit = judge.audit
    plan = way.made(audit.plan)
    minutes = int(judge.instance.services["minutes"][way.service])
    work = {}
    for period in way.periods:
        here = way.district, way.service, period
        load = int(judge.instance.demand.get(here, 0)) * minutes
        for point, more in ((str(audit.plan.assignments[here]), -load), (way.point, load)):
            work[point, period] = int(judge.minutes[point, period]) + more
    plan, staff = judge.following(plan, work)
    others = judge.rulings_of_way(plan, ONE_DISTRICT, staff)
    rulings = _with_forbidding([*mine, *others], always)
    cost = None if rulings else judge.cost(plan)
    return Alternative(way.point, way.periods, rulings, cost, staff, plan, metres)


def _otherwise(judge: Judge, point: str, period: int, mode: str) -> Alternative:
    """Return the alternative of another mode in one year."""
    plan = judge.audit.plan.with_mode(point, period, mode)
    plan, staff = judge.following(plan, {(point, period): int(judge.minutes[point, period])})
    rulings = tuple(sorted(judge.rulings(plan), key=_order))
    cost = None if rulings else judge.cost(plan)
    return Alternative(mode, (period,), rulings, cost, staff, plan)


def _with_forbidding(rulings: list[Ruling], always: list[Constraint]) -> tuple[Ruling, ...]:
    """Return `rulings` with those of the entries `always` marked, or added where nothing was read."""
    ids = {entry.id for entry in always}
    marked = [Ruling(r.entry, r.broken, r.entry.id in ids) for r in rulings]
    read = {ruling.entry.id for ruling in rulings}
    empty = pd.DataFrame(columns=["actual", "limit", "margin"])
    marked += [Ruling(entry, empty, True) for entry in always if entry.id not in read]
    return tuple(sorted(marked, key=_order))


def _order(ruling: Ruling) -> tuple[bool, bool, bool]:
    """What holds in every plan first, then what the policy asks for, last what follows from others."""
    return not ruling.always, ruling.entry.type_name() in CONSEQUENCES, not ruling.entry.source


def _touching(
    audit: Audit, labels: dict[str, str], periods: tuple[int, ...], needed: str
) -> tuple[Touching, ...]:
    """Return the entries with readings at these labels. needed: a label that the key must have, or
    none of place at all.
    """
    found = []
    for entry, readings in audit.readings:
        names = readings.table.index.names
        if needed not in names and {"district", "room"} & set(names):
            continue
        if needed == "district" and "district" not in names and "point" not in names:
            continue
        keep = pd.Series(True, index=range(len(readings.table)))
        for name in names:
            level = readings.table.index.get_level_values(name)
            if name == "period":
                keep &= level.isin(periods)
            elif name in labels:
                keep &= level == labels[name]
        table = readings.table[keep.to_numpy()]
        if len(table):
            found.append(Touching(entry, table))
    return tuple(found)
