"""A stage of a proof as a VIPR 1.0 certificate, so that a checker that nobody here wrote confirms it.

Cheung, Gleixner and Steffy, Verifying integer programming results, IPCO 2017, define the form: the
program, a solution, and constraints derived one after the other, each by a sum of earlier ones
(`lin`), by such a sum rounded up (`rnd`), as an assumption (`asm`) or from two derivations under
assumptions of which one holds (`uns`). Column j of the text is x<j>; the offset of the objective is
left out of all values.
"""

import gzip
import json
from collections.abc import Iterator
from fractions import Fraction
from math import gcd
from typing import Any

from optimizer.proof.check import Checked, Program, Terms, check, read_rows

Place = tuple[str, int]
Ends = dict[Place, tuple[int | None, int | None]]
"""Of a column or row the numbers of the constraints that say its lower and its upper limit."""


def certificate(packed: bytes, number: int = 0) -> str:
    """Return the certificate of the stage `number` of a proof. Raises Refused if it proves nothing."""
    proof, claims = check(packed), json.loads(gzip.decompress(packed))["stages"]
    return "\n".join(_Stage(proof, read_rows(proof.rows), claims[number], number).lines()) + "\n"


class _Stage:
    """One stage; `constraints` are those of the program, `derived` what follows."""

    def __init__(self, proof: Checked, program: Program, claim: Any, number: int) -> None:
        self.plan, self.tree, self.stage = proof.plan, claim["tree"], proof.stages[number]
        _, self.offset, self.cost = program.objectives[number]
        self.step = gcd(*self.cost.values()) or 1
        self.rows, limits = [*program.rows], dict(program.limits)
        for (_, offset, terms), most in zip(program.objectives, claim["held"], strict=False):
            limits["row", len(self.rows)] = None, most - offset
            self.rows.append(terms)
        self.width = sum(kind == "column" for kind, _ in limits)
        self.constraints, self.derived = list[str](), list[str]()
        self.ends: Ends = {}
        for place, (low, high) in sorted(limits.items()):
            self.ends[place] = (
                self._stated("G", low, self._terms(place)),
                self._stated("L", high, self._terms(place)),
            )

    def lines(self) -> Iterator[str]:
        """Yield the lines of the certificate."""
        self._derive()
        stage, bounds = self.stage, 2 * self.width
        yield from ("VER 1.0", f"VAR {self.width}", *(f"x{j}" for j in range(self.width)))
        yield from (f"INT {self.width}", " ".join(map(str, range(self.width))))
        yield from ("OBJ min", _pairs(self.cost))
        yield from (f"CON {len(self.constraints)} {bounds}", *self.constraints)
        if stage.bound is None:
            yield "RTP infeas"
        else:
            value = "inf" if stage.value is None else stage.value - self.offset
            yield f"RTP range {stage.bound - self.offset} {value}"
        yield f"SOL {int(self.plan is not None)}"
        if self.plan is not None:
            yield f"plan {_pairs({j: v for j, v in enumerate(self.plan) if v})}"
        yield from (f"DER {len(self.derived)}", *self.derived)

    def _terms(self, place: Place) -> Terms:
        kind, number = place
        return {number: 1} if kind == "column" else self.rows[number]

    def _stated(self, sense: str, side: int | None, terms: Terms) -> int | None:
        if side is None:
            return None
        self.constraints.append(f"C{len(self.constraints)} {sense} {side} {_pairs(terms)}")
        return len(self.constraints) - 1

    def _derived(self, sense: str, side: Fraction | int, terms: Terms, reason: str) -> int:
        number = len(self.constraints) + len(self.derived)
        self.derived.append(f"D{number} {sense} {side} {_pairs(terms)} {{ {reason} }} -1")
        return number

    def _derive(self) -> None:
        """Derive what every node proves, halves before the node."""
        proved: dict[int, tuple[int, int | None]] = {}  # node -> (constraint, bound; None: empty)
        assumed: dict[int, tuple[int, int]] = {}
        pending = [(0, self.ends)]
        while pending:
            number, ends = pending[-1]
            node = self.tree[number]
            if type(node[0]) is not str:
                proved[number] = self._leaf(ends, node)
                pending.pop()
            elif number not in assumed:
                (kind, place, at, left, right), terms = node, self._terms((node[0], node[1]))
                low, high = ends[kind, place]
                below = self._derived("L", at, terms, "asm")
                above = self._derived("G", at + 1, terms, "asm")
                assumed[number] = below, above
                pending.append((left, {**ends, (kind, place): (low, below)}))
                pending.append((right, {**ends, (kind, place): (above, high)}))
            else:
                pending.pop()
                halves = [proved[half] for half in node[3:]]
                proved[number] = self._joined(halves, assumed[number])

    def _joined(
        self, halves: list[tuple[int, int | None]], assumed: tuple[int, int]
    ) -> tuple[int, int | None]:
        """Derive what holds in both halves."""
        bounds = [bound for _, bound in halves if bound is not None]
        least = min(bounds, default=None)
        pairs = " ".join(f"{n} {a}" for (n, _), a in zip(halves, assumed, strict=True))
        if least is None:
            return self._derived("G", 1, {}, f"uns {pairs}"), None
        return self._derived("G", least, self.cost, f"uns {pairs}"), least

    def _leaf(self, ends: Ends, node: list[int]) -> tuple[int, int | None]:
        """Derive what the multipliers of a leaf prove, as `check` has it."""
        scale, used = node[0], list[tuple[int, int]]()
        left = {column: scale * price for column, price in self.cost.items()}
        total = 0
        for row, multiplier in zip(node[1::2], node[2::2], strict=True):
            total += self._use(ends["row", row], multiplier, used)
            for column, a in self.rows[row].items():
                left[column] = left.get(column, 0) - multiplier * a
        for column, d in left.items():
            total += self._use(ends["column", column], d, used) if d else 0
        if scale == 0:
            pairs = " ".join(f"{n} {m}" for n, m in used)
            return self._derived("G", total, {}, f"lin {len(used)} {pairs}"), None
        parts = scale * self.step
        pairs = " ".join(f"{n} {Fraction(m, parts)}" for n, m in used)
        units = {column: price // self.step for column, price in self.cost.items()}
        least = -(-total // parts)
        rounded = self._derived("G", least, units, f"rnd {len(used)} {pairs}")
        bound = least * self.step
        return self._derived("G", bound, self.cost, f"lin 1 {rounded} {self.step}"), bound

    def _use(
        self, ends: tuple[int | None, int | None], multiplier: int, used: list[tuple[int, int]]
    ) -> int:
        """Take the side that `multiplier` leans on; return what it adds to the sum."""
        number = ends[0 if multiplier > 0 else 1]
        assert number is not None, "checked"
        used.append((number, multiplier))
        return multiplier * self._side(number)

    def _side(self, number: int) -> int:
        count = len(self.constraints)
        line = self.constraints[number] if number < count else self.derived[number - count]
        return int(line.split(" ", 3)[2])


def _pairs(terms: Terms) -> str:
    return " ".join([str(len(terms)), *(f"{j} {a}" for j, a in sorted(terms.items()))])
