"""Every preset, solved and verified, against the optimum found by trying every choice of sites."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, product
from math import exp
from pathlib import Path
from random import Random

import numpy as np
import pytest

from optimizer.audit.verify import verify
from optimizer.files.presets import PresetOptions, presets
from optimizer.importers.place import read_place
from optimizer.report.location import told
from optimizer.solver.solve import SolveSettings, solve
from tests.importers.files import write_matrix, write_uflp

SEEDS = range(3)
N, M = 5, 4


def subsets(sizes: Iterable[int]) -> Iterable[tuple[int, ...]]:
    """Every choice of sites with one of `sizes`."""
    return (chosen for size in sizes for chosen in combinations(range(M), size))


class Draw:
    """A random problem small enough to try everything."""

    def __init__(self, seed: int) -> None:
        random = Random(seed)
        self.cost = np.array([[random.randint(1, 90) for _ in range(M)] for _ in range(N)])
        self.weight = [random.randint(1, 9) for _ in range(N)]
        self.fixed = [random.randint(20, 90) for _ in range(M)]
        self.demand = [random.randint(2, 9) for _ in range(N)]
        self.capacity = [random.randint(max(self.demand), 20) for _ in range(M)]
        while sum(self.capacity) < 2 * sum(self.demand):
            self.capacity = [c + 1 for c in self.capacity]
        ways = random.choices(range(1, 40), k=M * M)
        self.square = np.array(ways).reshape(M, M)
        self.square = np.triu(self.square, 1) + np.triu(self.square, 1).T

    def matrix(self, folder: Path) -> Path:
        """The distances as CSV with weights."""
        names = [f"s{j}" for j in range(M)], [f"c{i}" for i in range(N)]
        return write_matrix(folder / "m.csv", *names, self.cost.tolist(), self.weight)

    def uflp(self, folder: Path) -> Path:
        """The costs of whole demands in the layout of OR-Library, in quarters."""
        sites = [(c, self.quarters(f)) for c, f in zip(self.capacity, self.fixed, strict=True)]
        rows = [[self.quarters(c) for c in row] for row in self.cost.tolist()]
        return write_uflp(folder / "f.txt", sites, list(zip(self.demand, rows, strict=True)))

    @staticmethod
    def quarters(value: int) -> str:
        """A quarter of `value` as decimal text."""
        return format(Decimal(value) / 4, "f")

    def assigned(self, chosen: tuple[int, ...]) -> Iterable[tuple[int, ...]]:
        """Every assignment of whole customers to `chosen` that no capacity forbids."""
        for sites in product(chosen, repeat=N):
            load = [
                sum(q for q, j in zip(self.demand, sites, strict=True) if j == k) for k in chosen
            ]
            if all(a <= self.capacity[k] for a, k in zip(load, chosen, strict=True)):
                yield sites

    def total(self, sites: tuple[int, ...]) -> int:
        """Costs of an assignment."""
        return sum(int(self.cost[i, j]) for i, j in enumerate(sites))


def nearest(draw: Draw, chosen: tuple[int, ...]) -> np.ndarray:
    """The way of every customer to the nearest of `chosen`."""
    return draw.cost[:, list(chosen)].min(axis=1)


def p_median(draw: Draw) -> Fraction:
    return Fraction(min(int(nearest(draw, s) @ draw.weight) for s in subsets([2])))


def p_center(draw: Draw) -> Fraction:
    return Fraction(min(int(nearest(draw, s).max()) for s in subsets([2])))


def lscp(draw: Draw) -> Fraction:
    return Fraction(min(len(s) for s in subsets(range(1, M + 1)) if nearest(draw, s).max() <= 60))


def mclp(draw: Draw) -> Fraction:
    missed = [int((nearest(draw, s) > 25) @ draw.weight) for s in subsets([2])]
    return Fraction(min(missed))


def uflp(draw: Draw) -> Fraction:
    costs = [
        sum(draw.fixed[j] for j in s) + int(nearest(draw, s).sum())
        for s in subsets(range(1, M + 1))
    ]
    return Fraction(min(costs), 4)


def sscflp(draw: Draw) -> Fraction:
    costs = [
        sum(draw.fixed[j] for j in s) + draw.total(sites)
        for s in subsets(range(1, M + 1))
        for sites in draw.assigned(s)
    ]
    return Fraction(min(costs), 4)


def cflp(draw: Draw) -> Fraction:
    """Halves: the same with every customer twice, half the demand and half the cost each."""
    best = None
    for s in subsets(range(1, M + 1)):
        loads = {tuple([0] * M): 0}
        for i in range(N):
            step: dict[tuple[int, ...], int] = {}
            for load, cost in loads.items():
                for a, b in product(s, repeat=2):
                    new = list(load)
                    new[a] += draw.demand[i]
                    new[b] += draw.demand[i]
                    if all(x <= 2 * c for x, c in zip(new, draw.capacity, strict=True)):
                        total = cost + int(draw.cost[i, a] + draw.cost[i, b])
                        step[tuple(new)] = min(step.get(tuple(new), total), total)
            loads = step
        if loads:
            value = 2 * sum(draw.fixed[j] for j in s) + min(loads.values())
            best = value if best is None else min(best, value)
    assert best is not None
    return Fraction(best, 8)


def capacitated_p_median(draw: Draw) -> Fraction:
    return Fraction(min(draw.total(t) for s in subsets([3]) for t in draw.assigned(s)), 4)


def kolm_pollak(draw: Draw) -> Fraction:
    """Felt lengths in double precision, with the scale of the two sites that adding opens."""
    open_now: tuple[int, ...] = ()
    for _ in range(2):
        rest = [j for j in range(M) if j not in open_now]
        open_now += (min(rest, key=lambda j: int(nearest(draw, (*open_now, j)) @ draw.weight)),)
    ways = nearest(draw, open_now)
    kappa = int(ways @ draw.weight) / int((ways * ways) @ draw.weight)
    perceived = [[round((exp(kappa * c) - 1) / kappa) for c in row] for row in draw.cost.tolist()]
    worth = [
        sum(w * min(perceived[i][j] for j in s) for i, w in enumerate(draw.weight))
        for s in subsets([2])
    ]
    return Fraction(min(worth))


def p_dispersion(draw: Draw) -> Fraction:
    return Fraction(
        max(min(int(draw.square[a, b]) for a, b in combinations(s, 2)) for s in subsets([3]))
    )


BEST: dict[str, tuple[Callable[[Draw], Fraction], PresetOptions]] = {
    "p-median": (p_median, PresetOptions("p-median", p=2)),
    "p-center": (p_center, PresetOptions("p-center", p=2)),
    "lscp": (lscp, PresetOptions("lscp", metres=Decimal(60))),
    "mclp": (mclp, PresetOptions("mclp", p=2, metres=Decimal(25))),
    "uflp": (uflp, PresetOptions("uflp")),
    "cflp": (cflp, PresetOptions("cflp", parts=2)),
    "sscflp": (sscflp, PresetOptions("sscflp", format="orlib-uflp")),
    "capacitated-p-median": (
        capacitated_p_median,
        PresetOptions("capacitated-p-median", format="orlib-uflp", p=3),
    ),
    "p-dispersion": (p_dispersion, PresetOptions("p-dispersion", p=3)),
    "kolm-pollak-median": (kolm_pollak, PresetOptions("kolm-pollak-median", p=2)),
}


def file_for(preset: str, draw: Draw, folder: Path) -> Path:
    """The problem as the file that the preset reads."""
    if preset == "p-dispersion":
        names = [f"s{j}" for j in range(M)]
        return write_matrix(folder / "d.csv", names, names, draw.square.tolist())
    costs = ("uflp", "cflp", "sscflp", "capacitated-p-median")
    return draw.uflp(folder) if preset in costs else draw.matrix(folder)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("preset", BEST)
def test_preset_finds_the_optimum(tmp_path, preset, seed):
    """The value proved by the engine, and verified on the tables, is that of exhaustive search."""
    best, asked = BEST[preset]
    draw = Draw(seed)
    if preset == "lscp" and nearest(draw, tuple(range(M))).max() > 60:
        draw.cost = np.minimum(draw.cost, 60)
    instance = read_place(file_for(preset, draw, tmp_path), (), asked)
    solution = solve(instance, SolveSettings(Fraction(0), 20))
    (stage,) = solution.outcome.stages
    assert stage.status == "optimal" and stage.value == stage.bound
    audit = verify(instance, solution.plan)
    assert audit.violations == 0 and list(audit.values.values()) == [stage.value]
    assert Fraction(told(stage.value, instance.classical).replace(",", "")) == best(draw)


def test_every_preset_is_tried():
    """No preset is left out of these tests."""
    assert set(BEST) == set(presets())
