"""Community staff are spread over the exchange rooms in proportion to their districts."""

from typing import Annotated

import pandas as pd
from pydantic import Field

from optimizer.community import community_staff, districts_of_rooms, enough, headcount, posted
from optimizer.constraint import Constraint, Decisions, Examples, Rows
from optimizer.example import town, town_plan
from optimizer.instance import Instance
from optimizer.plan import Plan
from optimizer.reading import Readings, at_most
from optimizer.words import Text, Words


class CommunitySpread(Constraint):
    """With T persons in all, room r with d[r] of D districts gets T d[r] / D, rounded down or up
    (the quota rule of apportionment: Balinski, Young, Fair Representation, 1982), and at least
    one person per `districts_per_person` districts once T is enough for that everywhere.

    A reading is by how many persons a room is outside that band.
    """

    districts_per_person: Annotated[int, Field(strict=True, ge=1, description="districts")]

    key = ("room", "period")
    unit = "persons"
    words = Words(
        name=Text("Community staff follow the districts", "校区数に応じた地域担当職員の配置"),
        reading=Text(
            "{room} in {period}: {actual} persons off its share (at most {limit}).",
            "{room}({period}): 校区数に応じた人数との差{actual}人(上限{limit}人)。",
        ),
        conflict=Text(
            "{room} must get its share of community staff in {period}.",
            "{period}の{room}には校区数に応じた地域担当職員が必要である。",
        ),
        repair=Text(
            "Move {actual} persons to or from {room} in {period}.",
            "{period}の{room}の地域担当職員を{actual}人増減する。",
        ),
    )

    def _minimum(self, instance: Instance) -> pd.Series:
        """Persons for one per `districts_per_person` districts, index room."""
        return -(-districts_of_rooms(instance) // self.districts_per_person)

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        share = districts_of_rooms(instance)
        total = int(share.sum())
        minimum = self._minimum(instance)
        staff = community_staff(instance, x)
        everyone = staff.sum(by=["period"])
        needed, most = enough(instance, minimum), headcount(instance)

        def due(plan: Plan) -> pd.Series:
            total = posted(instance, plan).groupby(level="period").sum()
            return (total >= needed).reindex(instance.planned, fill_value=False).astype("int64")

        applies = x.derive(f"{self.id} minimum", everyone.index, 0, 1, due)
        quota = everyone.over(staff.index) * share
        everywhere = everyone - applies * (most - needed + 1)
        return [
            staff * total >= quota - (total - 1),
            staff * total <= quota + (total - 1),
            staff >= applies.over(staff.index) * minimum,
            everywhere.over(staff.index) <= needed - 1,
        ]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        staff = posted(instance, plan)
        share = districts_of_rooms(instance)
        room = staff.index.get_level_values("room")
        everyone = staff.groupby(level="period").transform("sum")
        exact = everyone * share.reindex(room).to_numpy()
        minimum = self._minimum(instance)
        applies = everyone >= enough(instance, minimum)
        low = (exact // int(share.sum())).clip(
            lower=pd.Series(minimum.reindex(room).to_numpy(), index=staff.index).where(applies, 0)
        )
        high = -(-exact // int(share.sum()))
        return at_most((low - staff).clip(lower=0) + (staff - high).clip(lower=0), 0)

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan()
        staff = plan.extra["community_staff"]
        swap = plan.with_extra("community_staff", ("R1", 2018), staff["R1", 2018] + 1)
        return Examples(
            town(),
            cls(id="community_spread", districts_per_person=2),
            plan,
            {
                "all in one room": plan.with_extra(
                    "community_staff", ("R1", 2017), staff["R1", 2017] + 2
                ),
                "one moved over": swap.with_extra(
                    "community_staff", ("R2", 2018), staff["R2", 2018] - 1
                ),
                "a room forgotten": plan.with_extra("community_staff", ("R2", 2017), 0),
            },
        )
