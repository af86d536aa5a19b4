"""Saboteurs of proofs: of a whole city's, checked with rows rebuilt, and of small programs'."""

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from optimizer.city.plan import Plan
from optimizer.files.solution_folder import sha256
from optimizer.model.example import town
from optimizer.model.instance import Instance
from optimizer.objectives import registry
from optimizer.proof.check import Refused, bind, check
from optimizer.proof.make import packed, prove
from optimizer.proof.rebuild import differences
from optimizer.solver.solve import SolveSettings, solve
from tests.proof.programs import brute, proof_of, random_rows, unpacked
from tests.sabotage.attempt import Attempt
from tests.tiny import with_entries

Proof = dict[str, Any]


class Bound(NamedTuple):
    """A city, a plan of it, and the files it is said to be made from."""

    instance: Instance
    plan: Plan
    files: list[Path]

    def proof(self) -> Proof:
        """Return an honest proof about the plan."""
        inputs = {path.name: sha256(path) for path in self.files}
        return unpacked(prove(self.instance, self.plan, inputs, time_limit=1))

    def told(self, proof: bytes) -> str:
        """Return why a proof is not confirmed, as `optimizer prove --check --rebuild` would."""
        try:
            checked = check(proof)
            bind(checked, self.files)
        except Refused as reason:
            return str(reason.args[0])
        return "; ".join(text.en for text in differences(checked, self.instance, self.plan))


def attempts(place: Path, each: int, seed: int) -> Iterator[Attempt]:
    """Try every counterexample of proofs `each` times, on cities that stand in `place`."""
    town, another = _city(place, 1), _city(place, 2)
    honest = town.proof()
    assert town.told(packed(honest)) == "", "the honest proof is not confirmed"
    for name, counterexample in COUNTEREXAMPLES.items():
        random = Random(f"{name} {seed}")
        for _ in range(each):
            proof = copy.deepcopy(honest)
            counterexample(proof, random)
            if proof != honest:
                yield _tried(town, name, proof)
    replayed = another.proof()
    yield _tried(town, "replay another city's", replayed)
    for keys in (("inputs", "fingerprint", "instance"), ("inputs", "fingerprint", "plan")):
        forged = replayed | {key: honest[key] for key in keys}
        yield _tried(town, "replay another's as this one's", forged)
    yield from _false_claims(each * 3, seed)


def _tried(town: Bound, name: str, proof: Proof) -> Attempt:
    told = town.told(packed(proof))
    return Attempt("proof, rows rebuilt", name, bool(told), (), told or name)


def _city(place: Path, seed: int) -> Bound:
    """Return the town under rules and two objectives, or another city."""
    instance = with_entries(town() if seed == 1 else replace(town(), person_minutes=40_000))
    objectives = tuple(registry()[kind].example() for kind in ("staff_cost", "travel"))
    instance = replace(instance, objectives=objectives, fingerprint=f"{seed:064x}")
    plan = solve(instance, SolveSettings(time_limit=5)).plan
    assert plan is not None
    file = place / f"town-{seed}.toml"
    file.write_text(f"# stands for the files of city {seed}\n")
    return Bound(instance, plan, [file])


def _raise_bound(proof: Proof, random: Random) -> None:
    stage = random.choice(proof["stages"])
    stage["bound"] = max(stage["bound"], stage["value"]) + random.choice([1, 10**9])


def _no_plan(proof: Proof, random: Random) -> None:
    """Claim that there is no plan at all."""
    proof["stages"][0]["bound"] = None


def _cheaper(proof: Proof, random: Random) -> None:
    random.choice(proof["stages"])["value"] -= 1


def _drop_leaf(proof: Proof, random: Random) -> None:
    random.choice(proof["stages"])["tree"].pop()


def _leaf_twice(proof: Proof, random: Random) -> None:
    tree = random.choice(proof["stages"])["tree"]
    tree.append(tree[-1])


def _lines(proof: Proof, kind: str) -> tuple[list[str], list[int]]:
    lines = proof["rows"].split("\n")
    return lines, [n for n, line in enumerate(lines) if line.startswith(f"{kind} ")]


def _tighten(proof: Proof, random: Random) -> None:
    """Move an end of a row inwards."""
    lines, rows = _lines(proof, "row")
    ends = [(n, e) for n in rows for e in (1, 2) if lines[n].split(" ")[e] != "-"]
    number, end = random.choice(ends)
    parts = lines[number].split(" ")
    parts[end] = str(int(parts[end]) + (1 if end == 1 else -1))
    lines[number] = " ".join(parts)
    proof["rows"] = "\n".join(lines)


def _narrow(proof: Proof, random: Random) -> None:
    """Lower the upper bound of a column."""
    lines, columns = _lines(proof, "int")
    number = random.choice(columns)
    parts = lines[number].split(" ")
    parts[2] = str(int(parts[2]) - 1)
    lines[number] = " ".join(parts)
    proof["rows"] = "\n".join(lines)


def _drop_row(proof: Proof, random: Random) -> None:
    lines, rows = _lines(proof, "row")
    del lines[random.choice(rows)]
    proof["rows"] = "\n".join(lines)


