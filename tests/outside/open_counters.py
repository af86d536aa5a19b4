"""At least a stated number of counters have one of the stated modes in every year."""

import pandas as pd

from optimizer.rules import Constraint, Count, Examples, ModeIds, Text, Words  # isort: skip
from optimizer.rules import at_least, town, town_plan


class OpenCounters(Constraint):
    """Sum of mode[p, m, t] over points p and the stated modes m >= `counters`."""

    counters: Count
    modes: ModeIds = ("post_office",)
    key, limit, widens = ("period",), "counters", "down"
    words = Words(
        Text("Open counters", "窓口の数"),
        Text("{period}: {actual} such counters are open (at least {limit}).",
             "{period}: 該当する窓口{actual}か所(下限{limit}か所)。"),
        Text("In {period} at least {counters} counters must be open.",
             "{period}に少なくとも{counters}か所の窓口が必要である。"),
        Text("Accept {actual} counters in {period} instead of {counters}.",
             "{period}の窓口数の下限を{counters}か所から{actual}か所にする。"),
    )  # fmt: skip

    def rows(self, instance, x):
        return [x.in_modes(self.modes).sum(by=["period"]) >= self.counters]

    def check(self, instance, plan):
        number = plan.modes.isin(self.modes).astype(int).groupby(level="period").sum()
        return at_least(number.set_axis(pd.MultiIndex.from_arrays([number.index])), self.counters)

    @classmethod
    def examples(cls):
        plan = town_plan()
        late, soon = (plan.with_mode("P2", t, "closed") for t in (2017, 2018))
        gone = {"late": late, "soon": soon, "never": late.with_mode("P2", 2018, "closed")}
        return Examples(town(), cls(id="open", counters=1), plan, gone)
