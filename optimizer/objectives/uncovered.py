"""Uncovered: those who are sent further than a stated distance."""

import pandas as pd

from optimizer.rules import GROUPS, DistanceObjective, Instance, Metres, Objective, Text


class Uncovered(DistanceObjective):
    """Sum over assignments of years x weight of the group x [metres > `metres`].

    The least of it is the most covered: the maximal covering location problem (Church, ReVelle,
    Papers of the Regional Science Association 32, 1974). Residents count once for every service
    and year.
    """

    metres: Metres

    name = Text("beyond a stated distance", "一定距離を超える利用")
    unit = "cases"

    @property
    def title(self) -> Text:
        """Whose ways are counted, and from which distance on."""
        whose = GROUPS[self.group]
        return Text(
            f"{whose.en} further than {self.metres:,} m", f"{self.metres:,}mを超える{whose.ja}"
        )

    @property
    def measure(self) -> str:
        """Cases, or persons counted by service and year."""
        return self.unit if self.group == "cases" else "persons x services x years"

    @classmethod
    def example(cls) -> Objective:
        return cls(metres=500)

    def price(self, instance: Instance, metres: pd.Series) -> pd.Series:
        return (metres > self.metres).astype("int64")
