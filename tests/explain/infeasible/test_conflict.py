"""Conflicts: the right one in every way of being infeasible, and minimal member by member."""

import time
from dataclasses import replace

import pytest

from optimizer.explain.infeasible.conflict import conflict_of, find_conflict, quickxplain
from optimizer.explain.infeasible.feasibility import Possible, narrowed
from optimizer.model.build import build
from optimizer.report.answers.conflict import conflict_report
from optimizer.solver.engines.child import Engine
from optimizer.solver.engines.job import Settings
from tests.explain.infeasible.clashes import city_of, clashes, rule

CLASHES = list(clashes())


@pytest.fixture(scope="module")
def engine():
    """One engine for all towns."""
    with Engine() as child:
        yield child


def _exists(engine, city, entries) -> bool:
    """Whether a plan keeps `entries`, asked afresh: nothing of the search for conflicts is used."""
    bounds = [entry for entry in city.entries if entry.id == "home"]  # what "nearest" means
    model = build(replace(city, entries=(*entries, *bounds), objectives=()), entries)
    matrix = model.program.matrix(model.decisions.mode.sum() * 0)
    answer = engine.run(matrix, Settings(30, 0.0))
    assert answer.values is not None or answer.status == "infeasible"
    return answer.values is not None


def test_there_are_enough_ways():
    """At least thirty towns, each infeasible in a way of its own."""
    assert len({clash.name for clash in CLASHES}) == len(CLASHES) >= 30


@pytest.mark.parametrize("number", range(len(CLASHES)), ids=[c.name for c in CLASHES])
def test_the_right_conflict_and_no_more(engine, number):
    """The entries that clash are named, and no others; without any key of them a plan exists."""
    clash = CLASHES[number]
    city = city_of(clash, seed=number)
    deadline = time.monotonic() + 60
    found = conflict_of(Possible(city, engine, deadline), False, deadline)
    assert found.status == "infeasible" and found.minimal
    assert {m.entry.id for m in found.members} == {e.id for e in clash.entries}
    assert all(member.needed for member in found.members)
    stated = {member.entry.id for member in found.members}
    always = [e for e in city.entries if e.always and e.id not in stated]
    units = [(m.entry, key) for m in found.members for key in m.keys]
    whole = [m.entry for m in found.members if not m.keys]

    def under(kept):
        ids = {entry.id: entry for entry, _ in kept}
        part = [narrowed(e, [k for f, k in kept if f.id == i]) for i, e in ids.items()]
        return [*always, *whole, *part]

    assert not _exists(engine, city, under(units))
    for unit in units:
        assert _exists(engine, city, under([u for u in units if u != unit])), unit
    for lang in ("en", "ja"):
        (table,) = conflict_report(found, lang).tables
        assert len(table.rows) == len(units) + len(whole)
        assert not any("{" in row[1] for row in table.rows)


def test_removing_any_item_ends_a_minimal_failure():
    """QuickXplain keeps exactly what is needed, also where several parts are."""
    for needed in [{3}, {0, 9}, {2, 4, 5, 7}, set(range(10))]:
        assert set(quickxplain(list(range(10)), needed.issubset)) == needed


def test_a_city_without_any_plan_blames_the_background_alone():
    """Where the rules of every plan cannot hold, no entry is blamed, only what every plan needs."""
    city = city_of(CLASHES[0], 0)
    far = replace(city, travel=city.travel.drop(("D4", "W2")), entries=city.entries)
    found = find_conflict(replace(far, travel=far.travel.loc[["D1", "D2", "D3"]]), 30)
    assert found.status == "infeasible" and found.members == ()
    assert [entry.id for entry in found.background] == ["assigned_once"]
    assert conflict_report(found, "en").tables == ()


def test_a_town_with_a_plan_has_no_conflict_and_without_time_nothing_is_claimed():
    """A plan ends the search; without time for one the answer is that nobody knows."""
    city = city_of(CLASHES[0], 0)
    loose = replace(city, entries=tuple(e for e in city.entries if e.id != "near"))
    assert find_conflict(loose, 30).status == "feasible"
    assert find_conflict(loose, 0).status == "unknown"


def test_out_of_time_is_said(engine):
    """Proved infeasible but not shrunk: all entries are told, and that they are not proved minimal."""
    city = city_of(CLASHES[3], 3)
    found = conflict_of(Possible(city, engine, 0.0), True, 0.0)
    assert found.status == "infeasible" and not found.minimal
    assert not any(member.needed for member in found.members)
    assert "Not proved minimal" in " ".join(conflict_report(found, "en").headline)
    assert found.to_json()["minimal"] is False


def test_a_large_city_is_looked_at_in_part_and_proved_whole(kumamoto, engine):
    """Without post offices Kumamoto cannot keep the rule of store-free districts: one of each."""
    entries = [e for e in kumamoto.entries if e.id != "stores_open"]
    closed = rule("allowed_modes", "no post", {"kinds": ("post_office",)}, modes=("closed",))
    city = replace(kumamoto, entries=(*entries, closed))
    deadline = time.monotonic() + 100
    possible = Possible(city, engine, deadline)
    found = conflict_of(possible, False, deadline)
    assert found.minimal and [m.entry.id for m in found.members] == ["store_free", "no post"]
    assert [len(member.keys) for member in found.members] == [1, 1]
    assert possible.questions < 20
