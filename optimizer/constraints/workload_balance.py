"""The work of every counter keeps its staff busy between two stated shares of their time."""

from optimizer.rules import Constraint, Decisions, Examples, Instance, Percent, Plan, Problem
from optimizer.rules import Readings, Rows, Text, Words, at_least, at_most, nearer, ratio, town
from optimizer.rules import town_plan


class WorkloadBalance(Constraint):
    """least_per_cent x capacity <= 100 x minutes of work <= most_per_cent x capacity, capacity being
    the minutes that the staff of the point can work in a year: with two shares stated for all, the
    work per person of any two counters differs by at most their ratio, and the rows stay linear
    (a balance against the average itself is not, as both depend on the staff). Points run by a
    partner are free. A counter whose least crew has little to do needs `where`.

    A reading is set beside the bound, in minutes, that it is nearer to: ceil(least_per_cent x
    capacity / 100) or floor(most_per_cent x capacity / 100).
    """

    least_per_cent: Percent
    most_per_cent: Percent = 100

    key, unit = ("point", "period"), "min"
    words = Words(
        name=Text("Balanced work at the counters", "窓口間の業務量の均衡"),
        reading=Text("{point} in {period}: work of {actual} min (nearest bound: {limit} min).",
                     "{point}({period}): 業務量{actual}分(近い方の限度{limit}分)。"),
        conflict=Text("The staff of {point} must be busy between {least_per_cent} and {most_per_cent} %"
                      " of their time in {period}.",
                      "{period}の{point}の職員の稼働率は"
                      "{least_per_cent}%以上{most_per_cent}%以下でなければならない。"),
        repair=Text("Widen the bounds of {least_per_cent} and {most_per_cent} % for {point} in"
                    " {period}: its work is {actual} min, the bound {limit} min.",
                    "{period}の{point}について{least_per_cent}%から{most_per_cent}%までの限度を広げる(業務量{actual}分、限度{limit}分)。"),
    )  # fmt: skip

    def problems(self, instance: Instance) -> list[Problem]:
        if self.least_per_cent <= self.most_per_cent:
            return []
        message = Text("the least is above the most", "下限が上限より大きい")
        remedy = Text("exchange the two", "二つを入れ替える")
        place, value = f"constraint.{self.id}.least_per_cent", str(self.least_per_cent)
        return [Problem(message, remedy, "instance.toml", None, place, value)]

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        work = (x.assign * x.by_link["minutes"]).sum(by=["point", "period"])
        work = work.over(x.staff.index, fill=True)
        everything = x.all_work.reindex(x.staff.index, fill_value=0)
        longer = instance.extension.minutes if instance.extension else 0
        everybody = x.most_staff * (instance.person_minutes + longer)
        partners = x.in_modes(instance.modes.index[instance.modes["run_by"] == "partner"])
        partners = partners.over(x.staff.index)
        (a, b), (c, d) = ratio(self.most_per_cent), ratio(self.least_per_cent)
        return [
            (work - partners * everything) * b <= x.capacity * a,
            (x.capacity - partners * everybody) * c <= work * d,
        ]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        partner = plan.modes.map(instance.modes["run_by"]) == "partner"
        staffed = plan.modes.index.get_level_values("point").isin(instance.staffed_points)
        keys = plan.modes.index[~partner & staffed]
        work, capacity = plan.minutes(instance)[keys], plan.capacity(instance)[keys]
        least = at_least(work, -(-capacity * self.least_per_cent // 100))
        return nearer(least, at_most(work, capacity * self.most_per_cent // 100))

    @classmethod
    def examples(cls) -> Examples:
        # A person has 50,000 minutes. Nobody goes to X1 and Z1, so they close; B2 has the least
        # work for its three persons, 50,000 min, and W1 the most for its two of 2018, 90,000 min.
        plan = town_plan().with_mode("X1", 2017, "agency").with_staff("X1", 2017, 0)
        for period in (2017, 2018):
            plan = plan.with_mode("Z1", period, "closed").with_staff("Z1", period, 0)
        return Examples(town(), cls(id="balance", least_per_cent=25, most_per_cent=95), plan, {
            "little to do": plan.with_staff("B2", 2018, 5),
            "overloaded": plan.with_assignment("D2", "welfare", 2018, "W1"),
            "nobody for the work": plan.with_staff("W1", 2017, 0),
            "a counter without visitors": plan.with_mode("Z1", 2018, "plaza").with_staff("Z1", 2018, 1),
        })  # fmt: skip
