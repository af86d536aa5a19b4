"""Location problems as other tools state and solve them, and as this one does.

Every peer gets the costs as an array, builds its own model and says what it found. Only a claim of
its solver that the optimum is proved counts as proved: PuLP's status is "Optimal" after a time-out
too, so `sol_status` is asked.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from optimizer.constraints import registry
from optimizer.files.presets import PresetOptions
from optimizer.importers import orlib_pmed, problem
from optimizer.importers.location import LocationData, numbered
from optimizer.objectives import registry as objectives
from optimizer.solver.solve import SolveSettings, solve

SPREAD = 10_000
"""Side of the square in which the points of a random city lie."""


@dataclass(frozen=True)
class Job:
    """One problem: a benchmark file, or a random city of `sites` x `customers` where there is none."""

    preset: str
    file: str | None = None
    p: int | None = None
    metres: int | None = None
    sites: int = 0
    customers: int = 0
    seed: int = 1


@dataclass(frozen=True)
class Answer:
    """What a peer said: the value (None if it has no solution) and whether it is proved optimal."""

    value: int | None
    proved: bool
    seconds: float


def city(job: Job) -> LocationData:
    """Return sites and customers at random in a square, at rounded straight distances, weights 1."""
    random = np.random.default_rng(job.seed)
    sites = random.uniform(0, SPREAD, (job.sites, 2))
    homes = random.uniform(0, SPREAD, (job.customers, 2))
    cost = np.rint(np.linalg.norm(homes[:, None] - sites[None], axis=2)).astype(np.int64)
    return LocationData(numbered(job.customers), numbered(job.sites), cost, p=job.p)


def data(job: Job) -> LocationData:
    """Return the costs of the job, read or made."""
    return city(job) if job.file is None else orlib_pmed.read(Path(job.file))


def ours(job: Job, limit: float) -> Answer:
    """Read, build and solve by the path that the command line takes.

    The modules of rules and objectives are imported before the clock starts, as those of peers are.
    """
    registry()
    objectives()
    problem.FORMATS["random"] = lambda path: city(job)
    started = time.monotonic()
    form = "random" if job.file is None else "orlib-pmed"
    metres = None if job.metres is None else Decimal(job.metres)
    asked = PresetOptions(job.preset, form, job.p if job.file is None else None, metres)
    if job.preset == "mclp":
        asked = PresetOptions(job.preset, form, job.p, metres)
    instance = problem.read_problem(Path(job.file or __file__), asked)
    stage = solve(instance, SolveSettings(Fraction(0), limit)).outcome.stages[0]
    proved = stage.value is not None and stage.value == stage.bound
    return Answer(stage.value, proved, time.monotonic() - started)


def spopt(job: Job, limit: float, engine: str) -> Answer:
    """Build spopt's model of the problem and let a solver of PuLP solve it."""
    from spopt.locate import LSCP, MCLP, PCenter, PMedian

    started = time.monotonic()
    place = data(job)
    cost, p = place.cost.astype(float), job.p or place.p
    if job.preset == "p-median":
        model = PMedian.from_cost_matrix(cost, place.weight, p_facilities=p)
    elif job.preset == "p-center":
        model = PCenter.from_cost_matrix(cost, p_facilities=p)
    elif job.preset == "mclp":
        model = MCLP.from_cost_matrix(cost, place.weight, job.metres, p_facilities=p)
    else:
        model = LSCP.from_cost_matrix(cost, job.metres)
    left = max(limit - (time.monotonic() - started), 1)
    model.solve(solver(engine, left), results=False)
    total = int(place.weight.sum()) if job.preset == "mclp" else None
    return said(model.problem, started, total)


def plain(job: Job, limit: float, engine: str) -> Answer:
    """Build the textbook model in PuLP: a row x <= y for every pair, and let a solver solve it."""
    import pulp

    started = time.monotonic()
    place = data(job)
    people, sites = (range(n) for n in place.cost.shape)
    p, cost = job.p or place.p, place.cost.tolist()
    model = pulp.LpProblem("peer", pulp.LpMinimize)
    y = [pulp.LpVariable(f"y_{j}", cat="Binary") for j in sites]
    if job.preset in ("mclp", "lscp"):
        near = [[y[j] for j in sites if cost[i][j] <= job.metres] for i in people]
        missed = [pulp.LpVariable(f"u_{i}", 0, 1) if job.preset == "mclp" else 0 for i in people]
        model += pulp.lpSum(missed if job.preset == "mclp" else y)
        for i in people:
            model += pulp.lpSum(near[i]) + missed[i] >= 1
    else:
        x = [[pulp.LpVariable(f"x_{i}_{j}", cat="Binary") for j in sites] for i in people]
        ways = [pulp.lpSum(cost[i][j] * x[i][j] for j in sites) for i in people]
        longest = pulp.LpVariable("longest", 0)
        model += pulp.lpSum(ways) if job.preset == "p-median" else longest
        for i in people:
            model += pulp.lpSum(x[i]) == 1
            if job.preset == "p-center":
                model += ways[i] <= longest
            for j in sites:
                model += x[i][j] <= y[j]
    if job.preset != "lscp":
        model += pulp.lpSum(y) == p
    left = max(limit - (time.monotonic() - started), 1)
    model.solve(solver(engine, left))
    return said(model, started)


def solver(name: str, seconds: float) -> Any:
    """Return a solver of PuLP that stops after some seconds, otherwise as it comes."""
    import pulp

    if name == "highs":
        return pulp.HiGHS(msg=False, timeLimit=seconds)
    return pulp.PULP_CBC_CMD(msg=False, timeLimit=seconds)


def said(model: Any, started: float, total: int | None = None) -> Answer:
    """Return what a PuLP model says after a run; `total` less what is covered is what is not."""
    import pulp

    seconds = time.monotonic() - started
    if model.sol_status not in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible):
        return Answer(None, False, seconds)
    value = round(pulp.value(model.objective))
    value = value if total is None else total - value
    return Answer(value, model.sol_status == pulp.LpSolutionOptimal, seconds)


PEERS: dict[str, tuple[tuple[str, ...], Callable[[Job, float], Answer]]] = {
    "ours": ((), ours),
    "spopt + CBC": (("spopt", "pulp"), lambda job, limit: spopt(job, limit, "cbc")),
    "spopt + HiGHS": (("spopt", "highspy"), lambda job, limit: spopt(job, limit, "highs")),
    "PuLP + CBC": (("pulp",), lambda job, limit: plain(job, limit, "cbc")),
}
"""Name -> modules it needs, how it solves."""
