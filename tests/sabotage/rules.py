"""Saboteurs of each constraint: those of its own file, and random edits of the plan it accepts."""

from collections.abc import Iterator
from functools import cache
from random import Random

from optimizer.city.frozen_plan import nearest_fallback
from optimizer.city.plan import Plan
from optimizer.constraints import registry
from optimizer.model.build import build
from optimizer.model.counterexamples import Trial, trials
from optimizer.model.instance import Constraint, Instance
from optimizer.model.random_city import city
from optimizer.model.random_plan import entry_for, perturbed, sound_plan, within_columns
from tests.sabotage.attempt import Attempt


@cache
def all_trials() -> tuple[Trial, ...]:
    """Try the counterexamples of every constraint, once for all tests."""
    return tuple(trials(registry()))


def own() -> Iterator[Attempt]:
    """Yield the counterexamples that stand in the constraints' own files."""
    for trial in all_trials():
        told = f"check {'objects' if trial.caught else 'accepts'}, rows {trial.rows}"
        yield Attempt("rule, own", trial.counterexample, trial.killed, (trial.rule,), told)


def at_random(edits: int, seed: int) -> Iterator[Attempt]:
    """Yield random edits, `edits` of each constraint, to which its rows or its check object.

    Rows and check are written apart, so each tells of what the other lets pass. The rules that are
    always on stand beside it, for it may count on them: whoever is sent to a closed counter pays
    its fee or not, the plan is rejected.
    """
    for name, rule in registry().items():
        yield from _of(name, rule, edits, Random(f"{name} {seed}"))


def _of(name: str, rule: type[Constraint], edits: int, random: Random) -> Iterator[Attempt]:
    """Edit the example's plan first, then plans of random cities under drawn parameters."""
    example = rule.examples()
    instance, entry, plan = example.instance, example.entry, example.accepted
    always = [other.examples().entry for other in registry().values() if other.always]
    found = 0
    for number in range(edits * 20):
        if number % 6 == 0 and number:
            instance = city(random.randrange(40))
            entry = entry_for(rule, instance, random)
            plan = sound_plan(instance, random)
            plan = nearest_fallback(instance, plan, instance.planned[:-1])
        if number % 6 == 0:
            model = build(instance, [entry])
        edited = within_columns(perturbed(plan, instance, random), model)
        values = model.encode(edited)
        if values is None:
            continue  # a plan without columns may be wrong for another reason than this rule
        broken = bool(model.program.broken(values))
        caught = _objects(entry, instance, edited)
        if broken or caught:
            killed = broken and (caught or any(_objects(e, instance, edited) for e in always))
            told = f"edit {number}: check {caught}, rows {broken}"
            yield Attempt("rule, random", "random edits", killed, (name,), told)
            found += 1
        if found == edits:
            return


def _objects(entry: Constraint, instance: Instance, plan: Plan) -> bool:
    return not entry.readings(instance, plan).violations.empty
