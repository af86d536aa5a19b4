"""Decisions: the unknowns of a city, as the rules know them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import pandas as pd

from optimizer.base.labels import extended, matched
from optimizer.city.city import City
from optimizer.city.links import LINK
from optimizer.city.plan import Plan
from optimizer.model.algebra import Affine, Rows
from optimizer.model.program import Program

Derivation = Affine | Callable[[Plan], pd.Series]


class Frozen(Protocol):
    """The decisions of a plan that stops changing."""

    def rows_of(self, instance: Any, entries: Iterable[Any]) -> Iterator[Rows]:
        """Yield all rows of the constraints `entries` of `instance` over these decisions."""


Freeze = Callable[["Decisions", int, Sequence[int], pd.DataFrame], Frozen]
"""Makes them of a plan's decisions; the arguments are those of `Decisions.frozen`."""


@dataclass
class Decisions:
    """The unknowns of a city, all labelled, all integer.

    - mode[point, mode, period] 0/1: over the modes that the kind of the point allows.
    - assign[district, service, point, period] 0/1: over `links`.
    - staff[point, period]: persons, over points that can be staffed by the city.
    - enter[point, mode, period] 0/1: at least 1 when the point moves into the mode.

    - extended[point, period] 0/1: longer opening hours; constant 0 unless the instance offers them.

    freeze: makes the decisions of the plan that stops, which are built upon these.
    derived: columns that follow from a plan, by name in the order made, and how (see `derive`).
    shared: expressions that several rules and objectives rest on, by name, each made once.
    """

    instance: City
    program: Program
    links: pd.DataFrame
    freeze: Freeze
    mode: Affine = field(init=False)
    assign: Affine = field(init=False)
    staff: Affine = field(init=False)
    enter: Affine = field(init=False)
    extended: Affine = field(init=False)
    capacity: Affine = field(init=False)
    most_staff: pd.Series = field(init=False)
    derived: dict[str, "Derivation"] = field(default_factory=dict)
    shared: dict[str, Affine] = field(default_factory=dict)

    def __post_init__(self) -> None:
        instance, planned = self.instance, self.instance.planned
        modes = _times(instance.point_modes, planned)
        self.mode = self.new("mode", modes, 0, 1)
        index = pd.MultiIndex.from_frame(self.links[LINK])
        self.assign = self.new("assign", index, 0, 1)
        index = pd.MultiIndex.from_product(
            [instance.staffed_points, planned], names=["point", "period"]
        )
        self.most_staff = self._most_staff(index)
        self.staff = self.new("staff", index, 0, self.most_staff)
        self.enter = self.derive("enter", modes, 0, 1, self.mode - self.mode_before)
        self.capacity = self.staff * self.instance.person_minutes
        self.extended = self.staff * 0
        if self.instance.extension is not None:
            self._offer_longer_hours(self.instance.extension.minutes)

    def _offer_longer_hours(self, minutes: int) -> None:
        """Add extended and extended_staff = staff x extended, whose persons work longer."""
        index, instance = self.staff.index, self.instance
        self.extended = self.new("extended", index, 0, 1)

        def longer(plan: Plan) -> pd.Series:
            return plan.staff * plan.extended(instance)

        persons = self.derive("extended_staff", index, 0, self.most_staff, longer)
        self.program.add_rows("extension", persons <= self.staff)
        self.program.add_rows("extension", persons <= self.extended * self.most_staff)
        self.capacity = self.capacity + persons * minutes

    def derive(
        self, name: str, index: pd.MultiIndex, lower: object, upper: object, value: "Derivation"
    ) -> Affine:
        """Add columns that follow from a plan: they are priced or counted, never published.

        value: either an expression over earlier columns on the same index, of which a column is
        the positive part (the caller adds the rows that hold the column up), or a function that
        returns the columns' values for a plan, with the same labels (missing ones are 0).
        Start `name` with the id of the entry that asks, so that two entries do not share columns.
        """
        self.derived[name] = value
        return self.program.add_columns(name, index, lower, upper)

    def new(self, name: str, index: pd.MultiIndex, lower: object, upper: object) -> Affine:
        """Add decisions that a constraint needs for itself and that a plan publishes in `extra`,
        or return them if they exist.
        """
        if name in self.program.columns:
            return self.program.columns[name].expression
        return self.program.add_columns(name, index, lower, upper)

    def frozen(self, after: int, stops: Sequence[int], links: pd.DataFrame) -> Frozen:
        """Return the decisions of this plan if its modes stop changing after the period `after`.

        stops: all periods that are asked for. links: what could be assigned after a stop.
        """
        return self.freeze(self, after, stops, links)

    @cached_property
    def mode_before(self) -> Affine:
        """Mode of the period before, on the index of `mode`; numbers in the first planned period."""
        index = self.mode.index
        before = index.set_levels(
            [self.instance.previous(int(t)) for t in index.levels[2]], level="period"
        )
        decided = self.mode.over(before, fill=True)
        given = self.instance.points["mode_today"]
        first = before.get_level_values("period") == self.instance.today
        held = before.get_level_values("point").map(given) == before.get_level_values("mode")
        constant = (first & np.asarray(held)).astype(np.int64)
        return Affine(index, decided.at, decided.column, decided.coefficient, constant)

    @cached_property
    def open(self) -> Affine:
        """1 where the point serves the service in the period; index (point, service, period)."""
        serves = sorted(self.instance.serves)
        offers = pd.MultiIndex.from_tuples(serves, names=["mode", "service"])
        at, offer = matched(self.mode.index, offers, by=["mode"])
        services = offers.get_level_values("service").to_numpy()[offer]
        index = extended(self.mode.index[at], service=services)
        return self.mode.over(index).sum(by=["point", "service", "period"])

    def in_modes(self, modes: Iterable[str]) -> Affine:
        """1 where the mode of the point is one of `modes`; index (point, period), all points."""
        chosen = self.mode.select(mode=modes).sum(by=["point", "period"])
        return chosen.over(self.everywhere, fill=True)

    @cached_property
    def everywhere(self) -> pd.MultiIndex:
        """Every point in every planned period."""
        return pd.MultiIndex.from_product(
            [self.instance.points.index, self.instance.planned], names=["point", "period"]
        )

    @cached_property
    def by_link(self) -> pd.DataFrame:
        """The links by their labels, the index of `assign`: metres, cases, minutes (of work a year)."""
        table = self.links[["metres", "cases"]].set_axis(self.assign.index)
        minutes = self.instance.per_link(table, self.instance.services["minutes"])
        return table.assign(minutes=table["cases"] * minutes)

    @cached_property
    def all_work(self) -> pd.Series:
        """Minutes of all links of a point at once, index (point, period); points with links only."""
        return self.by_link["minutes"].groupby(level=["point", "period"]).sum()

    @cached_property
    def work(self) -> Affine:
        """Minutes of work sent to a counter that can be staffed; index that of `staff`."""
        sent: Affine = self.assign * self.by_link["minutes"]
        return sent.sum(by=["point", "period"]).over(self.staff.index, fill=True)

    @cached_property
    def most_work(self) -> pd.Series:
        """The most that `work` can be: `all_work` of every point in every planned period."""
        return self.all_work.reindex(self.everywhere, fill_value=0)

    def all_staff(self) -> Affine:
        """Counter staff of the whole city; index (period)."""
        return self.staff.sum(by=["period"])

    def _most_staff(self, index: pd.MultiIndex) -> pd.Series:
        """Persons that carry every link of a point at once with 100 % in reserve: never too few."""
        need = -(-2 * self.all_work.reindex(index, fill_value=0) // self.instance.person_minutes)
        return need.clip(lower=int(self.instance.modes["crew"].max())).astype("int64")


def _times(pairs: pd.MultiIndex, planned: list[int]) -> pd.MultiIndex:
    """Return every one of `pairs` in every period."""
    each = [np.repeat(codes, len(planned)) for codes in pairs.codes]
    return pd.MultiIndex(
        levels=[*pairs.levels, planned],
        codes=[*each, np.tile(np.arange(len(planned)), len(pairs))],
        names=[*pairs.names, "period"],
    )
