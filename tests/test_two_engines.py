"""Engines know nothing of each other: where two are sure, they must say the same."""

from dataclasses import replace
from functools import cache

import pytest

from optimizer.constraint import registry
from optimizer.engines.capability import ENGINES
from optimizer.example import town
from optimizer.files.instance_folder import read_instance
from optimizer.instance import Instance
from optimizer.objectives.staff_cost import StaffCost
from optimizer.objectives.travel import Travel
from optimizer.solving import Solution, solve
from optimizer.verifying import verify
from tests.conftest import KUMAMOTO
from tests.small import write_west_ward

OTHERS = [key for key in ENGINES if key != "highs"]
RULES = ["the rules that are always on", *(n for n, r in registry().items() if not r.always)]


def town_under(name: str) -> Instance:
    """Return the town with the example entry of constraint `name` and all that are always on."""
    rules = registry()
    entries = {n: rule.examples().entry for n, rule in rules.items() if rule.always or n == name}
    return replace(town(), entries=tuple(entries.values()), objectives=(StaffCost(), Travel()))


@cache
def solved(name: str, engine: str) -> Solution:
    """Return the one best plan of the town that `engine` finds."""
    return solve(town_under(name), gap=0, time_limit=30, canonical=True, engine=engine)


@pytest.mark.parametrize("engine", OTHERS)
@pytest.mark.parametrize("name", RULES)
def test_two_engines_agree_on_the_town(name, engine):
    """Under each constraint two engines prove the same values, and ties broken, the same plan."""
    one, other = solved(name, "highs"), solved(name, engine)
    assert other.outcome.engine == ENGINES[engine].name
    stages = [[(s.objective, s.status, s.value) for s in x.outcome.stages] for x in (one, other)]
    assert stages[0] == stages[1]
    assert [status for _, status, _ in stages[0]] in (["infeasible"], ["optimal"] * 3)
    if one.plan is not None:
        assert verify(other.instance, other.plan).violations == 0
        for part in ("modes", "assignments", "staff"):
            assert getattr(one.plan, part).equals(getattr(other.plan, part)), part
        assert {n: s.to_dict() for n, s in one.plan.extra.items()} == {
            n: s.to_dict() for n, s in other.plan.extra.items()
        }


def test_three_engines_agree_on_a_ward(tmp_path):
    """On a real ward no engine's bound lies above another's plan; where two are sure, both agree."""
    ward = read_instance(write_west_ward(KUMAMOTO, tmp_path / "west"))
    found = {key: solve(ward, gap=0, time_limit=20, engine=key) for key in ENGINES}
    first = {key: solution.outcome.stages[0] for key, solution in found.items()}
    for key, solution in found.items():
        assert verify(ward, solution.plan).violations == 0, key
    assert max(stage.bound for stage in first.values()) <= min(s.value for s in first.values())
    sure = {s.value for s in first.values() if s.status == "optimal"}
    assert len(sure) <= 1
    assert sum(s.status == "optimal" for s in first.values()) >= 2
