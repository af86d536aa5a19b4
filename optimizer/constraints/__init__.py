"""The rule book: one file a constraint, and those of other packages, by the name of their type."""

import importlib
import pkgutil
from functools import cache
from importlib.metadata import entry_points
from typing import Any

from optimizer.model.instance import Constraint


@cache
def registry() -> dict[str, type[Constraint]]:
    """Return every known constraint, by type name, sorted: this package's, then entry points'."""
    found = {
        module.name: importlib.import_module(f"{__name__}.{module.name}")
        for module in pkgutil.iter_modules(__path__)
    }
    rules = {name: _rule_in(module) for name, module in found.items()}
    for entry in entry_points(group="optimizer.constraints"):
        if entry.name in rules:
            raise TypeError(f"two constraints are called {entry.name}; one is {entry.value}")
        rules[entry.name] = entry.load()
    return dict(sorted(rules.items()))


def _rule_in(module: Any) -> type[Constraint]:
    rules = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Constraint) and value is not Constraint
    ]
    if len(rules) != 1:
        raise TypeError(f"{module.__name__} must hold exactly one constraint, has {len(rules)}")
    return rules[0]
