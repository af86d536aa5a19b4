"""Nobody is posted at a counter that the city does not run in that year."""

from optimizer.rules import Constraint, Decisions, Examples, Instance, Plan, Readings, Rows, Text
from optimizer.rules import Words, exactly, town, town_plan


class NoStaffWhenClosed(Constraint):
    """staff[p, t] <= U x sum of mode[p, m, t] over modes m run by the city; U its upper bound."""

    key, unit, always = ("point", "period"), "persons", True
    words = Words(
        name=Text("No staff where the city runs no counter", "市の窓口でない所に職員を置かない"),
        reading=Text("{point} in {period}: {actual} persons without a city counter (must be {limit}).",
                     "{point}({period}): 市の窓口がないのに職員{actual}人(正しくは{limit}人)。"),
        conflict=Text("{point} can have staff in {period} only if the city runs it.",
                      "{point}は{period}に市の窓口でなければ職員を置けない。"),
        repair=Text("Move the staff of {point} in {period} to an open counter.",
                    "{period}の{point}の職員を開いている窓口に移す。"),
    )  # fmt: skip

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        run = x.in_modes(instance.city_modes).over(x.staff.index)
        return [x.staff <= run * x.most_staff]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        staff = plan.staff.reindex(plan.modes.index, fill_value=0)
        return exactly(staff.where(~plan.modes.isin(instance.city_modes), 0), 0)

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan()
        return Examples(town(), cls(id="no_staff_when_closed"), plan, {
            "clerk in a post office": plan.with_staff("P2", 2017, 1),
            "staff of a closed branch": plan.with_mode("B2", 2018, "closed"),
            "staff of a store": plan.with_staff("S1", 2018, 2),
        })  # fmt: skip
