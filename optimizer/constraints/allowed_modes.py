"""The points and years named in `where` have one of the stated modes."""

from optimizer.rules import Constraint, Decisions, Examples, Instance, ModeIds, Plan, Readings, Rows
from optimizer.rules import Text, Where, Words, at_least, town, town_plan


class AllowedModes(Constraint):
    """Sum of mode[p, m, t] over the listed modes m >= 1, for the points and years of `where`.

    To keep a counter, list the modes in which it counts as kept; to forbid a mode, list the other
    modes of its kind; to fix a mode, list it alone and name the years.
    """

    modes: ModeIds

    key = ("point", "period")
    words = Words(
        name=Text("Mode given", "形態の指定"),
        reading=Text("{point} in {period}: has a stated mode: {actual} (must be {limit}).",
                     "{point}({period}): 指定の形態である {actual}(必要{limit})。"),
        conflict=Text("{point} must have one of the modes {modes} in {period}.",
                      "{point}は{period}に指定の形態({modes})でなければならない。"),
        repair=Text("Allow {point} another mode than {modes} in {period}.",
                    "{period}の{point}に{modes}以外の形態を認める。"),
    )  # fmt: skip

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        return [x.in_modes(self.modes) >= 1]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        return at_least(plan.modes.isin(self.modes).astype(int), 1)

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan()
        return Examples(
            town(), cls(id="agency", modes=("agency",), where=Where(points=("X1",), periods=(2018,))), plan, {
            "still run by the city": plan.with_mode("X1", 2018, "annex"),
            "gone": plan.with_mode("X1", 2018, "closed"),
            "given to the post": plan.with_mode("X1", 2018, "post_office"),
        })  # fmt: skip
