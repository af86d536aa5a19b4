"""The staff of a counter changes by at most a stated number of persons a year while its mode stays."""

import pandas as pd

from optimizer.rules import Constraint, Decisions, Examples, Instance, Persons, Plan, Readings, Rows
from optimizer.rules import Text, Words, YesNo, at_most, baseline, modes_before, town, town_plan


class SteadyStaff(Constraint):
    """|staff[p, t] - staff[p, t-1]| <= `persons` where the mode stays, as rows for each mode m:
    +-(staff[p, t] - staff[p, t-1]) <= persons + most x (2 - mode[p, m, t-1] - mode[p, m, t]), the
    change of work force of aggregate planning (Holt, Modigliani, Muth, Simon, Planning Production,
    Inventories, and Work Force, 1960) with a limit. The first planned period is compared with today
    only with `from_today`, because today's staff is derived, not published.
    """

    persons: Persons
    from_today: YesNo = False

    key, unit, limit = ("point", "period"), "persons", "persons"
    words = Words(
        name=Text("Steady staff", "職員数の急変の防止"),
        reading=Text("{point}: staff changes by {actual} persons from the year before to {period} (at"
                     " most {limit}).",
                     "{point}({period}): 前年度からの職員の増減{actual}人(上限{limit}人)。"),
        conflict=Text("The staff of {point} may change by at most {persons} persons in {period}.",
                      "{period}の{point}の職員の増減は{persons}人以内でなければならない。"),
        repair=Text("Allow a change of {actual} persons at {point} in {period} instead of {persons}.",
                    "{point}の{period}の職員の増減を、{persons}人から{actual}人まで認める。"),
    )  # fmt: skip

    def _periods(self, instance: Instance) -> list[int]:
        return instance.planned if self.from_today else instance.planned[1:]

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        modes = x.mode.select(point=instance.staffed_points, period=self._periods(instance))
        table = modes.index.to_frame(index=False)
        table["before"] = table["period"].map({t: instance.previous(t) for t in instance.planned})
        index = pd.MultiIndex.from_frame(table)
        given = baseline(instance).staff
        past = pd.MultiIndex.from_frame(table[["point", "before"]])
        held = pd.Series(given.reindex(past, fill_value=0).to_numpy(), index=index)
        now = x.staff.over(index)
        then = x.staff.rename(period="before").over(index, fill=True) + held
        most = pd.concat([given, x.most_staff]).rename_axis(["point", "before"])
        moves = 2 - x.mode.over(index) - x.mode_before.over(index)
        return [
            now - then <= moves * x.most_staff + self.persons,
            then - now <= moves * most + self.persons,
        ]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        staffed = plan.modes.index.get_level_values("point").isin(instance.staffed_points)
        compared = plan.modes.index.get_level_values("period").isin(self._periods(instance))
        stays = (plan.modes == modes_before(instance, plan))[staffed & compared]
        earlier = [(point, instance.previous(t)) for point, t in stays.index]
        staff = pd.concat([baseline(instance).staff, plan.staff])
        now = staff.reindex(stays.index, fill_value=0)
        then = staff.reindex(pd.MultiIndex.from_tuples(earlier, names=self.key), fill_value=0)
        change = (now - then.to_numpy()).abs()
        return at_most(change.where(stays, 0), self.persons)

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan()
        # W1 goes from 3 to 2 persons; B1 from 2 to 3, but becomes a general branch.
        return Examples(town(), cls(id="steady", persons=1), plan, {
            "a swing down": plan.with_staff("W1", 2017, 4),
            "a swing up": plan.with_staff("Z1", 2018, 3),
            "emptied from one year to the next": plan.with_staff("B2", 2018, 0),
        })  # fmt: skip
