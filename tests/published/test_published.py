"""Files with published optima: the plan found is proved, verified and worth what was published."""

import csv
from decimal import Decimal
from fractions import Fraction
from math import isqrt

import pytest

from optimizer.audit.verify import verify
from optimizer.city.plan import Plan
from optimizer.files.presets import PresetOptions
from optimizer.importers.place import read_place
from optimizer.report.location import told
from optimizer.solver.solve import SolveSettings, solve
from tests.benchmarks.published import BENCH, Case, Result, best_known, cases, verdict

pytestmark = pytest.mark.skipif(
    not (BENCH / "optima.csv").is_file(),
    reason=f"no benchmark files in {BENCH}; OPTIMIZER_BENCH names their folder",
)

QUICK = [
    *(("orlib-pmed", name) for name in ("pmed1", "pmed5", "pmed9")),
    *(("orlib-uflp", name) for name in ("cap71", "cap101", "cap131", "cap132")),
    *(("sscflp-holmberg", name) for name in ("p1", "p11", "p23", "p41", "p47")),
    ("sscflp-diaz", "p7"),
    *(("pmedcap", name) for name in ("pmedcap01", "pmedcap03")),
]
"""Files that prove in a few seconds."""


def _cases() -> dict[tuple[str, str], Case]:
    return (
        {(case.set, case.name): case for case in cases()}
        if (BENCH / "optima.csv").is_file()
        else {}
    )


@pytest.mark.parametrize(("group", "name"), QUICK)
def test_the_published_optimum_is_found_and_proved(group, name):
    """Value and bound are the published one, and the plan has that value on the raw numbers."""
    case = _cases()[group, name]
    instance = read_place(case.file, (), PresetOptions(case.preset, case.format, case.p))
    solution = solve(instance, SolveSettings(Fraction(0), 240))
    (stage,) = solution.outcome.stages
    assert stage.status == "optimal" and stage.value == stage.bound
    audit = verify(instance, solution.plan)
    assert audit.violations == 0 and list(audit.values.values()) == [stage.value]
    found = told(stage.value, instance.classical).replace(",", "")
    result = Result(found, found, 0.0, 0.0, 0)
    assert verdict(case.published, result) == "equal", found
    assert _recount(case, solution.plan) == Fraction(found)


def _recount(case: Case, plan: Plan) -> Fraction:
    """Return the cost of the plan from the numbers of the file, read here a second time.

    Also asserts that customers go to open sites, as many as p, and fit their capacities.
    """
    chosen = plan.modes[plan.modes == "open"].index.get_level_values("point")
    opened = sorted(int(site) - 1 for site in chosen)
    sent = {int(c) - 1: int(s) - 1 for (c, _, _), s in plan.assignments.items()}
    words = case.file.read_bytes().split(b"\0")[0].replace(b"\x1a", b"").decode().split()
    numbers = [Decimal(word) for word in words]
    cost, fixed, demand, capacity, p = _SHAPES[case.format](numbers)
    assert sorted(sent) == list(range(len(cost))) and set(sent.values()) <= set(opened)
    assert p is None or len(opened) == p
    if capacity is not None and case.preset != "uflp":
        for site in opened:
            assert sum(demand[c] for c, s in sent.items() if s == site) <= capacity[site]
    total = sum(cost[c][s] for c, s in sent.items()) + sum(fixed[s] for s in opened)
    return Fraction(total)


def _pmed(numbers):
    n, m, p = (int(x) for x in numbers[:3])
    far = 10**9
    cost = [[0 if i == j else far for j in range(n)] for i in range(n)]
    for k in range(m):
        i, j, length = numbers[3 + 3 * k : 6 + 3 * k]
        cost[int(i) - 1][int(j) - 1] = cost[int(j) - 1][int(i) - 1] = int(length)
    for k in range(n):
        for i in range(n):
            if cost[i][k] < far:
                via = cost[i][k]
                cost[i] = [min(a, via + b) for a, b in zip(cost[i], cost[k], strict=True)]
    return cost, [Decimal(0)] * n, None, None, p


def _uflp(numbers):
    m, n = int(numbers[0]), int(numbers[1])
    sites, rest = numbers[2 : 2 + 2 * m], numbers[2 + 2 * m :]
    rows = [rest[k * (m + 1) : (k + 1) * (m + 1)] for k in range(n)]
    return [row[1:] for row in rows], sites[1::2], [row[0] for row in rows], sites[::2], None


def _holmberg(numbers):
    m, n = int(numbers[0]), int(numbers[1])
    sites, rest = numbers[2 : 2 + 2 * m], numbers[2 + 2 * m :]
    by_site = [rest[n + k * n : n + (k + 1) * n] for k in range(m)]
    cost = [[by_site[s][c] for s in range(m)] for c in range(n)]
    return cost, sites[1::2], rest[:n], sites[::2], None


def _diaz(numbers):
    n, m = int(numbers[0]), int(numbers[1])
    rest = numbers[2:]
    cost, rest = [rest[k * m : (k + 1) * m] for k in range(n)], rest[n * m :]
    return cost, rest[n : n + m], rest[:n], rest[n + m :], None


def _pmedcap(numbers):
    n, p, capacity = (int(x) for x in numbers[2:5])
    points = [[int(x) for x in numbers[6 + 4 * k : 9 + 4 * k]] for k in range(n)]
    cost = [
        [Decimal(isqrt((a - c) ** 2 + (b - d) ** 2)) for c, d, _ in points] for a, b, _ in points
    ]
    return cost, [Decimal(0)] * n, [q for *_, q in points], [capacity] * n, p


_SHAPES = {
    "orlib-pmed": _pmed,
    "orlib-uflp": _uflp,
    "holmberg": _holmberg,
    "diaz": _diaz,
    "orlib-pmedcap": _pmedcap,
}


def test_every_listed_file_can_be_read():
    """Every file of the list is there and becomes an instance of its set's preset."""
    listed = cases()
    with (BENCH / "optima.csv").open(encoding="utf-8") as file:
        assert len(listed) == len(list(csv.DictReader(file))) > 0
    small = [case for case in listed if case.file.stat().st_size < 40_000]
    for case in small:
        instance = read_place(case.file, (), PresetOptions(case.preset, case.format))
        assert instance.classical.preset == case.preset


def test_tsplib_values_belong_to_files_that_are_there():
    """The best known values name TSPLIB files and a p each."""
    assert all(case.file.is_file() and case.p for case in best_known())


@pytest.mark.parametrize(
    ("published", "found", "bound", "gap", "said"),
    [
        ("796648.437", "796648.4375", "796648.4375", 0.0, "equal"),
        ("713", "713", "713", 0.0, "equal"),
        ("713", "714", "714", 0.0, "differs"),
        ("713", "720", "700", 0.02, "not proved in time"),
        ("713", "720", "715", 0.01, "differs: bound above it"),
        ("713", "712", "700", 0.01, "differs: better found"),
        ("713", None, "700", None, "no plan in time"),
    ],
)
def test_verdicts_are_plain(published, found, bound, gap, said):
    """A difference is never called anything else, and nothing unproved is called equal."""
    assert verdict(published, Result(found, bound, gap, 1.0, 1)) == said
