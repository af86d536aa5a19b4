"""Travel: metres between districts and their counters, weighted by cases or residents."""

import pandas as pd

from optimizer.rules import GROUPS, DistanceObjective, Instance, Text


class Travel(DistanceObjective):
    """Sum over assignments of years x weight of the group x metres, one way."""

    name = Text("case-weighted travel", "件数で重み付けした移動距離")
    unit = "case-metres"

    @property
    def title(self) -> Text:
        """The name, with the people whose way counts."""
        if self.group == "cases":
            return self.name
        whose = GROUPS[self.group]
        return Text(f"travel weighted by {whose.en}", f"{whose.ja}数で重み付けした移動距離")

    @property
    def measure(self) -> str:
        """Metres of a case or of a person."""
        return self.unit if self.group == "cases" else "person-metres"

    def price(self, instance: Instance, metres: pd.Series) -> pd.Series:
        return metres
