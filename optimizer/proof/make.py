"""Make a proof of how little a plan of an instance can cost: an LP engine seeks, `check` decides."""

import gzip
import json
import time
from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from threading import Event

from optimizer.city.plan import Plan
from optimizer.model.build import Model, build
from optimizer.model.instance import Instance
from optimizer.proof.arrays import arrays
from optimizer.proof.check import read_rows, total
from optimizer.proof.text import rows_text
from optimizer.proof.tree import Tree
from optimizer.solver.search.incumbent import Progress

GROWING = 0.9
"""Share of the time in which trees grow; the rest is for writing what their leaves prove."""

Watch = Callable[[str, Progress], None]
"""Is given the id of the objective and where its proof stands."""


class BrokenError(Exception):
    """The plan breaks the rows, so that nothing can be said of it."""


def prove(
    instance: Instance,
    plan: Plan | None,
    inputs: Mapping[str, str],
    attained: Sequence[int] = (),
    time_limit: float = 60,
    watch: Watch | None = None,
    stop: Event | None = None,
) -> bytes:
    """Return a proof as the bytes of proof.json.gz: what was found in `time_limit` seconds.

    plan: whose value is the cutoff; None: the proof seeks that there is no plan at all. inputs:
    the files of the instance and their SHA-256. attained: value of each objective at the end of
    its stage, with which, and its slack, later ones are solved. A proof may prove little, or
    nothing at all; `check.check` says what it proves. Raises BrokenError and EngineError.
    """
    started = time.monotonic()
    model = build(instance)
    text = rows_text(model)
    program, values = read_rows(text), encoded(model, plan)
    names, stages, held = names_of_rows(text), list[dict[str, object]](), list[int]()
    for number, (name, offset, cost) in enumerate(program.objectives):
        last = number == len(program.objectives) - 1 or values is None
        left = started + time_limit - time.monotonic()
        seconds = left * GROWING * (1 if last else instance.objectives[number].share / 100)
        value = None if values is None else offset + total(cost, values)
        tree = Tree(arrays(program, number, held), names, value)
        tree.grow(seconds, stop, _told(watch, json.loads(name)[0], started, value))
        bound, nodes = tree.nodes()
        stages.append({"bound": bound, "value": value, "held": [*held], "tree": nodes})
        if value is None or last:
            break
        reached = attained[number] if number < len(attained) else value
        held.append(max(reached, value) + instance.objectives[number].slack)
    proof = {
        "proof": 1,
        "instance": instance.id,
        "inputs": dict(sorted(inputs.items())),
        "fingerprint": instance.fingerprint,
        "changes": list(instance.changes),
        "rows": text,
        "plan": values,
        "stages": stages,
    }
    return packed(proof)


def _told(
    watch: Watch | None, objective: str, started: float, value: int | None
) -> Callable[[float], None] | None:
    """Return what tells `watch` of a bound."""
    if watch is None:
        return None

    def told(bound: float) -> None:
        known = int(bound) if isfinite(bound) and value is not None else None
        watch(objective, Progress("proof", time.monotonic() - started, value, known))

    return told


def packed(proof: object) -> bytes:
    """Return a proof as bytes; the same proof gives the same bytes."""
    text = json.dumps(proof, ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode(), mtime=0)


def encoded(model: Model, plan: Plan | None) -> list[int] | None:
    """Return the column values of `plan`. Raises BrokenError where it breaks the rows."""
    if plan is None:
        return None
    values = model.encode(plan)
    if values is None or model.program.broken(values):
        raise BrokenError
    return [int(value) for value in values]


def names_of_rows(text: str) -> list[str]:
    """Return the names of the rows of a text, JSON lists, in their order."""
    return [line.split(" ", 4)[4] for line in text.split("\n") if line.startswith("row ")]
