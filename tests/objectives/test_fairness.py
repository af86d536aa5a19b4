"""Objectives on fairness by hand, and two objectives of one type side by side."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from optimizer.audit.verify import verify
from optimizer.base.errors import InputError
from optimizer.files.instance_folder import read_instance
from optimizer.model.build import build
from optimizer.model.example import town, town_plan
from optimizer.model.instance import Objective
from optimizer.model.random_city import city
from optimizer.model.random_plan import sound_plan, within_columns
from optimizer.objectives import registry
from optimizer.objectives.ede import Ede
from optimizer.objectives.travel import Travel
from optimizer.report.tables import outcome_lines
from optimizer.solver.solve import SolveSettings, solve


def objective(name: str, **values: object) -> Objective:
    """An objective of the type `name`."""
    return registry()[name].model_validate(values)


def value(name: str, **values: object) -> int:
    """Its value for the plan of the town."""
    return objective(name, **values).value(town(), town_plan())


def test_travel_counts_the_group_and_the_services() -> None:
    """Registration is 3300 m for the four districts together, in each of two years."""
    assert value("travel", services=("registration",)) == 2 * 1000 * 3300
    assert value("travel", services=("registration",), group="residents75") == 2 * 1000 * 3300
    assert value("travel", services=("registration",), group="residents") == 2 * 8000 * 3300
    assert objective("travel", group="residents").measure == "person-metres"


def test_the_longest_way_by_hand() -> None:
    """D3 goes 3000 m for welfare in 2017, D2 1500 m for registration."""
    assert value("worst_travel") == 3000
    assert value("worst_travel", services=("registration",)) == 1500
    nobody = replace(town_plan(), assignments=town_plan().assignments.iloc[:0])
    assert objective("worst_travel").value(town(), nobody) == 0


def test_the_uncovered_by_hand() -> None:
    """Beyond 1000 m for registration is D2 alone, in both years."""
    services = ("registration",)
    assert value("uncovered", metres=1000, services=services) == 2 * 1000
    assert value("uncovered", metres=1000, services=services, group="residents65") == 2 * 2000
    assert value("uncovered", metres=1500, services=services) == 0


def test_residents_affected_by_hand() -> None:
    """Stores and the post office change four districts' cards, P2 D2's counter, B1 D3's welfare."""
    assert value("residents_affected") == (4 + 1 + 1) * 8000
    assert value("residents_affected", services=("welfare",), group="residents75") == 1000
    assert value("residents_affected", services=("registration",)) == 0
    # another counter in both years is one change of habit
    plan = town_plan().with_assignment("D1", "registration", 2017, "B1")
    plan = plan.with_assignment("D1", "registration", 2018, "B2")
    affected = objective("residents_affected", services=("registration",))
    assert affected.value(town(), plan) == 8000


def test_ede_by_hand() -> None:
    """646 + 3434 + 1008 + 818 felt metres of 1000 cases each, in two years; 912 m in plain metres."""
    ede = Ede(services=("registration",))
    assert ede.value(town(), town_plan()) == 2 * 1000 * 5906
    assert ede.metres(town(), town_plan()) == 912
    plain = Ede(aversion=0, group="residents65")
    assert plain.value(town(), town_plan()) == value("travel", group="residents65")


def test_ids_of_services_are_checked() -> None:
    """A service that the instance does not have is told with its place."""
    (problem,) = objective("uncovered", metres=1, services=("tax",)).problems(town())
    assert (problem.column, problem.value) == ("objective.uncovered.services", "tax")
    assert Ede(services=("tax",)).problems(town())[0].value == "tax"


