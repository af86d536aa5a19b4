"""Saboteurs of each constraint: those of its own file, and random edits of the plan it accepts."""

from collections.abc import Iterator
from random import Random

from optimizer.build import build
from optimizer.constraint import Constraint, registry
from optimizer.fallback import nearest_fallback
from optimizer.saboteurs import trials
from tests.cities import city, entry_for, perturbed, sound_plan, within_columns
from tests.sabotage.attempt import Attempt


def own() -> Iterator[Attempt]:
    """Yield the saboteurs that stand in the constraints' own files."""
    for trial in trials(registry()):
        told = f"check {'objects' if trial.caught else 'accepts'}, rows {trial.rows}"
        yield Attempt("rule, own", trial.saboteur, trial.killed, (trial.rule,), told)


def at_random(edits: int, seed: int) -> Iterator[Attempt]:
    """Yield random edits, `edits` of each constraint, that its rows or its check reject.

    Rows and check are written apart, so each tells of what the other lets pass.
    """
    for name, rule in registry().items():
        yield from _of(name, rule, edits, Random(f"{name} {seed}"))


def _of(name: str, rule: type[Constraint], edits: int, random: Random) -> Iterator[Attempt]:
    """Edit the example's plan first, then plans of random cities under drawn parameters."""
    example = rule.examples()
    instance, entry, plan = example.instance, example.entry, example.accepted
    found = 0
    for number in range(edits * 12):
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
        rejected = bool(model.program.broken(values))
        caught = not entry.readings(instance, edited).violations.empty
        if rejected or caught:
            told = f"edit {number}: check {caught}, rows {rejected}"
            yield Attempt("rule, random", "random edits", rejected and caught, (name,), told)
            found += 1
        if found == edits:
            return
