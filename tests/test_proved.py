"""Bounds carried over from other instances: never wrong, used where they hold, traced to a file."""

import json
import shutil
from dataclasses import replace
from fractions import Fraction
from functools import partial
from random import Random

import pytest

from optimizer.constraint import registry
from optimizer.constraints.open_count import OpenCount
from optimizer.engines.child import Engine
from optimizer.errors import InputError
from optimizer.example import town
from optimizer.files.instance_folder import read_instance
from optimizer.files.solution_folder import read_manifest, read_plan
from optimizer.instance import Instance
from optimizer.objectives.staff_cost import StaffCost
from optimizer.proved import Proved, carried
from optimizer.solving import Solves, build, solve
from optimizer.stored_proof import stored_proof
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
    alone = [solve(city, EXACT, 20) for city in cities]
    known = [p for c, s in zip(cities, alone, strict=True) for p in Proved.of(c, s.outcome)]
    assert len(known) == len(cities)
    used = 0
    for city, own in zip(cities, alone, strict=True):
        used += len(carried(build(city), known))
        found = solve(city, EXACT, 20, proved=known).outcome.stages[0]
        mine = own.outcome.stages[0]
        assert (found.value, found.status) == (mine.value, mine.status)
        assert found.value is None or found.bound == mine.bound
    assert used >= len(cities)  # each at least holds for itself


def no_engine(*_: object, **__: object) -> None:
    raise AssertionError("an engine was asked")


def test_a_plan_that_still_holds_is_proved_without_asking_an_engine(monkeypatch):
    """One more rule that the best plan keeps: the bound of the city without it is met at once."""
    city = replace(with_entries(town()), objectives=(StaffCost(),))
    best = solve(city, EXACT, 20)
    rule = OpenCount(id="some", least=1, kinds=("ward_office",))
    monkeypatch.setattr(Engine, "run", no_engine)
    ruled = replace(city, entries=(*city.entries, rule))
    found = solve(ruled, EXACT, 20, start=best.plan, proved=Proved.of(city, best.outcome))
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
    known = Proved.of(worse, solve(worse, EXACT, 20).outcome)
    assert known[0].bound is None
    monkeypatch.setattr(Engine, "run", no_engine)
    found = solve(replace(worse, entries=(*worse.entries, rule)), EXACT, 20, proved=known)
    assert found.outcome.status == "infeasible"


@pytest.mark.parametrize("off", [1, None])
def test_a_plan_that_refutes_what_was_proved_is_told(off):
    """A stored bound above the value of a plan is an error, not a proof."""
    city = replace(with_entries(town()), objectives=(StaffCost(),))
    best = solve(city, EXACT, 20)
    bound = None if off is None else best.outcome.stages[0].bound + off
    with pytest.raises(InputError, match="another case"):
        solve(city, EXACT, 20, start=best.plan, proved=(Proved(city, bound),))


def test_dearer_wages_raise_the_bound():
    """What the staff costs more at least is added to the bound, though nobody knows who works."""
    city = replace(with_entries(town()), objectives=(StaffCost(),))
    dear = replace(city, wage=city.wage + 500_000)
    (known,) = Proved.of(city, solve(city, EXACT, 20).outcome)
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


def test_a_stored_solution_proves_its_own_instance(tmp_path):
    """Only as it was stored, and of the instance as it was."""
    read = partial(read_instance, KUMAMOTO)
    (known,) = stored_proof(STORED, read)
    outcome = json.loads((STORED / "outcome.json").read_text(encoding="utf-8"))
    assert known.bound == outcome["stages"][0]["bound"]
    assert known.instance.fingerprint == read_manifest(STORED).fingerprint
    assert not stored_proof(tmp_path, read)
    other = read_instance(KUMAMOTO, ("set assumptions.wage.value=1",))
    assert not stored_proof(STORED, lambda changes: other)
    copy = tmp_path / "copy"
    shutil.copytree(STORED, copy)
    outcome["stages"][0]["bound"] += 1
    (copy / "outcome.json").write_text(json.dumps(outcome), encoding="utf-8")
    assert not stored_proof(copy, read)


def test_a_tighter_limit_of_the_city_begins_with_the_stored_bound(kumamoto):
    """5.5 km leaves the plan of 5 km as good as it was, and nothing has to be searched."""
    known = stored_proof(STORED, partial(read_instance, KUMAMOTO))
    stage = known[0].instance.objectives[0]
    city = read_instance(KUMAMOTO, ("set constraint.five_km.metres=5500",))
    city = replace(city, objectives=(stage,))
    start = read_plan(STORED, kumamoto)
    value = stage.value(city, start)
    gap = Fraction(value - known[0].bound, value)
    found = solve(city, gap, 60, start=start, proved=known)
    assert found.outcome.stages[0].method == "carried" and found.outcome.gap <= gap
