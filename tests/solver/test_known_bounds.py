"""Bounds carried over from other instances: never wrong, used where they hold, traced to a file."""

import inspect
import json
import shutil
import threading
from dataclasses import replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from random import Random

import numpy as np
import pytest

from optimizer.base.errors import EngineError
from optimizer.base.words import Text
from optimizer.constraints import registry
from optimizer.constraints.minimum_stay import MinimumStay
from optimizer.constraints.open_count import OpenCount
from optimizer.files import rule_versions
from optimizer.files.instance_folder import read_instance
from optimizer.files.rule_versions import rules_of
from optimizer.files.seal import sealed
from optimizer.files.solution_folder import manifest_data, read_manifest, read_plan, sha256
from optimizer.model.example import town
from optimizer.model.instance import Instance
from optimizer.objectives.staff_cost import StaffCost
from optimizer.solver.engines.child import Engine
from optimizer.solver.engines.job import Settings
from optimizer.solver.known_bounds import KnownBound, carried
from optimizer.solver.search.bound_transfer import sharpen
from optimizer.solver.search.incumbent import Incumbent
from optimizer.solver.search.subproblems import Asker
from optimizer.solver.solve import Solves, SolveSettings, build, solve
from optimizer.solver.stored_bounds import stored_proof
from tests.conftest import KUMAMOTO
from tests.tiny import tiny, tiny_entry, with_entries

STORED = KUMAMOTO.parents[1] / "solutions" / "kumamoto-2015" / "base"
EXACT = Fraction(0)


def variants(seed: int) -> list[Instance]:
    """A tiny city, the same with one more rule, and both with other prices."""
    random = Random(seed)
    city = replace(with_entries(tiny(seed)), objectives=(StaffCost(),))
    entries = (tiny_entry(name, city, random) for name in random.sample(sorted(registry()), 9))
    entry = next(entry for entry in entries if entry is not None)
    ruled = replace(city, entries=(*(e for e in city.entries if e.id != entry.id), entry))
    dearer = [replace(c, wage=c.wage + random.choice([-1, 1, 2]) * 100_000) for c in (city, ruled)]
    return [city, ruled, *dearer]


@pytest.mark.parametrize("seed", range(12))
def test_what_one_instance_proves_never_changes_the_answer_of_another(seed):
    """Whatever is known of whichever variant, each ends with its own optimum or has none."""
    cities = variants(seed)
    alone = [solve(city, SolveSettings(EXACT, 20)) for city in cities]
    known = [p for c, s in zip(cities, alone, strict=True) for p in KnownBound.of(c, s.outcome)]
    assert len(known) == len(cities)
    used = 0
    for city, own in zip(cities, alone, strict=True):
        used += len(carried(build(city), known))
        found = solve(city, SolveSettings(EXACT, 20), proved=known).outcome.stages[0]
        mine = own.outcome.stages[0]
        assert (found.value, found.status) == (mine.value, mine.status)
        assert found.value is None or found.bound == mine.bound
    assert used >= len(cities)  # each at least holds for itself


def no_engine(*_: object, **__: object) -> None:
    raise AssertionError("an engine was asked")


def test_a_plan_that_still_holds_is_proved_without_asking_an_engine(monkeypatch):
    """One more rule that the best plan keeps: the bound of the city without it is met at once."""
    city = replace(with_entries(town()), objectives=(StaffCost(),))
    best = solve(city, SolveSettings(EXACT, 20))
    rule = OpenCount(id="some", least=1, kinds=("ward_office",))
    monkeypatch.setattr(Engine, "run", no_engine)
    ruled = replace(city, entries=(*city.entries, rule))
    found = solve(
        ruled, SolveSettings(EXACT, 20), start=best.plan, proved=KnownBound.of(city, best.outcome)
    )
    stage = found.outcome.stages[0]
    assert stage.status == "optimal" and stage.method == "carried"
    assert "another case" in found.outcome.claimant(stage).en
    assert stage.divided is None or stage.divided <= stage.bound


