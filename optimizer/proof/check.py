"""Check a proof that no plan costs less than stated. Plain Python integers; nothing is trusted.

    python check.py proof.json.gz [FILE OF THE INSTANCE ...]

A proof holds the rows of the program as text, the plan, and one tree per objective (docs/proof.md
has all of it in words). Why a leaf proves its bound: let the plan x keep every row,
low_i <= A_i x <= high_i. For any integers m_i and any s >= 0

    s c x  =  sum_i m_i A_i x  +  sum_j d_j x_j          with d_j = s c_j - sum_i m_i A_ij
          >=  sum_i m_i (low_i if m_i > 0 else high_i)  +  sum_j d_j (low_j if d_j > 0 else high_j)

so the last line, divided by s and rounded up, bounds the cost; a wrong m_i only weakens it. With
s = 0 and a last line above 0 the leaf holds no plan at all. An inner node splits on a column or a
row: it is at most `at`, or at least `at` + 1. Integers are one or the other, so nothing is missed.
"""

import hashlib
import json
import re
import sys
import zlib
from math import gcd
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

PACKED, UNPACKED = 2**26, 2**28
"""Bytes of a proof, as stored and unpacked, that are read at most."""

Limits = dict[tuple[str, int], tuple[int | None, int | None]]
"""(lower, upper) by ("column" | "row", number); None is no bound."""


class Refused(Exception):  # noqa: N818
    """The proof does not prove what it states, or is not of the form; args are (en, ja)."""


class Objective(NamedTuple):
    name: str
    offset: int
    cost: dict[int, int]


class Program(NamedTuple):
    """What the text says; the limits of all columns and rows, and the terms of the rows."""

    limits: Limits
    objectives: list[Objective]
    terms: list[dict[int, int]]
    columns: int


class Stage(NamedTuple):
    """A checked claim: no plan has less than `bound`; None: there is no plan.

    value: of the plan in the proof. held: (name, most) of the objectives before.
    """

    objective: str
    bound: int | None
    value: int | None
    held: list[tuple[str, int]]
    leaves: int


class Checked(NamedTuple):
    """What a proof was made from (names, SHA-256) and what it proves of its rows."""

    instance: str
    inputs: dict[str, str]
    fingerprint: str
    changes: list[str]
    rows: str
    plan: list[int] | None
    stages: list[Stage]


def check(packed: bytes) -> Checked:
    """Return what the proof proves of its rows. Raises Refused."""
    proof = _record(unpack(packed), "proof", "instance", "inputs", "fingerprint", "changes",
                    "rows", "plan", "stages")  # fmt: skip
    if proof["proof"] != 1 or not _is(proof["proof"], int):
        refuse("not a proof of form 1", "形式1の証明でない")
    for key, kind in (("instance", str), ("fingerprint", str), ("rows", str), ("stages", list)):
        if not _is(proof[key], kind):
            refuse(f"{key} is of the wrong kind", f"{key} の型が違う")
    inputs, changes, plan = proof["inputs"], proof["changes"], proof["plan"]
    if not (_is(inputs, dict) and all(_is(v, str) for v in inputs.values())):
        refuse("inputs must name files and their SHA-256", "inputs はファイル名とSHA-256")
    if not (_is(changes, list) and all(_is(v, str) for v in changes)):
        refuse("changes must be texts", "changes は文字列")
    program = read_rows(proof["rows"])
    if plan is not None:
        _keeps(program, plan)
    stages = [_stage(program, plan, n, stage) for n, stage in enumerate(proof["stages"])]
    if not stages:
        refuse("the proof proves nothing", "証明する内容がない")
    return Checked(
        proof["instance"], inputs, proof["fingerprint"], changes, proof["rows"], plan, stages
    )


def refuse(en: str, ja: str) -> NoReturn:
    """Raise Refused with the reason in both languages."""
    raise Refused(en, ja)


def unpack(packed: bytes) -> Any:
    """Return the JSON value in a gzip file of limited size: no floats, no key twice."""
    if len(packed) > PACKED:
        refuse(f"more than {PACKED} bytes", f"{PACKED}バイトを超える")
    gzip = zlib.decompressobj(wbits=31)
    try:
        text = gzip.decompress(packed, UNPACKED + 1)
        if len(text) > UNPACKED:
            refuse(f"unpacks to more than {UNPACKED} bytes", f"展開後{UNPACKED}バイトを超える")
        if not gzip.eof or gzip.unused_data:
            refuse("cut short, or something follows", "途中で切れているか、余分がある")
        return json.loads(text.decode("utf-8"), object_pairs_hook=_object,
                          parse_float=_no_number, parse_constant=_no_number)  # fmt: skip
    except (zlib.error, ValueError, RecursionError) as error:
        raise Refused(f"cannot be read: {error}", f"読めない: {error}") from None


