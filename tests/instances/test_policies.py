"""Each policy of Kumamoto does something: a setting under which the stored plan no longer holds."""

import pytest

from optimizer.audit.stored import verify_folder
from optimizer.files.instance_folder import read_instance
from optimizer.files.solution_folder import read_plan
from tests.conftest import KUMAMOTO

BASE = KUMAMOTO.parents[1] / "solutions" / "kumamoto-2015" / "base"

#       entry -> a change of that entry that the stored plan does not survive
SETTINGS = {
    "five_km": "set constraint.five_km.metres=4500",
    "pace": "set constraint.pace.changes=3",
    "one_function": "set constraint.one_function.since=2018",
    "plaza": 'set constraint.plaza.points=["X02", "B05"]',
    "yoshino": 'set constraint.yoshino.modes=["annex"]',
    "stores_open": 'set constraint.stores_open.modes=["closed"]',
    "store_free": "set constraint.store_free.metres=1500",
    "no_worse": "set constraint.no_worse.metres=4000",
    "plausible": "set constraint.plausible.metres=1000",
    "ward_office_reserve": "set constraint.ward_office_reserve.reserve=30",
    "staff_conserved": "set staff.community_today=5",
    "community_spread": "set constraint.community_spread.districts_per_person=6",
}


def test_the_stored_plan_is_sound():
    """The committed base solution has no finding."""
    assert verify_folder(KUMAMOTO, BASE).findings == ()


def test_every_stated_entry_has_a_setting(kumamoto):
    """No entry of the instance is left out of the table above."""
    stated = {entry.id for entry in kumamoto.entries if entry.source}
    assert stated == {*SETTINGS, "steady"}


def test_coming_back_to_a_counter_is_caught(kumamoto):
    """`steady` has no number to set: a plan that leaves a counter for a year and returns breaks it."""
    plan = read_plan(BASE, kumamoto)
    rule = next(entry for entry in kumamoto.entries if entry.id == "steady")
    assert rule.readings(kumamoto, plan).violations.empty
    counters = plan.assignments.xs("registration", level="service").unstack("period")
    always = counters[(counters.nunique(axis=1) == 1) & counters[2017].str.startswith("W")]
    district, used = always.index[0], always[2017].iloc[0]
    other = "W1" if used != "W1" else "W2"
    broken = plan.with_assignment(district, "registration", 2018, other)
    assert len(rule.readings(kumamoto, broken).violations) > 0


@pytest.mark.parametrize("entry", SETTINGS)
def test_a_setting_changes_the_plan(entry):
    """Under the setting the stored plan breaks that very entry, so another plan is needed."""
    changed = read_instance(KUMAMOTO, (SETTINGS[entry],))
    rule = next(e for e in changed.entries if e.id == entry)
    assert len(rule.readings(changed, read_plan(BASE, changed)).violations) > 0
