"""What every constraint must pass, ours and those of other packages.

In a test file of your own:

    @pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
    def test_my_rule(check):
        check(MyRule)

or, all at once, `optimizer.testing.check(MyRule)`, or `optimizer constraints my_rule --check`. Each
check raises `RuleError` with a sentence that says what is wrong and where. Nothing is assumed of a rule
but what its examples say: `rows` and `check` are put side by side on random cities and plans.
"""

import inspect
import traceback
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from random import Random
from string import Formatter

from optimizer.base.words import LABELS, LANGUAGES, UNITS
from optimizer.city.plan import Plan
from optimizer.constraints import registry
from optimizer.model.build import build
from optimizer.model.counterexamples import trials
from optimizer.model.example import town
from optimizer.model.instance import Constraint, Examples, Instance
from optimizer.model.random_cases import random_cases
from optimizer.model.random_city import without_kind
from optimizer.model.random_plan import sound_plan, within_columns
from optimizer.model.where import Where
from optimizer.objectives.staff_cost import StaffCost
from optimizer.objectives.travel import Travel
from optimizer.report.rule_book import page, rule_lines

Rule = type[Constraint]

LINES = 90
"""Lines of the file of a rule, at most."""

MEASURED = {"actual", "limit"}


class RuleError(AssertionError):
    """A rule does not keep what every rule must keep."""


def check(rule: Rule, quick: bool = False) -> None:
    """Raise RuleError with everything that is wrong with `rule`; quick leaves the engines out."""
    found = faults(rule, quick)
    if found:
        raise RuleError("\n".join(f"{name}: {told}" for name, told in found))


def faults(rule: Rule, quick: bool = False) -> list[tuple[str, str]]:
    """Return (check, what is wrong) of every check that `rule` does not pass, an error of its code
    included.
    """
    found = []
    for one in CHECKS[:-1] if quick else CHECKS:
        try:
            one(rule)
        except RuleError as fault:
            found.append((one.__name__, str(fault)))
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{Path(last.filename).name}, line {last.lineno}"
            found.append((one.__name__, f"{type(error).__name__}: {error} ({place})"))
    return found


def _expect(holds: object, told: str) -> None:
    if not holds:
        raise RuleError(told)


def example_is_accepted(rule: Rule) -> None:
    """The plan that the examples call accepted: no violation, columns for all of it, no broken row."""
    example = rule.examples()
    _expect(isinstance(example, Examples), "examples() returns Examples")
    _expect(isinstance(example.entry, rule), "the entry of the examples is one of this rule")
    _expect(example.instance.entries == (), "the city of the examples has no entries of its own")
    bad = example.entry.readings(example.instance, example.accepted).violations
    _expect(bad.empty, f"the check objects to the accepted plan at {list(bad.index[:3])}")
    model = build(example.instance, [example.entry])
    values = model.encode(example.accepted)
    if values is None:
        raise RuleError("the accepted plan uses a link or column that `forbids` or bounds rule out")
    broken = model.program.broken(values)
    _expect(not broken, f"the accepted plan breaks the rows {broken[:3]}")


def counterexamples_differ(rule: Rule) -> None:
    """There are at least three plans that the rule must catch, no two the same."""
    told = {name: _content(plan) for name, plan in rule.examples().counterexamples.items()}
    _expect(len(told) >= 3, f"{len(told)} counterexamples; show at least three ways to break it")
    same = [pair for pair in combinations(told, 2) if told[pair[0]] == told[pair[1]]]
    _expect(not same, f"these counterexamples are one plan: {same}")


def counterexamples_are_caught(rule: Rule) -> None:
    """Both the check and the rows object to every counterexample."""
    for trial in trials({rule.type_name(): rule}):
        _expect(trial.caught, f"the check lets {trial.counterexample!r} pass")
        _expect(trial.rows != "passed", f"the rows let {trial.counterexample!r} pass")


def readings_carry_the_key(rule: Rule) -> None:
    """Readings are labelled by the key, once each, and hold whole numbers."""
    example = rule.examples()
    table = example.entry.readings(example.instance, example.accepted).table
    _expect(tuple(table.index.names) == rule.key, f"readings carry {table.index.names}")
    _expect(len(table) and table.index.is_unique, "readings are empty or name a key twice")
    _expect(set(table.dtypes.astype(str)) == {"int64"}, "readings are not whole numbers")


def rows_carry_the_key(rule: Rule) -> None:
    """Rows have the labels of the key, and no other that `where` would look at in their place."""
    example = rule.examples()
    model = build(example.instance, [])
    for rows in example.entry.rows(example.instance, model.decisions):
        missing = set(rule.key) - set(rows.index.names)
        _expect(not missing, f"rows lack the label {missing}")
        for labels in Where.LABELS.values():
            mine, here = (
                [n for n in labels if n in names] for names in (rule.key, rows.index.names)
            )
            _expect(mine[:1] == (here[:1] if mine else []), f"`where` would look at {here[:1]}")


def words_are_whole(rule: Rule) -> None:
    """Words are there in both languages, name what they may, and can be filled."""
    allowed = {*rule.key, *rule.parameters()}
    parts = {"name": set(), "conflict": allowed}
    parts |= {"reading": allowed | MEASURED, "repair": allowed | MEASURED}
    values = {label: f"<{label}>" for label in rule.key} | rule.examples().entry.values()
    for part, known in parts.items():
        for lang in LANGUAGES:
            template = getattr(getattr(rule.words, part), lang)
            _expect(template.strip(), f"words.{part} is empty in {lang!r}")
            fields = {field for _, field, _, _ in Formatter().parse(template) if field is not None}
            _expect(fields <= known, f"words.{part} ({lang}) names {fields - known}")
            said = template.format(**values, actual=1, limit=2)
            _expect("{" not in said and "}" not in said, f"words.{part} ({lang}) has a brace left")


