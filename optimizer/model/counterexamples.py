"""Plans made to be caught, against the check and the rows of their constraint.

A rule that lets a counterexample pass, in the check or in the rows, has a hole; nothing is assumed of it
but what its examples say.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from optimizer.model.instance import Constraint


@dataclass(frozen=True)
class Trial:
    """One counterexample of one constraint.

    caught: the check found a violation. rows: what the program said of the plan, namely that it
    breaks a row, that it uses something for which there is no column, or (a hole) nothing.
    """

    rule: str
    counterexample: str
    caught: bool
    rows: Literal["broken", "no column", "passed"]

    @property
    def killed(self) -> bool:
        """Whether neither the check nor the rows let it pass."""
        return self.caught and self.rows != "passed"


def trials(rules: Mapping[str, type[Constraint]]) -> list[Trial]:
    """Try every counterexample of `rules`, in their order."""
    return [trial for name, rule in rules.items() for trial in _of(name, rule)]


def percent(found: Iterable[Trial]) -> int:
    """Return the kill rate in whole per cent, rounded down: 100 means every one."""
    killed = [trial.killed for trial in found]
    return 100 * sum(killed) // max(len(killed), 1)


def _of(name: str, rule: type[Constraint]) -> list[Trial]:
    from optimizer.model.build import build

    example = rule.examples()
    model = build(example.instance, [example.entry])
    found = []
    for counterexample, plan in example.counterexamples.items():
        values = model.encode(plan)
        verdict: Literal["broken", "no column", "passed"] = "no column"
        if values is not None:
            verdict = "broken" if model.program.broken(values) else "passed"
        readings = example.entry.readings(example.instance, plan)
        found.append(Trial(name, counterexample, not readings.violations.empty, verdict))
    return found
