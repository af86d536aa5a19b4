"""A sweep solves every case once, from the nearest plan, and survives workers that die."""

from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest

from optimizer.audit.verify import verify
from optimizer.base.errors import EngineError, InputError, Problem
from optimizer.base.words import Text
from optimizer.files.changes import read_changes
from optimizer.model.example import town, town_plan
from optimizer.model.outcome import Outcome, Stage
from optimizer.objectives.staff_cost import StaffCost
from optimizer.solver.solve import SolveSettings
from optimizer.sweep.cases import Case, distance, grid, sample
from optimizer.sweep.sweep import Solved, Sweep, processes, solve_case
from tests.tiny import tiny, with_entries

OUTCOME = Outcome("X", "1", (Stage("staff_cost", "feasible", 9, 8, 0.1),))


class Kept(dict):
    """A store in memory."""

    def get(self, key, instance=None):
        return dict.get(self, key)

    def put(self, key, case, instance, solved):
        assert key not in self, "solved twice"
        self[key] = solved


class Here(Executor):
    """Runs a case at once, by `solve` in place of a solver; remembers the starts it was given."""

    def __init__(self, solve):
        self.solve, self.starts, self.proved = solve, [], []

    def submit(self, function, instance, start, proved, settings):
        self.starts.append(start)
        self.proved.append([(p.instance.fingerprint, p.bound) for p in proved])
        future = Future()
        try:
            future.set_result(self.solve(instance, start, settings))
        except BaseException as error:
            future.set_exception(error)
        return future


def read(case):
    if case.name == "bad":
        raise InputError([Problem(Text("bad", "悪い"), Text("mend", "直す"), "x.csv")])
    objectives = (StaffCost(),)
    return replace(
        town(), fingerprint="|".join(change.text for change in case.changes), objectives=objectives
    )


def answer(instance, start, settings):
    return Solved(town_plan(), OUTCOME, 0.1, False)


def cases(*wages):
    return [
        Case(str(w), read_changes([f"set assumptions.wage={w}"]), {"assumptions.wage": str(w)})
        for w in wages
    ]


def test_a_grid_is_every_combination():
    """On every start each combination stands once, with the changes after those of the start."""
    found = grid(
        {"a.x": ["1", "2"], "b": ["u"]}, [Case("s", read_changes(["drop z"])), Case("", ())]
    )
    assert [c.name for c in found] == ["s, x=1, b=u", "s, x=2, b=u", "x=1, b=u", "x=2, b=u"]
    assert found[1].changes == read_changes(["drop z", "set a.x=2", "set b=u"])


def test_draws_are_repeatable_and_within_their_range():
    """The same seed gives the same draws; whole ranges whole numbers, others their decimals."""
    ranges = {"w": ("5", "9"), "r": ("0.5", "0.75")}
    one, two = (sample(ranges, 40, 3, [Case("", ())]) for _ in range(2))
    assert one == two != sample(ranges, 40, 4, [Case("", ())])
    assert {int(c.values["w"]) for c in one} == set(range(5, 10))
    assert all(Fraction(1, 2) <= Fraction(c.values["r"]) <= Fraction(3, 4) for c in one)
    assert all(len(c.values["r"]) == 4 for c in one)


def test_distance_counts_changes_and_sizes_of_numbers():
    """The same case is 0 away, a near number less than a far one, another rule a whole step."""
    near, middle, far = cases(100, 110, 200)
    assert distance(near, near) == 0 < distance(near, middle) < distance(near, far) < 1
    assert distance(near, Case("", (*near.changes, *read_changes(["drop pace"])))) == 1
    random = Random(0)
    for _ in range(50):
        a, b = (cases(random.randint(1, 9))[0] for _ in range(2))
        assert distance(a, b) == distance(b, a)


