"""Whether the numbers of a program are small enough for the engine that is to solve it.

Engines compute in doubles and let a row be broken by a part of its size. Beyond some size of a
coefficient a plan that is one unit short passes for one, and the search ends without a result that
holds. Where that begins was measured for each engine (docs/engines.md); such a program is refused
before it is solved, with the number, where it stands, and what can be done.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import numpy as np
import pandas as pd

from optimizer.base.errors import InputError, Problem, refuse
from optimizer.base.words import Text
from optimizer.model.algebra import Affine
from optimizer.model.program import LARGEST, Program
from optimizer.solver.engines.capability import ENGINES, Capability

COARSER = Text(
    "state the amounts in a coarser unit (thousand yen for yen, kilometres for metres)",
    "金額や距離を粗い単位にする(円→千円、m→km)",
)


def fit(program: Program, held: Iterable[tuple[str, Affine]], can: Capability) -> None:
    """Raise InputError naming every constraint entry and objective with too large a coefficient.

    held: id and expression of the objectives that become rows of a later stage.
    """
    largest: dict[str, Problem] = {}
    sizes: dict[str, int] = {}
    blocks = [(f"constraint.{e}", r.index, r.at, r.coefficient) for e, r in program.rows]
    blocks += [(f"objective.{n}", e.index, e.at, e.coefficient) for n, e in held]
    for where, index, at, coefficient in blocks:
        if len(coefficient) == 0:
            continue
        worst = int(np.abs(coefficient).argmax())
        size = abs(int(coefficient[worst]))
        if size > max(can.coefficient, sizes.get(where, 0)):
            sizes[where] = size
            largest[where] = _problem(where, index, index[at[worst]], size, can)
    if largest:
        raise InputError(largest.values())


@contextmanager
def within_doubles() -> Iterator[None]:
    """Turn a number that no double can hold (OverflowError) into an InputError."""
    try:
        yield
    except OverflowError as error:
        raise refuse(
            Text(
                f"{error}; no engine takes numbers from {LARGEST:,} on",
                f"{LARGEST:,}以上の数はどのソルバーでも扱えない({error})",
            ),
            COARSER,
        ) from None


def _problem(
    where: str, index: pd.MultiIndex, label: tuple[object, ...], size: int, can: Capability
) -> Problem:
    row = "; ".join(f"{name}={value}" for name, value in zip(index.names, label, strict=True))
    others = [key for key, other in ENGINES.items() if other.coefficient >= size]
    en, ja = COARSER
    if others:
        en += f", or choose --engine {' or '.join(others)}"
        ja += f"。又は --engine {'、'.join(others)} を選ぶ"
    return Problem(
        Text(
            f"the row for {row} has a coefficient beyond {can.coefficient:,}, up to which"
            f" {can.name} keeps rows to the unit",
            f"{row} の行の係数が、{can.name} が正確に守れる {can.coefficient:,} を超える",
        ),
        Text(en, ja),
        column=where,
        value=f"{size:,}",
    )
