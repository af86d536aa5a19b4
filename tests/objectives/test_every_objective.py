"""What is minimised is what the auditor computes."""

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from optimizer.base.errors import InputError
from optimizer.city.ledger import ledger
from optimizer.files.instance_folder import read_instance
from optimizer.model.build import build
from optimizer.model.example import town, town_plan
from optimizer.model.instance import Objective
from optimizer.model.random_city import city
from optimizer.model.random_plan import sound_plan, within_columns
from optimizer.objectives import registry

CITIES = 12
OBJECTIVES = [pytest.param(kind, id=name) for name, kind in registry().items()]

every_objective = pytest.mark.parametrize("kind", OBJECTIVES)


@every_objective
def test_terms_are_the_value(kind: type[Objective]) -> None:
    """On random cities the expression for the solver equals the value from the raw tables."""
    for seed in range(CITIES):
        instance = replace(city(seed), objectives=(kind.example(),))
        model = build(instance, [])
        plan = within_columns(sound_plan(instance, Random(seed)), model)
        (terms,) = model.objectives
        values = model.encode(plan)
        assert values is not None and model.program.broken(values) == []
        result = int(terms.constant.sum() + terms.coefficient @ values[terms.column])
        assert result == kind.example().value(instance, plan), f"city({seed})"


@every_objective
def test_value_of_the_example(kind: type[Objective]) -> None:
    """A value is one whole number and not zero, and terms are one row."""
    value = kind.example().value(town(), town_plan())
    assert isinstance(value, int) and value != 0
    (terms,) = build(replace(town(), objectives=(kind.example(),)), []).objectives
    assert len(terms.index) == 1


@every_objective
def test_objectives_have_words(kind: type[Objective]) -> None:
    """Name and unit are there, and the type name is that of the file."""
    assert kind.name.en and kind.name.ja and kind.unit
    assert registry()[kind.type_name()] is kind


def test_staff_cost_is_the_whole_ledger() -> None:
    """Nothing in the ledger is left out of the staff cost."""
    cost = registry()["staff_cost"]()
    assert cost.value(town(), town_plan()) == ledger(town(), town_plan()).sum()


def test_travel_by_hand() -> None:
    """The travel of one assignment more is its years x cases x metres."""
    travel = registry()["travel"]()
    longer = replace(town(), periods=town().periods.assign(years=[1, 2, 1]))
    plan = town_plan()
    # D1 goes to W1 (500 m) for its 1000 registrations of 2017, a period of two years here
    assert plan.assignments["D1", "registration", 2017] == "W1"
    fewer = plan.without_assignment("D1", "registration", 2017)
    assert travel.value(longer, plan) - travel.value(longer, fewer) == 2 * 1000 * 500


def test_changes_by_hand() -> None:
    """In the example P2 and S1 open in 2017, B1 and X1 change in 2018; one of them is a branch."""
    changes = registry()["changes"]
    assert changes().value(town(), town_plan()) == 4
    assert changes(kinds=("branch",)).value(town(), town_plan()) == 1
    assert changes(kinds=("branch", "store")).value(town(), town_plan()) == 2
    assert [p.value for p in changes(kinds=("branch", "kiosk")).problems(town())] == ["kiosk"]


def test_total_cost_adds_the_wages_of_community_staff() -> None:
    """Wages of everybody in community support, for the years of each period; none if nobody is named."""
    total, cost = registry()["total_cost"](), registry()["staff_cost"]()
    longer = replace(town(), periods=town().periods.assign(years=[1, 2, 1]))
    staff = town_plan().extra["community_staff"].groupby(level="period").sum()
    added = total.value(longer, town_plan()) - cost.value(longer, town_plan())
    assert added == 7_000_000 * (2 * staff[2017] + staff[2018])
    bare = replace(town_plan(), extra={})
    assert total.value(town(), bare) == cost.value(town(), bare)


def test_a_weighted_sum_is_its_parts() -> None:
    """Value and words follow the parts, whose own parameters are kept."""
    parts = [
        {"type": "changes", "weight": 1_000_000, "kinds": ["branch"]},
        {"type": "staff_cost", "weight": 2},
    ]
    both = registry()["weighted"].model_validate({"terms": parts})
    cost = registry()["staff_cost"]().value(town(), town_plan())
    assert both.value(town(), town_plan()) == 1_000_000 + 2 * cost
    assert both.title.en == "weighted sum (1,000,000 x changes of mode + 2 x staff cost)"
    assert registry()["weighted"].model_validate_json(both.model_dump_json(by_alias=True)) == both
    assert both.title.ja == "加重和(1,000,000×形態の変更数 + 2×職員費等)"


def test_objectives_share_the_columns_that_price_fees() -> None:
    """Cost alone, in a sum and with community staff: each is still its value on random cities."""
    kinds = [registry()[name] for name in ("staff_cost", "weighted", "total_cost")]
    for seed in range(CITIES):
        instance = replace(city(seed), objectives=tuple(kind.example() for kind in kinds))
        model = build(instance, [])
        plan = within_columns(sound_plan(instance, Random(seed)), model)
        values = model.encode(plan)
        assert values is not None and model.program.broken(values) == []
        for objective, terms in zip(instance.objectives, model.objectives, strict=True):
            result = int(terms.constant.sum() + terms.coefficient @ values[terms.column])
            assert result == objective.value(instance, plan), f"city({seed})"


@pytest.mark.parametrize(
    ("terms", "en", "ja"),
    [
        (
            '[{ type = "beauty", weight = 1 }]',
            "no such objective: beauty; one of: changes",
            "beauty",
        ),
        ('[{ type = "travel" }]', "travel needs a whole weight", "整数の重み"),
        ('[{ type = "travel", weight = 0 }]', "travel needs a whole weight", "整数の重み"),
        (
            '[{ type = "travel", weight = 1, slack = 3 }]',
            "slack belongs to the sum",
            "加重和に書く",
        ),
        (
            '[{ type = "changes", weight = 1, kinds = 3 }]',
            "changes: kinds",
            "「changes」の項目が正しくない(「kinds」)",
        ),
        ('[{ type = "changes", weight = 1, kinds = ["kiosk"] }]', "no such kind", "種別がない"),
        ('[{ type = "weighted", weight = 1 }]', "no such objective: weighted", "weighted"),
        ('[{ type = "travel", weight = 1000000001 }]', "1,000,000,000", "整数の重み"),
        ('["travel"]', "no such objective: ?", "該当する目的がない"),
        ("[]", "", ""),
        ("3", "", ""),
    ],
)
def test_a_wrong_sum_is_told(folder: Path, terms: str, en: str, ja: str) -> None:
    """Unknown types, weights that are none and wrong parameters are told with the place."""
    file = folder / "instance.toml"
    text = file.read_text(encoding="utf-8")
    old = '[[objective]]\ntype = "travel"\n'
    assert old in text
    new = f'[[objective]]\ntype = "weighted"\nterms = {terms}\n'
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_instance(folder)
    (problem,) = caught.value.problems
    assert problem.file == "instance.toml" and problem.column.startswith("objective.")
    assert en in problem.message.en and ja in problem.message.ja
