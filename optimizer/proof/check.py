"""Check a proof that no plan costs less than stated. Plain Python integers; nothing is trusted.

A proof holds rows as text, a plan and a tree per objective (in words: docs/proof.md). Why a leaf
proves its bound: let x keep every row, low_i <= A_i x <= high_i. For any integers m_i and s >= 0

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

PACKED, UNPACKED = 2**24, 2**27  # bytes of a proof, as stored and unpacked, read at most
Limits = dict[tuple[str, int], tuple[Any, Any]]  # (low, high) of ("column" | "row", number)
Terms = dict[int, int]  # coefficients by column


class Refused(Exception):  # noqa: N818
    """The proof does not prove what it states, or is not of the form; args are (en, ja)."""


class Program(NamedTuple):
    """What the text says. limits: None is no bound. objectives: (name, offset, terms)."""

    limits: Limits
    objectives: list[tuple[str, int, Terms]]
    rows: list[Terms]


class Stage(NamedTuple):
    """A checked claim: no plan has less than `bound` (None: there is no plan) under `held`."""

    objective: str
    bound: int | None
    value: int | None
    held: list[tuple[str, int]]
    leaves: int


class Checked(NamedTuple):
    """What a proof was made from (inputs: file -> SHA-256) and what it proves of its rows."""

    instance: str
    inputs: dict[str, str]
    fingerprint: str
    changes: list[str]
    rows: str
    plan: list[int] | None
    stages: list[Stage]


def check(packed: bytes) -> Checked:
    """Return what the proof proves of its rows. Raises Refused."""
    proof = _record(_unpacked(packed), "proof", *Checked._fields)
    inputs, changes, claims = proof["inputs"], proof["changes"], proof["stages"]
    if type(inputs) is not dict or type(changes) is not list or type(claims) is not list:
        refuse("of the wrong form", "形式が違う")
    texts = [proof["instance"], proof["fingerprint"], proof["rows"], *inputs.values(), *changes]
    if _integers([proof.pop("proof")]) != [1] or not all(type(text) is str for text in texts):
        refuse("not of form 1", "形式1でない")
    program, plan = read_rows(proof["rows"]), proof["plan"]
    if plan is not None:
        _keeps(program, _integers(plan, len(program.limits) - len(program.rows)))
    proof["stages"] = [_stage(program, plan, n, claim) for n, claim in enumerate(claims)]
    return Checked(**proof) if claims else refuse("nothing is claimed", "主張がない")


def refuse(en: str, ja: str) -> NoReturn:
    """Raise Refused with the reason in both languages."""
    raise Refused(en, ja)


def _unpacked(packed: bytes) -> Any:
    """Return the JSON value in a gzip file of limited size."""
    gzip = zlib.decompressobj(wbits=31)
    try:
        text = gzip.decompress(packed[: PACKED + 1], UNPACKED)
        if not gzip.eof or gzip.unused_data:
            refuse(f"cut short, over {UNPACKED} bytes, or more follows", "途中で切れたか大きすぎる")
        return json.loads(text.decode("utf-8"), object_pairs_hook=_object)
    except (zlib.error, ValueError, RecursionError) as error:
        refuse(f"cannot be read: {error}", f"読めない: {error}")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return dict(pairs) if len(dict(pairs)) == len(pairs) else refuse("a key twice", "項目の重複")


def _record(value: Any, *keys: str) -> dict[str, Any]:
    if type(value) is not dict or set(value) != set(keys):
        refuse(f"needs exactly {', '.join(keys)}", f"項目は {', '.join(keys)} に限る")
    return dict(value)


def _integers(value: Any, count: int | None = None) -> list[int]:
    if type(value) is not list or not all(type(v) is int for v in value):  # True is none
        refuse("needs a list of integers", "整数の列でなければならない")
    return list(value) if count in (None, len(value)) else refuse(f"not {count}", "個数が違う")


WHOLE = r"(0|-?[1-9][0-9]{0,18})"
TERMS = r"(-|[0-9]{1,9}:-?[0-9]{1,19}(?:,[0-9]{1,9}:-?[0-9]{1,19})*)"
LINES = {  # in this order; a column of any other sort than `int` is refused
    "int": re.compile(rf"int {WHOLE} {WHOLE} ([^\x00-\x1f]+)"),
    "objective": re.compile(rf"objective {WHOLE} {TERMS} ([^\x00-\x1f]+)"),
    "row": re.compile(rf"row (?:{WHOLE}|-) (?:{WHOLE}|-) {TERMS} ([^\x00-\x1f]+)"),
}


def read_rows(text: str) -> Program:
    """Return the program that the text describes: columns, then objectives, then rows."""
    first, *lines = text.removesuffix("\n").split("\n")
    if first != "optimizer rows 1":
        refuse("the rows are not of form 1", "行の形式が1でない")
    (limits, objectives, rows), order = (program := Program({}, [], [])), list(LINES)
    for line in lines:
        kind = line.partition(" ")[0]
        if kind not in order or not (found := LINES[kind].fullmatch(line)):
            refuse(f"not a line of the rows: {line[:80]}", f"行の形式が違う: {line[:80]}")
        order, columns = order[order.index(kind) :], len(limits) - len(rows)
        if kind == "int":
            limits["column", columns] = int(found[1]), int(found[2])
        elif kind == "objective":
            objectives.append((found[3], int(found[1]), _terms(found[2], columns)))
        else:
            low, high = (None if end is None else int(end) for end in found.group(1, 2))
            limits["row", len(rows)] = low, high
            rows.append(_terms(found[3], columns))
    return program


def _terms(text: str, columns: int) -> Terms:
    pairs = [pair.split(":") for pair in text.split(",") if text != "-"]
    terms = {int(column): int(number) for column, number in pairs}
    if len(terms) != len(pairs) or any(column >= columns for column in terms):
        refuse(f"a column twice or unknown: {text[:80]}", f"変数の重複又は不明: {text[:80]}")
    return terms


def total(terms: Terms, plan: list[int]) -> int:
    """Return the sum of coefficient x value."""
    return sum(a * plan[j] for j, a in terms.items())


def _keeps(program: Program, plan: list[int]) -> None:
    for (kind, number), (low, high) in program.limits.items():
        value = plan[number] if kind == "column" else total(program.rows[number], plan)
        if (low is not None and value < low) or (high is not None and value > high):
            refuse(f"the plan breaks {kind} {number}", f"計画が {kind} {number} に反する")


def _stage(program: Program, plan: list[int] | None, number: int, claim: Any) -> Stage:
    """Check the claim about the objective `number`, those before it being held."""
    claim = _record(claim, "bound", "value", "held", "tree")
    if number >= len(program.objectives) or (number and plan is None):
        refuse("a claim without objective or plan", "目的又は計画のない主張")
    limits, rows, named = dict(program.limits), [*program.rows], []
    for n, most in enumerate(_integers(claim["held"], number)):
        name, offset, terms = program.objectives[n]
        if plan is not None and offset + total(terms, plan) > most:
            refuse("the plan breaks what is held", "計画が前段の目的の上限に反する")
        limits["row", len(rows)] = None, most - offset
        rows.append(terms)
        named.append((name, most))
    name, offset, cost = program.objectives[number]
    bound, value = claim["bound"], claim["value"]
    _integers([v for v in (bound, value) if v is not None])
    if value != (None if plan is None else offset + total(cost, plan)):
        refuse("the plan has another value than stated", "計画の値が記載と異なる")
    proved, leaves = _least(limits, rows, cost, claim["tree"])
    if proved is not None and (bound is None or bound > proved + offset):
        refuse(f"the leaves prove only {proved + offset}", f"下界は {proved + offset} まで")
    return Stage(name, bound, value, named, leaves)


def _least(limits: Limits, rows: list[Terms], cost: Terms, tree: Any) -> tuple[int | None, int]:
    """Return the least that the leaves prove (None: no plan in any) and how many there are."""
    least, leaves, seen = None, 0, set()
    pending: list[tuple[int, Limits]] = [(0, {})]
    while pending:
        number, own = pending.pop()
        if type(tree) is not list or not 0 <= number < len(tree) or number in seen:
            refuse("a node is missing or used twice", "節の欠落又は重複")
        seen.add(number)
        node = tree[number]
        if type(node) is list and node and type(node[0]) is str:
            column, at, left, right = _integers(node[1:], 4)
            place = node[0], column
            low, high = own.get(place) or limits.get(place) or refuse("unknown split", "不明な分岐")
            pending += [(left, {**own, place: (low, at)}), (right, {**own, place: (at + 1, high)})]
        else:
            leaves += 1
            proved = _leaf({**limits, **own}, rows, cost, _integers(node))
            least = proved if least is None or (proved is not None and proved < least) else least
    return (least, leaves) if len(seen) == len(tree) else refuse("a loose node", "孤立した節")


def _leaf(limits: Limits, rows: list[Terms], cost: Terms, node: list[int]) -> int | None:
    """Return what the leaf [scale, row, multiplier, row, multiplier, ...] proves; None: no plan."""
    if len(node) % 2 == 0 or node[0] < 0:
        refuse("a leaf is a scale and pairs", "葉は倍率と組からなる")
    scale, bound = node[0], 0
    left = {column: scale * price for column, price in cost.items()}
    for row, multiplier in zip(node[1::2], node[2::2], strict=True):
        side: int | None = limits.get(("row", row), (None, None))[0 if multiplier > 0 else 1]
        if side is None:
            refuse("a multiplier where no bound is", "限界のない側の乗数")
        bound += multiplier * side
        for column, a in rows[row].items():
            left[column] = left.get(column, 0) - multiplier * a
    for column, d in left.items():
        bound += d * int(limits["column", column][0 if d > 0 else 1])
    if scale == 0:
        return None if bound > 0 else refuse("a leaf may hold a plan", "葉が空と言えない")
    step = gcd(*cost.values()) or 1  # costs of plans differ by multiples of it
    return -(-bound // (scale * step)) * step


def case_of(proof: Checked, lang: str = "en") -> str:
    """Return what the proof is about: the instance, and every change of it."""
    words = {"en": ("as it stands", "with "), "ja": ("変更なし", "変更: ")}[lang]
    return (
        f"{proof.instance} ({words[1] + '; '.join(proof.changes) if proof.changes else words[0]})"
    )


def match(proof: Checked, instance: str, changes: list[str]) -> list[str]:
    """Refuse a proof of another case than `instance` under exactly `changes`.

    A claim that there is no plan may leave out more constraints: fewer of them leave more plans.
    Returns the ids of those.
    """
    more, no_plan = proof.changes[len(changes) :], proof.stages[0].bound is None
    dropped = [text[len("drop ") :] for text in more if re.fullmatch(r"drop [^.\s]+", text)]
    same = proof.instance == instance and proof.changes[: len(changes)] == changes
    if not same or (more and not (no_plan and len(dropped) == len(more))):
        refuse(f"of another case: {case_of(proof)}", f"別の場合の証明: {case_of(proof, 'ja')}")
    return dropped


def bind(proof: Checked, files: list[Path]) -> None:
    """Refuse a proof that was not made from exactly these files."""
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    if wrong := sorted({name for name, _ in found.items() ^ proof.inputs.items()}):
        refuse(f"made from other files: {', '.join(wrong)}", f"元と異なる: {', '.join(wrong)}")


def main(arguments: list[str]) -> None:
    """Check the proof named first; any further files must be all those that it was made from.

    After `--of` come the instance and its changes that were asked for; with files and without it, the
    instance as it stands.
    """
    try:
        at = arguments.index("--of") if "--of" in arguments else len(arguments)
        names, (instance, *changes) = arguments[:at], arguments[at + 1 :] or [""]
        proof = check(Path(names[0]).read_bytes())
        if names[1:]:
            bind(proof, [Path(name) for name in names[1:]])
        if names[1:] or instance:
            match(proof, instance or proof.instance, changes)
    except (Refused, OSError, IndexError) as reason:
        sys.exit(f"refused: {reason.args[0] if isinstance(reason, Refused) else reason}")
    for number, (name, bound, _, held, _) in enumerate(proof.stages, 1):
        less = "" if bound is None else f" with {name} less than {bound:,}"
        given = "".join(f" where {n} is at most {m:,}" for n, m in held)
        print(f"{case_of(proof)}, objective {number}: no plan of these rows{less}{given}")


if __name__ == "__main__":
    main(sys.argv[1:])
