"""The search with all its parts, which small programs would not need: made to run on tiny cities."""

import threading
from dataclasses import replace

import numpy as np
import pytest

from optimizer.audit.verify import verify
from optimizer.base.errors import EngineError
from optimizer.base.words import Text
from optimizer.constraints import registry
from optimizer.model.build import build
from optimizer.model.example import town
from optimizer.model.random_city import city
from optimizer.objectives.staff_cost import StaffCost
from optimizer.solver.engines.child import Engine
from optimizer.solver.engines.job import Settings
from optimizer.solver.search import stage
from optimizer.solver.search.bound_prover import BoundProver
from optimizer.solver.search.incumbent import Incumbent
from optimizer.solver.search.neighbourhoods import Neighbourhoods
from optimizer.solver.search.primal_heuristic import PrimalHeuristic
from optimizer.solver.search.tuning import TUNING
from optimizer.solver.solve import LAYOUT, SolveSettings, solve
from tests.solver.test_solve import best_by_enumeration, tiny

ALWAYS = tuple(rule(id=name) for name, rule in registry().items() if rule.always)
TOWN = replace(town(), entries=ALWAYS, objectives=(StaffCost(),))

SETTINGS = Settings(time_limit=20, gap=0.0, seed=0, memory=0, threads=0, nodes=0)


@pytest.fixture
def whole_search(monkeypatch):
    """Send every program through both engines, however small it is."""
    monkeypatch.setattr(stage, "TUNING", replace(TUNING, small=0))


def _board(values: np.ndarray | None = None, **settings: object) -> Incumbent:
    model = build(TOWN)
    matrix = model.program.matrix(model.objectives[0])
    return Incumbent(matrix, replace(SETTINGS, **settings), threading.Event(), values)


@pytest.mark.parametrize("engine", ["highs", "scip", "cp-sat"])
@pytest.mark.parametrize("seed", range(3))
def test_two_engines_side_by_side_agree_with_brute_force(whole_search, engine, seed):
    """One bounds, one finds: together they end at the least of all plans, and prove it."""
    instance = tiny(seed)
    solution = solve(instance, SolveSettings(gap=0, time_limit=30, engine=engine))
    assert [s.status for s in solution.outcome.stages] == ["optimal", "optimal"]
    values = verify(instance, solution.plan).values
    assert (values["staff_cost"], values["travel"]) == best_by_enumeration(instance)


@pytest.mark.parametrize("seed", range(3))
def test_one_engine_that_counts_agrees_with_brute_force(whole_search, seed):
    """The repeatable search proves tiny cities too."""
    instance = tiny(seed)
    solution = solve(instance, SolveSettings(gap=0, time_limit=60, deterministic=True))
    values = verify(instance, solution.plan).values
    assert (values["staff_cost"], values["travel"]) == best_by_enumeration(instance)


@pytest.mark.parametrize("seed", range(6))
def test_a_start_changes_nothing_but_the_way(whole_search, seed):
    """From the plan of a city with other rules the same proven value is reached as from nothing."""
    other = replace(TOWN, wage=TOWN.wage // (seed + 2), person_minutes=20_000 + 9_000 * seed)
    start = solve(other, SolveSettings(gap=0, time_limit=20)).plan
    fresh, warm = (solve(TOWN, SolveSettings(gap=0, time_limit=20), start=s) for s in (None, start))
    assert fresh.outcome.stages[0].status == warm.outcome.stages[0].status == "optimal"
    assert fresh.outcome.stages[0].value == warm.outcome.stages[0].value


@pytest.mark.parametrize("part", [BoundProver, PrimalHeuristic])
def test_an_engine_that_fails_ends_both(whole_search, monkeypatch, part):
    """What one of the two cannot do is told; the other does not go on alone for the whole time."""

    def broken(*_: object) -> None:
        raise EngineError(Text("broken", "故障"))

    monkeypatch.setattr(part, "relax" if part is BoundProver else "run", broken)
    with pytest.raises(EngineError, match="broken"):
        solve(TOWN, SolveSettings(gap=0, time_limit=300))


def test_the_board_believes_nothing_that_breaks_a_row():
    """Values that break a row are not taken; worse ones neither; a lower bound does not lower one."""
    incumbent = _board()
    nothing = np.zeros_like(incumbent.matrix.lower)
    assert not incumbent.take(nothing) and incumbent.value is None
    best = solve(TOWN, SolveSettings(gap=0, time_limit=20))
    values = build(TOWN).encode(best.plan)
    assert incumbent.take(values) and incumbent.value == best.outcome.stages[0].value
    incumbent.raise_bound(5)
    incumbent.raise_bound(3)
    assert incumbent.bound == 5 and not incumbent.done()
    incumbent.raise_bound(incumbent.value)
    assert incumbent.done() and incumbent.conclusion() == "optimal"


def test_nobody_calls_a_program_with_a_solution_infeasible():
    """A claim of infeasibility that comes after a solution is not noted."""
    values = build(TOWN).encode(solve(TOWN, SolveSettings(gap=0, time_limit=20)).plan)
    incumbent = _board(values)
    incumbent.close("infeasible")
    assert incumbent.conclusion() == "feasible"


@pytest.mark.parametrize("seed", [0, 3, 20, 21, 28, 39])  # cities that can be served
def test_a_neighbourhood_is_the_program_around_a_solution(seed):
    """A solution of the part, put into the rest, keeps all rows and has the value the part says."""
    instance = replace(city(seed), entries=ALWAYS, objectives=(StaffCost(),))
    model = build(instance)
    values = model.encode(solve(instance, SolveSettings(time_limit=10)).plan)
    matrix = model.program.matrix(model.objectives[0])
    layout = replace(LAYOUT, derived=frozenset(model.decisions.derived))
    choices = Neighbourhoods(model.program, layout, seed)
    with Engine("highs", threading.Event()) as engine:
        for size in (1, 3):
            part, columns = matrix.around(values, choices.pick(values, size))
            assert part.value(values[columns]) == matrix.value(values)
            assert part.holds(values[columns])
            answer = engine.run(part, SETTINGS)
            joined = values.copy()
            joined[columns] = answer.values
            assert matrix.holds(joined) and matrix.value(joined) == answer.value
