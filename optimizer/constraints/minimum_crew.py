"""A counter run by the city has at least the crew that its mode needs."""

from optimizer.rules import Constraint, Decisions, Examples, Instance, Plan, Readings, Rows, Text
from optimizer.rules import Words, at_least, town, town_plan


class MinimumCrew(Constraint):
    """staff[p, t] >= sum of crew[m] x mode[p, m, t]."""

    key, unit, always = ("point", "period"), "persons", True
    words = Words(
        name=Text("Minimum crew", "最低配置人数"),
        reading=Text("{point} in {period}: {actual} persons, its mode needs {limit}.",
                     "{point}({period}): 職員{actual}人、形態に必要な人数{limit}人。"),
        conflict=Text("{point} needs the crew of its mode in {period}.",
                      "{period}の{point}には形態に応じた最低人数が必要である。"),
        repair=Text("Give {point} {limit} persons in {period}.",
                    "{period}の{point}に職員{limit}人を配置する。"),
    )  # fmt: skip

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        crew = (x.mode * instance.modes["crew"]).sum(by=self.key)
        return [x.staff >= crew.over(x.staff.index)]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        staffed = plan.modes.index.get_level_values("point").isin(instance.staffed_points)
        modes = plan.modes[staffed]
        crew = modes.map(instance.modes["crew"]).fillna(0)
        return at_least(plan.staff.reindex(modes.index, fill_value=0), crew)

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan()
        return Examples(town(), cls(id="minimum_crew"), plan, {
            "empty branch": plan.with_staff("B1", 2017, 0),
            "one person in a ward office": plan.with_staff("W1", 2018, 1),
            "general branch with a small crew": plan.with_staff("B2", 2017, 1),
        })  # fmt: skip
