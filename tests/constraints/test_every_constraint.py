"""What every constraint must bring along, whoever wrote it."""

import inspect
from functools import cache
from itertools import combinations
from pathlib import Path
from string import Formatter

import pytest

from optimizer.base.words import LABELS, LANGUAGES, UNITS
from optimizer.city.plan import Plan
from optimizer.constraints import registry
from optimizer.model.algebra import Rows
from optimizer.model.build import build
from optimizer.model.counterexamples import Trial, percent, trials
from optimizer.model.decisions import Decisions
from optimizer.model.example import town, town_plan
from optimizer.model.instance import Constraint, Examples, Instance
from optimizer.model.readings import Readings, at_most
from optimizer.model.where import Where
from tests.sabotage.rules import all_trials

MEASURED = {"actual", "limit"}

RULES = [pytest.param(rule, id=name) for name, rule in registry().items()]
COUNTEREXAMPLES = [
    pytest.param(rule, counterexample, id=f"{name}-{counterexample}")
    for name, rule in registry().items()
    for counterexample in rule.examples().counterexamples
]

every_rule = pytest.mark.parametrize("rule", RULES)
every_counterexample = pytest.mark.parametrize(("rule", "counterexample"), COUNTEREXAMPLES)


@every_rule
def test_accepted_plan_has_no_violation(rule: type[Constraint]) -> None:
    """The check finds nothing wrong with the plan that the examples call accepted."""
    example = rule.examples()
    assert example.entry.readings(example.instance, example.accepted).violations.empty


@every_rule
def test_accepted_plan_breaks_no_row(rule: type[Constraint]) -> None:
    """The solver could find the plan that the examples call accepted."""
    example = rule.examples()
    model = build(example.instance, [example.entry])
    values = model.encode(example.accepted)
    assert values is not None
    assert model.program.broken(values) == []


@every_rule
def test_there_are_three_different_counterexamples(rule: type[Constraint]) -> None:
    """The examples show at least three ways to break the rule, no two the same plan."""
    told = {name: _content(plan) for name, plan in rule.examples().counterexamples.items()}
    assert len(told) >= 3
    assert [pair for pair in combinations(told, 2) if told[pair[0]] == told[pair[1]]] == []


@every_counterexample
def test_check_catches_counterexample(rule: type[Constraint], counterexample: str) -> None:
    """The check finds a violation in a plan that is there to be caught."""
    assert _trials()[rule.type_name(), counterexample].caught


@every_counterexample
def test_rows_reject_counterexample(rule: type[Constraint], counterexample: str) -> None:
    """A plan that is there to be caught has no columns or breaks a row."""
    assert _trials()[rule.type_name(), counterexample].rows in ("broken", "no column")


def test_a_rule_with_a_hole_is_found_out() -> None:
    """A check that sees nothing, or rows that forbid nothing, lower the kill rate."""
    pace = registry()["yearly_pace"]

    class Blind(pace):  # type: ignore[misc, valid-type]
        def check(self, instance: Instance, plan: Plan) -> Readings:
            readings = super().check(instance, plan)
            return at_most(readings.table["actual"], 99)

    class Toothless(pace):  # type: ignore[misc, valid-type]
        def rows(self, instance: Instance, x: Decisions) -> list[Rows]:
            return []

    found = trials({"pace": pace, "blind": Blind, "toothless": Toothless})
    killed = {name: [t.killed for t in found if t.rule == name] for name in ("pace", "blind")}
    assert all(killed["pace"]) and not any(killed["blind"])
    assert {(t.caught, t.rows) for t in found if t.rule == "toothless"} == {(True, "passed")}
    assert percent(found) == 33


@every_rule
def test_readings_carry_the_key(rule: type[Constraint]) -> None:
    """Readings are labelled by the key of the constraint and hold whole numbers."""
    example = rule.examples()
    table = example.entry.readings(example.instance, example.accepted).table
    assert tuple(table.index.names) == rule.key
    assert list(table.columns) == ["actual", "limit", "margin"]
    assert set(table.dtypes.astype(str)) == {"int64"}
    assert len(table) and table.index.is_unique


@every_rule
def test_rows_carry_the_key(rule: type[Constraint]) -> None:
    """Every family of rows has the labels of the key, so that rows and readings can be joined."""
    example = rule.examples()
    model = build(example.instance, [])
    for rows in example.entry.rows(example.instance, model.decisions):
        assert set(rule.key) <= set(rows.index.names)


