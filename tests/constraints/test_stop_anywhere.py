"""A plan that can stop after any year: what is published for that, checked, built and solved."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random

import pandas as pd
import pytest

from optimizer.audit.verify import verify
from optimizer.city.frozen_plan import frozen_plan, misnamed_fallback, nearest_fallback
from optimizer.city.plan import Plan
from optimizer.constraints import registry
from optimizer.files.instance_folder import read_instance
from optimizer.files.solution_folder import plan_tables, read_plan
from optimizer.model.build import build
from optimizer.model.example import town, town_plan
from optimizer.model.expressions.community import headcount
from optimizer.model.instance import Constraint, Instance
from optimizer.model.random_city import city
from optimizer.model.random_plan import sound_plan, within_columns
from optimizer.model.where import Where
from optimizer.objectives.staff_cost import StaffCost
from optimizer.solver.solve import SolveSettings, solve
from tests.conftest import KUMAMOTO
from tests.small import write_west_ward

ALWAYS = tuple(rule(id=name) for name, rule in registry().items() if rule.always)
FALLBACK = ("fallback_assign", "fallback_staff")


def entry(name: str, **values: object) -> Constraint:
    return registry()[name](**{"id": name, **values})


def plan_with_fallback() -> Plan:
    return nearest_fallback(town(), town_plan(), [2017])


def broken(instance: Instance, rule: Constraint, plan: Plan) -> int | None:
    """Rules broken by stopping after 2017, once the rows have been asked whether they agree."""
    actual = int(rule.readings(instance, plan).table.loc[2017, "actual"].item())
    model = build(instance, [rule])
    values = model.encode(plan)
    rows = values is None or bool(model.program.broken(values))
    assert rows == (actual > 0)
    return actual


def test_a_stopped_plan_keeps_modes_and_takes_the_fallback() -> None:
    """Stopped after 2017, B1 is a plain branch in 2018, with the two persons of its fallback."""
    left = frozen_plan(town(), plan_with_fallback(), 2017)
    assert (
        left.modes["B1", 2018] == "plain_branch" and town_plan().modes["B1", 2018] != "plain_branch"
    )
    assert left.staff["B1", 2018] == 2 and town_plan().staff["B1", 2018] == 3
    # a plain branch takes no welfare, so D3 goes to the ward office again
    assert left.assignments["D3", "welfare", 2018] == "W1"
    assert town_plan().assignments["D3", "welfare", 2018] == "B1"
    early = left.assignments.index.get_level_values("period") == 2017
    assert left.assignments[early].equals(town_plan().assignments.drop(2018, level="period"))


def test_a_fallback_says_each_thing_once() -> None:
    """A second counter, a number that is not 1 and a year before the stop are counted."""
    plan = plan_with_fallback()
    assert misnamed_fallback(plan, 2017) == 0
    for key, value in [
        (("D2", "registration", "W1", 2018, 2017), 1),
        (("D2", "registration", "B2", 2018, 2017), 2),
        (("D2", "registration", "B2", 2017, 2017), 1),
    ]:
        assert misnamed_fallback(plan.with_extra("fallback_assign", key, value), 2017) == 1


def test_a_plan_without_a_fallback_serves_nobody_after_the_stop() -> None:
    """All 15 ways of 2018 with demand lack a counter, and the six counters of 2017 their crew."""
    # assigned_once breaks 15 times (4 x 4 but no welfare in D4); minimum_crew for B1, B2, W1, W2,
    # X1 and Z1; nobody is at work anywhere, so that nothing else can break
    assert broken(town(), entry("stop_anywhere"), town_plan()) == 15 + 6


def test_a_date_for_modes_must_be_left_out() -> None:
    """B1 unified in 2018 is still plain if all stops after 2017, unless that entry is excused."""
    instance = replace(town(), entries=(*ALWAYS, entry("one_function", since=2018)))
    plan = plan_with_fallback()
    assert broken(instance, entry("stop_anywhere"), plan) == 1
    assert broken(instance, entry("stop_anywhere", without=("one_function",)), plan) == 0


def test_other_decisions_have_a_fallback_too() -> None:
    """Community staff of the stopped year are decided anew: today's persons less those at counters."""
    rules = (entry("staff_conserved"), entry("community_spread", districts_per_person=2))
    instance = replace(town(), entries=(*ALWAYS, *rules))
    plan = plan_with_fallback()
    assert broken(instance, entry("stop_anywhere"), plan) > 0
    counter = int(frozen_plan(instance, plan, 2017).staff.xs(2018, level="period").sum())
    freed = headcount(instance) - counter
    index = pd.MultiIndex.from_tuples(
        [("R1", 2018, 2017), ("R2", 2018, 2017)], names=["room", "period", "frozen"]
    )
    staff = pd.Series([-(-freed // 2), freed // 2], index=index)
    plan = replace(plan, extra={**plan.extra, "fallback_community_staff": staff})
    assert broken(instance, entry("stop_anywhere"), plan) == 0
    lost = plan.with_extra("fallback_community_staff", ("R1", 2018, 2017), 0)
    assert broken(instance, entry("stop_anywhere"), lost) > 0


def test_what_a_rule_derives_is_derived_from_the_stopped_plan() -> None:
    """A trigger looks at moves: after the stop there are none, before it there may be."""
    instance = replace(town(), entries=(*ALWAYS, entry("trigger_volume", cases=100)))
    late = nearest_fallback(town(), town_plan().with_mode("B2", 2018, "service_corner"), [2017])
    assert broken(instance, entry("stop_anywhere"), late) == 0
    plan = town_plan().with_mode("B2", 2017, "service_corner")
    early = nearest_fallback(town(), plan.with_mode("B2", 2018, "service_corner"), [2017])
    assert broken(instance, entry("stop_anywhere"), early) > 0


@pytest.mark.parametrize("name", [name for name in registry() if name != "stop_anywhere"])
def test_every_rule_can_be_asked_of_a_stopped_plan(name: str) -> None:
    """Each rule's rows and check agree on the stopped plan too, whatever decisions it makes."""
    example = registry()[name].examples()
    entries = (*(rule for rule in ALWAYS if rule.id != name), example.entry)
    instance = replace(example.instance, entries=entries)
    stop = entry("stop_anywhere")
    model = build(instance, [stop])
    for drawn in (example.accepted, *example.counterexamples.values()):
        plan = nearest_fallback(instance, drawn, instance.planned[:-1])
        values = model.encode(plan)
        assert values is not None or drawn is not example.accepted
        if values is not None:  # else the plan itself has no columns, stopped or not
            sound = not model.program.broken(values)
            assert sound == stop.readings(instance, plan).violations.empty


@pytest.mark.parametrize("seed", range(12))
def test_rows_and_check_agree_on_spoilt_fallbacks(seed: int) -> None:
    """Whatever is changed in the fallback of a random city, rows and check name the same stops."""
    instance, random, rule = city(seed), Random(seed), entry("stop_anywhere")
    stops = instance.planned[:-1]
    model = build(instance, [rule])
    sound = nearest_fallback(instance, sound_plan(instance, random), stops)
    for _ in range(6):
        plan = sound
        for name in FALLBACK:
            if len(plan.extra[name]) and random.random() < 0.7:
                key = random.choice(list(plan.extra[name].index))
                step = (
                    -1 if name == "fallback_staff" else random.choice([-1, 1])
                )  # more staff harm none
                plan = plan.with_extra(name, key, plan.extra[name][key] + step)
        values = model.encode(within_columns(plan, model))
        violated = set(rule.readings(instance, plan).violations.index)
        if values is None:
            assert violated
        else:
            found = {(label[0],) for name, label in model.program.broken(values) if name == rule.id}
            assert found == violated


def test_a_link_that_another_rule_bars_is_barred_after_the_stop_too() -> None:
    """Welfare of D4 belongs to its ward: the fallback has no column for B2, and the check sees it."""
    late = town().demand.copy()
    late["D4", "welfare", 2018] = 500
    instance = replace(town(), demand=late)
    plan = nearest_fallback(instance, town_plan(), [2017])
    key = ("D4", "welfare", "W2", 2018, 2017)
    moved = plan.with_extra("fallback_assign", key, 0)
    moved = moved.with_extra("fallback_assign", ("D4", "welfare", "B2", 2018, 2017), 1)
    plan = plan.with_assignment("D4", "welfare", 2018, "W2")
    assert broken(instance, entry("stop_anywhere"), plan) == 0
    assert build(instance, [entry("stop_anywhere")]).encode(moved) is None
    assert broken(instance, entry("stop_anywhere"), moved) > 0


def test_only_some_stops_may_be_asked_for() -> None:
    """With `where`, the other years get neither columns nor readings; the last never has any."""
    rule = entry("stop_anywhere", where=Where(periods=(2018,)))
    assert rule.readings(town(), town_plan()).table.empty
    assert "fallback_assign" not in build(town(), [rule]).program.columns


def test_what_cannot_be_left_out_is_refused() -> None:
    """A rule that every plan needs, the entry itself, or a second entry about stopping."""
    pace = entry("yearly_pace", id="pace", changes=1)
    second = entry("stop_anywhere", id="again")
    for without, others, refused in [
        (("pace",), (pace,), []),
        (("assigned_once",), (pace,), ["assigned_once"]),
        (("stop_anywhere",), (pace,), ["stop_anywhere"]),
        ((), (second,), ["again"]),
    ]:
        rule = entry("stop_anywhere", without=without)
        instance = replace(town(), entries=(*ALWAYS, *others, rule))
        assert [problem.value for problem in rule.problems(instance)] == refused


def opening_late() -> Instance:
    """Only in 2018 does D2 ask for anything, and only the post office P2 is within its reach."""
    cells = town().travel
    reach = (cells.index.get_level_values("district") != "D2") | (
        cells.index.get_level_values("point") == "P2"
    )
    demand = town().demand.copy()
    demand.loc[["D2"]] = 0
    demand["D2", "certificate_card", 2018] = 2000
    rule = entry("stop_anywhere")
    return replace(
        town(),
        travel=cells[reach],
        demand=demand,
        entries=(*ALWAYS, rule),
        objectives=(StaffCost(),),
    )


def test_what_is_needed_later_opens_before_the_stop() -> None:
    """The post office of 2018 opens a year early, at its running cost of 200,000 yen."""
    late = opening_late()
    free = solve(replace(late, entries=ALWAYS), SolveSettings(gap=Fraction(0), time_limit=20))
    safe = solve(late, SolveSettings(gap=Fraction(0), time_limit=20))
    assert free.plan is not None and safe.plan is not None
    assert list(free.plan.modes.loc["P2"]) == ["closed", "post_office"]
    assert list(safe.plan.modes.loc["P2"]) == ["post_office", "post_office"]
    assert free.outcome.status == safe.outcome.status == "optimal"
    (cheap,), (dear,) = (
        verify(late, free.plan).values.values(),
        verify(late, safe.plan).values.values(),
    )
    assert dear - cheap == 200_000
    assert verify(late, safe.plan).violations == 0 and verify(late, free.plan).violations > 0


def test_a_fallback_is_stored_without_its_zeros(tmp_path: Path) -> None:
    """What is read back has no zeros of the fallback, and the same readings and column values."""
    late = opening_late()
    plan = solve(late, SolveSettings(time_limit=20)).plan
    assert plan is not None and (plan.extra["fallback_assign"] == 0).any()
    for name, text in plan_tables(plan).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    back = read_plan(tmp_path, late)
    kept = plan.extra["fallback_assign"]
    assert dict(back.extra["fallback_assign"]) == dict(kept[kept != 0])
    assert back.extra["fallback_assign"].index.names == kept.index.names
    assert verify(late, back).violations == 0
    model = build(late)
    assert (model.encode(back) == model.encode(plan)).all()


@pytest.mark.parametrize("name", FALLBACK)
def test_a_fallback_with_other_labels_is_none(name: str) -> None:
    """A table that lost a column cannot be read as a fallback: the stop then breaks rules."""
    plan = plan_with_fallback()
    cut = plan.extra[name].droplevel("frozen")
    spoilt = replace(plan, extra={**plan.extra, name: cut})
    readings = entry("stop_anywhere").readings(town(), spoilt)
    assert not readings.violations.empty


def test_the_west_ward_can_stop(tmp_path: Path) -> None:
    """A real ward is solved with all rules of the policy holding after every stop."""
    folder = write_west_ward(KUMAMOTO, tmp_path / "west")
    file = folder / "instance.toml"
    stop = '\n[[constraint]]\ntype = "stop_anywhere"\nid = "stop"\nwithout = ["one_function", "yoshino"]\n'
    file.write_text(file.read_text(encoding="utf-8") + stop, encoding="utf-8")
    instance = read_instance(folder)
    plan = solve(instance, SolveSettings(gap=Fraction(1, 100), time_limit=40)).plan
    assert plan is not None and verify(instance, plan).violations == 0
    bare = replace(plan, extra={"community_staff": plan.extra["community_staff"]})
    assert verify(instance, bare).violations == len(instance.planned) - 1
