"""What is different in another plan: scenario, offices, districts, staff, cost, fairness."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from optimizer.audit.changed import Difference, changes
from optimizer.audit.fairness import Fairness, fairness
from optimizer.audit.verify import Audit
from optimizer.base.errors import refuse
from optimizer.base.words import Text
from optimizer.city.ledger import ITEMS
from optimizer.city.plan import Plan
from optimizer.explain.compare.attribution import Attribution, Least, Method, attribute
from optimizer.model.instance import Instance
from optimizer.model.outcome import Outcome
from optimizer.solver.solve import Solution


@dataclass(frozen=True, eq=False)
class Side:
    """One plan that is compared: what it is called, its audit, what was claimed of it."""

    name: str
    audit: Audit
    outcome: Outcome | None = None

    @property
    def instance(self) -> Instance:
        """The instance of the plan."""
        return self.audit.instance

    @property
    def plan(self) -> Plan:
        """The plan."""
        return self.audit.plan

    @property
    def least(self) -> Least:
        """What is known of the least value of the first objective of the instance."""
        name = self.instance.objectives[0].id
        stages = self.outcome.stages if self.outcome else ()
        bound = next((s.bound for s in stages if s.objective == name), None)
        return Least(self.audit.values[name], bound, self.plan)


@dataclass(frozen=True, eq=False)
class Comparison:
    """How `other` differs from `first`.

    - offices: point, period, before, after (modes) where they differ; all points but stores.
    - districts: district, service, period, before, after (points), metres_before, metres_after,
      cases (of `other`), where the counter differs; a missing one is "".
    - staff: point, period, before, after, where the persons differ.
    - costs: index item, columns before, after: yen over all planned years.
    - fairness: the panels of both, row by row for what both have.
    """

    first: Side
    other: Side
    scenario: tuple[Difference, ...]
    offices: pd.DataFrame
    districts: pd.DataFrame
    staff: pd.DataFrame
    costs: pd.DataFrame
    fairness: tuple[tuple[Fairness, Fairness], ...]
    attribution: Attribution | None = None

    @property
    def same(self) -> bool:
        """Whether the two plans decide the same."""
        return not any(len(table) for table in (self.offices, self.districts, self.staff))

    def to_json(self) -> dict[str, object]:
        """Return the comparison as plain data."""
        return {
            "first": self.first.name,
            "other": self.other.name,
            "scenario": [change.to_json() for change in self.scenario],
            "offices": self.offices.to_dict("records"),
            "districts": self.districts.to_dict("records"),
            "staff": self.staff.to_dict("records"),
            "costs": self.costs.reset_index().to_dict("records"),
            "values": [_value_data(side) for side in (self.first, self.other)],
            "fairness": [{"before": a.to_json(), "after": b.to_json()} for a, b in self.fairness],
            "attribution": self.attribution and self.attribution.to_json(),
        }


def _value_data(side: Side) -> dict[str, object]:
    return {"values": side.audit.values, "bound": side.least.bound}


def compare(first: Side, other: Side) -> Comparison:
    """Return how `other` differs from `first`; nothing is solved. Raises InputError."""
    return Comparison(
        first,
        other,
        changes(first.instance, other.instance),
        _offices(first, other),
        _districts(first.audit, other.audit),
        _differing(first.plan.staff, other.plan.staff, 0),
        _costs(first.audit, other.audit),
        _panels(first, other),
    )


def attribution(
    found: Comparison,
    method: Method,
    solve: Callable[[Instance, Plan | None], Solution],
    watch: Callable[[int, int], None] = lambda done, of: None,
) -> Attribution:
    """Return what each change of the scenario causes of the difference of the first objective.

    Arguments as of `attribute`. Raises InputError for too many changes, or two objectives.
    """
    a, b = found.first.instance.objectives[0], found.other.instance.objectives[0]
    if a != b:
        raise refuse(
            Text(
                "the plans minimise different objectives, so their costs have no shares",
                "目的が異なる計画のため、費用差の内訳は求められない",
            ),
            Text("compare without --attribute", "--attribute を付けずに比べる"),
            column="--attribute",
            value=f"{a.id} | {b.id}",
        )
    sides = (found.first.least, found.other.least)
    return attribute(
        found.first.instance, found.other.instance, found.scenario, sides, method, solve, watch
    )


def _differing(before: pd.Series, after: pd.Series, missing: object) -> pd.DataFrame:
    """Return the labels of both, before and after, where they differ."""
    both = pd.DataFrame({"before": before, "after": after}).astype(object)
    both = both.where(both.notna(), missing)
    return both[both["before"] != both["after"]].sort_index().reset_index()


def _offices(first: Side, other: Side) -> pd.DataFrame:
    table = _differing(first.plan.modes, other.plan.modes, "")
    kinds = [side.instance.points["kind"] for side in (first, other)]
    stores = [p for kind in kinds for p in kind.index[kind == "store"]]
    return table[~table["point"].isin(stores)].reset_index(drop=True)


def _districts(first: Audit, other: Audit) -> pd.DataFrame:
    way = ["district", "service", "period"]
    a, b = (audit.plan.served(audit.instance).set_index(way) for audit in (first, other))
    table = _differing(a["point"], b["point"], "")
    keys = pd.MultiIndex.from_frame(table[way])
    for name, side in (("metres_before", a), ("metres_after", b)):
        metres = side["metres"].reindex(keys).astype(object)
        table[name] = metres.where(metres.notna(), None).to_numpy()
    table["cases"] = b["cases"].reindex(keys, fill_value=0).to_numpy()
    return table


def _costs(first: Audit, other: Audit) -> pd.DataFrame:
    yen = {
        name: audit.costs.groupby(level="item").sum().reindex(list(ITEMS), fill_value=0)
        for name, audit in (("before", first), ("after", other))
    }
    return pd.DataFrame(yen).astype("int64")


def _panels(first: Side, other: Side) -> tuple[tuple[Fairness, Fairness], ...]:
    a, b = (
        {(r.group, r.ward, r.period): r for r in fairness(side.instance, side.plan)}
        for side in (first, other)
    )
    return tuple((a[key], b[key]) for key in a if key in b)
