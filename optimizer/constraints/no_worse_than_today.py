"""Nobody's way grows by more than a stated distance unless a named easement makes up for it."""

import numpy as np
import pandas as pd

from optimizer.rules import Constraint, Decisions, Examples, Instance, Metres, Mitigation, ModeIds
from optimizer.rules import Plan, Problem, Readings, Rows, Text, Words, YesNo, at_most, growth
from optimizer.rules import hours_problems, town, town_plan


class NoWorseThanToday(Constraint):
    """Where metres[d, p] > metres today[d, s] + `metres`: assign[d, s, p, t] <= sum of mode[q, m, t]
    over m in `eased_by` and q with metres[d, q] <= `eased_within`, plus extended[p, t] if
    `eased_by_hours`; hence assign = 0 where no easement is named or can be.

    A reading is how many metres the way grows; 0 where it shrinks or is eased.
    """

    metres: Metres
    eased_by: ModeIds = ()
    eased_within: Metres = 0
    eased_by_hours: YesNo = False

    key, unit, limit = ("district", "service", "period"), "m", "metres"
    words = Words(
        name=Text("No much longer way than today", "現在より著しく遠くならない"),
        reading=Text("{district}, {service}, {period}: {actual} m further than today (at most {limit}).",
                     "{district}校区・{service}・{period}: 現在より{actual}m遠くなる(上限{limit}m)。"),
        conflict=Text("{service} of {district} in {period} may be at most {metres} m further than today.",
                      "{period}の{district}校区の{service}は、現在より{metres}mを超えて遠くできない。"),
        repair=Text("Allow {actual} m more than today instead of {metres} m for {service} of {district}.",
                    "{district}校区の{service}について、{metres}mまでの増加を{actual}mまで認める。"),
    )  # fmt: skip

    def problems(self, instance: Instance) -> list[Problem]:
        place = f"constraint.{self.id}"
        found = hours_problems(instance, place) if self.eased_by_hours else []
        if bool(self.eased_by) == bool(self.eased_within):
            return found
        message = Text("eased_by and eased_within belong together",
                       "eased_by と eased_within は一組である")  # fmt: skip
        remedy = Text("give both or neither", "両方を書くか、どちらも書かない")
        return [*found, Problem(message, remedy, "instance.toml", None, place)]

    def forbids(self, instance: Instance, links: pd.DataFrame) -> np.ndarray:
        hopeless = ~self._easing().conceivable(instance, links)
        return np.asarray((growth(instance, links) > self.metres) & hopeless)

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        easing = self._easing()
        if not easing.modes and not easing.by_hours:
            return []
        too_far = growth(instance, x.links) > self.metres
        far = x.assign.select(too_far & easing.conceivable(instance, x.links))
        return [far <= easing.expression(instance, x, far.index)]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        served = plan.served(instance)
        index = pd.MultiIndex.from_frame(served[list(self.key)])
        grown = pd.Series(growth(instance, served), index=index)
        eased = self._easing().granted(instance, plan, served)
        return at_most(grown.mask(eased, 0)[grown.notna()].clip(lower=0), self.metres)

    def _easing(self) -> Mitigation:
        return Mitigation(self.eased_by, self.eased_within, self.eased_by_hours)

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan()
        return Examples(
            town(), cls(id="no_worse", metres=2000, eased_by=("agency",), eased_within=4000), plan.with_assignment("D1", "registration", 2018, "B2"), {
            "before the agency opens": plan.with_assignment("D1", "registration", 2017, "B2"),
            "too far from the agency": plan.with_assignment("D3", "registration", 2018, "W2"),
            "a post office instead": plan.with_assignment("D2", "welfare", 2017, "W1"),
        })  # fmt: skip
