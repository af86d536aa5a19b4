"""The what-ifs of a sweep: combinations and draws of changed values, and how far two are apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product
from random import Random

from optimizer.files.changes import Change, half_up


@dataclass(frozen=True)
class Case:
    """One what-if. values: what this sweep varies, path -> value, for tables and plots."""

    name: str
    changes: tuple[Change, ...]
    values: Mapping[str, str] = field(default_factory=dict)


def grid(paths: Mapping[str, Sequence[str]], base: Sequence[Case]) -> list[Case]:
    """Return every combination of the values of `paths`, on each of the cases `base`."""
    cases = []
    for start, combination in product(base, product(*paths.values())):
        values = dict(zip(paths, combination, strict=True))
        cases.append(with_values(start, values))
    return cases


def sample(
    ranges: Mapping[str, tuple[str, str]], count: int, seed: int, base: Sequence[Case]
) -> list[Case]:
    """Return `count` random draws, uniform within each range, on each of the cases `base`.

    A range of whole numbers is drawn in whole numbers; another with as many decimals as it states.
    """
    luck, cases = Random(seed), []
    for _ in range(count):
        values = {path: _drawn(low, high, luck) for path, (low, high) in ranges.items()}
        cases += [with_values(start, values) for start in base]
    return cases


def _drawn(low: str, high: str, luck: Random) -> str:
    places = max(len(text.partition(".")[2]) for text in (low, high))
    scale = 10**places
    a, b = (half_up(Decimal(text) * scale) for text in (low, high))
    number = luck.randint(min(a, b), max(a, b))
    if not places:
        return str(number)
    return f"{number // scale}.{number % scale:0{places}d}"


def with_values(base: Case, values: Mapping[str, str]) -> Case:
    """Return `base` with each path set to its value."""
    told = ", ".join(f"{path.rpartition('.')[2]}={value}" for path, value in values.items())
    name = ", ".join(part for part in (base.name, told) if part)
    changes = (Change.of(f"set {path}={value}") for path, value in values.items())
    return Case(name, (*base.changes, *changes), {**base.values, **values})


def distance(a: Case, b: Case) -> float:
    """Return how far two cases are apart: a change of one alone counts 1, a number its difference."""
    one, other = _values(a), _values(b)
    total = 0.0
    for path in one.keys() | other.keys():
        x, y = one.get(path), other.get(path)
        if x == y:
            continue
        try:
            u, v = float(str(x).strip('"')), float(str(y).strip('"'))
            total += min(abs(u - v) / max(abs(u), abs(v), 1e-9), 1.0)
        except ValueError:
            total += 1
    return total


def _values(case: Case) -> dict[tuple[str, str], str]:
    found = {}
    for change in case.changes:
        cells = change.verb in ("set", "scale")
        place = (change.verb, change.path) if cells else (change.text, "")
        found[place] = change.value or ""
    return found
