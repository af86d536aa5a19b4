"""A stated share of cases or residents is sent to a counter within a stated distance."""

from typing import Annotated

import pandas as pd
from pydantic import Field

from optimizer.rules import Constraint, Decisions, Examples, Group, Instance, Metres, Plan, Readings
from optimizer.rules import Rows, Text, Words, assigned_links, at_least, ratio, town, town_plan
from optimizer.rules import weights


class CoverageShare(Constraint):
    """100 x sum of weight[d, s, t] assign[d, s, p, t] over d, p with metres[d, p] <= `metres`
    >= `per_cent` x sum of weight[d, s, t] over d, divided by gcd(100, `per_cent`).

    The target of the maximal covering location problem (Church, ReVelle, Papers of the Regional
    Science Association 32, 1974); with 100 % it is location set covering (Toregas, Swain, ReVelle,
    Bergman, Operations Research 19, 1971). A reading is the share in whole per cent, rounded down,
    which does not change the verdict. Who is sent nowhere is not covered; a share of nobody is 100.
    """

    metres: Metres
    per_cent: Annotated[int, Field(strict=True, ge=0, le=100, description="%")]
    group: Group = "cases"

    key, unit, limit, widens = ("service", "period"), "%", "per_cent", "down"
    words = Words(
        name=Text("A stated share has a counter nearby", "一定距離内で利用できる割合"),
        reading=Text("{service}, {period}: {actual} % of the {group} within {metres} m (at least {limit} %).",
                     "{service}・{period}: {group}のうち{metres}m以内{actual}%(下限{limit}%)。"),
        conflict=Text("{per_cent} % of the {group} must have a counter for {service} within {metres} m"
                      " in {period}.",
                      "{period}の{service}は、"
                      "{group}の{per_cent}%以上について窓口が{metres}m以内に必要である。"),
        repair=Text("Be content with {actual} % instead of {per_cent} % for {service} in {period}.",
                    "{period}の{service}の割合の下限を{per_cent}%から{actual}%に下げる。"),
    )  # fmt: skip

    def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
        up, down = ratio(self.per_cent)
        weight = weights(instance, self.group)
        total = weight.groupby(level=list(self.key)).sum()
        near = x.assign.select((x.links["metres"] <= self.metres).to_numpy())
        covered = (near * weight).sum(by=self.key).over(total.index, fill=True)
        return [covered * down >= total * up]

    def check(self, instance: Instance, plan: Plan) -> Readings:
        table = assigned_links(instance, plan, self.group)
        near = table[table["metres"] <= self.metres].groupby(list(self.key))["weight"].sum()
        everybody = weights(instance, self.group).groupby(level=list(self.key)).sum()
        covered = near.reindex(everybody.index, fill_value=0)
        some = everybody > 0
        share: pd.Series = 100 * covered // everybody.where(some, 1)
        return at_least(share.where(some, 100), self.per_cent)

    @classmethod
    def examples(cls) -> Examples:
        plan = town_plan()
        far = plan.with_assignment("D1", "registration", 2017, "B2")
        return Examples(
            town(), cls(id="coverage", metres=5000, per_cent=75), plan.with_assignment("D1", "registration", 2018, "B2"), {
            "two of four too far": far.with_assignment("D2", "registration", 2017, "W1"),
            "nobody named for two": plan.without_assignment("D1", "certificate_card", 2018)
                .without_assignment("D2", "certificate_card", 2018),
            "two of three too far": plan.with_assignment("D2", "welfare", 2018, "W1")
                .with_assignment("D1", "welfare", 2018, "B2"),
        })  # fmt: skip
