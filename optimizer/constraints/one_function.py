"""From a stated year on, no point keeps one of the modes that are to disappear."""

from optimizer.rules import Constraint, Decisions, Examples, Instance, ModeIds, Period, Plan
from optimizer.rules import Readings, Rows, Text, Words, at_most, town, town_plan


class OneFunction(Constraint):
    """mode[p, m, t] = 0 for the `ending` modes m from `since` on."""

    since: Period
    ending: ModeIds = ("plain_branch",)

    key = ("point", "period")
    words = Words(
        name=Text("One function for all branches", "出張所等の機能の統一"),
        reading=Text("{point} in {period}: keeps an ending function: {actual} (at most {limit}).",
                     "{point}({period}): 統一前の機能のまま {actual}(上限{limit})。"),
        conflict=Text("{point} must be a general branch, or none, in {period}.",
                      "{point}は{period}に総合出張所の機能に統一するか、出張所でなくなる。"),
        repair=Text("Let {point} keep its function beyond {period}.",
                    "{period}以降も{point}の現在の機能を認める。"),
    )  # fmt: skip

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        late = [t for t in instance.planned if t >= self.since]
        return [x.in_modes(self.ending).select(period=late) <= 0]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        late = plan.modes[plan.modes.index.get_level_values("period") >= self.since]
        return at_most(late.isin(self.ending).astype(int), 0)

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan()
        return Examples(town(), cls(id="one_function", since=2018), plan, {
            "never unified": plan.with_mode("B1", 2018, "plain_branch"),
            "made plain at the end": plan.with_mode("B2", 2018, "plain_branch"),
            "both plain at the end": plan.with_mode("B1", 2018, "plain_branch")
                .with_mode("B2", 2018, "plain_branch"),
        })  # fmt: skip
