"""What each engine can do, as data; whatever it cannot do is refused before it is asked.

Found by trying (OR-Tools 9.15 through MathOpt, CBC 2.10 of PuLP 3.3); `tests/solver/engines/` proves every
cell, so a new version of a package that changes one of them is noticed.
"""

from dataclasses import dataclass

import numpy as np

from optimizer.base.errors import EngineError
from optimizer.base.words import Text
from optimizer.model.matrix import FREE


@dataclass(frozen=True)
class Capability:
    """One engine.

    name: what people call it. adapter: the module here that runs it. solver: its name there.
    shares: takes columns that need not be whole. hint: starts from a given solution. keeps: its
    best solution survives a stop. bounds: tells its bound while it runs. proves: tells one at the
    end, and that there is no plan. memory, threads, seed: obeys that setting. coefficient: the
    largest in a row that it keeps to the unit, by measurement (docs/engines.md); programs with
    larger ones are refused. largest: the largest bound of a column that it takes as it stands.
    """

    name: str
    adapter: str
    solver: str
    shares: bool
    hint: bool
    keeps: bool
    bounds: bool
    proves: bool
    memory: bool
    threads: bool
    seed: bool
    coefficient: int
    largest: int


YES, NO = True, False
#                                               shares hint keeps bounds proves memory threads seed coefficient
ENGINES = {
    "highs": Capability("HiGHS", "mathopt", "HIGHS", YES, YES, YES, YES, YES, YES, NO, YES, 10**9, FREE),
    # SCIP takes a number of threads from MathOpt and goes on with one.
    "scip": Capability("SCIP", "mathopt", "GSCIP", YES, YES, YES, YES, YES, YES, NO, YES, 5 * 10**7, FREE),
    # CP-SAT rounds columns that need not be whole, and cuts bounds to 10^7 (its mip_max_bound).
    "cp-sat": Capability(
        "CP-SAT", "mathopt", "CP_SAT", NO, YES, YES, YES, YES, YES, YES, YES, 10**9, 10**7
    ),
    # CBC takes a seed and gives the same plan for all of them.
    "cbc": Capability("CBC", "cbc", "", YES, YES, YES, YES, YES, YES, YES, NO, 10**9, FREE),
}  # fmt: skip
DEFAULT = "highs"

PULP = "pulp:"
"""With PuLP's name of a solver behind it: that solver, if PuLP finds it on this machine."""


def engine(key: str) -> Capability:
    """Return the engine called `key`. Raises EngineError naming those there are.

    `pulp:NAME` stands for a solver of which nothing is known but that it may give plans.
    """
    if key in ENGINES:
        return ENGINES[key]
    if key.startswith(PULP) and key != PULP:
        name = key.removeprefix(PULP)
        return Capability(name, "pulp", name, NO, NO, NO, NO, NO, YES, NO, NO, 10**8, FREE)
    known = ", ".join([*ENGINES, f"{PULP}NAME"])
    raise EngineError(
        Text(
            f"no engine {key!r}; there are {known}", f"ソルバー「{key}」はない。使えるのは {known}"
        )
    )


def check(
    can: Capability, bounds: np.ndarray, *, hint: bool, shares: bool, memory: bool, threads: bool
) -> None:
    """Raise EngineError when the job asks for what the engine cannot do.

    bounds: of all columns. The rest: whether the job has or sets it.
    """
    beyond = bool((np.abs(bounds) > can.largest).any())
    asked = {
        Text("columns that need not be whole", "整数でない変数"): shares and not can.shares,
        Text("a start solution", "開始解"): hint and not can.hint,
        Text("a memory limit", "メモリ上限"): memory and not can.memory,
        Text("a number of threads", "スレッド数"): threads and not can.threads,
        Text(f"column bounds beyond {can.largest:,}", f"{can.largest:,}を超える変数の上下限"): beyond,
    }  # fmt: skip
    for what, refused in asked.items():
        if refused:
            raise EngineError(
                Text(
                    f"{can.name} does not take {what.en}; choose another --engine",
                    f"{can.name} では{what.ja}を扱えない。--engine で他を選ぶ",
                )
            )
