"""Opening hours are longer or not, and longer only at a counter that the city runs."""

from optimizer.rules import Constraint, Decisions, Examples, Instance, Plan, Readings, Rows, Text
from optimizer.rules import Words, at_most, town_open_longer, town_plan_open_longer


class HoursWhereRun(Constraint):
    """0 <= extended[p, t] <= sum of mode[p, m, t] over modes m run by the city, where the instance
    offers longer hours.

    A reading is how far a plan is outside that: 1 for longer hours where nobody or a partner runs
    the counter. The lower bound is that of the column.
    """

    key, always = ("point", "period"), True
    words = Words(
        name=Text("Longer hours only at the city's counters", "開庁時間の延長は市の窓口のみ"),
        reading=Text("{point} in {period}: longer hours without a city counter: {actual} (must be {limit}).",
                     "{point}({period}): 市の窓口でない所の開庁時間の延長 {actual}(正しくは{limit})。"),
        conflict=Text("{point} can have longer hours in {period} only if the city runs it.",
                      "{point}は{period}に市の窓口でなければ開庁時間を延長できない。"),
        repair=Text("Give up the longer hours of {point} in {period}.",
                    "{period}の{point}の開庁時間の延長をやめる。"),
    )  # fmt: skip

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        if instance.extension is None:
            return []
        return [x.extended <= x.in_modes(instance.city_modes).over(x.extended.index)]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        longer = plan.extended(instance)
        if instance.extension is None:
            longer = longer.iloc[:0]  # nothing is offered, so nothing is there to be read
        run = plan.modes.reindex(longer.index).isin(instance.city_modes).astype("int64")
        return at_most((longer - run).clip(lower=0) + (-longer).clip(lower=0), 0)

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan_open_longer()
        return Examples(town_open_longer(), cls(id="hours_where_run"), plan, {
            "longer hours of a closed branch": plan.with_mode("B1", 2018, "closed"),
            "longer hours of an agency": plan.with_extra("extended", ("X1", 2018), 1),
            "counted twice": plan.with_extra("extended", ("W1", 2017), 2),
            "less than none": plan.with_extra("extended", ("B2", 2017), -1),
        })  # fmt: skip
