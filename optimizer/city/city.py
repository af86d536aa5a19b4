"""City: what the tables of a city say, validated and frozen; nothing is decided here."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from optimizer.base.labels import levels, positions
from optimizer.base.words import Text
from optimizer.city.links import linked, unfolded


@dataclass(frozen=True)
class Assumption:
    """A number nobody published: value (decimal text; by period where it varies), unit, reason.

    A published number that replaces one has its `source`, and is no longer assumed.
    """

    name: str
    value: str | Mapping[int, str]
    unit: Text
    reason: Text
    source: str = ""


@dataclass(frozen=True)
class Sentence:
    """One numbered sentence of the policy that constraint entries point to."""

    id: str
    section: str
    text: Text
    kind: str
    why: Text | None = None


@dataclass(frozen=True)
class Claim:
    """A statement of the policy about today's volumes that the derived figures can be set beside."""

    source: str
    test: str
    points: tuple[str, ...]
    among: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    per_cent: int | None = None


UNLIMITED = 10**9
"""Cases a year of a point whose capacity is not limited."""


@dataclass(frozen=True)
class Extension:
    """Longer opening hours: minutes a person and year more, yen a counter and year."""

    minutes: int
    cost: int


@dataclass(frozen=True)
class Classical:
    """Which classical problem a benchmark file was read as, and how to tell its numbers.

    preset: its id. unit: what the objective counts (cost, distance, sites or weight).
    largest: whether the quantity is to be made large; its negative is minimised. per: how many
    integers of the objective make one unit of the file; cases_per: the same of its demand.
    parts: into how many districts each customer is divided.
    """

    preset: str
    name: Text
    unit: str
    largest: bool = False
    per: int = 1
    cases_per: int = 1
    parts: int = 1


