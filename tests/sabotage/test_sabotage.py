"""A short run of the counterexamples: every one of them is found out, and every constraint is tried."""

import json
import re

import pytest

from optimizer.constraints import registry
from tests.sabotage.attempt import Attempt, Count, by_kind, by_rule
from tests.sabotage.table import attempts, data, lines


@pytest.fixture(scope="module")
def found(tmp_path_factory) -> list[Attempt]:
    """What became of one attempt of every counterexample; `properties` has the random edits."""
    return list(attempts(tmp_path_factory.mktemp("sabotage"), each=1, seed=0, edits=0))


def test_no_saboteur_survives(found):
    """The kill rate is 100 %: plans, instances, records, numbers, claims and proofs."""
    assert [attempt for attempt in found if not attempt.killed] == []


def test_every_constraint_has_saboteurs(found):
    """A constraint without counterexamples of its own fails here, and its kill rate says so."""
    for rule, (own, _, _) in by_rule(found, registry()).items():
        assert own.tried >= 3 and own.percent == 100, rule


def test_a_constraint_without_saboteurs_has_no_rate(found):
    """Nothing tried counts as nothing shown, not as all caught."""
    ((own, random, caught),) = by_rule(found, ["a new constraint"]).values()
    assert (own.tried, own.percent, random.percent, caught) == (0, 0, 0, 0)


def test_stored_plans_try_many_constraints(found):
    """Altered plans are caught by more than a few constraints, not all by the same one."""
    caught = {rule for rule, (_, _, stored) in by_rule(found, registry()).items() if stored}
    assert len(caught) >= 10, caught


def test_every_kind_of_thing_is_altered(found):
    """Plans in three ways of covering the traces, files, records, numbers, inputs, proofs."""
    kinds = {kind.partition(",")[0] for kind, _ in by_kind(found)}
    assert kinds == {"plan", "files", "manifest", "numbers", "outcome", "instance", "proof"}
    ways = {kind for kind, _ in by_kind(found) if kind.startswith("plan")}
    assert ways == {"plan, careless", "plan, signed", "plan, published"}


def test_a_survivor_is_told(found):
    """Tables and data name who survived, and the rate falls below 100 %."""
    passed = Attempt("manifest", "made up", False, (), "a made-up hole")
    told = data([*found, passed])
    assert told["kill_rate_percent"] == 99 and json.dumps(told)
    assert told["survivors"] == [passed._asdict()]
    text = "\n".join(lines([*found, passed]))
    assert "SURVIVED manifest, made up" in text and re.search(r"made up +0/1 +0 %", text)
    assert Count(0, 0).percent == 0
