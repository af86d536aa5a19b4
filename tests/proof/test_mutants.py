"""Proofs with false claims, made from true ones by many small changes: none is accepted."""

import copy
from functools import cache
from random import Random
from typing import Any

import pytest

from optimizer.proof.check import Refused, check, read_rows
from optimizer.proof.make import packed
from tests.proof.programs import brute, proof_of, random_rows

BASES = 12
MUTANTS = 600


@cache
def _bases() -> list[dict[str, Any]]:
    """True proofs of random programs, most with a plan and two stages, some of no plan."""
    made: list[dict[str, Any]] = []
    for seed in range(BASES):
        plans = brute(random_rows(seed))
        made.append(proof_of(random_rows(seed), plans[0][2] if plans else None))
    return made


def _false(proof: dict[str, Any]) -> bool:
    """Return whether some claim is false: by trying all plans of the rows that the proof states."""
    plans = brute(proof["rows"])
    for number, stage in enumerate(proof["stages"]):
        held = stage["held"]
        kept = [p for p in plans if all(v <= most for v, most in zip(p, held, strict=False))]
        if any(stage["bound"] is None or plan[number] < stage["bound"] for plan in kept):
            return True
    return False


def _mutant(random: Random) -> dict[str, Any]:
    """Return a proof after one to four changes."""
    proof = copy.deepcopy(random.choice(_bases()))
    for _ in range(random.randint(1, 4)):
        random.choice([_claim, _claim, _leaf, _leaf, _node, _held, _row, _graft])(proof, random)
    return proof


def _claim(proof: dict[str, Any], random: Random) -> None:
    stage = random.choice(proof["stages"])
    now = stage["bound"] or 0
    stage["bound"] = random.choice([None, now + 1, now + random.randint(1, 100), 10**30])


def _is_leaf(node: list[Any]) -> bool:
    return not any(isinstance(part, str) for part in node)


def _leaf(proof: dict[str, Any], random: Random) -> None:
    leaves = [n for s in proof["stages"] for n in s["tree"] if _is_leaf(n) and n]
    if not leaves:
        return
    leaf = random.choice(leaves)
    place = random.randrange(len(leaf))
    leaf[place] = random.choice([0, 1, -leaf[place], leaf[place] + 1, leaf[place] * 2, 10**12])
    if random.random() < 0.2:
        del leaf[place]
    if random.random() < 0.2:
        leaf += [random.randint(0, 8), random.randint(-9, 9)]


def _node(proof: dict[str, Any], random: Random) -> None:
    nodes = [n for s in proof["stages"] for n in s["tree"] if not _is_leaf(n)]
    if not nodes:
        return
    node = random.choice(nodes)
    match random.randint(0, 3):
        case 0:
            node[2] += random.choice([-2, -1, 1, 2])
        case 1:
            node[1] = random.randint(0, 8)
        case 2:
            node[0] = "row" if node[0] == "column" else "column"
        case 3:
            node[4] = node[3]


def _held(proof: dict[str, Any], random: Random) -> None:
    stage = proof["stages"][-1]
    stage["held"] = [most + random.choice([-3, -1, 1, 3]) for most in stage["held"]]


def _row(proof: dict[str, Any], random: Random) -> None:
    """Change a number of the rows, or the plan to fit a cheaper one that breaks them."""
    if random.random() < 0.5 and proof["plan"]:
        plan = proof["plan"]
        place = random.randrange(len(plan))
        plan[place] += random.choice([-1, 1])
        return
    lines = proof["rows"].split("\n")
    place = random.choice([n for n, line in enumerate(lines) if line.startswith("row ")])
    parts = lines[place].split(" ", 4)
    for end in (1, 2):
        if parts[end] != "-":
            parts[end] = str(int(parts[end]) + random.choice([-1, 1]))
    lines[place] = " ".join(parts)
    proof["rows"] = "\n".join(lines)


def _graft(proof: dict[str, Any], random: Random) -> None:
    """Put one leaf in the place of a whole tree: it then has to bound everything alone."""
    stage = random.choice(proof["stages"])
    leaves = [node for node in stage["tree"] if _is_leaf(node)]
    stage["tree"] = [random.choice(leaves)]


def test_no_false_claim_is_accepted() -> None:
    """Of mutants whose claims brute force finds false, each is refused by the checker."""
    random, false, accepted = Random(20), 0, 0
    while false < MUTANTS:
        mutant = _mutant(random)
        wrong = _false(mutant)
        false += wrong
        try:
            check(packed(mutant))
        except Refused:
            continue
        accepted += 1
        assert not wrong, mutant
    assert (
        accepted > 20
    )  # some changes only weaken a proof: the checker does not refuse just anything


@pytest.mark.parametrize("seed", range(60))
def test_any_multipliers_prove_only_what_is_true(seed: int) -> None:
    """Whatever integers stand in a leaf, the bound that they prove is at most the optimum."""
    random = Random(seed)
    text = random_rows(seed)
    plans = brute(text)
    count = len(read_rows(text).rows)
    rows = random.sample(range(count), random.randint(0, count))
    leaf = [random.choice([0, 1, 10]), *(x for r in rows for x in (r, random.randint(-40, 40)))]
    for bound in [None, *(plan[0] for plan in plans[:1]), *(plan[0] + 1 for plan in plans[:1])]:
        stage = {"bound": bound, "value": None, "held": [], "tree": [leaf]}
        proof = {**_bases()[0], "rows": text, "plan": None, "stages": [stage]}
        try:
            check(packed(proof))
        except Refused:
            continue
        assert all(bound is not None and plan[0] >= bound for plan in plans)
