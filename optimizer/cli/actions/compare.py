"""`optimizer compare`: what is different in other plans, and which change causes how much of it."""

import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Literal

from optimizer.audit.stored import StoredAudit, verify_folder
from optimizer.city.plan import Plan
from optimizer.cli import output
from optimizer.cli.actions.show import instance_of
from optimizer.cli.actions.verify import findings_data, print_findings
from optimizer.cli.language import LANG, say
from optimizer.cli.progress import ProgressLine
from optimizer.explain.compare.compare import Comparison, Side, attribution, compare
from optimizer.model.instance import Instance
from optimizer.report.answers.compare import comparison_report
from optimizer.report.terminal import console, print_report
from optimizer.solver.known_bounds import KnownBound
from optimizer.solver.solve import Solution, Solves
from optimizer.solver.stored_bounds import stored_proof

Attribute = Literal["none", "ordered", "shapley"]


def run(
    places: list[Path], instance: Path | None, attribute: Attribute, seconds: float, as_json: bool
) -> int:
    """Compare the solutions in `places` with the first; return the exit code."""
    stored = [verify_folder(instance or instance_of(place), place) for place in places]
    findings = [finding for one in stored for finding in one.findings]
    sides = [
        Side(name, one.audit, one.outcome) for name, one in zip(_names(places), stored, strict=True)
    ]
    found, stopped = [], False
    for other, place, there in zip(sides[1:], places[1:], stored[1:], strict=True):
        one = compare(sides[0], other)
        if attribute != "none" and not stopped:
            known = [*_proved(places[0], stored[0]), *_proved(place, there)]
            shares = attribution(one, attribute, _solver(seconds, known), _told)
            one, stopped = replace(one, attribution=shares), shares.interrupted
        found.append(one)
    if as_json:
        data = [one.to_json() for one in found]
        output.print_json({"findings": findings_data(tuple(findings)), "comparisons": data})
    else:
        print_findings(tuple(findings))
        for one in found:
            print_report(comparison_report(one, LANG), console(sys.stdout), LANG)
            _hint(one, attribute)
    if stopped:
        return output.INTERRUPTED
    return output.FINDINGS if findings else output.FINE


def _proved(place: Path, stored: StoredAudit) -> tuple[KnownBound, ...]:
    return stored_proof(place, lambda _: stored.audit.instance)


def _names(places: list[Path]) -> list[str]:
    """Return the names of the folders, or their paths where two have one name."""
    names = [place.resolve().name for place in places]
    return names if len(set(names)) == len(names) else [str(place) for place in places]


def _hint(found: Comparison, attribute: Attribute) -> None:
    count = sum(change.decides for change in found.scenario)
    if attribute == "none" and count:
        told = say(
            f"\n{count} change(s): --attribute ordered ({count - 1} solves) or shapley"
            f" ({2**count - 2} solves) tells what each causes",
            f"\n変更{count}件。--attribute ordered (求解{count - 1}回)又は shapley"
            f" (求解{2**count - 2}回)で、変更ごとの影響を示す",
        )
        output.tell(told)


def _solver(
    seconds: float, proved: Iterable[KnownBound]
) -> Callable[[Instance, Plan | None], Solution]:
    """Return what solves for the first objective alone, which is all that is divided."""
    solves = Solves(proved)

    def exactly(city: Instance, start: Plan | None) -> Solution:
        first = city.objectives[0].model_copy(update={"share": 100})
        asked = replace(city, objectives=(first,))
        with ProgressLine(asked.objectives) as line:
            return solves.solve(asked, Fraction(0), seconds, start, line.show)

    return exactly


def _told(done: int, of: int) -> None:
    if done < of:
        output.tell(say(f"solve {done + 1} of {of}", f"求解 {done + 1}／{of}"))
