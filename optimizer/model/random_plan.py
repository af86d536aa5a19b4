"""Random entries and plans for a city: entries that the loader takes, plans sound and then edited."""

from dataclasses import replace
from functools import cache
from itertools import pairwise
from random import Random
from typing import Any, get_origin

import numpy as np
import pandas as pd
from pydantic import ValidationError

from optimizer.city.baseline import network
from optimizer.city.plan import Plan
from optimizer.model.build import Model
from optimizer.model.expressions.community import districts_of_rooms, headcount
from optimizer.model.instance import Constraint, Instance
from optimizer.model.parameters import REFERENCES
from optimizer.model.where import Where

everybody = cache(headcount)
"""Persons of a city today; an instance never changes, so it is worked out once."""


def entry_for(rule: type[Constraint], instance: Instance, random: Random) -> Constraint:
    """Return the rule's example entry with other parameters and keys, if the loader takes them, else
    the example entry, which `problems` may refuse for this city as well.
    """
    example = rule.examples().entry
    values = {"id": example.id, **example.values()}
    for name, field in rule.parameters().items():
        if random.random() < 0.3:
            continue
        if field.annotation is int:
            old = values[name]
            changed = random.choice([0, 1, old - 1, old // 2, old * 2, random.randint(0, 9000)])
        elif get_origin(field.annotation) is tuple and field.description in REFERENCES:
            known = sorted(_known(instance).get(REFERENCES[field.description], []))
            if not known:
                continue
            fewest = 0 if field.default == () else 1
            changed = tuple(random.sample(known, random.randint(fewest, len(known))))
        elif field.annotation is str and field.description in REFERENCES:
            changed = random.choice(sorted(_known(instance)[REFERENCES[field.description]]))
        elif field.annotation is bool:
            changed = random.random() < 0.5
        else:
            continue
        try:
            rule.model_validate({**values, name: changed})
        except ValidationError:
            continue
        values[name] = changed
    entry = rule(**values, where=_where(rule, instance, random))
    return example if entry.problems(instance) else entry


def sound_plan(instance: Instance, random: Random) -> Plan:
    """Return a plan with legal moves, nearest counters, fewest staff and shared community staff."""
    modes, plans = instance.points["mode_today"].copy(), []
    for period in instance.planned:
        for point, mode in modes.items():
            steps = [n for m, n in sorted(instance.moves) if m == mode]
            steps = [n for n in steps if n in instance.kinds[instance.points["kind"][point]]]
            if steps and random.random() < 0.4:
                modes[point] = random.choice(steps)
        plans.append(network(instance, modes, period))
    parts = ("modes", "assignments", "staff")
    plan = Plan(*(pd.concat([getattr(p, part) for p in plans]).sort_index() for part in parts))
    share, everyone = districts_of_rooms(instance), everybody(instance)
    rooms: dict[tuple[object, ...], int] = {}
    for period in instance.planned:
        freed = max(everyone - int(plan.staff.xs(period, level="period").sum()), 0)
        ends = [freed * int(n) // int(share.sum()) for n in [0, *share.cumsum()]]
        rooms |= {
            (room, period): b - a for room, (a, b) in zip(share.index, pairwise(ends), strict=True)
        }
    extra = {"community_staff": _series(rooms, ["room", "period"])}
    if instance.extension is not None:
        extra["extended"] = pd.Series(
            [random.choice([0, 0, 1]) for _ in plan.staff.index], index=plan.staff.index
        )[plan.staff.index.get_level_values("point").isin(instance.staffed_points)]
    return replace(plan, extra=extra)


def perturbed(plan: Plan, instance: Instance, random: Random) -> Plan:
    """Return `plan` after up to three random edits, each of which the program has columns for."""
    for _ in range(random.randint(0, 3)):
        point, period = random.choice(list(plan.staff.index))
        match random.randint(0, 5):
            case 0:
                modes = instance.kinds[instance.points["kind"][point]]
                plan = plan.with_mode(point, period, random.choice(modes))
            case 1 if len(instance.links):
                link = instance.links.iloc[random.randrange(len(instance.links))]
                plan = plan.with_assignment(link.district, link.service, link.period, link.point)
            case 2 if len(plan.assignments):
                plan = plan.without_assignment(*random.choice(list(plan.assignments.index)))
            case 3:
                persons = plan.staff[point, period] + random.choice([-3, -2, -1, 1, 2, 3])
                plan = plan.with_staff(point, period, persons)
            case 4:
                room = random.choice(list(instance.rooms.index))
                now = plan.extra["community_staff"][room, period]
                persons = now + random.choice([-1, 1])
                plan = plan.with_extra("community_staff", (room, period), persons)
            case 5 if "extended" in plan.extra:
                key = random.choice(list(plan.extra["extended"].index))
                plan = plan.with_extra("extended", key, 1 - plan.extra["extended"][key])
    return plan


def within_columns(plan: Plan, model: Model) -> Plan:
    """Return `plan` with numbers inside the bounds of the columns."""
    instance = model.instance
    most = model.decisions.most_staff.reindex(plan.staff.index, fill_value=0)
    staff = plan.staff.clip(lower=0).clip(upper=most)
    community = plan.extra["community_staff"].clip(0, everybody(instance))
    return replace(plan, staff=staff, extra={**plan.extra, "community_staff": community})


def _where(rule: type[Constraint], instance: Instance, random: Random) -> Where:
    fields = [name for name, labels in Where.LABELS.items() if set(labels) & set(rule.key)]
    if not fields or random.random() < 0.5:
        return Where()
    field = random.choice(fields)
    known: dict[str, list[Any]] = {f"{what}s": ids for what, ids in _known(instance).items()}
    known |= {"periods": instance.planned, "wards": ["A", "B"]}
    known |= {"rooms": list(instance.rooms.index)}
    some = known[field]
    return Where(**{field: tuple(random.sample(sorted(some), random.randint(1, len(some))))})


def _known(instance: Instance) -> dict[str, list[str]]:
    return {
        "district": list(instance.districts.index),
        "point": list(instance.points.index),
        "kind": list(instance.kinds),
        "mode": list(instance.modes.index),
        "service": list(instance.services.index),
        "ward": sorted(set(instance.districts["ward"])),
    }


def _series(numbers: dict[tuple[object, ...], int], names: list[str]) -> pd.Series:
    return pd.Series(numbers, dtype=np.int64).rename_axis(names).sort_index()
