"""The numbers that tune the search: what each is, and what was measured of it.

None of them decides whether a plan or a bound is right, only how soon it is there. "0012" and the
like are files of docs/decisions. "Share" is a part of 1; a gap is relative; "places" are counters.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tuning:
    """All of them; `TUNING` is what the search uses."""

    # the stage (stage.py)

    small: int = 2_000
    """Columns of a program that one engine is given first, as it is (0012). Not measured."""

    small_seconds: float = 2.0
    """How long it may try. Not measured."""

    relax_share: float = 0.2
    """With one engine: share of the time left for the bound. Not measured (0006: of an older search)."""

    find_share: float = 0.7
    """With one engine: share of the rest for the search, before the proof. Not measured."""

    patience: float = 5.0
    """Seconds after which a proof that hardly moves is given up. Not measured."""

    patience_share: float = 0.1
    """The same as a share of the stage; the longer counts. Not measured."""

    nodes: int = 300
    """Branches an engine may take for one question of a repeatable search. Not measured."""

    # the bound (bound_prover.py, cuts.py, bound_tightening.py)

    bound_gap_share: float = 0.1
    """Share of the gap asked for to which the relaxation is solved. Not measured."""

    bound_gap: float = 1e-4
    """And at least to this gap; 0016: 5 of 18 changes instead of 4 reach 0.41 % in 30 s."""

    bound_rounds: int = 1000
    """How often the relaxation is solved at most, rows being added; 0016: it rests after four."""

    bound_rounds_counted: int = 3
    """The same in a repeatable search, which does not look at the clock. Not measured."""

    stalled: float = 0.95
    """A proof moves if its gap falls below this share of what it was. Not measured."""

    step_seconds: float = 4.0
    """Longest time for one year alone. Not measured; 0016: the least number takes 0.3 to 15 s."""

    step_share: float = 0.1
    """The same as a share of the time left; the shorter counts. Not measured."""

    tightenings: int = 5
    """How often at most all rows tighten the bounds of the columns. Not measured."""

    # the first plan (primal_heuristic.py)

    guide_share: float = 0.1
    """Share of the time left for a relaxation that guides. Not measured."""

    first_share: float = 0.3
    """Share of the time left for a first plan. Not measured; 0012: it is there after about 4 s."""

    guide_gap: float = 0.001
    """Gap near enough for a relaxation that guides; one of twice as much is improved. Not measured."""

    guide_size: int = 5
    """Places whose modes are improved together in it; 0012: 2.3 instead of 3.1 %, the size not measured."""

    guide_misses: int = 20
    """Failures after which that ends. Not measured."""

    refit_gap: float = 0.001
    """Gap of a first plan that keeps modes and links of another. Not measured."""

    first_gap: float = 0.01
    """Gap, by prices, of a first plan. Not measured; 0012: polishing it by an engine gave nothing."""

    # better plans (primal_heuristic.py, neighbourhoods.py, slack_prices.py)

    sub_seconds: float = 3.0
    """Longest time for a neighbourhood; 0012: 8 s gave nothing."""

    sub_share: float = 0.05
    """The same as a share of the stage; the shorter counts. Not measured."""

    sub_gap: float = 1e-5
    """Gap, by prices, to which a neighbourhood is solved. Not measured."""

    rounds: int = 100
    """Neighbourhoods of a repeatable search, which counts them instead of seconds. Not measured."""

    failures: int = 20
    """Neighbourhoods in a row that an engine may fail on before that is told. Not measured."""

    keep_fixed: float = 0.3
    """Share of the neighbourhoods that keep the modes; 0012: 0.41 % at 35 s, with 0.7 0.52 %."""

    all_steps: float = 0.6
    """Share that reach over all years, not two; 0012, 0016: half, or other years, made no difference."""

    smallest: int = 2
    """Places in a neighbourhood, at least. Not measured."""

    largest: int = 16
    """At most. Not measured."""

    first_size: float = 4.0
    """And to begin with. Not measured."""

    unused: float = 0.3
    """Share of its time below which the next neighbourhood is larger. Not measured."""

    used_up: float = 0.9
    """Share of its time above which the next one is smaller. Not measured."""

    larger: float = 1.05
    """By how much larger. Not measured."""

    smaller: float = 0.93
    """By how much smaller. Not measured."""

    weight: float = 0.5
    """Of the reduced costs beside the cost; 0012: 0.1 to 1 differ no more than two runs do."""

    quick_idle: int = 5
    """Neighbourhoods without gain after which some are solved for staff alone; 0016: from the start is worse."""

    quick: int = 10
    """How many of those at a time. Not measured."""

    quick_seconds: float = 1.0
    """Longest time for one. Not measured; 0016: four places mostly take 0.02 s."""

    # a unit less (primal_heuristic.py, strategic_oscillation.py)

    idle: int = 20
    """Neighbourhoods without gain after which a person less is tried; 0016: 6 is much worse (2.2 %)."""

    squeeze_idle: int = 40
    """Neighbourhoods without less overload after which that is given up. Not measured."""

    shake_every: int = 4
    """Every how manieth of those has random costs. Not measured; 0016: from the start is far worse."""

    squeeze_smallest: float = 0.8
    """Places in a neighbourhood of overload, at least, beside those of cost. Not measured."""

    squeeze_largest: float = 2.0
    """At most: where little overload is left, a large one is quick, being over at none. Not measured."""

    squeeze_gap: float = 0.03
    """Gap to which the overload in a neighbourhood is lowered. Not measured."""

    tries: int = 5
    """Places at which to try whether a unit can be taken away. Not measured."""

    shake: int = 20
    """Shaken, the overload may grow by one part in so many. Not measured."""

    noise: int = 1000
    """Random costs are told in so manieths of a unit of overload. Not measured."""

    moved: int = 20
    """About so many links with random costs are worth what the overload may grow. Not measured."""

    from_worst: float = 0.6
    """Share of the neighbourhoods of overload that begin at an overloaded place. Not measured."""


TUNING = Tuning()
