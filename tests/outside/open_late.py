"""Each ward keeps a stated number of places open after 17:00."""

import pandas as pd

from optimizer.rules import Constraint, Count, Examples, Text, Words, at_least  # isort: skip
from optimizer.rules import extended, hours_problems, town_open_longer, town_plan_open_longer


class OpenLate(Constraint):
    """Sum of extended[p, t] over the points p of the ward >= `places`."""

    places: Count = 1
    key, unit, limit, widens = ("ward", "period"), "counters", "places", "down"
    words = Words(
        Text("Open after 17:00 in each ward", "各区で17時以降も開く窓口"),
        Text("{ward}, {period}: {actual} counters open after 17:00 (at least {limit}).",
             "{ward}・{period}: 17時以降も開く窓口{actual}か所(下限{limit}か所)。"),
        Text("In {period} {ward} needs {places} counters open after 17:00.",
             "{period}の{ward}には17時以降も開く窓口が{places}か所必要である。"),
        Text("Accept {actual} counters open after 17:00 in {ward} in {period} instead of {places}.",
             "{period}の{ward}で17時以降も開く窓口の下限を{places}か所から{actual}か所にする。"),
    )  # fmt: skip

    def problems(self, instance):
        return hours_problems(instance, f"constraint.{self.id}")

    def rows(self, instance, x):
        ward = instance.points["ward"]
        index = x.extended.index
        index = extended(index, ward=index.get_level_values("point").map(ward))
        longer = x.extended.over(index).sum(by=self.key)
        return [longer.over(self._wards(instance), fill=True) >= self.places]

    def check(self, instance, plan):
        longer = plan.extended(instance)
        ward = longer.index.get_level_values("point").map(instance.points["ward"])
        number = longer.groupby(
            [ward.rename("ward"), longer.index.get_level_values("period")]
        ).sum()
        return at_least(number.reindex(self._wards(instance), fill_value=0), self.places)

    def _wards(self, instance):
        wards = sorted(set(instance.districts["ward"]))
        return pd.MultiIndex.from_product([wards, instance.planned], names=self.key)

    @classmethod
    def examples(cls):
        plan = town_plan_open_longer()
        early = {t: plan.with_extra("extended", ("W2", t), 0) for t in (2017, 2018)}
        both = early[2017].with_extra("extended", ("W2", 2018), 0)
        return Examples(town_open_longer(), cls(id="late"), plan, {
            "ward B not in 2017": early[2017], "ward B not in 2018": early[2018], "never": both,
        })  # fmt: skip
