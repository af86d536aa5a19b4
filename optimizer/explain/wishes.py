"""What somebody may ask of a plan that no entry of an instance says: a counter for a district, a
number of persons, a number of counters in a ward. They are added to an instance to force it.
"""

from typing import ClassVar

import numpy as np
import pandas as pd

from optimizer.algebra import Affine
from optimizer.constraint import Constraint, Count, Decisions, Examples, Persons, Rows, Where
from optimizer.example import town, town_plan
from optimizer.instance import UNLIMITED, Instance
from optimizer.objective import Objective
from optimizer.plan import Plan
from optimizer.reading import Readings, at_least, at_most
from optimizer.words import Text, Words

CITY = 10**6
"""More persons than anywhere."""


class SentTo(Constraint):
    """assign[d, s, p, t] = 1 for the stated point p and the districts, services, years of `where`."""

    point: str

    key = ("district", "service", "period")
    words = Words(
        name=Text("Sent to a stated counter", "窓口の指定"),
        reading=Text(
            "{district}, {service}, {period}: sent to {point}: {actual} (1 = yes).",
            "{district}校区・{service}・{period}: {point}への割当て {actual}(1=あり)。",
        ),
        conflict=Text(
            "{district} is to be sent to {point} for {service} in {period}.",
            "{district}校区の{service}を{period}に{point}に割り当てる。",
        ),
        repair=Text(
            "Send {district} elsewhere than to {point} for {service} in {period}.",
            "{period}の{district}校区の{service}を{point}以外に割り当てる。",
        ),
    )

    def forbids(self, instance: Instance, links: pd.DataFrame) -> np.ndarray:
        """Rule out every other counter."""
        return np.asarray(links["point"] != self.point)

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        """One row for each way with demand."""
        wanted = instance.demand.index[instance.demand > 0]
        wanted = wanted[wanted.get_level_values("period") != instance.today]
        named = x.assign.select(point=self.point).sum(by=self.key)
        return [named.over(wanted, fill=True) >= 1]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        """Read whether the plan names the point."""
        return at_least((plan.assignments == self.point).astype("int64"), 1)

    @classmethod
    def examples(cls) -> Examples:
        """Return the town's plan for a district that goes to B1, and plans that send it elsewhere."""
        plan = town_plan()
        where = Where(districts=("D3",), services=("registration",))
        elsewhere = {
            "one year": plan.with_assignment("D3", "registration", 2017, "W1"),
            "the other year": plan.with_assignment("D3", "registration", 2018, "W2"),
        }
        return Examples(town(), cls(id="wish", point="B1", where=where), plan, elsewhere)

    @classmethod
    def type_name(cls) -> str:
        """Return a name, though no file can ask for this entry."""
        return "sent_to"


class StaffBetween(Constraint):
    """`least` <= staff[p, t] <= `most` for the points and years of `where`."""

    least: Persons = 0
    most: Persons = CITY

    key = ("point", "period")
    unit: ClassVar[str] = "persons"
    words = Words(
        name=Text("A stated number of staff", "職員数の指定"),
        reading=Text(
            "{point} in {period}: {actual} persons (nearest bound: {limit}).",
            "{point}({period}): 職員{actual}人(近い方の限度{limit}人)。",
        ),
        conflict=Text(
            "{point} is to have at least {least} and at most {most} persons in {period}.",
            "{period}の{point}の職員を{least}人以上{most}人以下とする。",
        ),
        repair=Text(
            "Let {point} have {actual} persons in {period}.",
            "{period}の{point}に職員{actual}人を認める。",
        ),
    )

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        """Two rows for each point and year; a point that can have no staff has none."""
        index = pd.MultiIndex.from_product(
            [instance.points.index, instance.planned], names=self.key
        )
        staff = x.staff.over(index, fill=True)
        return [staff >= self.least, staff <= self.most]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        """Read the persons at every counter."""
        staff = plan.staff.reindex(plan.modes.index, fill_value=0)
        return nearer(at_least(staff, self.least), at_most(staff, self.most))

    @classmethod
    def examples(cls) -> Examples:
        """Return the town's plan at its own staff, and plans with a person more or fewer."""
        plan = town_plan()
        persons = int(plan.staff["W1", 2017])
        where = Where(points=("W1",), periods=(2017,))
        entry = cls(id="wish", least=persons, most=persons, where=where)
        others = {
            "one more": plan.with_staff("W1", 2017, persons + 1),
            "one fewer": plan.with_staff("W1", 2017, persons - 1),
        }
        return Examples(town(), entry, plan, others)

    @classmethod
    def type_name(cls) -> str:
        """Return a name, though no file can ask for this entry."""
        return "staff_between"


