"""A counter of the city with more than a stated number of cases a year has longer opening hours."""

from optimizer.rules import Cases, Constraint, Decisions, Examples, Instance, Plan, Problem
from optimizer.rules import Readings, Rows, Text, Words, at_most, hours_problems, town_open_longer
from optimizer.rules import town_plan_open_longer


class ExtendedHours(Constraint):
    """sum of cases[d, s, t] assign[d, s, p, t] <= `cases` + M[p, t] (extended[p, t]
    + sum of mode[p, m, t] over m run by partners), M = max(0, cases of all links of p - `cases`).

    The hours of partners are not the city's to set. A reading is the cases of a counter without
    longer hours, 0 with them.
    """

    cases: Cases

    key, unit, limit = ("point", "period"), "cases", "cases"
    words = Words(
        name=Text("Longer hours where the load demands it", "業務量の多い窓口の開庁時間の延長"),
        reading=Text("{point} in {period}: {actual} cases a year without longer hours (at most {limit}).",
                     "{point}({period}): 開庁時間を延長せずに年{actual}件(上限{limit}件)。"),
        conflict=Text("{point} must have longer hours in {period} beyond {cases} cases a year.",
                      "{period}の{point}は、年{cases}件を超えるときは開庁時間を延長しなければならない。"),
        repair=Text("Ask for longer hours beyond {actual} cases a year only, instead of {cases}.",
                    "開庁時間を延長する基準を年{cases}件から{actual}件に上げる。"),
    )  # fmt: skip

    def problems(self, instance: Instance) -> list[Problem]:
        return hours_problems(instance, f"constraint.{self.id}")

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        index, cases = x.staff.index, x.by_link["cases"]
        assigned = (x.assign * cases).sum(by=self.key).over(index, fill=True)
        everything = cases.groupby(level=list(self.key)).sum().reindex(index, fill_value=0)
        partners = x.in_modes(instance.modes.index[instance.modes["run_by"] == "partner"])
        excused = x.extended + partners.over(index)
        return [assigned <= excused * (everything - self.cases).clip(lower=0) + self.cases]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        served = plan.served(instance)
        cases = served.groupby(["point", "period"])["cases"].sum()
        partner = plan.modes.map(instance.modes["run_by"]) == "partner"
        staffed = plan.modes.index.get_level_values("point").isin(instance.staffed_points)
        cases = cases.reindex(plan.modes.index[~partner & staffed], fill_value=0)
        longer = plan.extended(instance).reindex(cases.index)
        return at_most(cases.where(longer < 1, 0), self.cases)

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan_open_longer()
        return Examples(town_open_longer(), cls(id="longer_hours", cases=5400), plan, {
            "a busy ward office as before": plan.with_extra("extended", ("W1", 2017), 0),
            "a branch that grew overlooked": plan.with_extra("extended", ("B1", 2018), 0),
            "a district too many": plan.with_assignment("D1", "certificate_counter", 2017, "B1"),
        })  # fmt: skip
