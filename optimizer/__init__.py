"""Deciding which public service counters stay, change or close, and explaining it.

The verbs of the library; the command line is their twin. Heavy packages load on first use.
"""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from optimizer.audit.verify import Audit
    from optimizer.city.plan import Plan
    from optimizer.explain.compare.compare import Comparison
    from optimizer.explain.price.prices import Prices
    from optimizer.explain.robust.firm import Firmness
    from optimizer.model.instance import Instance
    from optimizer.solver.solve import Solution

__all__ = ["compare", "firm", "load", "price", "solve", "verify"]


def load(folder: str | Path, changes: tuple[str, ...] = ()) -> "Instance":
    """Return the instance in `folder`, with changes such as "set constraint.pace.changes=3".

    Raises optimizer.base.errors.InputError with every fault of every file.
    """
    from optimizer.files.instance_folder import read_instance

    return read_instance(Path(folder), changes)


def solve(instance: "Instance", **settings: Any) -> "Solution":
    """Return the best plan found and how far it is proved.

    settings: the fields of `solver.solve.SolveSettings`, and watch, start and proved of its `solve`.
    Raises optimizer.base.errors.EngineError.
    """
    from optimizer.solver.solve import SolveSettings
    from optimizer.solver.solve import solve as verb

    others = {name: settings.pop(name) for name in ("watch", "start", "proved") if name in settings}
    return verb(instance, SolveSettings(**settings), **others)


def verify(instance: "Instance", plan: "Plan") -> "Audit":
    """Return every reading and every yen of `plan`, from the raw tables, without any solver."""
    from optimizer.audit.verify import verify as verb

    return verb(instance, plan)


def compare(first: "Audit", other: "Audit") -> "Comparison":
    """Return how the plan of `other` differs from that of `first`: decisions, cost, fairness.

    What each change of the scenario causes: `optimizer.explain.compare.compare.attribution`. Raises
    optimizer.base.errors.InputError for plans of two instances.
    """
    from optimizer.explain.compare.compare import Side
    from optimizer.explain.compare.compare import compare as verb

    return verb(Side("first", first), Side("other", other))


def firm(
    instance: "Instance", plan: "Plan", within: Fraction, solve_limit: float = 20
) -> "Firmness":
    """Return for every mode of `plan` whether all plans within the tolerance have it.

    within: how much dearer than `plan` they may be, as a share. solve_limit: seconds for one solve.
    Raises optimizer.base.errors.InputError and EngineError.
    """
    from optimizer.explain.robust.firm import firm as verb
    from optimizer.solver.solve import SolveSettings
    from optimizer.solver.solve import solve as solver

    def exactly(city: "Instance", start: "Plan | None", gap: Fraction) -> "Solution":
        return solver(city, SolveSettings(gap, solve_limit), start=start)

    return verb(instance, plan, within, exactly)


def price(
    instance: "Instance",
    plan: "Plan",
    entries: Iterable[str] = (),
    bound: int | None = None,
    solve_limit: float = 20,
    **settings: Any,
) -> "Prices":
    """Return what each constraint entry costs: left out, and its limit moved a step either way.

    entries: their ids; none means all that were stated and are not protected. bound: proved of the
    first objective; without one it is solved for. Settings as in `explain.price.price`: step,
    ranges. Raises optimizer.base.errors.InputError and EngineError.
    """
    from optimizer.explain.price.price import price as verb
    from optimizer.explain.price.price import priceable
    from optimizer.solver.solve import SolveSettings
    from optimizer.solver.solve import solve as solver

    def exactly(city: "Instance", start: "Plan", seconds: float) -> "Solution":
        return solver(city, SolveSettings(Fraction(0), seconds), start=start)

    named = priceable(instance, tuple(entries))
    return verb(instance, plan, exactly, named, bound, solve_limit, **settings)