def _drop_last_row(proof: Proof, random: Random) -> None:
    """Leave out the last row, which shifts no number of another."""
    lines, rows = _lines(proof, "row")
    del lines[rows[-1]]
    proof["rows"] = "\n".join(lines)


def _add_row(proof: Proof, random: Random) -> None:
    """Add a row that no plan cheaper than this one keeps, and prove everything by it."""
    lines, objectives = _lines(proof, "objective")
    _, offset, terms, _ = lines[objectives[0]].split(" ", 3)
    value, count = proof["stages"][0]["value"], len(_lines(proof, "row")[1])
    if random.random() < 0.5:
        proof["rows"] += f'row {value - int(offset)} - {terms} ["enough_staff"]\n'
        proof["stages"] = [{"bound": value, "value": value, "held": [], "tree": [[1, count, 1]]}]
    else:
        proof["rows"] += f'row - {value - int(offset) + 10**9} {terms} ["budget"]\n'


def _reprice(proof: Proof, random: Random) -> None:
    """Add to the objective what nobody has to pay."""
    lines, objectives = _lines(proof, "objective")
    number = random.choice(objectives)
    kind, offset, rest = lines[number].split(" ", 2)
    lines[number] = f"{kind} {int(offset) + random.choice([-1, 1000])} {rest}"
    proof["rows"] = "\n".join(lines)


def _rename(proof: Proof, random: Random) -> None:
    """Give a row the name of another constraint."""
    lines, rows = _lines(proof, "row")
    number = random.choice(rows)
    low, high, terms, name = lines[number].split(" ", 4)[1:]
    renamed = json.dumps(["community_spread", *json.loads(name)[1:]])
    lines[number] = f"row {low} {high} {terms} {renamed}"
    proof["rows"] = "\n".join(lines)


def _reorder(proof: Proof, random: Random) -> None:
    """Exchange two columns' names, so that a sum is about something else."""
    lines, columns = _lines(proof, "int")
    a, b = random.sample(columns, 2)
    heads = [lines[n].split(" ", 3) for n in (a, b)]
    lines[a], lines[b] = (" ".join([*heads[k][:3], heads[1 - k][3]]) for k in (0, 1))
    proof["rows"] = "\n".join(lines)


def _other_plan(proof: Proof, random: Random) -> None:
    place = random.randrange(len(proof["plan"]))
    proof["plan"][place] += random.choice([-1, 1])


def _other_inputs(proof: Proof, random: Random) -> None:
    proof["inputs"][random.choice(list(proof["inputs"]))] = "0" * 64


def _other_changes(proof: Proof, random: Random) -> None:
    proof["changes"] = ["set staff.wage=1"]


def _other_fingerprint(proof: Proof, random: Random) -> None:
    proof["fingerprint"] = "0" * 64


def _hold_less(proof: Proof, random: Random) -> None:
    """Assume of an earlier objective more than was held."""
    for stage in proof["stages"]:
        stage["held"] = [most - 1 for most in stage["held"]]


COUNTEREXAMPLES: dict[str, Callable[[Proof, Random], None]] = {
    "raise a bound": _raise_bound,
    "claim that there is no plan": _no_plan,
    "state another value": _cheaper,
    "drop a leaf": _drop_leaf,
    "a leaf twice": _leaf_twice,
    "tighten a row": _tighten,
    "lower a column's bound": _narrow,
    "drop a row": _drop_row,
    "drop the last row": _drop_last_row,
    "add a row": _add_row,
    "alter the objective": _reprice,
    "rename a row": _rename,
    "exchange two columns": _reorder,
    "alter the plan": _other_plan,
    "other inputs": _other_inputs,
    "other changes": _other_changes,
    "another fingerprint": _other_fingerprint,
    "assume too little": _hold_less,
}


@cache
def _small() -> list[tuple[Proof, int]]:
    """Return true proofs of random programs that have plans, with the true optimum of each."""
    found: list[tuple[Proof, int]] = []
    for seed in range(40):
        plans = brute(random_rows(seed))
        if plans and len(found) < 4:
            found.append((proof_of(random_rows(seed), plans[0][2]), plans[0][0]))
    return found


def _false_claims(tries: int, seed: int) -> Iterator[Attempt]:
    """Claim more than is true of small programs, with leaves altered at random to bear it out."""
    random = Random(f"false claims {seed}")
    for _ in range(tries):
        honest, least = random.choice(_small())
        proof = copy.deepcopy(honest)
        proof["stages"][0]["bound"] = random.choice(
            [None, least + 1, least + random.randint(1, 99)]
        )
        leaves = [n for n in proof["stages"][0]["tree"] if not any(isinstance(x, str) for x in n)]
        for _ in range(random.randint(0, 4)):
            leaf = random.choice(leaves)
            place = random.randrange(len(leaf))
            leaf[place] = random.choice([0, 1, -leaf[place], leaf[place] * 2, leaf[place] + 1])
        try:
            check(packed(proof))
            told = ""
        except Refused as reason:
            told = str(reason.args[0])
        yield Attempt("proof, arithmetic", "claim more than is true", bool(told), (), told)