def test_every_case_is_solved_once_from_the_nearest():
    """The first begins from the plan given; a case whose content is known is not solved again."""
    plans = {}

    def solve(instance, start, settings):
        plans[instance.fingerprint] = replace(town_plan())
        return Solved(plans[instance.fingerprint], OUTCOME, 0.1, False)

    store, worker = Kept(), Here(solve)
    every = [*cases(100, 200, 190), Case("again", cases(100)[0].changes)]
    begin = town_plan()
    results = Sweep(read, store, SolveSettings(), lambda: worker, start=begin).run(every)
    assert [r.verdict for r in results] == ["solved"] * 4 and len(store) == 3
    assert [r.known for r in results] == [False] * 3 + [True]
    assert worker.starts[0] is begin and worker.starts[2] is plans["set assumptions.wage=200"]
    resumed = Here(solve)
    again = Sweep(read, store, SolveSettings(), lambda: resumed).run([*every, *cases(201)])
    assert [r.known for r in again] == [True] * 4 + [False]
    assert len(resumed.starts) == 1
    near = [f"set assumptions.wage={wage}" for wage in (200, 190)]
    assert resumed.proved == [[(case, 8) for case in near]]
    other = SolveSettings(time_limit=99)
    assert len(Sweep(read, store, other, lambda: Here(solve)).run(every)) == 4 and len(store) == 7


def test_a_worker_that_dies_costs_its_cases_one_try():
    """The pool is made anew and the case tried again; one that kills every worker has failed."""
    deaths = {"set assumptions.wage=2": 1, "set assumptions.wage=3": 9}

    def solve(instance, start, settings):
        if deaths.get(instance.fingerprint, 0):
            deaths[instance.fingerprint] -= 1
            raise BrokenProcessPool("a process was terminated abruptly")
        return answer(instance, start, settings)

    made = []

    def make():
        made.append(Here(solve))
        return made[-1]

    results = Sweep(read, Kept(), SolveSettings(), make).run(cases(1, 2, 3, 4))
    assert [r.verdict for r in results] == ["solved", "solved", "failed", "solved"]
    assert results[2].detail == "worker died" and len(made) == 4


def test_what_cannot_be_read_or_fails_does_not_stop_the_others():
    """Bad input, an engine that fails and a plan that breaks a rule are told with their reason."""

    def solve(instance, start, settings):
        if "=2" in instance.fingerprint:
            raise EngineError(Text("out of memory", "メモリ不足"))
        return answer(instance, start, settings)

    class Strict(Kept):
        def put(self, key, case, instance, solved):
            if case.name == "3":
                raise EngineError(Text("breaks 1 reading(s)", "違反1件"))
            super().put(key, case, instance, solved)

    every = [Case("bad", ()), *cases(1, 2, 3)]
    results = Sweep(read, Strict(), SolveSettings(), lambda: Here(solve)).run(every)
    assert [r.verdict for r in results] == ["bad input", "solved", "failed", "failed"]
    assert "x.csv" in results[0].detail and "memory" in results[2].detail
    assert "breaks" in results[3].detail


def test_a_stopped_sweep_says_what_was_not_tried():
    """What a worker found when it was interrupted is not kept, so that it is solved in full later."""
    told = []
    solve = lambda i, s, t: Solved(town_plan(), OUTCOME, 0.1, len(told) == 1)  # noqa: E731
    store = Kept()
    sweep = Sweep(
        read, store, SolveSettings(), lambda: Here(solve), told=told.append,
        stopped=lambda: len(told) >= 2,
    )  # fmt: skip
    results = sweep.run(cases(1, 2, 3))
    assert [r.verdict for r in results] == ["solved", "not tried", "not tried"] and len(store) == 1


def test_infeasible_and_unknown_are_answers():
    """A case without a plan says whether that is proved."""
    endings = iter(("infeasible", "unknown"))

    def solve(instance, start, settings):
        stage = Stage("staff_cost", next(endings), None, None, 0.1)
        return Solved(None, Outcome("X", "1", (stage,)), 0.1, False)

    results = Sweep(read, Kept(), SolveSettings(), lambda: Here(solve)).run(cases(1, 2))
    assert [r.verdict for r in results] == ["infeasible", "no plan"]


@pytest.mark.parametrize("seed", [1, 2])
def test_real_processes_solve_real_cities(seed):
    """Worker processes take an instance and a start, and hand back a plan that breaks no rule."""
    city = replace(with_entries(tiny(seed)), fingerprint=str(seed), objectives=(StaffCost(),))
    store = Kept()
    sweep = Sweep(lambda case: city, store, SolveSettings(time_limit=20), lambda: processes(1))
    (result,) = sweep.run([Case("tiny", ())])
    assert result.verdict in ("solved", "infeasible")
    if result.solved.plan is not None:
        assert verify(city, result.solved.plan).violations == 0
    mine = solve_case(city, None, (), SolveSettings(time_limit=20))
    assert mine.outcome.stages[0].value == result.solved.outcome.stages[0].value
