"""Solving: against brute force on tiny cities, and the promises about stages."""

from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest

from optimizer.audit.verify import verify
from optimizer.city.baseline import least_staff
from optimizer.city.plan import Plan
from optimizer.constraints import registry
from optimizer.model.example import SERVICES, town
from optimizer.model.instance import Instance
from optimizer.objectives.staff_cost import StaffCost
from optimizer.objectives.travel import Travel
from optimizer.solver.solve import SolveSettings, solve


def tiny(seed: int) -> Instance:
    """Return a city of two districts, a ward office, a branch, a store and one planned year."""
    random, base = np.random.default_rng(seed), town()
    points, districts = ["B1", "S1", "W1"], ["D1", "D3"]
    cells = base.travel.index.get_level_values("point").isin(points)
    cells &= base.travel.index.get_level_values("district").isin(districts)
    pairs = [("D1", SERVICES[0]), ("D1", SERVICES[2]), ("D3", SERVICES[2])]
    keys = pd.MultiIndex.from_tuples(
        [(*pair, year) for pair in pairs for year in (2016, 2017)],
        names=["district", "service", "period"],
    )
    return replace(
        base,
        districts=base.districts.loc[districts],
        points=base.points.loc[points],
        travel=base.travel[cells],
        periods=base.periods.loc[[2016, 2017]],
        demand=pd.Series(random.integers(0, 6000, len(keys)), index=keys).sort_index(),
        wage=int(random.integers(1, 9)) * 1_000_000,
        modes=base.modes.assign(
            running_cost=random.integers(0, 9, len(base.modes)) * 1_000_000,
            fee=random.integers(0, 900, len(base.modes)) * (base.modes["run_by"] == "partner"),
        ),
        entries=tuple(rule(id=name) for name, rule in registry().items() if rule.always),
        objectives=(StaffCost(share=60), Travel()),
    )


def best_by_enumeration(city: Instance) -> tuple[int, int] | None:
    """Return the least (cost, travel) over every plan that `verify` accepts, trying them all."""
    demand = city.demand[city.demand > 0]
    rank = {"served_where_open": 0, "legal_moves": 1}  # most plans fall at the first two
    city = replace(city, entries=sorted(city.entries, key=lambda e: rank.get(e.id, 2)))
    keys = [key for key in demand.index if key[2] == 2017]
    kinds = [city.kinds[kind] for kind in city.points["kind"]]
    best = None
    for modes in product(*kinds):
        held = pd.Series(
            modes,
            index=pd.MultiIndex.from_product(
                [city.points.index, [2017]], names=["point", "period"]
            ),
        )
        for sent in product(city.points.index, repeat=len(keys)):
            index = pd.MultiIndex.from_tuples(keys, names=["district", "service", "period"])
            plan = Plan(held, pd.Series(sent, index=index, dtype=object), held.map(lambda _: 0))
            plan = replace(plan, staff=least_staff(city, plan))
            if all(not len(e.readings(city, plan).violations) for e in city.entries):
                value = tuple(objective.value(city, plan) for objective in city.objectives)
                best = value if best is None else min(best, value)
    return best


@pytest.mark.parametrize("seed", range(4))
def test_agrees_with_brute_force(seed):
    """Both objectives of tiny cities are the least of all plans that the audit accepts."""
    city = tiny(seed)
    solution = solve(city, SolveSettings(gap=0, time_limit=30))
    audit = verify(city, solution.plan)
    assert audit.violations == 0
    assert [stage.status for stage in solution.outcome.stages] == ["optimal", "optimal"]
    assert (audit.values["staff_cost"], audit.values["travel"]) == best_by_enumeration(city)


def test_canonical_gives_one_plan_whatever_the_seed():
    """With the tie-break two seeds give the same plan to the last assignment."""
    city = tiny(3)
    plans = [
        solve(city, SolveSettings(gap=0, time_limit=30, canonical=True, seed=s)).plan
        for s in (0, 7)
    ]
    for name in ("modes", "assignments", "staff"):
        assert getattr(plans[0], name).equals(getattr(plans[1], name))


def test_infeasible_is_an_answer():
    """A city that nobody can serve gives the status, not an exception."""
    city = tiny(0)
    served = town().demand > 0
    assert served.any()
    nobody = replace(city, serves=frozenset())
    assert solve(nobody, SolveSettings(time_limit=10)).outcome.status == "infeasible"
