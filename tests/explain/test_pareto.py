"""The frontier of two objectives is that of all plans, counted out on tiny cities."""

from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest

from optimizer.audit.verify import verify
from optimizer.explain.pareto import Point, pareto, undominated
from optimizer.explain.robust.at_most import AtMost
from optimizer.model.build import build
from optimizer.model.outcome import Stage
from optimizer.objectives.staff_cost import StaffCost
from optimizer.objectives.travel import Travel
from optimizer.objectives.worst_travel import WorstTravel
from optimizer.report.answers.pareto import pareto_csv, pareto_report, pareto_svg
from optimizer.solver.solve import SolveSettings, solve
from tests.brute import Brute, TooLargeError
from tests.tiny import tiny, with_entries

X = StaffCost(share=50)


def exactly(city, start):
    return solve(city, SolveSettings(Fraction(0), 30), start=start)


def truth(seed, city, y):
    """Return the frontier by counting out all plans, level after level."""
    brute, points, level = Brute(tiny(seed)), [], None
    while True:
        entries = city.entries
        if level is not None:
            entries = (*entries, AtMost(id="level", objective=y, most=level))
        best = brute.best(build(replace(city, entries=entries, objectives=(X, y))))
        if best is None:
            return points
        points.append(best[0])
        level = best[0][1] - 1


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("y", [Travel(share=50), WorstTravel(share=50)], ids=lambda y: y.id)
def test_the_whole_frontier(seed, y):
    """With all points asked for, exactly the undominated ones come, all proved."""
    city = with_entries(tiny(seed))
    found = pareto(city, X, y, None, exactly)
    try:
        wanted = truth(seed, city, y)
    except TooLargeError:
        pytest.skip("too many plans to count")
    assert [(p.x, p.y) for p in found.points] == wanted
    assert found.complete and found.infeasible == (not wanted)
    for point in found.points:
        audit = verify(replace(city, objectives=(X, y)), point.plan)
        assert audit.violations == 0
        assert (audit.values[X.id], audit.values[y.id]) == (point.x, point.y)


@pytest.mark.parametrize("seed", range(3))
def test_levels_are_points_of_the_frontier(seed):
    """Every proved point at a level is one of the whole frontier; both ends are among them."""
    city, y = with_entries(tiny(seed)), Travel(share=50)
    whole = {(p.x, p.y) for p in pareto(city, X, y, None, exactly).points}
    some = pareto(city, X, y, 4, exactly).points
    assert all(p.proved for p in some) and {(p.x, p.y) for p in some} <= whole
    if whole:
        assert {min(whole), max(whole)} <= {(p.x, p.y) for p in some}
        assert len(some) <= 4


def test_without_time_nothing_is_claimed():
    """A level whose solve ran out of time is unknown, and a point that is not proved says so."""
    city, y = with_entries(tiny(0)), Travel(share=50)
    first = pareto(city, X, y, None, exactly).points[0]

    def lost(instance, start):
        solution = exactly(instance, start)
        if len(instance.entries) == len(city.entries):
            stage = replace(solution.outcome.stages[0], bound=first.x - 5, status="feasible")
            outcome = replace(solution.outcome, stages=(stage, *solution.outcome.stages[1:]))
            return replace(solution, outcome=outcome)
        stage = Stage(X.id, "unknown", None, None, 1.0)
        return replace(solution, plan=None, outcome=replace(solution.outcome, stages=(stage,)))

    found = pareto(city, X, y, None, lost)
    assert found.unknown == (first.y - 1,) and not found.complete and not found.infeasible
    (point,) = found.points
    assert not point.proved and point.least_x == first.x - 5 and point.least_y is None
    assert not pareto(city, X, y, None, lost, over=lambda: True).points


def test_points_that_another_beats_are_left_out():
    """Of equal points one stays; none is worse in one measure without being better in the other."""
    random, plan = Random(5), None
    points = [Point(*(random.randint(0, 9) for _ in range(2)), 0, 0, None, plan) for _ in range(60)]
    kept = [(p.x, p.y) for p in undominated(points)]
    every = {(p.x, p.y) for p in points}
    assert set(kept) == {
        a for a in every if not any(b != a and b[0] <= a[0] and b[1] <= a[1] for b in every)
    }
    assert kept == sorted(kept)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_words_csv_and_plot(lang):
    """Every point is in the table, the CSV file and the plot, with how far it is proved."""
    city, y = with_entries(tiny(0)), Travel(share=50)
    found = pareto(city, X, y, None, exactly)
    report = pareto_report(found, city, lang)
    assert len(report.tables[0].rows) == len(found.points)
    assert pareto_csv(found).count("\n") == len(found.points) + 1
    assert pareto_svg(found, lang).count("<circle") == len(found.points)
    assert {"en": "whole frontier", "ja": "これで全て"}[lang] in " ".join(report.headline)
