"""The kill rates as tables for people and as data."""

from collections.abc import Iterator
from pathlib import Path

from optimizer.constraints import registry
from tests.sabotage import files, plans, proofs, rules
from tests.sabotage.attempt import Attempt, Count, by_kind, by_rule, count
from tests.sabotage.stored import stored


def attempts(place: Path, each: int, seed: int, edits: int) -> Iterator[Attempt]:
    """Try everything, each counterexample `each` times, on a city that is made in `place`.

    edits: random edits of each constraint's example.
    """
    yield from rules.own()
    yield from rules.at_random(edits, seed)
    sound = stored(place)
    yield from plans.attempts(sound, each, seed)
    yield from files.attempts(sound, each, seed)
    yield from files.with_forged_inputs(sound, each, seed)
    yield from proofs.attempts(place, each, seed)


def data(found: list[Attempt]) -> dict[str, object]:
    """Return the kill rates as plain data, with every survivor."""
    everything = count(found)
    return {
        "tried": everything.tried,
        "killed": everything.killed,
        "kill_rate_percent": everything.percent,
        "by_constraint": {
            rule: {"own": own._asdict(), "random": random._asdict(), "stored_plans_caught": caught}
            for rule, (own, random, caught) in by_rule(found, registry()).items()
        },
        "by_kind": [
            {"kind": kind, "counterexample": counterexample, **counted._asdict()}
            for (kind, counterexample), counted in by_kind(found).items()
        ],
        "survivors": [attempt._asdict() for attempt in found if not attempt.killed],
    }


def lines(found: list[Attempt]) -> Iterator[str]:
    """Yield the tables, a line at a time."""
    yield f"{'constraint':<24}{'own':>14}{'random edits':>18}{'stored plans caught':>22}"
    for rule, (own, random, caught) in by_rule(found, registry()).items():
        yield f"{rule:<24}{_rate(own):>14}{_rate(random):>18}{caught:>22}"
    yield ""
    yield f"{'kind':<26}{'counterexample':<34}{'killed':>14}"
    for (kind, counterexample), counted in by_kind(found).items():
        yield f"{kind:<26}{counterexample:<34}{_rate(counted):>14}"
    yield ""
    for attempt in found:
        if not attempt.killed:
            yield f"SURVIVED {attempt.kind}, {attempt.counterexample} {attempt.rules}: {attempt.told}"
    everything = count(found)
    yield f"killed {everything.killed} of {everything.tried} ({everything.percent} %)"


def _rate(counted: Count) -> str:
    return f"{counted.killed}/{counted.tried} {counted.percent:>3} %" if counted.tried else "–"
