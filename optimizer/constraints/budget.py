"""The cost of a period, or chosen items of it, stays within a stated sum of yen."""

from typing import Annotated, Literal

import pandas as pd
from pydantic import Field

from optimizer.rules import ITEMS, Constraint, Decisions, Examples, Instance, Plan, Problem
from optimizer.rules import Readings, Rows, Text, Words, Yen, YesNo, at_most, costs, ledger, town
from optimizer.rules import town_plan

Item = Literal["wages", "running", "hours", "fees", "moving"]


class Budget(Constraint):
    """Sum of the ledger's yen of period t over `items` (all of them if empty) <= `yen`; a period of
    several years is taken as a whole. With `since_start`, the sum runs from the first planned period
    to t, so that the last period limits the plan as a whole: items = ["moving"] then is a cap on
    what all changes cost together. Costs are those of `ledger`, undiscounted.
    """

    yen: Yen
    items: Annotated[tuple[Item, ...], Field(description="items of cost")] = ()
    since_start: YesNo = False

    key, unit, limit = ("period",), "yen", "yen"
    words = Words(
        name=Text("Budget", "予算の上限"),
        reading=Text("{period}: cost of {actual} yen (at most {limit}).",
                     "{period}: 費用{actual}円(上限{limit}円)。"),
        conflict=Text("The cost counted up to {period} must stay within {yen} yen.",
                      "{period}の費用(通算の場合は同年度まで)は{yen}円以内でなければならない。"),
        repair=Text("Raise the budget of {yen} yen to {actual} yen in {period}.",
                    "{period}の予算の上限を{yen}円から{actual}円に引き上げる。"),
    )  # fmt: skip

    def problems(self, instance: Instance) -> list[Problem]:
        twice = sorted({item for item in self.items if self.items.count(item) > 1})
        message = Text("this item is named twice", "同じ費目が二度書かれている")
        remedy = Text("name it once", "一度だけ書く")
        place = f"constraint.{self.id}.items"
        return [Problem(message, remedy, "instance.toml", None, place, item) for item in twice]

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        yen = [part for item, part in costs(instance, x).items() if item in (self.items or ITEMS)]
        if not yen:  # only longer hours are counted, and the instance offers none
            return []
        spent = sum(yen[1:], start=yen[0])
        if self.since_start:
            pairs = [(t, u) for t in instance.planned for u in instance.planned if u <= t]
            index = pd.MultiIndex.from_tuples(pairs, names=["until", "period"])
            spent = spent.over(index).sum(by=["until"]).rename(until="period")
        return [spent <= self.yen]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        table = ledger(instance, plan)
        counted = table[table.index.get_level_values("item").isin(self.items or ITEMS)]
        spent = counted.groupby(level="period").sum().reindex(instance.planned, fill_value=0)
        spent = spent.cumsum() if self.since_start else spent
        return at_most(spent.set_axis(pd.MultiIndex.from_arrays([spent.index])), self.yen)

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan()
        # 2018: 2,500,000 yen of moves, and the fees of 9,000 cases at S1 and P2.
        return Examples(town(), cls(id="moves", yen=4_300_000, items=("fees", "moving")), plan, {
            "one move too many": plan.with_mode("B2", 2018, "service_corner"),
            "a year too early": plan.with_mode("B1", 2017, "general_branch")
                .with_mode("B2", 2017, "service_corner"),
            "certificates sent to a partner": plan.with_assignment("D1", "certificate_counter", 2018, "P2")
                .with_assignment("D3", "certificate_counter", 2018, "P2"),
        })  # fmt: skip