def _no_number(text: str) -> NoReturn:
    refuse(f"{text} is not an integer", f"{text} は整数でない")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) != len(pairs):
        refuse("a key stands twice", "同じ項目が二つある")
    return dict(pairs)


def _is(value: Any, kind: type) -> bool:
    return type(value) is kind  # True is no integer here


def _record(value: Any, *keys: str) -> dict[str, Any]:
    if not _is(value, dict) or set(value) != set(keys):
        refuse(f"needs exactly {', '.join(keys)}", f"項目は {', '.join(keys)} に限る")
    return dict(value)


def _integers(value: Any, count: int | None = None) -> list[int]:
    if not _is(value, list) or not all(_is(v, int) for v in value):
        refuse("needs a list of integers", "整数の列でなければならない")
    if count is not None and len(value) != count:
        refuse(f"needs {count} integers, has {len(value)}", f"整数{count}個のところ{len(value)}個")
    return list(value)


N, TERMS = r"(0|-?[1-9][0-9]{0,18})", r"(-|[0-9]{1,9}:-?[0-9]{1,19}(?:,[0-9]{1,9}:-?[0-9]{1,19})*)"
LINES = {
    "int": re.compile(rf"int {N} {N} (.+)"),
    "objective": re.compile(rf"objective {N} {TERMS} (.+)"),
    "row": re.compile(rf"row (?:{N}|-) (?:{N}|-) {TERMS} (.+)"),
}


def read_rows(text: str) -> Program:
    """Return the program that the text describes: columns, then objectives, then rows."""
    first, *lines = text.removesuffix("\n").split("\n")
    if first != "optimizer rows 1":
        refuse("the rows are not of form 1", "行の形式が1でない")
    limits: Limits = {}
    objectives: list[Objective] = []
    rows: list[dict[int, int]] = []
    columns, order = 0, list(LINES)
    for line in lines:
        kind = line.partition(" ")[0]
        found = LINES[kind].fullmatch(line) if kind in order else None
        if found is None:  # a column that is no integer ends here too
            refuse(f"not a line of the rows: {line[:80]}", f"行の形式が違う: {line[:80]}")
        order = order[order.index(kind) :]
        a, b = found[1], found[2]
        if kind == "int":
            if int(a) > int(b):
                refuse(f"bounds cross: {line[:80]}", f"上下限が逆: {line[:80]}")
            limits["column", columns] = int(a), int(b)
            columns += 1
        elif kind == "objective":
            objectives.append(Objective(found[3], int(a), _terms(b, columns)))
        else:
            limits["row", len(rows)] = a and int(a), b and int(b)
            rows.append(_terms(found[3], columns))
    if not columns or not objectives:
        refuse("no column or no objective", "変数又は目的がない")
    return Program(limits, objectives, rows, columns)


def _terms(text: str, columns: int) -> dict[int, int]:
    pairs = [pair.split(":") for pair in text.split(",")] if text != "-" else []
    terms = {int(column): int(number) for column, number in pairs}
    if len(terms) != len(pairs) or any(not 0 <= column < columns for column in terms):
        refuse(f"a column twice or unknown: {text[:80]}", f"変数の重複又は不明: {text[:80]}")
    return terms


def _keeps(program: Program, plan: Any) -> None:
    """Refuse a plan that breaks a bound or a row."""
    plan = _integers(plan, program.columns)
    for (kind, number), (low, high) in program.limits.items():
        value = plan[number] if kind == "column" else total(program.terms[number], plan)
        if (low is not None and value < low) or (high is not None and value > high):
            refuse(f"the plan breaks {kind} {number}", f"計画が {kind} {number} に反する")


def total(terms: dict[int, int], plan: list[int]) -> int:
    """Return the sum of coefficient x value."""
    return sum(a * plan[j] for j, a in terms.items())


def _stage(program: Program, plan: list[int] | None, number: int, claim: Any) -> Stage:
    """Check the claim of the objective `number`, those before it being held."""
    claim = _record(claim, "bound", "value", "held", "tree")
    if number >= len(program.objectives) or (number and plan is None):
        refuse("a claim without objective or plan", "目的又は計画のない主張")
    held, limits, terms = _integers(claim["held"], number), dict(program.limits), [*program.terms]
    for objective, most in zip(program.objectives, held, strict=False):
        if plan is not None and objective.offset + total(objective.cost, plan) > most:
            refuse("the plan breaks what is held", "計画が前段の目的の上限に反する")
        limits["row", len(terms)] = None, most - objective.offset
        terms.append(objective.cost)
    objective, bound, value = program.objectives[number], claim["bound"], claim["value"]
    if value != (None if plan is None else objective.offset + total(objective.cost, plan)):
        refuse("the plan has another value than stated", "計画の値が記載と異なる")
    proved, leaves = least(limits, terms, objective, claim["tree"])
    if not (bound is None or _is(bound, int)) or (value is not None and not _is(value, int)):
        refuse("bound and value are integers", "下界と値は整数")
    if proved is not None and (bound is None or bound > proved):
        refuse(f"the leaves prove only {proved}", f"葉が示す下界は {proved} まで")
    names = [o.name for o in program.objectives]
    return Stage(names[number], bound, value, list(zip(names, held, strict=False)), leaves)