def test_no_plan_stays_no_plan(monkeypatch):
    """A city that has no plan has none under one more rule either."""
    city = replace(with_entries(town()), objectives=(StaffCost(),))
    none = OpenCount(id="none", most=0, kinds=("ward_office",))
    rule = OpenCount(id="some", least=1, kinds=("ward_office",))
    worse = replace(city, entries=(*city.entries, none))
    known = KnownBound.of(worse, solve(worse, SolveSettings(EXACT, 20)).outcome)
    assert known[0].bound is None
    monkeypatch.setattr(Engine, "run", no_engine)
    found = solve(
        replace(worse, entries=(*worse.entries, rule)), SolveSettings(EXACT, 20), proved=known
    )
    assert found.outcome.status == "infeasible"


@pytest.mark.parametrize("wrong", [10**6, None])
@pytest.mark.parametrize("started", [True, False])
def test_what_a_plan_refutes_is_told_and_not_used(wrong, started):
    """A bound above the value of a plan, or that there is no plan, is no proof: the solve goes on."""
    city = replace(with_entries(town()), objectives=(StaffCost(),))
    best = solve(city, SolveSettings(EXACT, 20))
    bound = None if wrong is None else best.outcome.stages[0].bound + wrong
    start = best.plan if started else None
    found = solve(
        city, SolveSettings(EXACT, 20), start=start, proved=(KnownBound(city, bound, bound),)
    )
    if wrong is None and not started:
        assert found.outcome.status == "infeasible"  # nothing here shows that it is false
        assert found.outcome.stages[0].method == "carried"
        return
    stage = found.outcome.stages[0]
    assert found.refuted and stage.method == "engine"
    assert stage.value == stage.bound == best.outcome.stages[0].value
    assert stage.divided is None or stage.divided <= stage.bound


def test_a_bound_too_high_by_rounding_is_cut_off():
    """Engines compute in doubles: what is off by less than a millionth refutes nothing."""
    city = replace(with_entries(town()), objectives=(StaffCost(),))
    best = solve(city, SolveSettings(EXACT, 20))
    value = best.outcome.stages[0].value
    found = solve(
        city, SolveSettings(EXACT, 20), start=best.plan, proved=(KnownBound(city, value + 2),)
    )
    assert not found.refuted and found.outcome.stages[0].bound == value


def test_dearer_wages_raise_the_bound():
    """What the staff costs more at least is added to the bound, though nobody knows who works."""
    city = replace(with_entries(town()), objectives=(StaffCost(),))
    dear = replace(city, wage=city.wage + 500_000)
    (known,) = KnownBound.of(city, solve(city, SolveSettings(EXACT, 20)).outcome)
    (more,) = carried(build(dear), (known,))
    assert set(more.dearer.cost) == {0, 500_000}
    assert not carried(build(replace(city, person_minutes=city.person_minutes + 1)), (known,))


def test_solves_hand_on_what_they_prove(monkeypatch):
    """The second of two like solves is proved by the first."""
    city = replace(with_entries(town()), objectives=(StaffCost(),))
    solves = Solves()
    first = solves.solve(city, EXACT, 20, None)
    monkeypatch.setattr(Engine, "run", no_engine)
    assert solves.solve(city, EXACT, 20, first.plan).outcome.stages[0].method == "carried"


def stored_today(place: Path, kumamoto, changed: str = "", **more: object) -> Path:
    """Lay out the stored base as if it had been made under the rules of today, with the outcome's first
    stage altered by `more`, sealed; then alter the manifest's item `changed` without sealing it.
    """
    shutil.copytree(STORED, place)
    outcome = json.loads((place / "outcome.json").read_text(encoding="utf-8"))
    outcome["stages"][0] |= more
    (place / "outcome.json").write_text(json.dumps(outcome), encoding="utf-8")
    manifest = manifest_data(place) | {"rules": rules_of(kumamoto)}
    manifest["outputs"]["outcome.json"] = sha256(place / "outcome.json")
    (place / "manifest.json").write_bytes(sealed(manifest))
    if changed:
        spoilt = manifest_data(place) | {changed: "other"}
        (place / "manifest.json").write_text(json.dumps(spoilt), encoding="utf-8")
    return place