def test_same_columns_are_asked_for_once() -> None:
    """Objectives that derive columns can stand twice, in a sum too, and keep their values."""
    twice = [
        objective("worst_travel"),
        objective("worst_travel", id="welfare", services=("welfare",)),
        objective("residents_affected"),
        objective("residents_affected", id="older", group="residents65"),
        objective(
            "weighted",
            terms=[
                {"type": "worst_travel", "weight": 3},
                {"type": "worst_travel", "weight": 2, "services": ("registration",)},
                {"type": "residents_affected", "weight": 1, "services": ("welfare",)},
            ],
        ),
    ]
    for seed in range(6):
        instance = replace(city(seed), objectives=tuple(twice))
        model = build(instance, [])
        plan = within_columns(sound_plan(instance, Random(seed)), model)
        values = model.encode(plan)
        assert values is not None and model.program.broken(values) == []
        for each, terms in zip(instance.objectives, model.objectives, strict=True):
            result = int(terms.constant.sum() + terms.coefficient @ values[terms.column])
            assert result == each.value(instance, plan), f"city({seed}), {each.id}"


def test_two_objectives_of_one_type_are_solved_and_told_apart() -> None:
    """Stages, values and sentences of a report are found by id, not by type."""
    needed = ("one_mode", "assigned_once", "served_where_open", "legal_moves")
    rules = {rule.type_name(): rule for rule in _always()}
    instance = replace(
        town(),
        entries=tuple(rules[name](id=name) for name in needed),
        objectives=(
            Travel(id="older", group="residents65", services=("welfare",)),
            Travel(),
        ),
    )
    solution = solve(instance, SolveSettings(Fraction(0), 30))
    assert solution.plan is not None
    audit = verify(instance, solution.plan)
    assert [stage.objective for stage in solution.outcome.stages] == ["older", "travel"]
    assert [stage.value for stage in solution.outcome.stages] == [
        audit.values["older"],
        audit.values["travel"],
    ]
    first, second = outcome_lines(audit, solution.outcome, "en")
    assert first.startswith("travel weighted by residents aged 65 or more [older], FY2017")
    assert "person-metres" in first and "case-metres" in second


def _always() -> list[type]:
    from optimizer.constraints import registry as rules

    return [rule for rule in rules().values() if rule.always]


@pytest.mark.parametrize(
    ("added", "place", "fault"),
    [
        ('type = "travel"', "objective.travel", "the id of an objective is taken"),
        ('type = "ede"\nid = "staff_cost"', "objective.staff_cost", "is taken"),
        ('type = "ede"\nid = "canonical"', "objective.canonical", "is taken"),
        ('type = "ede"\nid = "fair"\nservices = ["tax"]', "objective.fair.services", "no such"),
        ('type = "uncovered"', "objective.uncovered.metres", "Field required"),
        ('type = "ede"\naversion = 301', "objective.ede.aversion", "less than or equal"),
    ],
)
def test_wrong_objectives_are_told(folder: Path, added: str, place: str, fault: str) -> None:
    """An id that is taken, an unknown service, a missing parameter: each with its place."""
    file = folder / "instance.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("[[objective]]", f"[[objective]]\n{added}\n\n[[objective]]", 1),
        encoding="utf-8",
    )
    with pytest.raises(InputError) as caught:
        read_instance(folder)
    (problem,) = caught.value.problems
    assert problem.column == place and fault in problem.message.en


def test_objectives_of_the_file_have_ids_and_may_name_assumptions(folder: Path) -> None:
    """Travel twice with ids; a distance that is an assumption is filled in."""
    file = folder / "instance.toml"
    text = file.read_text(encoding="utf-8")
    name, whole = next(
        (name, each)
        for name, each in read_instance(folder).assumptions.items()
        if str(each.value).isdigit()
    )
    added = f"""
[[objective]]
type = "travel"
id = "older"
group = "residents65"

[[objective]]
type = "uncovered"
metres = "{name}"
"""
    first = text.index("# --- the policy, as constraints")
    file.write_text(text[:first] + added + "\n" + text[first:], encoding="utf-8")
    found = read_instance(folder).objectives
    assert [each.id for each in found] == ["staff_cost", "travel", "older", "uncovered"]
    assert found[-1].metres == int(str(whole.value))  # type: ignore[attr-defined]
    changed = read_instance(folder, ["set objective.older.group=residents75"])
    assert changed.objectives[2].group == "residents75"  # type: ignore[attr-defined]
