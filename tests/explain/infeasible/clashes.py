"""Towns that no plan suits: one for every way in which rules cannot hold together.

Each is the town of `optimizer/model/example.py` under rules that clash for a reason told in its comment,
among other rules, drawn with a seed, that the plan of the example keeps and that clash with nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from optimizer.constraints import registry
from optimizer.model.example import SERVICES, town
from optimizer.model.instance import Constraint, Instance
from optimizer.model.where import Where
from optimizer.objectives.staff_cost import StaffCost

CARD, COUNTER, REGISTRATION, WELFARE = SERVICES
OPEN = ("general_branch", "plain_branch", "service_corner")


@dataclass(frozen=True)
class Clash:
    """name: what goes wrong. entries: those that clash, in any order. points: capacity by point."""

    name: str
    entries: tuple[Constraint, ...]
    capacity: int | None = None


def rule(
    kind: str, id: str, where: dict[str, tuple[Any, ...]] | None = None, **values: Any
) -> Constraint:
    """Return an entry of the constraint `kind`."""
    return registry()[kind](id=id, where=Where(**(where or {})), **values)


def fixed(point: str, period: int, *modes: str) -> Constraint:
    """Return an entry that gives `point` one of `modes` in `period`."""
    where = {"points": (point,), "periods": (period,)}
    return rule("allowed_modes", f"{point} in {period}", where, modes=modes)


def near(metres: int, district: str, *services: str, id: str = "near") -> Constraint:
    """Return an entry that limits the way of `district`."""
    where = {"districts": (district,), "services": services}
    return rule("travel_limit", id, where, metres=metres)


def clashes() -> Iterator[Clash]:
    """Yield every way of being infeasible."""
    yield from _one_rule()
    yield from _two_rules()
    yield from _more_rules()


def _one_rule() -> Iterator[Clash]:
    def alone(
        name: str, kind: str, where: dict[str, tuple[Any, ...]] | None = None, **values: Any
    ) -> Clash:
        return Clash(name, (rule(kind, kind, where, **values),))

    yield Clash("no counter of any kind so near", (near(300, "D1", REGISTRATION),))
    yield Clash("a stage skipped", (fixed("B2", 2017, "closed"),))
    yield Clash("a mode of another kind", (fixed("W1", 2018, "closed"),))
    yield alone("more branches than there are", "open_count", kinds=("branch",), least=3)
    yield alone("no branch at once", "open_count", kinds=("branch",), most=0)
    yield alone("no money", "budget", yen=10)
    yield alone("money for all years together too little", "budget", yen=10**8, since_start=True)
    yield alone("fewer persons than the work needs", "headcount_path", fewer=15)
    yield alone(
        "more counters at hand than built",
        "backup_counter",
        {"districts": ("D2",)},
        metres=1000,
        counters=3,
    )
    yield alone(
        "coverage beyond reach", "coverage_share", {"services": (WELFARE,)}, metres=600, per_cent=80
    )
    yield alone("the worst ways too long", "cvar_limit", metres=300, per_cent=10)
    yield alone("felt ways too long", "ede_limit", metres=100)
    yield alone("a store-free district too far out", "store_free_districts", metres=200)
    yield Clash("counters too small", (rule("capacity", "capacity"),), 3000)
    yield alone(
        "counters never busy enough",
        "workload_balance",
        {"points": ("W2",)},
        least_per_cent=101,
        most_per_cent=200,
    )


def _two_rules() -> Iterator[Clash]:
    corner = fixed("B1", 2018, "service_corner")
    yield Clash(
        "one counter, two modes",
        (
            rule(
                "allowed_modes",
                "a",
                {"points": ("B1",), "periods": (2018,)},
                modes=("general_branch",),
            ),
            corner,
        ),
    )
    yield Clash(
        "never back", (fixed("B1", 2017, "service_corner"), fixed("B1", 2018, "general_branch"))
    )
    yield Clash(
        "near, but closed", (near(2000, "D2", WELFARE), fixed("B2", 2018, "service_corner"))
    )
    yield Clash(
        "a change in a year without changes",
        (
            rule("yearly_pace", "pace", {"periods": (2017,)}, changes=0),
            fixed("B1", 2017, "service_corner"),
        ),
    )
    yield Clash(
        "a change in a ward without changes",
        (rule("ward_pace", "pace", changes=0), fixed("B2", 2017, "service_corner")),
    )
    yield Clash(
        "moves without money",
        (rule("budget", "moves", yen=0, items=("moving",)), fixed("P2", 2018, "post_office")),
    )
    yield Clash(
        "fees without money",
        (rule("budget", "fees", yen=100_000, items=("fees",)), near(450, "D3", CARD)),
    )
    yield Clash(
        "further than today",
        (rule("no_worse_than_today", "same", metres=500), fixed("B2", 2017, "service_corner")),
    )
    yield Clash(
        "too far from offices to wind down",
        (rule("candidates_by_distance", "far", metres=3000), corner),
    )
    yield Clash(
        "no plain branch any more",
        (rule("one_function", "unify", since=2018), fixed("B1", 2018, "plain_branch")),
    )
    yield Clash(
        "store-free, and no post office",
        (rule("store_free_districts", "free", metres=500), fixed("P2", 2017, "closed")),
    )
    yield Clash(
        "everybody kept, and fewer",
        (rule("staff_conserved", "kept"), rule("headcount_path", "fewer", fewer=1)),
    )
    yield Clash(
        "a corner kept for years",
        (rule("minimum_stay", "stay", years=2), fixed("B1", 2018, "closed")),
    )
    yield Clash(
        "one room, two nearest counters",
        (
            rule("whole_rooms", "room", services=(REGISTRATION,), where={"rooms": ("R1",)}),
            rule(
                "travel_limit", "near", {"services": (REGISTRATION,), "rooms": ("R1",)}, metres=1600
            ),
        ),
    )
    yield Clash(
        "fewer counters than those kept",
        (
            rule("open_count", "few", kinds=("post_office", "store"), most=0),
            fixed("S1", 2018, "store"),
        ),
    )
    yield Clash(
        "more than the budget for kept counters",
        (
            rule("budget", "running", yen=25_000_000, items=("running",)),
            fixed("B1", 2018, "general_branch"),
        ),
    )


def _more_rules() -> Iterator[Clash]:
    corner = fixed("B1", 2018, "service_corner")
    yield Clash(
        "the plaza after the first corner",
        (rule("closes_with", "follows", points=("Z1",)), fixed("Z1", 2018, "plaza"), corner),
    )
    used = rule(
        "travel_limit",
        "used",
        {"districts": ("D3",), "services": (REGISTRATION,), "periods": (2017,)},
        metres=1000,
    )
    small, fell = (
        rule("trigger_volume", "small", cases=0),
        rule("trigger_fall", "fell", per_cent=50, services=(REGISTRATION,)),
    )
    yield Clash("a corner where volumes are high", (small, corner, used))
    yield Clash("a corner where volumes never fell", (fell, corner, used))
    free = rule("budget", "fees", yen=0, items=("fees",))
    nearest = rule("nearest_open", "nearest", {"districts": ("D3",)})
    yield Clash("the nearest asks a fee", (nearest, free, fixed("S1", 2018, "store")))
    plausible = rule("plausible_counters", "plausible", {"districts": ("D2",)}, metres=100)
    yield Clash("the plausible ask a fee", (plausible, free, fixed("P2", 2018, "post_office")))
    home = rule("within_ward", "home", {"districts": ("D4",)}, services=(CARD,))
    yield Clash("near, but in another ward", (near(450, "D4", CARD), home))
    yield Clash(
        "first one, then the other",
        (
            rule("linked_changes", "order", points=("B1",), after=("B2",)),
            corner,
            fixed("B2", 2018, "general_branch"),
        ),
    )
    yield Clash(
        "three changes, two allowed",
        (
            rule(
                "open_count",
                "branches",
                {"periods": (2018,)},
                kinds=("branch",),
                modes=("general_branch", "plain_branch"),
                least=1,
            ),
            corner,
            fixed("B2", 2018, "service_corner"),
        ),
    )
    yield Clash(
        "nothing may stop",
        (rule("stop_anywhere", "stop"), fixed("X1", 2017, "annex"), fixed("X1", 2018, "agency")),
    )


def harmless() -> list[Constraint]:
    """Return rules that nothing above clashes with."""
    return [
        rule("budget", "enough money", yen=10**12),
        rule("travel_limit", "any way", metres=50_000),
        rule("yearly_pace", "any pace", changes=50),
        rule("open_count", "any number", kinds=("branch",), least=0, most=9),
        rule("coverage_share", "no share", metres=5000, per_cent=0),
        rule("steady_staff", "any staff", persons=10_000),
        rule("cvar_limit", "any mean", metres=50_000, per_cent=100),
    ]


def city_of(clash: Clash, seed: int) -> Instance:
    """Return the town under the rules of `clash`, hidden among harmless ones."""
    random, base = Random(seed), town()
    entries = [*clash.entries, *random.sample(harmless(), random.randint(1, 4))]
    random.shuffle(entries)
    points = base.points
    if clash.capacity is not None:
        points = points.assign(capacity=clash.capacity)
    always = [kind(id=name) for name, kind in registry().items() if kind.always]
    return replace(base, points=points, entries=(*always, *entries), objectives=(StaffCost(),))
