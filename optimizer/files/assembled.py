"""What instance.toml and the tables say, put together -> Instance: metres, demand, figures by id."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd

from optimizer.base.words import Text
from optimizer.city.city import UNLIMITED, Assumption, Claim, Extension, Sentence
from optimizer.city.demand import cases, half_up, split
from optimizer.files.entries import read_entries, read_objectives
from optimizer.files.schema import Bilingual, InstanceSpec
from optimizer.model.instance import Instance


def assembled(
    spec: InstanceSpec,
    tables: dict[str, pd.DataFrame],
    policy: dict[str, Sentence],
    changes: tuple[str, ...],
    digest: str,
) -> Instance:
    """Return the instance that instance.toml, its tables and the policy describe, all checked."""

    def number(value: int | str) -> int:
        return int(str(spec.assumptions[value].value)) if isinstance(value, str) else value

    districts = _indexed(tables["districts.csv"], {"district_id": "district", "room_id": "room"})
    points = _indexed(tables["points.csv"], {"point_id": "point"})
    points["site_cost"] = points["site_cost"].fillna(0).astype("int64")
    points["capacity"] = points["capacity"].fillna(UNLIMITED).astype("int64")
    modes = pd.DataFrame(
        {
            m.id: {
                "name_en": m.en,
                "name_ja": m.ja,
                "run_by": m.run_by,
                "crew": number(m.crew),
                "running_cost": number(m.running_cost),
                "fee": number(m.fee),
                "move_in_cost": number(m.move_in_cost),
            }
            for m in spec.mode
        }
    ).T.rename_axis("mode")
    whole = ["crew", "running_cost", "fee", "move_in_cost"]
    modes[whole] = modes[whole].astype("int64")
    services = pd.DataFrame(
        {
            "name_en": [s.en for s in spec.service],
            "name_ja": [s.ja for s in spec.service],
            "minutes": [number(s.minutes) for s in spec.service],
            "ward_bound": [s.ward_bound for s in spec.service],
        },
        index=pd.Index([s.id for s in spec.service], name="service"),
    )
    return Instance(
        id=spec.id,
        name=_text(spec.name),
        districts=districts,
        points=points,
        rooms=_indexed(tables["rooms.csv"], {"room_id": "room"}),
        periods=pd.DataFrame(
            {"years": [p.years for p in spec.period]},
            index=pd.Index([p.period for p in spec.period], name="period"),
        ),
        services=services,
        modes=modes,
        kinds={k.id: k.modes for k in spec.kind},
        kind_names={k.id: Text(k.en, k.ja) for k in spec.kind},
        serves=frozenset((m.id, service) for m in spec.mode for service in m.serves),
        moves=frozenset(spec.moves),
        travel=_travel(tables["travel.csv"], points, spec, number),
        office_distances=_office_distances(tables["office_distances.csv"]),
        demand=_demand(spec, districts),
        neighbours=_neighbours(tables.get("neighbours.csv")),
        wage=number(spec.staff.wage),
        person_minutes=number(spec.staff.person_minutes),
        community_today=number(spec.staff.community_today),
        extension=None
        if spec.extension is None
        else Extension(number(spec.extension.minutes), number(spec.extension.cost)),
        entries=read_entries(spec),
        objectives=read_objectives(spec),
        assumptions={
            name: Assumption(
                name,
                {int(t): v for t, v in a.value.items()}
                if isinstance(a.value, dict)
                else str(a.value),
                Text(a.unit_en, a.unit_ja),
                Text(a.reason_en, a.reason_ja),
                a.source,
            )
            for name, a in spec.assumptions.items()
        },
        policy=policy,
        claims=tuple(Claim(**claim.model_dump()) for claim in spec.claim),
        notes=tuple(_text(note) for note in spec.note),
        changes=changes,
        fingerprint=digest,
    )


def _travel(
    table: pd.DataFrame, points: pd.DataFrame, spec: InstanceSpec, number: Any
) -> pd.DataFrame:
    """Metres of every cell: stated, or straight line x circuity, or the in-district assumption."""
    circuity = Fraction(Decimal(spec.travel.circuity))
    within = {kind: number(value) for kind, value in spec.travel.in_district.items()}
    metres = []
    for cell in table.itertuples():
        if cell.origin == "stated":
            metres.append(int(cell.stated_metres))
        elif cell.origin == "in_district":
            metres.append(within[points["kind"][cell.point_id]])
        else:
            metres.append(half_up(int(cell.straight_metres) * circuity))
    index = pd.MultiIndex.from_frame(
        table[["district_id", "point_id"]], names=["district", "point"]
    )
    return pd.DataFrame(
        {"metres": metres, "origin": table["origin"].to_numpy()}, index=index
    ).sort_index()


def _office_distances(table: pd.DataFrame) -> pd.DataFrame:
    """Stated metres in both directions."""
    there = table.rename(columns={"point_id": "point", "other_id": "other"})
    back = table.rename(columns={"point_id": "other", "other_id": "point"})
    both = pd.concat([there, back]).drop_duplicates(["point", "other"])
    return both.set_index(["point", "other"])[["metres", "origin"]].sort_index()


def _neighbours(table: pd.DataFrame | None) -> frozenset[tuple[str, str]]:
    """Pairs of districts that share a border, both ways round."""
    if table is None:
        return frozenset()
    pairs = list(zip(table["district_id"], table["other_id"], strict=True))
    return frozenset(pairs) | frozenset((b, a) for a, b in pairs)


def _demand(spec: InstanceSpec, districts: pd.DataFrame) -> pd.Series:
    def value(name: str | None, period: int, default: str) -> Fraction:
        if name is None:
            return Fraction(Decimal(default))
        stated = spec.assumptions[name].value
        return Fraction(Decimal(str(stated[str(period)] if isinstance(stated, dict) else stated)))

    columns = {}
    for rule in spec.demand:
        for p in spec.period:
            every = cases(
                districts[rule.base],
                value(rule.rate, p.period, "0"),
                value(rule.remaining, p.period, "1"),
            )
            parts = (
                (every,)
                if len(rule.services) == 1
                else split(every, value(rule.share, p.period, "1"))
            )
            for service, part in zip(rule.services, parts, strict=True):
                columns[service, p.period] = part
    table = pd.DataFrame(columns).rename_axis(columns=["service", "period"])
    demand = table.stack(["service", "period"], future_stack=True)
    return demand.rename("cases").astype("int64").sort_index()


def _indexed(table: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    table = table.rename(columns=names)
    return table.set_index(next(iter(names.values()))).sort_index()


def _text(words: Bilingual) -> Text:
    return Text(words.en, words.ja)