class CountersInWard(Constraint):
    """`least` <= sum of mode[p, m, t] over points p of the `ward` (of one `kind`, if stated) and
    modes m run by the city <= `most`.
    """

    ward: str
    kind: str = ""
    least: Count = 0
    most: Count = UNLIMITED

    key = ("period",)
    unit: ClassVar[str] = "counters"
    words = Words(
        name=Text("Counters in a ward", "区内の窓口数の指定"),
        reading=Text(
            "{period}: {actual} counters run by the city in {ward} (nearest bound: {limit}).",
            "{period}: {ward}の市の窓口{actual}か所(近い方の限度{limit}か所)。",
        ),
        conflict=Text(
            "{ward} is to have at least {least} and at most {most} counters run by the city in"
            " {period}.",
            "{period}の{ward}の市の窓口を{least}か所以上{most}か所以下とする。",
        ),
        repair=Text(
            "Allow {actual} counters in {ward} in {period}.",
            "{period}の{ward}に市の窓口{actual}か所を認める。",
        ),
    )

    def points_of(self, instance: Instance) -> pd.Index:
        """Return the points that count."""
        table = instance.points
        here = table["ward"] == self.ward
        return table.index[here & (table["kind"] == self.kind) if self.kind else here]

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        """Two rows for each year."""
        run = x.in_modes(instance.city_modes).select(point=self.points_of(instance))
        periods = pd.MultiIndex.from_arrays([instance.planned], names=["period"])
        count = run.sum(by=["period"]).over(periods, fill=True)
        return [count >= self.least, count <= self.most]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        """Count the counters that the city runs there."""
        here = plan.modes.index.get_level_values("point").isin(self.points_of(instance))
        run = (plan.modes.isin(instance.city_modes) & here).astype("int64")
        count = run.groupby(level="period").sum().reindex(instance.planned, fill_value=0)
        count = count.set_axis(pd.MultiIndex.from_arrays([instance.planned], names=["period"]))
        return nearer(at_least(count, self.least), at_most(count, self.most))

    @classmethod
    def examples(cls) -> Examples:
        """Return the town's plan with four branches and offices in ward A, and plans with fewer."""
        plan = town_plan()
        entry = cls(id="wish", ward="A", kind="branch", least=2)
        fewer = {
            "one closed": plan.with_mode("B1", 2018, "closed"),
            "both closed": plan.with_mode("B1", 2017, "closed").with_mode("B2", 2017, "closed"),
        }
        return Examples(town(), entry, plan, fewer)

    @classmethod
    def type_name(cls) -> str:
        """Return a name, though no file can ask for this entry."""
        return "counters_in_ward"


class Difference(Objective):
    """Number of modes and assignments that are not as in a plan.

    modes: (point, period, mode); ways: (district, service, period, point).
    """

    modes: tuple[tuple[str, int, str], ...]
    ways: tuple[tuple[str, str, int, str], ...]

    name = Text("decisions unlike the plan", "計画と異なる決定の数")
    unit = ""

    @classmethod
    def to(cls, plan: Plan) -> "Difference":
        """Return the difference to `plan`."""
        modes = tuple((p, int(t), m) for (p, t), m in plan.modes.items())
        ways = tuple((d, s, int(t), p) for (d, s, t), p in plan.assignments.items())
        return cls(modes=modes, ways=ways)

    def terms(self, instance: Instance, x: Decisions) -> Affine:
        """Return their number less the columns that are as stated."""
        modes = {(p, m, t) for p, t, m in self.modes}
        ways = {(d, s, p, t) for d, s, t, p in self.ways}
        same = x.mode.select(np.array([label in modes for label in x.mode.index], dtype=bool)).sum()
        sent = np.array([label in ways for label in x.assign.index], dtype=bool)
        kept: Affine = same + x.assign.select(sent).sum()
        return -kept + (len(modes) + len(ways))

    def value(self, instance: Instance, plan: Plan) -> int:
        """Count them in `plan`."""
        modes = sum(bool(plan.modes.get((p, t)) != m) for p, t, m in self.modes)
        return modes + sum(bool(plan.assignments.get((d, s, t)) != p) for d, s, t, p in self.ways)


def nearer(low: Readings, high: Readings) -> Readings:
    """Return for every key the reading beside the bound with less room."""
    a, b = low.table, high.table
    return Readings(a.where(a["margin"] < b["margin"], b).astype("int64"))
