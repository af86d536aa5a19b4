"""Make a proof of how little a plan of an instance can cost: an LP engine seeks, `check` decides."""

import gzip
import json
from collections.abc import Mapping

from optimizer.build import Model, build
from optimizer.instance import Instance
from optimizer.plan import Plan
from optimizer.proof.arrays import arrays
from optimizer.proof.check import Program, read_rows, total
from optimizer.proof.text import rows_text
from optimizer.proof.tree import Tree


class BrokenError(Exception):
    """The plan breaks the rows, so that nothing can be said of it."""


def prove(
    instance: Instance,
    plan: Plan | None,
    inputs: Mapping[str, str],
    attained: list[int],
    time_limit: float = 60,
) -> bytes:
    """Return a proof as the bytes of proof.json.gz: what was found in `time_limit` seconds.

    plan: whose value is the cutoff; None: the proof seeks that there is no plan at all. inputs:
    the files of the instance and their SHA-256. attained: value of each objective at the end of
    its stage, with which, and its slack, later ones are solved. A proof may prove little, or
    nothing at all; `check.check` says what it proves. Raises BrokenError and EngineError.
    """
    model = build(instance)
    text = rows_text(model)
    program, values = read_rows(text), encoded(model, plan)
    proof = {
        "proof": 1,
        "instance": instance.id,
        "inputs": dict(sorted(inputs.items())),
        "fingerprint": instance.fingerprint,
        "changes": list(instance.changes),
        "rows": text,
        "plan": values,
        "stages": _stages(instance, program, values, attained, time_limit, names_of_rows(text)),
    }
    return packed(proof)


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


def _stages(
    instance: Instance,
    program: Program,
    values: list[int] | None,
    attained: list[int],
    time_limit: float,
    names: list[str],
) -> list[dict[str, object]]:
    stages: list[dict[str, object]] = []
    held: list[int] = []
    for number, (_, offset, cost) in enumerate(program.objectives):
        last = number == len(program.objectives) - 1 or values is None
        seconds = time_limit if last else time_limit * instance.objectives[number].share / 100
        time_limit -= seconds
        value = None if values is None else offset + total(cost, values)
        tree = Tree(arrays(program, number, held), names, value)
        tree.grow(seconds)
        bound, nodes = tree.nodes()
        stages.append({"bound": bound, "value": value, "held": [*held], "tree": nodes})
        if value is None or last:
            break
        reached = attained[number] if number < len(attained) else value
        held.append(max(reached, value) + instance.objectives[number].slack)
    return stages
