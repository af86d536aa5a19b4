"""A town of four districts and a sound plan for it: what the examples of every rule start from."""

from dataclasses import replace
from functools import cache

import pandas as pd

from optimizer.base.words import Text
from optimizer.city.city import UNLIMITED, Extension
from optimizer.city.plan import Plan
from optimizer.model.instance import Instance

SERVICES = ["certificate_card", "certificate_counter", "registration", "welfare"]
#         mode: serves (positions in SERVICES), run by, crew, running cost, fee, cost to move in
MODES = {
    "ward_office": ((0, 1, 2, 3), "city", 2, 9_000_000, 0, 0),
    "general_branch": ((0, 1, 2, 3), "city", 3, 6_000_000, 0, 2_000_000),
    "plain_branch": ((0, 1, 2), "city", 2, 5_000_000, 0, 0),
    "service_corner": ((0, 1), "city", 1, 2_000_000, 0, 1_000_000),
    "annex": ((0, 1), "city", 1, 1_500_000, 0, 0),
    "plaza": ((0, 1), "city", 1, 2_500_000, 0, 0),
    "agency": ((0, 1, 2), "partner", 0, 100_000, 300, 500_000),
    "post_office": ((0, 1), "partner", 0, 200_000, 200, 400_000),
    "store": ((0,), "partner", 0, 0, 100, 0),
    "closed": ((), "none", 0, 0, 0, 300_000),
}
KINDS = {
    "ward_office": ("ward_office",),
    "branch": ("general_branch", "plain_branch", "service_corner", "closed"),
    "annex": ("annex", "agency"),
    "plaza": ("plaza", "closed"),
    "post_office": ("closed", "post_office"),
    "store": ("closed", "store"),
}
MOVES = frozenset(
    {
        ("general_branch", "service_corner"),
        ("plain_branch", "service_corner"),
        ("plain_branch", "general_branch"),
        ("service_corner", "closed"),
        ("annex", "agency"),
        ("plaza", "closed"),
        ("closed", "post_office"),
        ("closed", "store"),
    }
)
#         point: kind, ward, mode today
POINTS = {
    "B1": ("branch", "A", "plain_branch"),
    "B2": ("branch", "A", "general_branch"),
    "P2": ("post_office", "A", "closed"),
    "S1": ("store", "", "closed"),
    "W1": ("ward_office", "A", "ward_office"),
    "W2": ("ward_office", "B", "ward_office"),
    "X1": ("annex", "A", "annex"),
    "Z1": ("plaza", "A", "plaza"),
}
TRAVEL = {
    "D1": {"W1": 500, "B1": 2500, "B2": 6000, "W2": 5000, "P2": 3000, "S1": 400, "X1": 4000, "Z1": 1500},
    "D2": {"W1": 6000, "B1": 4500, "B2": 1500, "W2": 9000, "P2": 300, "X1": 2000, "Z1": 7000},
    "D3": {"W1": 3000, "B1": 700, "B2": 5000, "W2": 4000, "P2": 5000, "S1": 400, "X1": 6000, "Z1": 3500},
    "D4": {"W1": 4500, "B1": 3500, "B2": 8000, "W2": 600, "P2": 8500, "S1": 400, "X1": 9000, "Z1": 4200},
}  # fmt: skip
OFFICES = {("B1", "W1"): 3300, ("B1", "W2"): 4000, ("B2", "W1"): 7400, ("B2", "W2"): 9000}
CASES = {
    "certificate_card": 2000,
    "certificate_counter": 4000,
    "registration": 1000,
    "welfare": 500,
}
PERIODS = [2016, 2017, 2018]