@dataclass(frozen=True, eq=False, kw_only=True)
class City:
    """A city, as read.

    Tables (pandas, sorted by id; every number is an integer in its smallest unit):

    - districts: index district; name, ward, room, lat, lng, residents, residents65,
      residents75 (persons), store_access (bool).
    - points: index point; name, kind, ward, lat, lng, mode_today, site_cost (yen a year while
      somebody runs it, besides the cost of its mode), capacity (cases a year, or UNLIMITED).
    - rooms: index room; name, ward.
    - periods: index period (fiscal year); years. The first period is today.
    - services: index service; name_en, name_ja, minutes (per case), ward_bound (bool).
    - modes: index mode; name_en, name_ja, run_by (city, partner, none), crew (persons),
      running_cost (yen a year), fee (yen a case), move_in_cost (yen).
    - kinds: kind -> its modes. kind_names: kind -> words.
    - serves: (mode, service) pairs. moves: (mode, next mode) pairs besides staying.
    - travel: index (district, point); metres, origin.
    - office_distances: index (point, other); metres, origin. Stated between offices.
    - demand: index (district, service, period); cases a year.
    - neighbours: pairs of districts that share a border, both ways round.
    - extension: longer opening hours, where the instance offers them.
    - wage: yen a person and year. person_minutes: counter minutes a person and year.
    - community_today: persons already in community support.
    - notes: what a reader must be told wherever figures are shown.
    - classical: set where the instance is a benchmark file under a preset, and no city.
    """

    id: str
    name: Text
    districts: pd.DataFrame
    points: pd.DataFrame
    rooms: pd.DataFrame
    periods: pd.DataFrame
    services: pd.DataFrame
    modes: pd.DataFrame
    kinds: Mapping[str, tuple[str, ...]]
    kind_names: Mapping[str, Text]
    serves: frozenset[tuple[str, str]]
    moves: frozenset[tuple[str, str]]
    travel: pd.DataFrame
    office_distances: pd.DataFrame
    demand: pd.Series
    wage: int
    person_minutes: int
    community_today: int
    assumptions: Mapping[str, Assumption]
    policy: Mapping[str, Sentence]
    neighbours: frozenset[tuple[str, str]] = frozenset()
    extension: Extension | None = None
    claims: tuple[Claim, ...] = ()
    notes: tuple[Text, ...] = ()
    classical: Classical | None = None

    @property
    def today(self) -> int:
        """The first period, which is given and not decided."""
        return int(self.periods.index[0])

    @property
    def planned(self) -> list[int]:
        """The periods that are decided, in order."""
        return [int(period) for period in self.periods.index[1:]]

    @cached_property
    def point_modes(self) -> pd.MultiIndex:
        """Every (point, mode) that the kind of the point allows."""
        pairs = [(p, m) for p, kind in self.points["kind"].items() for m in self.kinds[kind]]
        return pd.MultiIndex.from_tuples(pairs, names=["point", "mode"])

    @cached_property
    def staffed_points(self) -> pd.Index:
        """Points that can have a mode run by the city."""
        city = self.point_modes.get_level_values("mode").isin(list(self.city_modes))
        return self.point_modes[city].get_level_values("point").unique()

    @cached_property
    def city_modes(self) -> frozenset[str]:
        """Modes staffed by the city."""
        return frozenset(self.modes.index[self.modes["run_by"] == "city"])

    @cached_property
    def open_modes(self) -> frozenset[str]:
        """Modes that somebody runs."""
        return frozenset(self.modes.index[self.modes["run_by"] != "none"])

    @cached_property
    def serving_modes(self) -> Mapping[str, frozenset[str]]:
        """For each service the modes that serve it."""
        return {s: frozenset(m for m, t in self.serves if t == s) for s in self.services.index}

    @cached_property
    def offers(self) -> pd.MultiIndex:
        """Every (point, service) that some mode of the kind of the point serves."""
        return self._serving(lambda modes, serving: bool(modes & serving))

    @cached_property
    def always_offers(self) -> pd.MultiIndex:
        """Every (point, service) that all modes of the kind of the point serve."""
        return self._serving(lambda modes, serving: modes <= serving)

    def _serving(self, enough: Callable[[set[str], frozenset[str]], bool]) -> pd.MultiIndex:
        pairs = [
            (point, service)
            for point, kind in self.points["kind"].items()
            for service, serving in self.serving_modes.items()
            if enough(set(self.kinds[kind]), serving)
        ]
        return pd.MultiIndex.from_tuples(pairs, names=["point", "service"])

    @cached_property
    def links(self) -> pd.DataFrame:
        """Every assignment with demand and a travel figure: district, service, point, period, metres, cases."""
        return unfolded(self._links)

    @cached_property
    def _links(self) -> pd.DataFrame:
        demand = self.demand[self.demand > 0]
        planned = demand.index.get_level_values("period") != self.today
        return linked(demand[planned], self.travel)

    def link_labels(self, ways: pd.DataFrame, names: Iterable[str]) -> pd.MultiIndex:
        """Return the labels `names` of the table `ways`, be they its index or columns of it."""
        if ways is self.__dict__.get("links"):
            ways = self._links
        if isinstance(ways.index, pd.MultiIndex):
            return levels(ways.index, names)
        return pd.MultiIndex.from_frame(ways[list(names)])

    def per_link(
        self, ways: pd.DataFrame, values: pd.Series, otherwise: float = np.nan
    ) -> np.ndarray:
        """Return for each of `ways` the one of `values` that has its labels, or `otherwise`."""
        at = positions(self.link_labels(ways, values.index.names), values.index)
        known = values.to_numpy()
        found: np.ndarray = (np.append(known, otherwise) if (at < 0).any() else known)[at]
        return found

    def among(self, ways: pd.DataFrame, labels: pd.MultiIndex) -> np.ndarray:
        """Return which of `ways` have one of `labels`, some levels of theirs."""
        return positions(self.link_labels(ways, labels.names), labels) >= 0

    def having(self, ways: pd.DataFrame, **labels: Iterable[object]) -> np.ndarray:
        """Return which of `ways` have, for every label named, one of those listed."""
        mask = np.ones(len(ways), dtype=bool)
        for name, wanted in labels.items():
            index = self.link_labels(ways, [name])
            mask &= index.levels[0].isin(list(wanted))[index.codes[0]]
        return mask

    def outside_ward(self, links: pd.DataFrame, services: Iterable[str] = ()) -> np.ndarray:
        """Return which of `links` cross a ward boundary for a service that is bound to the ward, or
        one of `services`.
        """
        marked = self.services.index[self.services["ward_bound"]]
        bound = self.having(links, service=[*marked, *services])
        if not bound.any():
            return bound
        there = self.per_link(links, self.points["ward"])
        outside: np.ndarray = bound & (self.per_link(links, self.districts["ward"]) != there)
        return outside

    def previous(self, period: int) -> int:
        """Return the period before `period`."""
        return int(self.periods.index[self.periods.index.get_loc(period) - 1])

    def name_of(self, label: str, value: object, lang: str) -> str:
        """Return what people call the district, point, room, service, mode or period `value`."""
        match label:
            case "district":
                return str(self.districts["name"].get(value, value))
            case "point":
                return str(self.points["name"].get(value, value))
            case "room":
                return str(self.rooms["name"].get(value, value))
            case "service":
                return str(self.services[f"name_{lang}"].get(value, value))
            case "mode":
                return str(self.modes[f"name_{lang}"].get(value, value))
            case "period" if self.classical is not None:
                return "計画" if lang == "ja" else "the plan"
            case "period":
                return f"{value}年度" if lang == "ja" else f"FY{value}"
        return str(value)