def test_a_stored_solution_proves_its_own_instance(tmp_path, kumamoto):
    """Only as it was stored and sealed, of the instance as it was, and under the rules of today."""
    read = partial(read_instance, KUMAMOTO)
    whole = stored_today(tmp_path / "whole", kumamoto)
    (known,) = stored_proof(whole, read)
    outcome = json.loads((STORED / "outcome.json").read_text(encoding="utf-8"))
    assert known.bound == outcome["stages"][0]["bound"]
    assert known.instance.fingerprint == read_manifest(STORED).fingerprint
    assert not stored_proof(tmp_path, read)
    other = read_instance(KUMAMOTO, ("set assumptions.wage.value=1",))
    assert not stored_proof(whole, lambda changes: other)
    for name in ("rules", "command", "fingerprint"):  # the seal is broken
        assert not stored_proof(stored_today(tmp_path / name, kumamoto, name), read)
    assert not stored_proof(STORED, read)  # made before rules were recorded
    (whole / "outcome.json").write_text(json.dumps(outcome | {"engine": "x"}), encoding="utf-8")
    assert not stored_proof(whole, read)


@pytest.mark.parametrize(
    "lie",
    [
        {"status": "infeasible", "value": None, "bound": None, "divided": None},
        {"bound": 10**13},
        {"divided": 10**13},
        {"value": 10**13, "bound": 9 * 10**12, "divided": None},
    ],
)
def test_what_the_stored_plan_refutes_is_no_bound(tmp_path, kumamoto, lie):
    """A sealed outcome that its own plan shows to be false proves nothing."""
    place = stored_today(tmp_path / "lie", kumamoto, **lie)
    assert not stored_proof(place, partial(read_instance, KUMAMOTO))


def test_other_rule_files_are_other_rules(kumamoto, tmp_path, monkeypatch):
    """A line in the file of a rule that is used, or another version of the model, is seen."""
    before = rules_of(kumamoto)
    monkeypatch.setattr(rule_versions, "MODEL", rule_versions.MODEL + 1)
    assert rules_of(kumamoto) != before
    monkeypatch.undo()
    used, unused = type(kumamoto.entries[0]), MinimumStay
    true = inspect.getfile

    def elsewhere(altered):
        copy = tmp_path / f"{altered.type_name()}.py"
        copy.write_bytes(Path(true(altered)).read_bytes() + b"# other\n")
        return lambda rule: str(copy) if rule is altered else true(rule)

    monkeypatch.setattr(rule_versions.inspect, "getfile", elsewhere(used))
    assert rules_of(kumamoto) != before
    monkeypatch.setattr(rule_versions.inspect, "getfile", elsewhere(unused))
    assert rules_of(kumamoto) == before


def test_a_tighter_limit_of_the_city_begins_with_the_stored_bound(kumamoto, tmp_path):
    """5.5 km leaves the plan of 5 km as good as it was, and nothing has to be searched."""
    known = stored_proof(stored_today(tmp_path / "x", kumamoto), partial(read_instance, KUMAMOTO))
    stage = known[0].instance.objectives[0]
    city = read_instance(KUMAMOTO, ("set constraint.five_km.metres=5500",))
    city = replace(city, objectives=(stage,))
    start = read_plan(STORED, kumamoto)
    value = stage.value(city, start)
    gap = Fraction(value - known[0].bound, value)
    found = solve(city, SolveSettings(gap, 60), start=start, proved=known)
    assert found.outcome.stages[0].method == "carried" and found.outcome.gap <= gap


class Failing:
    """In place of `Asker.ask`: fails."""

    def __init__(self):
        self.asked = 0

    def __call__(self, *_, **__):
        self.asked += 1
        raise EngineError(Text("out of memory", "メモリ不足"))


def test_a_failing_engine_does_not_end_the_solve(monkeypatch):
    """What other prices change at least is asked to help; nothing rests on the answer."""
    city = replace(with_entries(town()), objectives=(StaffCost(),))
    dear = build(replace(city, wage=city.wage + 500_000))
    known = carried(dear, KnownBound.of(city, solve(city, SolveSettings(EXACT, 20)).outcome))
    incumbent = Incumbent(
        dear.program.matrix(dear.objectives[0]), Settings(9.0, 0.0), threading.Event()
    )
    with Engine("highs", incumbent.stop) as engine:
        asker, fails = Asker(engine, incumbent), Failing()
        monkeypatch.setattr(asker, "ask", fails)
        sharpen(asker, known, np.zeros(dear.program.width, dtype=bool))
    assert fails.asked == 1 and incumbent.bound is None