def names_are_known(rule: Rule) -> None:
    """Labels, unit, parameters and the limit can be shown and moved."""
    _expect(set(rule.key) <= set(LABELS), f"no words for the label {set(rule.key) - set(LABELS)}")
    _expect(rule.unit in UNITS, f"no words for the unit {rule.unit!r}; known: {sorted(UNITS)}")
    blank = [name for name, field in rule.parameters().items() if not field.description]
    _expect(not blank, f"these parameters have no description, so no unit: {blank}")
    whole = rule.limit is None or (
        rule.limit in rule.parameters() and rule.parameters()[rule.limit].annotation is int
    )
    _expect(whole, f"the limit {rule.limit!r} is no parameter with a whole number")


def file_opens_with_the_rule(rule: Rule) -> None:
    """The file is short and opens with the rule in one plain sentence; its pages can be written."""
    path = Path(inspect.getfile(rule))
    first = ((inspect.getmodule(rule).__doc__ or "").splitlines() or [""])[0]
    plain = first.endswith(".") and first.count(". ") == 0 and not set(first) & set("{}[]<>=_")
    _expect(plain, f"the file does not open with one plain sentence: {first!r}")
    size = len(path.read_text(encoding="utf-8").splitlines())
    _expect(size <= LINES, f"{path.name} has {size} lines, more than {LINES}")
    name = rule.type_name()
    _expect(rule.words.name.en in page(name, rule), "its page does not name it")
    for lang in LANGUAGES:
        _expect(rule_lines(name, rule, lang), f"nothing to show of it in {lang}")


def rows_and_check_agree(rule: Rule) -> None:
    """On random cities, plans and entries, exactly the keys whose rows break are violations."""
    cases = random_cases(rule)
    for case in cases:
        sound = case.broken is not None and not case.broken
        _expect(sound == (not case.violated), f"rows and check disagree on {case.told}")
        same = case.broken is None or case.broken == case.violated
        _expect(same, f"rows and check name other keys on {case.told}")


def random_plans_put_it_to_the_test(rule: Rule) -> None:
    """The random plans hold some that the rule accepts and some that it does not; where no plan that
    has columns can break it, its examples must do.
    """
    verdicts = {not case.violated for case in random_cases(rule)}
    never = all(t.rows == "no column" for t in trials({rule.type_name(): rule}))
    said = {True: "keeps", False: "breaks"}
    missing = [said[v] for v in (True, False) if v not in verdicts and not (never and not v)]
    _expect(not missing, f"no random plan {' or '.join(missing)} it: is there any that can?")


def a_kind_of_point_may_be_missing(rule: Rule) -> None:
    """In a town without branches, stores or ward offices, rows and check still agree."""
    for kind in ("branch", "store", "ward_office"):
        instance, entry = without_kind(town(), kind), rule.examples().entry
        if entry.problems(instance):
            continue
        model = build(instance, [entry])
        drawn = sound_plan(instance, Random(f"{rule.type_name()}"))
        plan = within_columns(drawn, model)
        values = model.encode(plan)
        sound = values is not None and not model.program.broken(values)
        bad = entry.readings(instance, plan).violations
        _expect(sound == bad.empty, f"without any {kind}, rows and check disagree")


def two_engines_agree(rule: Rule) -> None:
    """Two engines prove the same values for the town under the example entry, and the same plan."""
    from optimizer.audit.verify import verify
    from optimizer.solver.solve import SolveSettings, solve

    instance = _town_under(rule)
    one, other = (
        solve(instance, SolveSettings(Fraction(0), 120, canonical=True, engine=engine))
        for engine in ("highs", "cp-sat")
    )
    stages = [[(s.objective, s.status, s.value) for s in x.outcome.stages] for x in (one, other)]
    _expect(stages[0] == stages[1], f"HiGHS says {stages[0]}, CP-SAT {stages[1]}")
    for solution in (one, other):
        if solution.plan is not None:
            bad = verify(solution.instance, solution.plan).violations
            _expect(bad == 0, f"a plan from the rows violates {bad} readings of the checks")


CHECKS: tuple[Callable[[Rule], None], ...] = (
    example_is_accepted,
    counterexamples_differ,
    counterexamples_are_caught,
    readings_carry_the_key,
    rows_carry_the_key,
    words_are_whole,
    names_are_known,
    file_opens_with_the_rule,
    rows_and_check_agree,
    random_plans_put_it_to_the_test,
    a_kind_of_point_may_be_missing,
    two_engines_agree,
)
"""Every check, the quick ones first, the engines last."""


def _town_under(rule: Rule) -> Instance:
    """The city of the examples under their entry and all rules that are always on."""
    example = rule.examples()
    others = [r.examples().entry for r in registry().values() if r.always and r is not rule]
    entries = (*others, example.entry)
    return replace(example.instance, entries=entries, objectives=(StaffCost(), Travel()))


def _content(plan: Plan) -> list[str]:
    parts = [plan.modes, plan.assignments, plan.staff, *dict(sorted(plan.extra.items())).values()]
    return [part.sort_index().to_csv() for part in parts]
