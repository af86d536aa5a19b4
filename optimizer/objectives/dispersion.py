"""Dispersion: minus the smallest distance between two open points, so that they spread out."""

import numpy as np
import pandas as pd

from optimizer.rules import Affine, Decisions, Instance, Objective, Plan, Text


class Dispersion(Objective):
    """Minus D, where D is the smallest office distance of two points open in the same period.

    The p-dispersion problem of Kuby (Geographical Analysis 19, 1987). Pairs without a stated
    distance do not count; where no counted pair is open, D is the largest stated distance.

    With the distances r[1] < ... < r[K], `apart[k]` = 1 says that D >= r[k]:
    D = r[1] + sum over k > 1 of (r[k] - r[k-1]) apart[k], apart[k] <= apart[k-1], and
    open[i, t] + open[j, t] + apart[k] <= 2 for each pair at distance r[k-1] (Sayah, Irnich,
    A new compact formulation for the discrete p-dispersion problem, European Journal of
    Operational Research 256, 2017).
    """

    name = Text("dispersion", "最短間隔(符号は負)")
    unit = "m"

    def terms(self, instance: Instance, x: Decisions) -> Affine:
        pairs = _pairs(instance)
        lengths = np.unique(pairs["metres"])
        if len(lengths) == 0:
            return x.mode.select(np.zeros(len(x.mode.index), dtype=bool)).sum()
        steps = pd.MultiIndex.from_arrays([lengths[1:]], names=["metres"])

        def reached(plan: Plan) -> pd.Series:
            holds = lengths[1:] <= smallest(instance, plan)
            return pd.Series(holds.astype(int), index=pd.Index(lengths[1:], name="metres"))

        apart = x.derive("dispersion apart", steps, 0, 1, reached)
        shorter = pd.MultiIndex.from_arrays([lengths[1:-1]], names=["metres"])
        longer = apart.select(np.arange(len(steps)) > 0)
        below = apart.over(shorter)
        ordered = Affine(longer.index, below.at, below.column, below.coefficient, below.constant)
        x.program.add_rows("objective dispersion", longer <= ordered)
        close = pairs[pairs["metres"] < lengths[-1]]
        table = close.merge(pd.DataFrame({"period": instance.planned}), how="cross")
        table["next"] = lengths[np.searchsorted(lengths, table["metres"]) + 1]
        index = pd.MultiIndex.from_frame(table[["point", "other", "next", "period"]])
        run = x.in_modes(instance.open_modes)
        both = run.over(index) + run.rename(point="other").over(index)
        x.program.add_rows(
            "objective dispersion", both + apart.rename(metres="next").over(index) <= 2
        )
        gain = pd.Series(np.diff(lengths), index=steps)
        total: Affine = -(apart * gain).sum() - int(lengths[0])
        return total

    def value(self, instance: Instance, plan: Plan) -> int:
        return -smallest(instance, plan)


def smallest(instance: Instance, plan: Plan) -> int:
    """Return the smallest stated distance of two points open in the same planned period.

    The largest of all stated ones if no such pair is open, 0 if none is stated.
    """
    pairs = _pairs(instance)
    found = [int(pairs["metres"].max())] if len(pairs) else [0]
    for period in instance.planned:
        modes = plan.modes.xs(period, level="period")
        open_now = modes.index[modes.isin(instance.open_modes)]
        both = pairs["point"].isin(open_now) & pairs["other"].isin(open_now)
        found += [int(metres) for metres in pairs.loc[both, "metres"]]
    return min(found)


def _pairs(instance: Instance) -> pd.DataFrame:
    """Every pair of points with a stated distance, once: columns point, other, metres."""
    table = instance.office_distances["metres"].reset_index()
    return table[table["point"] < table["other"]].reset_index(drop=True)
