"""The rule book: one file a constraint, and those of other packages, by the name of their type."""

import importlib
import importlib.util
import inspect
import pkgutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

from optimizer.base.errors import refuse
from optimizer.base.words import Text
from optimizer.model.instance import Constraint

GROUP = "optimizer.constraints"
"""The entry points by which other packages bring constraints."""

OURS = "optimizer"
"""The origin of the constraints of this package."""


@dataclass(frozen=True)
class Unusable:
    """A constraint of another package that is not in the rule book.

    name: its entry point. package: name and version of the package. error: what is wrong with it.
    """

    name: str
    package: str
    error: Text

    @property
    def message(self) -> Text:
        """The whole as a sentence."""
        return Text(
            f"the plug-in {self.name!r} of {self.package} could not be loaded: {self.error.en}",
            f"プラグイン「{self.name}」({self.package})を読み込めない: {self.error.ja}",
        )

    @property
    def remedy(self) -> Text:
        """What to do about it."""
        return Text(
            f"repair, update or remove {self.package}",
            f"{self.package} を修正、更新又は削除する",
        )


@dataclass(frozen=True)
class _Book:
    rules: dict[str, type[Constraint]]
    origins: dict[str, str]
    unusable: tuple[Unusable, ...]


def registry() -> dict[str, type[Constraint]]:
    """Return every known constraint, by type name, sorted: this package's, then entry points'."""
    return _book().rules


def origins() -> dict[str, str]:
    """Return where each known constraint comes from: type name -> package."""
    return _book().origins


def unusable() -> tuple[Unusable, ...]:
    """Return the constraints of other packages that could not be had; nothing else fails by them."""
    return _book().unusable


def loaded() -> bool:
    """Return whether anything has asked for the rule book yet."""
    return _book.cache_info().currsize > 0


@cache
def _book() -> _Book:
    found = {
        module.name: importlib.import_module(f"{__name__}.{module.name}")
        for module in pkgutil.iter_modules(__path__)
    }
    rules = {name: _rule_in(module) for name, module in found.items()}
    come_from, lost = dict.fromkeys(rules, OURS), []
    # Of two plug-ins of one name the same one wins on every machine, whatever the order of its disk.
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: (entry.name, _package(entry))):
        package = _package(entry)
        outside = _outside_rule(entry, rules, come_from)
        if isinstance(outside, Text):
            lost.append(Unusable(entry.name, package, outside))
            continue
        outside.registered = entry.name
        rules[entry.name], come_from[entry.name] = outside, package
    return _Book(dict(sorted(rules.items())), dict(sorted(come_from.items())), tuple(lost))


def _outside_rule(
    entry: EntryPoint, rules: Mapping[str, type[Constraint]], come_from: Mapping[str, str]
) -> type[Constraint] | Text:
    """Return the constraint of another package, or why it cannot be used beside `rules`."""
    if entry.name in rules:
        holder = come_from[entry.name]
        return Text(
            f"{holder} has a constraint of this name", f"同じ名前の制約が {holder} に既にある"
        )
    try:
        rule = entry.load()
    except (Exception, SystemExit) as error:  # other people's code: anything may go wrong in it
        return _told(error)
    if not isinstance(rule, type) or not issubclass(rule, Constraint):
        return Text(f"{entry.value} is not a constraint", f"{entry.value} は制約でない")
    lacking = _lacking(rule, entry.value)
    if lacking is not None:
        return lacking
    for name, other in rules.items():
        if other is rule:  # one class has one name, by which plans and reports call it
            return Text(
                f"{entry.value} is {name!r} already", f"{entry.value} は既に「{name}」である"
            )
    return rule


def _told(error: BaseException) -> Text:
    """Return what went wrong in code that is not ours, on one line."""
    return Text(*[" ".join(f"{type(error).__name__}: {error}".split())] * 2)


def _lacking(rule: type[Constraint], place: str) -> Text | None:
    """Return what `rule`, which stands at `place`, lacks to be a whole one; None if nothing."""
    missing = [name for name in ("key", "words") if not hasattr(rule, name)]
    if inspect.isabstract(rule):
        missing += sorted(rule.__abstractmethods__)
    names = ", ".join(missing)
    return Text(f"{place} lacks {names}", f"{place} に {names} がない") if missing else None


def rule_in_file(path: Path) -> type[Constraint]:
    """Return the constraint in the file `path`, which need not be installed.

    Raises InputError if it cannot be loaded or does not hold exactly one whole constraint.
    """
    name = path.stem
    remedy = Text(
        "`optimizer constraints --new NAME` writes one to begin with",
        "雛形は `optimizer constraints --new 名前` で書き出せる",
    )
    spec = importlib.util.spec_from_file_location(name, path) if path.is_file() else None
    if spec is None or spec.loader is None:
        gone = Text("there is no such Python file", "この Python ファイルがない")
        raise refuse(gone, remedy, file=path.name)
    if name in registry() or name in sys.modules:
        taken = Text("this name is taken", "この名前は既に使われている")
        raise refuse(taken, Text("rename the file", "ファイル名を変える"), file=path.name)
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
        rule = _rule_in(module)
        fault = _lacking(rule, rule.__name__)
    except (Exception, SystemExit) as error:
        fault = _told(error)
    if fault is None:
        return rule
    del sys.modules[name]
    raise refuse(fault, remedy, file=path.name)


def _package(entry: EntryPoint) -> str:
    """Return name and version of the package that brings `entry`."""
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.module


def _rule_in(module: Any) -> type[Constraint]:
    rules = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Constraint) and value is not Constraint
    ]
    if len(rules) != 1:
        raise TypeError(f"{module.__name__} must hold exactly one constraint, has {len(rules)}")
    return rules[0]
