"""Tiny random programs in the text form of a proof, and their best values by trying everything."""

import gzip
import json
from itertools import product
from random import Random
from typing import Any

from optimizer.proof.arrays import arrays
from optimizer.proof.check import read_rows, total
from optimizer.proof.make import names_of_rows, packed
from optimizer.proof.tree import Tree

GOOD = {
    "proof": 1,
    "instance": "by hand",
    "inputs": {},
    "fingerprint": "",
    "changes": [],
    "rows": """optimizer rows 1
int 0 3 ["x",0]
int 0 3 ["x",1]
objective 0 0:2,1:3 ["cost"]
row 3 - 0:2,1:2 ["demand"]
row - - 0:1,1:1 ["sum","all"]
""",
    "plan": [2, 0],
    "stages": [
        {
            "bound": 4,
            "value": 4,
            "held": [],
            "tree": [["row", 1, 1, 1, 2], [0, 0, 1, 1, -2], [1, 1, 2]],
        }
    ],
}
"""A proof written by hand (docs/proof.md tells it): at most 1 in all is too little, 2 cost 4."""


def random_rows(seed: int) -> str:
    """Return 2-5 columns, two objectives, 1-5 rows (some equations, some ranges) and two sums."""
    random = Random(seed)
    width = random.randint(2, 5)
    lines = ["optimizer rows 1"]
    for n in range(width):
        low = random.randint(-2, 1)
        lines.append(f'int {low} {low + random.randint(0, 3)} ["x",{n}]')

    def terms(most: int) -> str:
        used = [n for n in range(width) if random.random() < 0.8]
        pairs = [(n, random.choice([-1, 1]) * random.randint(1, most)) for n in used]
        return ",".join(f"{n}:{a}" for n, a in pairs) or "-"

    step = random.choice([1, 1, 3])
    for name in ("cost", "travel"):
        priced = [(n, step * random.randint(-9, 30)) for n in range(width)]
        written = ",".join(f"{n}:{a}" for n, a in priced if a) or "-"
        lines.append(f'objective {random.randint(-5, 5)} {written} ["{name}"]')
    for n in range(random.randint(1, 5)):
        low = random.randint(-6, 12)
        ends = random.choice([(low, "-"), ("-", low), (low, low + random.randint(0, 4))])
        lines.append(f'row {ends[0]} {ends[1]} {terms(7)} ["r",{n}]')
    everything = ",".join(f"{n}:1" for n in range(width))
    lines += [f'row - - {everything} ["sum","all"]', f'row - - {terms(3)} ["sum","some"]']
    return "\n".join(lines) + "\n"


def brute(text: str) -> list[tuple[int, int, list[int]]]:
    """Return (cost, travel, values) of every solution, least first."""
    program = read_rows(text)
    ranges = [limits for (kind, _), limits in program.limits.items() if kind == "column"]
    found = []
    for values in product(*(range(low, high + 1) for low, high in ranges)):
        kept = (
            (low is None or total(row, list(values)) >= low)
            and (high is None or total(row, list(values)) <= high)
            for (low, high), row in zip(
                (program.limits["row", n] for n in range(len(program.rows))),
                program.rows,
                strict=True,
            )
        )
        if all(kept):
            worth = [offset + total(cost, list(values)) for _, offset, cost in program.objectives]
            found.append((*worth, list(values)))
    return sorted(found)


def proof_of(text: str, plan: list[int] | None, limit: float = 5) -> dict[str, object]:
    """Return a proof, as data, about the rows in `text`, with `plan` held to stage by stage."""
    program = read_rows(text)
    stages, held = [], []
    for number, (_, offset, cost) in enumerate(program.objectives):
        value = None if plan is None else offset + total(cost, plan)
        tree = Tree(arrays(program, number, held), names_of_rows(text), value)
        tree.grow(limit)
        bound, nodes = tree.nodes()
        stages.append({"bound": bound, "value": value, "held": [*held], "tree": nodes})
        if value is None:
            break
        held.append(value)
    return {
        "proof": 1,
        "instance": "random",
        "inputs": {},
        "fingerprint": "",
        "changes": [],
        "rows": text,
        "plan": plan,
        "stages": stages,
    }


def packed_proof(text: str, plan: list[int] | None) -> bytes:
    """Return `proof_of` as a file."""
    return packed(proof_of(text, plan))


def unpacked(proof: bytes) -> dict[str, Any]:
    """Return what a proof file holds."""
    return json.loads(gzip.decompress(proof))
