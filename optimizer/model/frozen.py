"""The decisions of a plan that could stop: its modes kept from a period on, all else adapted."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from optimizer.city.frozen_plan import PREFIX, frozen_plan
from optimizer.city.plan import Plan
from optimizer.model.algebra import Affine, Rows
from optimizer.model.decisions import Decisions, Derivation
from optimizer.model.instance import Constraint, Instance, forbidden


class FrozenDecisions(Decisions):
    """Decisions as constraints know them, of the plan `real` if it stops after the period `after`.

    Up to `after` they are the columns of `real`. Later mode[p, m, t] is mode[p, m, after], and
    every other decision has columns of its own, published as `fallback_<name>`, with a level
    `frozen` that holds `after`. `stops`: all periods after which the plan could stop, in order.
    """

    def __init__(
        self, real: Decisions, after: int, stops: Sequence[int], links: pd.DataFrame
    ) -> None:
        self.real, self.after, self.stops = real, after, stops
        early = real.links["period"] <= after
        links = pd.concat([real.links[early], links[links["period"] > after]], ignore_index=True)
        super().__init__(real.instance, real.program, links, real.freeze)

    def rows_of(self, instance: Instance, entries: Iterable[Constraint]) -> Iterator[Rows]:
        """Yield all rows of `entries` of `instance` over these decisions, `period` being the stop.

        Their own period is called `later`. Where a link that an entry rules out is a column of
        the real plan, because that was built without the entry, a row rules it out.
        """
        entries = list(entries)
        for entry in entries:
            for rows in entry.rows(instance, self):
                mine = rows.select(entry.where.mask(instance, rows.index))
                yield replace(mine, index=self._row_labels(mine.index, entry.id))
        barred = self.assign.select(forbidden(instance, entries, self.links)) <= 0
        yield replace(barred, index=self._row_labels(barred.index, "links"))

    def new(self, name: str, index: pd.MultiIndex, lower: object, upper: object) -> Affine:
        """Return the decision `name`: that of the real plan up to the stop, then its fallback."""
        if name == "mode":
            return self._kept(index)
        own = self._fallback(name, index, lower, upper)
        if "period" not in index.names:
            return own
        real = self.real.new(name, index, lower, upper)
        return self._early(real).over(index, fill=True) + own.over(index, fill=True)

    def derive(
        self, name: str, index: pd.MultiIndex, lower: object, upper: object, value: Derivation
    ) -> Affine:
        """Add columns that follow from the stopped plan; nothing is entered after the stop."""
        if name == "enter":
            return self._early(self.real.enter).over(index, fill=True)

        frozen = self._labels(index, {"frozen": self.after})

        def own(plan: Plan) -> pd.Series:
            assert not isinstance(value, Affine)
            numbers = value(frozen_plan(self.instance, plan, self.after))
            return pd.concat({self.after: numbers}, names=["frozen"])

        how = replace(value, index=frozen) if isinstance(value, Affine) else own
        columns = self.real.derive(f"{name} stopped {self.after}", frozen, lower, upper, how)
        return replace(columns, index=index)

    def _early(self, real: Affine) -> Affine:
        return real.select(np.asarray(real.index.get_level_values("period") <= self.after))

    def _kept(self, index: pd.MultiIndex) -> Affine:
        period = np.minimum(index.get_level_values("period"), self.after)
        labels = [period if n == "period" else index.get_level_values(n) for n in index.names]
        kept = self.real.mode.over(pd.MultiIndex.from_arrays(labels, names=index.names))
        return replace(kept, index=index)

    def _fallback(self, name: str, index: pd.MultiIndex, lower: object, upper: object) -> Affine:
        """Return the columns after `after`; the first call makes those of all stops in one block."""
        dated = "period" in index.names
        period = index.get_level_values("period") if dated else np.full(len(index), 2**31)
        later = [np.flatnonzero(period > stop) for stop in self.stops]
        pick = np.concatenate(later)
        table = index[pick].to_frame(index=False)
        table["frozen"] = np.repeat(self.stops, [len(positions) for positions in later])
        low, high = (np.broadcast_to(np.asarray(b), (len(index),))[pick] for b in (lower, upper))
        block = self.real.new(PREFIX + name, pd.MultiIndex.from_frame(table), low, high)
        return block.select(frozen=self.after).sum(by=index.names)

    def _row_labels(self, index: pd.MultiIndex, entry: str) -> pd.MultiIndex:
        own = index.set_names(["later" if name == "period" else name for name in index.names])
        return self._labels(own, {"period": self.after, "entry": entry})

    @staticmethod
    def _labels(index: pd.MultiIndex, further: dict[str, object]) -> pd.MultiIndex:
        """Return `index` with further levels before its own, each with one value for all."""
        zeros = np.zeros(len(index), dtype=np.int8)
        return pd.MultiIndex(
            levels=[*([value] for value in further.values()), *index.levels],
            codes=[*(zeros for _ in further), *index.codes],
            names=[*further, *index.names],
            verify_integrity=False,
        )
