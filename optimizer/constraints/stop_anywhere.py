"""The reorganisation can stop after any year, and what then stands still satisfies every other rule."""

from optimizer.constraints import registry
from optimizer.rules import Constraint, Decisions, EntryIds, Examples, Instance, Plan, Problem
from optimizer.rules import Readings, Rows, Text, Where, Words, at_most, by_label, fallback_rows
from optimizer.rules import frozen_plan, misnamed_fallback, nearest_fallback, settled_fallback, town
from optimizer.rules import town_plan


class StopAnywhere(Constraint):
    """For every planned period t but the last, all rows of all other entries with mode[p, m, u]
    replaced by mode[p, m, t], and assign, staff and what else is decided by a second set of
    decisions, for u > t: recourse in the sense of two-stage programming (Dantzig, Management
    Science 1, 1955). The second set is published (`optimizer/city/frozen_plan.py`), so that the plan can
    be checked without a solver. It multiplies the program by about the number of periods.

    `without`: entries that set a date for modes, and could never hold once modes stop before it.
    A reading counts the readings of the other entries that the stopped plan violates.
    """

    without: EntryIds = ()

    key = ("period",)
    words = Words(
        name=Text("Can stop after any year", "どの年度で中止しても成り立つ"),
        reading=Text("Stopped after {period}: {actual} rules broken in later years (at most {limit}).",
                     "{period}で中止した場合: その後に満たされない規定{actual}件(上限{limit}件)。"),
        conflict=Text("If nothing changes after {period}, all other rules must still hold.",
                      "{period}の後に形態を変えなくても、他の制約を全て満たさなければならない。"),
        repair=Text("Accept that {actual} rules break if the reorganisation stops after {period}.",
                    "{period}で中止した場合に{actual}件の規定が満たされないことを認める。"),
    )  # fmt: skip

    def problems(self, instance: Instance) -> list[Problem]:
        others = {entry.id: entry for entry in instance.entries if entry.id != self.id}
        needed = {i for i, entry in others.items() if entry.always and entry.where == Where()}
        wrong = [i for i in self.without if i == self.id or i in needed]
        wrong += [i for i, entry in others.items() if isinstance(entry, StopAnywhere)]
        message = Text("every plan needs this rule, or it is a second one about stopping",
                       "常に必要な制約であるか、中止に関する二つ目の制約である")  # fmt: skip
        remedy, place = Text("leave it out", "除く"), f"constraint.{self.id}.without"
        return [Problem(message, remedy, "instance.toml", None, place, i) for i in wrong]

    def _others(self, instance: Instance) -> list[Constraint]:
        """All other entries; of an instance without any, the rules that are always on."""
        always = [rule(id=name) for name, rule in registry().items() if rule.always]
        entries = instance.entries or always
        return [e for e in entries if not isinstance(e, StopAnywhere) and e.id not in self.without]

    def _stops(self, instance: Instance) -> list[int]:
        wanted = self.where.periods or instance.planned
        return [t for t in instance.planned[:-1] if t in wanted]

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        return fallback_rows(instance, x, self._others(instance), self._stops(instance))

    def completes(self, instance: Instance, plan: Plan) -> Plan:
        return settled_fallback(instance, plan, self._others(instance), self._stops(instance))

    def check(self, instance: Instance, plan: Plan) -> Readings:
        broken = {}
        for t in self._stops(instance):
            left = frozen_plan(instance, plan, t)
            found = [entry.readings(instance, left).violations for entry in self._others(instance)]
            broken[t] = sum(map(len, found)) + misnamed_fallback(plan, t)
        return at_most(by_label("period", broken), 0)

    @classmethod
    def examples(cls) -> Examples:
        # Stopped after 2017, the annex X1 is no agency in 2018 and so takes no registrations.
        plan = nearest_fallback(town(), town_plan(), [2017])
        forgotten = plan.with_extra("fallback_assign", ("D2", "registration", "B2", 2018, 2017), 0)
        staff = plan.extra["fallback_staff"]["W1", 2018, 2017]
        return Examples(town(), cls(id="stop"), plan, {
            "nobody serves a district": forgotten,
            "relies on what opens later":
                forgotten.with_extra("fallback_assign", ("D2", "registration", "X1", 2018, 2017), 1),
            "one person short": plan.with_extra("fallback_staff", ("W1", 2018, 2017), staff - 1),
            "a branch already gone": plan.with_mode("B2", 2017, "service_corner"),
        })  # fmt: skip
