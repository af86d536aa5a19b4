"""Repairs: disjoint, smallest, within flex, never of what is protected, and verified."""

from dataclasses import replace

import pytest

from optimizer.audit.verify import verify
from optimizer.explain.infeasible.flex import reach
from optimizer.explain.infeasible.repair import find_repairs
from optimizer.files.changes import apply
from optimizer.files.scenario_files import scenario_text
from optimizer.model.build import build
from optimizer.report.answers.repair import repair_report, repair_scenario
from optimizer.solver.engines.child import Engine
from optimizer.solver.engines.job import Settings
from tests.explain.infeasible.clashes import CARD, Clash, city_of, near, rule


def _town(*entries):
    """D2 needs a counter for certificates near, its post office may not open."""
    return city_of(Clash("near and closed", entries), 1)


def _closed(**more):
    entry = rule("allowed_modes", "no post office", {"points": ("P2",)}, modes=("closed",))
    return entry.model_copy(update=more)


@pytest.fixture(scope="module")
def found():
    """The repairs of a town with two."""
    city = _town(near(1000, "D2", CARD), _closed())
    return city, find_repairs(city, 2, 60)


def test_two_disjoint_repairs_each_verified(found):
    """Two repairs share no entry; the plan of each keeps all rules under the changed values."""
    city, repairs = found
    assert repairs.status == "repaired" and len(repairs.repairs) == 2
    ids = [{change.entry.id for change in repair.changes} for repair in repairs.repairs]
    assert ids == [{"near"}, {"no post office"}]
    for repair in repairs.repairs:
        assert verify(repair.instance, repair.plan).violations == 0
        assert verify(city, repair.plan).violations > 0


def test_the_suggested_value_is_the_smallest(found):
    """With one metre less there is no plan: 1,500 m is the way to the next counter of D2."""
    city, repairs = found
    (change,) = repairs.repairs[0].changes
    assert (change.value, change.suggested, change.least) == (1000, 1500, True)
    entries = [e for e in city.entries if e.id != "near"]
    model = build(replace(city, objectives=()), [*entries, near(1499, "D2", CARD)])
    with Engine() as engine:
        answer = engine.run(model.program.matrix(model.decisions.mode.sum() * 0), Settings(20, 0.0))
    assert answer.status == "infeasible"


def test_residents_affected_are_those_beyond_your_value(found):
    """D2 alone goes further than 1,000 m; it has 8,000 residents."""
    _, repairs = found
    assert repairs.repairs[0].changes[0].residents == 8000


def test_protected_and_flex_are_kept():
    """What is protected is not touched, and no limit is moved beyond its flex."""
    wide = near(1000, "D2", CARD).model_copy(update={"flex": 499})
    assert reach(wide) == 499
    only = find_repairs(_town(wide, _closed()), 2, 60)
    assert [c.entry.id for r in only.repairs for c in r.changes] == ["no post office"]
    assert only.complete
    none = find_repairs(_town(wide, _closed(protected=True)), 2, 60)
    assert none.status == "none" and none.complete and none.repairs == ()


def test_a_repair_of_two_entries():
    """Where no single change is enough, two are made, each as small as the other lets it."""
    limit = near(1000, "D2", CARD)
    few = rule("open_count", "few", kinds=("branch",), most=0)
    repairs = find_repairs(_town(limit, _closed(protected=True), few), 2, 60)
    (repair,) = repairs.repairs
    assert [c.text for c in sorted(repair.changes, key=lambda c: c.text)] == [
        "drop few",
        "set constraint.near.metres=1500",
    ]


def test_nothing_to_repair_and_no_time():
    """A town with a plan needs none; without time nothing is claimed."""
    assert find_repairs(_town(near(9000, "D2", CARD)), 2, 30).status == "feasible"
    assert find_repairs(_town(near(1000, "D2", CARD), _closed()), 2, 0).status == "unknown"


def test_words_and_scenario(found):
    """Both languages tell value, suggestion and residents; the scenario says what `--set` would."""
    city, repairs = found
    for lang, told in (("en", "1,500 m"), ("ja", "1,500m")):
        report = repair_report(city, repairs, lang)
        assert told in report.tables[0].rows[0] and len(report.tables) == 2
    text = scenario_text(repair_scenario(city, 1, repairs.repairs[0]))
    assert 'set = "constraint.near.metres"' in text and "value = 1500" in text
    raw = {"constraint": [{"id": "near", "metres": 1000}, {"id": "no post office"}]}
    assert apply(raw, [repairs.repairs[0].changes[0].text])["constraint"][0]["metres"] == 1500
    assert len(apply(raw, [repairs.repairs[1].changes[0].text])["constraint"]) == 1
