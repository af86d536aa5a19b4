"""Few residents see their counter for a service change more often than a stated number of times."""

import pandas as pd

from optimizer.rules import Constraint, Count, Decisions, Examples, Instance, People, Plan, Readings
from optimizer.rules import Residents, Rows, Text, Words, YesNo, at_most, by_label, reassignments
from optimizer.rules import town, town_plan

PAIR = ["district", "service"]


class CounterChanges(Constraint):
    """sum of group[d] often[d, s] <= `residents`, where
    switch[d, s, t] >= assign[d, s, p, t] - assign[d, s, p, t-1] for every p and
    sum of switch[d, s, t] over t <= `times` + (number of t - `times`) often[d, s].

    t-1 is the period before t in which the district has demand for the service. The first change
    is counted against the derived counter of today, unless `from_today` is false. A district
    that comes back to a counter has changed twice.
    """

    residents: Residents
    times: Count = 1
    group: People = "residents"
    from_today: YesNo = True

    key, unit, limit = ("service",), "residents", "residents"
    words = Words(
        name=Text("Counters seldom change", "窓口の度重なる変更の抑制"),
        reading=Text("{service}: {actual} residents change counters more than {times} times (at most {limit}).",
                     "{service}: 窓口が{times}回を超えて変わる住民{actual}人(上限{limit}人)。"),
        conflict=Text("At most {residents} residents may change counters for {service} more than"
                      " {times} times.",
                      "{service}の窓口が{times}回を超えて変わる住民は、{residents}人以下でなければならない。"),
        repair=Text("Let {actual} residents instead of {residents} change counters for {service} more"
                    " than {times} times.",
                    "{service}の窓口が{times}回を超えて変わる住民の上限を{residents}人から{actual}人に広げる。"),
    )  # fmt: skip

    def _turns(self, instance: Instance) -> pd.DataFrame:
        table = reassignments.possible(instance)
        return table if self.from_today else table[table["before"] != instance.today]

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        table = self._turns(instance)
        spare = table.groupby(PAIR)["period"].size() - self.times
        spare = spare[spare > 0]
        table = table[pd.MultiIndex.from_frame(table[PAIR]).isin(spare.index)]

        def too_often(plan: Plan) -> pd.Series:
            made = reassignments.made(instance, plan, table).groupby(level=PAIR).sum()
            return (made > self.times).astype("int64")

        switch, turned = reassignments.switched(f"{self.id} switch", instance, x, table)
        times = switch.sum(by=PAIR)
        often = x.derive(f"{self.id} often", times.index, 0, 1, too_often)
        persons = (often * instance.districts[self.group]).sum(by=self.key)
        return [turned, times - often * spare <= self.times, persons <= self.residents]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        persons = dict.fromkeys(instance.services.index, 0)
        made = reassignments.made(instance, plan, self._turns(instance))
        counted = made.groupby(level=PAIR).sum()
        for district, service in counted.index[counted > self.times]:
            persons[service] += int(instance.districts[self.group][district])
        return at_most(by_label("service", persons), self.residents)

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan()
        back = plan.with_assignment("D1", "certificate_card", 2018, "W1")
        return Examples(town(), cls(id="counter_changes", residents=8000), back, {
            "two districts come back": back.with_assignment("D3", "certificate_card", 2018, "B1"),
            "two districts move on": plan.with_assignment("D1", "registration", 2017, "B1")
                .with_assignment("D1", "registration", 2018, "B2")
                .with_assignment("D2", "registration", 2017, "W1")
                .with_assignment("D2", "registration", 2018, "B1"),
            "back and forth between two": plan.with_assignment("D3", "registration", 2017, "W1")
                .with_assignment("D4", "registration", 2017, "W1"),
        })  # fmt: skip
