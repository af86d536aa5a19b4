"""Deciding which public service counters stay, change or close, and explaining it.

The verbs of the library; the command line is their twin. Heavy packages load on first use.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from optimizer.instance import Instance
    from optimizer.plan import Plan
    from optimizer.solving import Solution
    from optimizer.verifying import Audit

__all__ = ["load", "solve", "verify"]


def load(folder: str | Path, changes: tuple[str, ...] = ()) -> "Instance":
    """Return the instance in `folder`, with changes such as "set constraint.pace.changes=3".

    Raises optimizer.errors.InputError with every fault of every file.
    """
    from optimizer.files.instance_folder import read_instance

    return read_instance(Path(folder), changes)


def solve(instance: "Instance", **settings: Any) -> "Solution":
    """Return the best plan found and how far it is proved; settings as in `solving.solve`.

    Raises optimizer.errors.EngineError.
    """
    from optimizer.solving import solve as verb

    return verb(instance, **settings)


def verify(instance: "Instance", plan: "Plan") -> "Audit":
    """Return every reading and every yen of `plan`, from the raw tables, without any solver."""
    from optimizer.verifying import verify as verb

    return verb(instance, plan)
