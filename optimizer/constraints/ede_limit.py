"""Travel, with long ways weighing more than their length, stays within a stated distance."""

import numpy as np
import pandas as pd

from optimizer.rules import Constraint, Decisions, Examples, Group, Instance, Metres
from optimizer.rules import PerceivedDistance, Plan, Problem, Readings, Rows, ServiceIds, Text
from optimizer.rules import Words, at_most, by_label, kolm_pollak, town, town_plan


class EdeLimit(Constraint):
    """sum of weight[d, s, t] F(metres[d, p]) assign[d, s, p, t] <= W[t] F(`metres`).

    The equally-distributed equivalent of Kolm and Pollak, as Horton et al. (2024) linearise it.
    F are felt metres, whole numbers (`optimizer/city/kolm_pollak.py`: sources, and the error, below
    1 m). `aversion` is epsilon; with 0 the rule limits the mean. W is the weight of all ways of
    the year. Links that break the row alone are forbidden. A reading is the equivalent, rounded
    up, which does not change the verdict. A way that the plan leaves out counts as 0 m.
    """

    metres: Metres
    aversion: kolm_pollak.Aversion = 100
    group: Group = "cases"
    services: ServiceIds = ()

    key, unit, limit = ("period",), "m", "metres"
    words = Words(
        name=Text("Fairly spread travel", "公平性を考慮した移動距離(EDE)"),
        reading=Text("{period}: ways are as good as {actual} m for everybody (at most {limit} m).",
                     "{period}: 全員が一律{actual}mの場合と同等の負担(上限{limit}m)。"),
        conflict=Text("Ways in {period} must be as good as {metres} m for everybody, or better.",
                      "{period}の移動の負担は、全員が一律{metres}mの場合と同等以下でなければならない。"),
        repair=Text("Allow ways as good as {actual} m for everybody instead of {metres} m in {period}.",
                    "{period}の移動の負担の上限を、一律{metres}m相当から{actual}m相当に広げる。"),
    )  # fmt: skip

    def problems(self, instance: Instance) -> list[Problem]:
        felt, place = self._felt(instance), f"constraint.{self.id}"
        found = kolm_pollak.lacking(instance, felt.curve, self.aversion, place)
        if felt.one(self.metres) >= kolm_pollak.MOST:
            message = Text("no way would feel longer", "これより長いと感じる距離がない")
            remedy = Text("lower metres or aversion", "metres 又は aversion を下げる")
            place, value = f"{place}.metres", str(self.metres)
            found.append(Problem(message, remedy, "instance.toml", None, place, value))
        return found

    def _felt(self, instance: Instance) -> PerceivedDistance:
        return PerceivedDistance.of(instance, self.group, self.services, self.aversion)

    def forbids(self, instance: Instance, links: pd.DataFrame) -> np.ndarray:
        felt = self._felt(instance)
        return np.asarray(felt.links(links) > links["period"].map(felt.everybody(self.metres)))

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        felt = self._felt(instance)
        room = felt.everybody(self.metres)
        term = pd.Series(felt.links(x.links), index=x.assign.index)
        years = pd.MultiIndex.from_arrays([room.index])
        return [(x.assign * term).sum(by=self.key).over(years, fill=True) <= room]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        return at_most(by_label("period", self._felt(instance).equivalents(plan)), self.metres)

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan()
        return Examples(town(), cls(id="ede", metres=4000, services=("registration",)), plan, {
            "one long way": plan.with_assignment("D1", "registration", 2017, "B2"),
            "past the own branch": plan.with_assignment("D2", "registration", 2018, "W1"),
            "three longer ways, each of which could be":
                plan.with_assignment("D2", "registration", 2018, "B1")
                .with_assignment("D3", "registration", 2018, "W2")
                .with_assignment("D4", "registration", 2018, "W1"),
        })  # fmt: skip
