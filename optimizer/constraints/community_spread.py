"""Community staff are shared out among the exchange rooms in proportion to their districts."""

from dataclasses import replace
from functools import partial
from typing import Annotated

import pandas as pd
from pydantic import Field

from optimizer.rules import Constraint, Decisions, Examples, Instance, Plan, Problem, Readings, Rows
from optimizer.rules import Text, Words, community_staff, districts_of_rooms, due_in_rooms, exactly
from optimizer.rules import headcount, posted, town, town_plan


class CommunitySpread(Constraint):
    """community_staff[r, t] = the share of T[t] = sum over rooms that room r is due: T d[r] / D by
    the method of largest remainders, d[r] of D being its districts, and at least one person per
    `districts_per_person` districts once T is enough for that everywhere (`community.due`).

    The share follows from the total, so the solver decides the total alone: `due[r, t]` is a
    column that no row holds, and the plan gets the shares when all is decided (`completes`).
    """

    districts_per_person: Annotated[int, Field(strict=True, ge=1, description="districts")]

    key, unit = ("room", "period"), "persons"
    words = Words(
        name=Text("Community staff follow the districts", "校区数に応じた地域担当職員の配置"),
        reading=Text("{room} in {period}: {actual} persons in community support, its share is {limit}.",
                     "{room}({period}): 地域担当職員{actual}人、校区数に応じた人数{limit}人。"),
        conflict=Text("{room} must get its share of community staff in {period}.",
                      "{period}の{room}には校区数に応じた地域担当職員が必要である。"),
        repair=Text("Post {limit} persons instead of {actual} in {room} in {period}.",
                    "{period}の{room}の地域担当職員を{actual}人から{limit}人にする。"),
    )  # fmt: skip

    def problems(self, instance: Instance) -> list[Problem]:
        mine = set(self.where.periods or instance.planned)
        others = [e for e in instance.entries if isinstance(e, CommunitySpread) and e.id != self.id]
        second = [e.id for e in others if mine & set(e.where.periods or instance.planned)]
        message = Text("a room has one share in a year", "交流室の人数の基準は年度ごとに一つに限る")
        remedy = Text("keep one entry for each year", "年度ごとに一つだけ残す")
        return [Problem(message, remedy, "instance.toml", None, "constraint", i) for i in second]

    def _due(self, instance: Instance, plan: Plan) -> pd.Series:
        """Persons due by (room, period), from the total that the plan posts in the period."""
        staff = posted(instance, plan)
        minimum = -(-districts_of_rooms(instance) // self.districts_per_person)
        total = staff.groupby(level="period").sum()
        shares = {t: due_in_rooms(instance, int(persons), minimum) for t, persons in total.items()}
        return pd.concat(shares, names=["period"]).reorder_levels(["room", "period"]).sort_index()

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        staff = community_staff(instance, x)
        share = partial(self._due, instance)
        return [staff == x.derive(f"{self.id} due", staff.index, 0, headcount(instance), share)]

    def completes(self, instance: Instance, plan: Plan) -> Plan:
        staff = posted(instance, plan)
        where = self.where.mask(instance, staff.index)
        settled = pd.Series(where, index=staff.index).groupby(level="period").transform("any")
        shares = self._due(instance, plan).reindex(staff.index)
        return replace(plan, extra={**plan.extra, "community_staff": shares.where(settled, staff)})

    def check(self, instance: Instance, plan: Plan) -> Readings:
        return exactly(posted(instance, plan), self._due(instance, plan))

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan()
        staff = plan.extra["community_staff"]
        swap = plan.with_extra("community_staff", ("R1", 2018), staff["R1", 2018] + 1)
        return Examples(town(), cls(id="community_spread", districts_per_person=2), plan, {
            "all in one room": plan.with_extra("community_staff", ("R1", 2017), staff["R1", 2017] + 2),
            "one moved over": swap.with_extra("community_staff", ("R2", 2018), staff["R2", 2018] - 1),
            "a room forgotten": plan.with_extra("community_staff", ("R2", 2017), 0),
        })  # fmt: skip
