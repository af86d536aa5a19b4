"""Community support (地域担当職員): who is posted where, and what share of them a room is due."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from optimizer.city.baseline import baseline
from optimizer.city.plan import Plan
from optimizer.model.instance import Instance

if TYPE_CHECKING:
    from optimizer.model.algebra import Affine
    from optimizer.model.decisions import Decisions


def community_staff(instance: Instance, x: "Decisions") -> "Affine":
    """Return the decision community_staff[room, period] in persons, made on first use."""
    index = pd.MultiIndex.from_product(
        [instance.rooms.index, instance.planned], names=["room", "period"]
    )
    return x.new("community_staff", index, 0, headcount(instance))


def headcount(instance: Instance) -> int:
    """Return the persons at counters and in community support today."""
    return instance.community_today + int(baseline(instance).staff.sum())


def posted(instance: Instance, plan: Plan) -> pd.Series:
    """Return persons in community support by (room, period); 0 where the plan names nobody."""
    index = pd.MultiIndex.from_product(
        [instance.rooms.index, instance.planned], names=["room", "period"]
    )
    staff = plan.extra.get("community_staff", pd.Series(0, index=index))
    return staff.reindex(index.union(staff.index), fill_value=0)


def due_in_rooms(instance: Instance, total: int, minimum: pd.Series) -> pd.Series:
    """Return the persons of `total` that each exchange room is due, index room.

    Room r with d[r] of D districts has the quota total x d[r] / D. It gets the quota rounded down,
    or its `minimum` where that is more and `total` is enough for all; the persons left go to the
    rooms with the largest remainders of their quota, one each, ties to the lower room id
    (Hamilton's method, with minimums: Balinski, Young, Fair Representation, 1982).
    """
    share = districts_of_rooms(instance)
    persons = total * share // share.sum()
    if total >= enough(instance, minimum):
        persons = persons.where(persons > minimum, minimum)
    remainder = total * share - persons * share.sum()
    order = sorted(share.index, key=lambda room: (-remainder[room], room))
    persons[order[: total - int(persons.sum())]] += 1
    return persons.astype("int64")


def enough(instance: Instance, minimum: pd.Series) -> int:
    """Return the least total from which every room can have both its quota and its `minimum`.

    minimum: persons, index room, at most its districts. The sum of the minimums is not always
    enough: a large room's quota may pass its minimum before the small rooms have theirs.
    """
    share = districts_of_rooms(instance).to_numpy()
    totals = np.arange(share.sum() + 1)[:, None]  # with a person a district all have their minimum
    least = np.maximum(totals * share // share.sum(), minimum.to_numpy()).sum(axis=1)
    short = np.flatnonzero(least > totals[:, 0])
    return int(short[-1]) + 1 if len(short) else 0


def districts_of_rooms(instance: Instance) -> pd.Series:
    """Return the number of districts of each exchange room, index room."""
    return instance.districts.groupby("room").size().reindex(instance.rooms.index, fill_value=0)
