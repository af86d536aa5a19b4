"""An engine that lies about any number, at any stage, never has the last word."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from fractions import Fraction
from functools import cache

import pytest

from optimizer.cli.actions.solve import Request, exit_code
from optimizer.cli.output import UNPROVED
from optimizer.model.example import town
from optimizer.model.outcome import Contradiction, Outcome, Stage
from optimizer.objectives.staff_cost import StaffCost
from optimizer.objectives.travel import Travel
from optimizer.report.tables import outcome_lines
from optimizer.solver import solve as solving
from optimizer.solver.engines.answer import Answer, ContradictionError, failed
from optimizer.solver.engines.child import Engine
from optimizer.solver.engines.job import granularity
from optimizer.solver.known_bounds import KnownBound
from optimizer.solver.search import stage as stage_of
from optimizer.solver.search.tuning import TUNING
from optimizer.solver.solve import SolveSettings
from tests.tiny import tiny, with_entries

Lie = Callable[[Answer, int], Answer]


def raised(by: int) -> Lie:
    """The bound is per cent too high."""

    def lie(answer: Answer, step: int) -> Answer:
        if answer.bound is None:
            return answer
        return replace(answer, bound=answer.bound + max(abs(answer.bound) * by // 100, 2 * step))

    return lie


def without_plan(status: str) -> Lie:
    """There is no plan, or none that is best."""
    return lambda answer, step: replace(answer, status=status, values=None, value=None, bound=None)


def crossing(answer: Answer, step: int) -> Answer:
    """What a child says that puts its bound above its own plan."""
    if answer.values is None or answer.value is None:
        return answer
    told = failed("its bound lies above its own solution").message
    raise ContradictionError(told, answer.value + 10**6 * step, answer.values)


LIES: dict[str, tuple[bool, bool, Lie]] = {
    "the relaxation is 3 % too high": (True, False, raised(3)),
    "the relaxation is far too high": (True, False, raised(500)),
    "the proof is 3 % too high": (False, True, raised(3)),
    "the proof is far too high": (False, True, raised(500)),
    "all bounds are too high": (True, True, raised(3)),
    "there is no plan": (False, True, without_plan("infeasible")),
    "no division leaves a plan": (True, False, without_plan("infeasible")),
    "no plan is best": (False, True, without_plan("unbounded")),
    "its bound lies above its plan": (False, True, crossing),
}
"""What is said -> of programs with shares, of whole ones, the lie."""


class Liar(Engine):
    """An engine that is honest up to the stage `since`."""

    lie: tuple[bool, bool, Lie]
    since = 0
    sizes: dict[int, int]

    def run(self, matrix, settings, hint=None, shares=None, tell=None, over=None):
        """Ask the true engine, and say something else."""
        answer = super().run(matrix, settings, hint, shares, None, over)
        stage = self.sizes.setdefault(hash(matrix.cost.tobytes()), len(self.sizes))
        divided, whole, lie = self.lie
        if stage < self.since or not (whole if shares is None else divided):
            return answer
        return lie(answer, granularity(matrix))


@cache
def honest(seed: int | None):
    """A city and its two least values."""
    city = town() if seed is None else tiny(seed)
    city = replace(with_entries(city), objectives=(StaffCost(), Travel()))
    return city, solving.solve(city, SolveSettings(Fraction(0), 30))


@pytest.mark.parametrize("name", LIES)
@pytest.mark.parametrize("since", [0, 1])
@pytest.mark.parametrize("seed", [None, 8])
@pytest.mark.parametrize("started", [True, False])
def test_no_lie_becomes_a_proof(name, since, seed, started, monkeypatch):
    """What is claimed in the end is true, or a contradiction with its source, or no result at all."""
    city, truth = honest(seed)
    with Liar() as engine:
        engine.lie, engine.since, engine.sizes = LIES[name], since, {}
        monkeypatch.setattr(solving, "running", lambda *how: nullcontext([engine]))
        if engine.lie[0]:  # else a program as small as this one has no relaxation
            monkeypatch.setattr(stage_of, "TUNING", replace(TUNING, small=0))
        begin = truth.plan if started else None
        found = solving.solve(city, SolveSettings(Fraction(0), 5), start=begin)
    for stage, true in zip(found.outcome.stages, truth.outcome.stages, strict=False):
        if stage.contradiction is not None:
            assert (stage.status, stage.bound, stage.divided) == ("feasible", None, None)
        elif stage.status in ("infeasible", "unbounded"):  # nobody has a plan that shows it
            assert found.plan is None
        else:
            assert stage.bound is None or stage.value is None or stage.bound <= stage.value
            assert stage.status != "optimal" or stage.value == true.value
    if found.plan is not None and started and not since and name != "no division leaves a plan":
        assert found.outcome.contradicted


@pytest.mark.parametrize("method", ["engine", "location", "carried"])
@pytest.mark.parametrize("bound", [None, 10**13])
@pytest.mark.parametrize("part", [False, True])
def test_a_contradiction_is_told_with_both_sources(method, bound, part):
    """In words of both languages: who claimed what, and what the plan has; the code is 4."""
    from optimizer.audit.verify import verify

    city, truth = honest(None)
    false = Contradiction(method, bound, part)
    stages = [replace(s, status="feasible", bound=None, divided=None) for s in truth.outcome.stages]
    outcome = replace(truth.outcome, stages=(replace(stages[0], contradiction=false), stages[1]))
    audit = verify(city, truth.plan)
    who = outcome.who(method)
    for lang, words in (("en", "contradiction: not proved"), ("ja", "矛盾: 未証明")):
        line = outcome_lines(audit, outcome, lang)[0]
        assert words in line and who.say(lang) in line
        assert bound is None or (f"{bound:,}" in line) != part
    asked = Request(None, None, False, None, SolveSettings(), None, (), None, None, False)
    assert exit_code(replace(truth, outcome=outcome), asked) == UNPROVED


def test_numbers_that_cross_are_settled_where_they_are_read():
    """Of a stage, whatever a plan refutes goes, and is named; what it bears out stays."""
    sound = Stage("staff_cost", "optimal", 10, 10, 1.0, divided=9)
    assert sound.settled(10) is sound and sound.settled(None) is sound
    for false in ({"bound": 11}, {"divided": 11}, {"status": "infeasible", "value": None}):
        stage = replace(sound, **false).settled(10)
        assert stage.contradiction is not None and stage.gap is None
        assert (stage.status, stage.value, stage.divided) == ("feasible", 10, None)
    city, _ = honest(None)
    wrong = Outcome("X", "1", (Stage("staff_cost", "optimal", 10, 11, 1.0),))
    assert KnownBound.of(city, wrong) == ()
