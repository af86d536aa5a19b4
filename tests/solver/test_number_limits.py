"""Numbers too large for an engine are refused before the solve, with what, where and what to do."""

from dataclasses import replace

import pytest

from optimizer.base.errors import InputError
from optimizer.constraints import registry
from optimizer.constraints.budget import Budget
from optimizer.model.build import build
from optimizer.model.example import town
from optimizer.objectives.staff_cost import StaffCost
from optimizer.objectives.travel import Travel
from optimizer.solver.engines.capability import ENGINES, engine
from optimizer.solver.number_limits import fit
from optimizer.solver.solve import SolveSettings, solve


def rich_town(wage: int):
    """Return the town with a budget for wages, where a person costs `wage` a year."""
    always = tuple(rule(id=name) for name, rule in registry().items() if rule.always)
    purse = Budget(id="purse", yen=10**13, items=("wages",))
    return replace(town(), entries=(*always, purse), objectives=(StaffCost(), Travel()), wage=wage)


@pytest.mark.parametrize("key", [*ENGINES, "pulp:COIN_CMD"])
def test_a_coefficient_beyond_the_engine_is_refused(key):
    """One more than the limit names entry, row, number and remedy in both languages; the limit fits."""
    most = engine(key).coefficient
    solved = rich_town(most)
    fit(build(solved).program, [], engine(key))
    with pytest.raises(InputError) as caught:
        solve(rich_town(most + 1), SolveSettings(time_limit=5, engine=key))
    first, second = caught.value.problems
    assert (first.column, first.value) == ("constraint.purse", f"{most + 1:,}")
    assert "period=" in first.message.en and engine(key).name in first.message.ja
    assert "thousand yen" in first.remedy.en and "千円" in first.remedy.ja
    better = [k for k, can in ENGINES.items() if can.coefficient > most]
    assert all(k in first.remedy.en for k in better)
    assert second.column == "objective.staff_cost"


def test_an_objective_that_is_never_held_may_have_large_coefficients():
    """Only rows must be kept to the unit: the last objective becomes none."""
    city = replace(
        rich_town(10**11), entries=tuple(r(id=n) for n, r in registry().items() if r.always)
    )
    alone = solve(replace(city, objectives=(StaffCost(),)), SolveSettings(time_limit=10))
    assert alone.plan is not None
    with pytest.raises(InputError, match=r"objective\.staff_cost"):
        solve(city, SolveSettings(time_limit=5))


def test_numbers_beyond_doubles_are_refused_as_input():
    """What no double can hold is a fault of the input, not a crash."""
    with pytest.raises(InputError, match="coarser unit"):
        solve(
            replace(rich_town(2**53), objectives=(StaffCost(),), entries=()),
            SolveSettings(time_limit=5),
        )