@every_rule
def test_where_picks_rows_as_it_picks_readings(rule: type[Constraint]) -> None:
    """What rows say besides the key is nothing that `where` would look at in place of the key."""
    example = rule.examples()
    model = build(example.instance, [])
    for rows in example.entry.rows(example.instance, model.decisions):
        for labels in Where.LABELS.values():
            of_key = [label for label in labels if label in rule.key]
            of_rows = [label for label in labels if label in rows.index.names]
            assert of_key[:1] == (of_rows[:1] if of_key else [])


@every_rule
def test_words_are_complete(rule: type[Constraint]) -> None:
    """Name, reading, conflict and repair are there in both languages."""
    for part in ("name", "reading", "conflict", "repair"):
        for lang in LANGUAGES:
            assert getattr(getattr(rule.words, part), lang).strip(), (part, lang)


@every_rule
@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_use_known_fields_only(rule: type[Constraint], lang: str) -> None:
    """Templates name the key's labels, the parameters and, where measured, actual and limit."""
    known = {*rule.key, *rule.parameters()}
    assert _fields(rule, "name", lang) == set()
    assert _fields(rule, "reading", lang) <= known | MEASURED
    assert _fields(rule, "conflict", lang) <= known
    assert _fields(rule, "repair", lang) <= known | MEASURED


@every_rule
@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_can_be_filled(rule: type[Constraint], lang: str) -> None:
    """Labels, parameters and measured numbers do not get in each other's way in a sentence."""
    labels = {label: f"<{label}>" for label in rule.key}
    parameters = rule.examples().entry.values()
    for part in ("reading", "conflict", "repair"):
        said = getattr(rule.words, part).say(lang, **labels, **parameters, actual=1, limit=2)
        assert "{" not in said and "}" not in said


@every_rule
def test_labels_and_unit_have_names(rule: type[Constraint]) -> None:
    """The key's labels and the unit can be shown in both languages."""
    assert set(rule.key) <= set(LABELS)
    assert rule.unit in UNITS


@every_rule
def test_parameters_are_described(rule: type[Constraint]) -> None:
    """Every parameter says what it is: a unit, or what its ids refer to."""
    undescribed = [name for name, field in rule.parameters().items() if not field.description]
    assert undescribed == []


@every_rule
def test_limit_names_a_whole_number(rule: type[Constraint]) -> None:
    """What a repair may move is a parameter, and a whole number."""
    if rule.limit is not None:
        assert rule.parameters()[rule.limit].annotation is int
    assert rule.widens in ("up", "down")


@every_rule
def test_file_is_short_and_starts_with_the_rule(rule: type[Constraint]) -> None:
    """The file opens with the rule in one plain sentence and can be read at one sitting."""
    path = Path(inspect.getfile(rule))
    first = (inspect.getmodule(rule).__doc__ or "").splitlines()[0]
    assert first.endswith(".") and first.count(". ") == 0
    assert not set(first) & set("{}[]<>=_"), "plain words, no code"
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 120
    assert rule.type_name() == path.stem


def test_examples_are_examples() -> None:
    """Examples are what `Examples` says, on an instance without entries of its own."""
    for rule in registry().values():
        example = rule.examples()
        assert isinstance(example, Examples)
        assert isinstance(example.entry, rule)
        assert example.instance.entries == ()


@pytest.mark.parametrize("point", town().points.index)
def test_negative_persons_are_caught(point: str) -> None:
    """Nobody lowers the cost by posting fewer than no persons: a rule that is always on objects."""
    plan = town_plan().with_staff(point, 2017, -3)
    always = [rule.examples().entry for rule in registry().values() if rule.always]
    assert any(not entry.readings(town(), plan).violations.empty for entry in always)


@cache
def _trials() -> dict[tuple[str, str], Trial]:
    return {(trial.rule, trial.counterexample): trial for trial in all_trials()}


def _content(plan: Plan) -> list[str]:
    parts = [plan.modes, plan.assignments, plan.staff, *dict(sorted(plan.extra.items())).values()]
    return [part.sort_index().to_csv() for part in parts]


def _fields(rule: type[Constraint], part: str, lang: str) -> set[str]:
    template = getattr(getattr(rule.words, part), lang)
    return {field for _, field, _, _ in Formatter().parse(template) if field is not None}