def least(
    limits: Limits, terms: list[dict[int, int]], objective: Objective, tree: Any
) -> tuple[int | None, int]:
    """Return the least bound of all leaves (None: no plan in any) and how many there are."""
    if not _is(tree, list):
        refuse("a tree is a list of nodes", "木は節の列")
    proved: int | None = None
    leaves = 0
    pending: list[tuple[Any, Limits]] = [(0, {})]
    seen: set[int] = set()
    while pending:
        number, own = pending.pop()
        if not (_is(number, int) and 0 <= number < len(tree)) or number in seen:
            refuse("a node is missing or used twice", "節の欠落又は重複")
        seen.add(number)
        node = tree[number]
        if _is(node, list) and node and _is(node[0], str):
            pending += _halves(limits, own, node)
            continue
        leaves += 1
        bound = leaf({**limits, **own}, terms, objective, _integers(node))
        if bound is not None:
            proved = bound if proved is None else min(proved, bound)
    if len(seen) != len(tree):
        refuse("a node hangs in the air", "どこからも辿れない節がある")
    return proved, leaves


def _halves(limits: Limits, own: Limits, node: list[Any]) -> list[tuple[Any, Limits]]:
    """Return the two nodes below a split with their limits: at most `at`, at least `at` + 1."""
    kind, number, at, left, right = [node[0], *_integers(node[1:], 4)]
    if (kind, number) not in limits:
        refuse("a split on nothing known", "分岐の対象がない")
    low, high = own.get((kind, number), limits[kind, number])
    below = at if high is None else min(at, high)
    above = at + 1 if low is None else max(at + 1, low)
    return [(left, {**own, (kind, number): (low, below)}),
            (right, {**own, (kind, number): (above, high)})]  # fmt: skip


def leaf(
    limits: Limits, terms: list[dict[int, int]], objective: Objective, node: list[int]
) -> int | None:
    """Return the bound that [scale, row, multiplier, row, multiplier, ...] proves within `limits`.

    None: the leaf holds no plan.
    """
    if not node or len(node) % 2 == 0 or node[0] < 0:
        refuse("a leaf is a scale and pairs", "葉は倍率と組からなる")
    scale, least = node[0], 0
    left = {column: scale * price for column, price in objective.cost.items()}
    for row, multiplier in zip(node[1::2], node[2::2], strict=True):
        if not 0 <= row < len(terms):
            refuse("a multiplier of no row", "存在しない行の乗数")
        side = limits["row", row][0 if multiplier > 0 else 1]
        if side is None:
            refuse("a multiplier on a side without bound", "限界のない側の乗数")
        least += multiplier * side
        for column, a in terms[row].items():
            left[column] = left.get(column, 0) - multiplier * a
    for column, price in left.items():
        low, high = limits["column", column]
        least += price * ((low if price > 0 else high) or 0)
    if scale == 0:
        return None if least > 0 else refuse("an empty leaf is not empty", "空の葉が空でない")
    step = gcd(*objective.cost.values()) or 1  # costs of plans differ by multiples of it
    return -(-least // (scale * step)) * step + objective.offset


def altered(proof: Checked, files: list[Path]) -> list[str]:
    """Return the names of files that are not those that the proof was made from."""
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    names = sorted({*found, *proof.inputs})
    return [name for name in names if found.get(name) != proof.inputs.get(name)]


def main(arguments: list[str]) -> int:
    """Check the proof named first; any further files must be those that it was made from."""
    try:
        proof = check(Path(arguments[0]).read_bytes())
    except Refused as reason:
        print(f"refused: {reason.args[0]}")
        return 1
    wrong = altered(proof, [Path(name) for name in arguments[1:]]) if arguments[1:] else []
    for name in wrong:
        print(f"refused: {name} is not the file that the proof was made from")
    if not wrong:
        for stage in proof.stages:
            given = "".join(f", with {name} at most {most:,}" for name, most in stage.held)
            least = "" if stage.bound is None else f" has less {stage.objective} than {stage.bound:,}"
            print(f"no plan of these rows{least or ' exists'}{given}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
