"""A reader and checker of VIPR 1.0 certificates, written from the published form of the file alone."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

Terms = dict[int, Fraction]
SIGN = {"G": 1, "L": -1, "E": 0}


class RejectedError(Exception):
    """The certificate does not hold."""


@dataclass(frozen=True)
class Row:
    """sum of terms >= (G), <= (L) or = (E) side. under: assumptions that it rests on."""

    sense: str
    side: Fraction
    terms: Terms
    under: frozenset[int] = frozenset()

    @property
    def absurd(self) -> bool:
        wrong = {"G": self.side > 0, "L": self.side < 0, "E": self.side != 0}
        return not self.terms and wrong[self.sense]

    def implies(self, other: "Row") -> bool:
        """By the same left side, or because it is absurd."""
        if self.absurd:
            return True
        if self.terms != other.terms:
            return False
        least = self.sense in "GE" and self.side >= other.side
        most = self.sense in "LE" and self.side <= other.side
        return {"G": least, "L": most, "E": self.sense == "E" and least and most}[other.sense]


class Reader:
    """Words of the file, one after the other."""

    def __init__(self, text: str) -> None:
        self.words = iter(text.split())

    def next(self, *wanted: str) -> str:
        word = next(self.words, "")
        return word if not wanted or word in wanted else _reject(f"{word} for {wanted}")

    def count(self) -> int:
        return int(self.next())

    def terms(self) -> Terms:
        found = {self.count(): Fraction(self.next()) for _ in range(self.count())}
        return {column: a for column, a in found.items() if a}


def _reject(why: str) -> str:
    raise RejectedError(why)


def checked(text: str) -> tuple[Fraction | None, Fraction | None]:
    """Return (lower, upper) that the certificate proves, (None, None): no solution."""
    r = Reader(text)
    r.next("VER"), r.next("1.0"), r.next("VAR")
    width = r.count()
    names = [r.next() for _ in range(width)]
    r.next("INT")
    whole = {r.count() for _ in range(r.count())}
    r.next("OBJ"), r.next("min")
    cost = r.terms()
    r.next("CON")
    rows = list[Row]()
    number, bounds = r.count(), r.count()
    for _ in range(number):
        r.next()
        sense, side = r.next("G", "L", "E"), Fraction(r.next())
        rows.append(Row(sense, side, r.terms()))
    assert len(names) == width and bounds <= number
    r.next("RTP")
    low = high = None
    infeasible = r.next("range", "infeas") == "infeas"
    if not infeasible:
        low, high = (None if "inf" in end else Fraction(end) for end in (r.next(), r.next()))
    _solutions(r, rows, whole, cost, high, infeasible)
    r.next("DER")
    for _ in range(r.count()):
        rows.append(_derived(r, rows, whole))
    if r.next():
        _reject("more follows")
    goal = Row("G", Fraction(1), {}) if infeasible else Row("G", low or Fraction(0), cost)
    if (low is not None or infeasible) and (rows[-1].under or not rows[-1].implies(goal)):
        _reject("the last constraint does not prove the claim")
    return low, high


def _solutions(r, rows, whole, cost, high, infeasible) -> None:
    r.next("SOL")
    values = []
    for _ in range(r.count()):
        r.next()
        x = r.terms()
        if any(v.denominator > 1 for j, v in x.items() if j in whole):
            _reject("a solution is not whole")
        for row in rows:
            total = sum((a * x.get(j, 0) for j, a in row.terms.items()), Fraction(0))
            away = total - row.side
            if away * SIGN[row.sense] < 0 or (row.sense == "E" and away):
                _reject("a solution breaks a constraint")
        values.append(sum((a * x.get(j, 0) for j, a in cost.items()), Fraction(0)))
    if infeasible and values:
        _reject("a solution of what has none")
    if high is not None and min(values, default=high + 1) > high:
        _reject("no solution is as good as claimed")


def _derived(r: Reader, rows: list[Row], whole: set[int]) -> Row:
    r.next()
    sense, side = r.next("G", "L", "E"), Fraction(r.next())
    stated = Row(sense, side, r.terms())
    r.next("{")
    reason = r.next("asm", "lin", "rnd", "uns")
    if reason == "asm":
        made = Row(stated.sense, stated.side, stated.terms, frozenset({len(rows)}))
    elif reason == "uns":
        made = _unsplit(rows, stated, [r.count() for _ in range(4)], whole)
    else:
        weights = {r.count(): Fraction(r.next()) for _ in range(r.count())}
        made = _sum(rows, stated, weights)
        if reason == "rnd":
            made = _rounded(made, whole)
    r.next("}"), r.next()
    if not made.implies(stated):
        _reject("a derived constraint says more than its reason")
    return Row(stated.sense, stated.side, stated.terms, made.under)


def _sum(rows: list[Row], stated: Row, weights: dict[int, Fraction]) -> Row:
    terms, side, under = dict[int, Fraction](), Fraction(0), frozenset[int]()
    for number, weight in weights.items():
        row = rows[number]
        if weight * SIGN[row.sense] * SIGN[stated.sense] < 0:
            _reject("a weight turns a constraint round")
        side += weight * row.side
        under |= row.under
        for j, a in row.terms.items():
            terms[j] = terms.get(j, Fraction(0)) + weight * a
    return Row(stated.sense, side, {j: a for j, a in terms.items() if a}, under)


def _rounded(row: Row, whole: set[int]) -> Row:
    if any(a.denominator > 1 or j not in whole for j, a in row.terms.items()):
        _reject("rounded with coefficients that are not whole")
    side = {"G": ceil, "L": floor}[row.sense](row.side)
    return Row(row.sense, Fraction(side), row.terms, row.under)


def _unsplit(rows: list[Row], stated: Row, numbers: list[int], whole: set[int]) -> Row:
    first, below, second, above = (rows[n] for n in numbers)
    a, b = numbers[1], numbers[3]
    opposite = below.terms == above.terms and {below.sense, above.sense} == {"L", "G"}
    integral = all(c.denominator == 1 and j in whole for j, c in below.terms.items())
    sides = {row.sense: row.side for row in (below, above)}
    covered = opposite and integral and sides["G"] <= floor(sides["L"]) + 1
    if not covered or below.under != {a} or above.under != {b}:
        _reject("the two assumptions leave something out")
    if not (first.implies(stated) and second.implies(stated)):
        _reject("a half does not prove what both are said to")
    under = (first.under - {a}) | (second.under - {b})
    return Row(stated.sense, stated.side, stated.terms, under)