@cache
def town() -> Instance:
    """Return the town: today is 2016, two planned years, two wards, no entries of its own."""
    demand = {
        (d, s, t): 0 if (d, s, t) == ("D4", "welfare", 2018) else CASES[s]
        for d in TRAVEL
        for s in SERVICES
        for t in PERIODS
    }
    cells = {(d, p): metres for d, row in TRAVEL.items() for p, metres in row.items()}
    modes = pd.DataFrame.from_dict(
        {m: row[1:] for m, row in MODES.items()},
        orient="index",
        columns=["run_by", "crew", "running_cost", "fee", "move_in_cost"],
    ).rename_axis("mode")
    return Instance(
        id="town",
        name=Text("A town", "ある町"),
        districts=pd.DataFrame(
            {
                "name": [f"district {n}" for n in range(1, 5)],
                "ward": ["A", "A", "A", "B"],
                "room": ["R1", "R1", "R2", "R2"],
                "residents": [8000] * 4,
                "residents65": [2000] * 4,
                "residents75": [1000] * 4,
                "store_access": [True, False, True, True],
            },
            index=pd.Index(list(TRAVEL), name="district"),
        ),
        points=pd.DataFrame.from_dict(
            POINTS, orient="index", columns=["kind", "ward", "mode_today"]
        )
        .assign(name=lambda t: t.index, site_cost=0, capacity=UNLIMITED)
        .rename_axis("point"),
        rooms=pd.DataFrame(
            {"name": ["room 1", "room 2"], "ward": ["A", "B"]},
            index=pd.Index(["R1", "R2"], name="room"),
        ),
        periods=pd.DataFrame({"years": [1, 1, 1]}, index=pd.Index(PERIODS, name="period")),
        services=pd.DataFrame(
            {
                "name_en": SERVICES,
                "name_ja": ["証明(カード)", "証明(窓口)", "届出", "福祉"],
                "minutes": [6, 10, 30, 40],
                "ward_bound": [False, False, False, True],
            },
            index=pd.Index(SERVICES, name="service"),
        ),
        modes=modes.assign(name_en=modes.index, name_ja=modes.index),
        kinds=KINDS,
        kind_names={kind: Text(kind, kind) for kind in KINDS},
        serves=frozenset((m, SERVICES[n]) for m, row in MODES.items() for n in row[0]),
        moves=MOVES,
        travel=_table(cells, ["district", "point"]),
        office_distances=_table(
            {**OFFICES, **{(b, a): m for (a, b), m in OFFICES.items()}}, ["point", "other"]
        ),
        demand=pd.Series(demand).rename_axis(["district", "service", "period"]).sort_index(),
        wage=7_000_000,
        person_minutes=50_000,
        community_today=4,
        entries=(),
        objectives=(),
        assumptions={},
        policy={},
    )


@cache
def town_plan() -> Plan:
    """Return a plan of the town that every rule accepts: B1 becomes a general branch in 2018."""
    from optimizer.city.baseline import network
    from optimizer.model.expressions.community import headcount

    city, plans = town(), []
    modes = city.points["mode_today"].copy()
    modes["P2"], modes["S1"] = "post_office", "store"
    for period in city.planned:
        if period == 2018:
            modes["B1"], modes["X1"] = "general_branch", "agency"
        plans.append(network(city, modes, period))
    plan = Plan(
        pd.concat([p.modes for p in plans]).sort_index(),
        pd.concat([p.assignments for p in plans]).sort_index(),
        pd.concat([p.staff for p in plans]).sort_index(),
    )
    freed = {t: headcount(city) - int(plan.staff.xs(t, level="period").sum()) for t in city.planned}
    rooms = {("R1", t): -(-freed[t] // 2) for t in city.planned}
    rooms |= {("R2", t): freed[t] // 2 for t in city.planned}
    staff = pd.Series(rooms).rename_axis(["room", "period"]).sort_index()
    return replace(plan, extra={"community_staff": staff})


@cache
def town_open_longer() -> Instance:
    """Return the town with longer opening hours on offer."""
    return replace(town(), extension=Extension(minutes=10_000, cost=500_000))


@cache
def town_plan_open_longer() -> Plan:
    """Return the plan of the town with longer hours at the ward offices, and at B1 in 2018."""
    city, plan = town_open_longer(), town_plan()
    index = pd.MultiIndex.from_product(
        [city.staffed_points, city.planned], names=["point", "period"]
    )
    longer = [point in ("W1", "W2") or (point, t) == ("B1", 2018) for point, t in index]
    extended = pd.Series(longer, index=index, dtype="int64")
    return replace(plan, extra={**plan.extra, "extended": extended})


def _table(cells: dict[tuple[str, str], int], names: list[str]) -> pd.DataFrame:
    index = pd.MultiIndex.from_tuples(cells, names=names)
    table = pd.DataFrame({"metres": list(cells.values()), "origin": "example"}, index=index)
    return table.sort_index()
