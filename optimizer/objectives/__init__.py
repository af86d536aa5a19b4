"""What can be minimised: one file an objective, by the name of its type."""

import importlib
import pkgutil
from functools import cache

from optimizer.model.instance import Objective


@cache
def registry() -> dict[str, type[Objective]]:
    """Return every known objective, by type name, sorted."""
    rules = {}
    for module in pkgutil.iter_modules(__path__):
        code = importlib.import_module(f"{__name__}.{module.name}")
        (rules[module.name],) = [
            value
            for value in vars(code).values()
            if isinstance(value, type)
            and issubclass(value, Objective)
            and value.__module__ == code.__name__  # one may be made of another
        ]
    return dict(sorted(rules.items()))
