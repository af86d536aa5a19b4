"""The fairness panel: against sums over pairs written out, and against what the rules read."""

from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import ceil, exp, log

import pytest

from optimizer.audit.fairness import AVERSION, MEASURES, TAIL, Fairness, fairness
from optimizer.city.kolm_pollak import kappa
from optimizer.city.weights import assigned_links
from optimizer.constraints.cvar_limit import CvarLimit
from optimizer.constraints.ede_limit import EdeLimit
from optimizer.model.example import town, town_plan


def _row(panel: tuple[Fairness, ...], group: str, ward: str, period: int) -> Fairness:
    return next(r for r in panel if (r.group, r.ward, r.period) == (group, ward, period))


@pytest.mark.parametrize("group", ["cases", "residents65"])
@pytest.mark.parametrize("ward", ["", "A", "B"])
def test_measures_follow_their_formulas(group: str, ward: str) -> None:
    """Mean, worst, Gini, CVaR and EDE are those of the textbook, every unit of weight written out."""
    city, plan = town(), town_plan()
    table = assigned_links(city, plan, group)
    table = table[table["period"] == 2018]
    if ward:
        table = table[table["district"].map(city.districts["ward"]) == ward]
    found = _row(fairness(city, plan), group, ward, 2018)
    pairs = [(int(m), int(w)) for m, w in zip(table["metres"], table["weight"], strict=True)]
    whole, moved = sum(w for _, w in pairs), sum(m * w for m, w in pairs)
    assert whole == found.weight > 0 and found.unserved == 0
    assert found.mean == Fraction(moved, whole)
    assert found.worst == max(m for m, _ in pairs)
    apart = sum(w * v * abs(m - n) for (m, w), (n, v) in product(pairs, pairs))
    assert found.gini == Fraction(apart, 2 * whole * moved)
    units = sorted((m for m, w in pairs for _ in range(w)), reverse=True)
    tail = ceil(Fraction(TAIL * whole, 100))
    assert found.cvar == Fraction(sum(units[:tail]), tail)
    curve = float(kappa(city, group, (), AVERSION))
    level = log(sum(w * exp(curve * m) for m, w in pairs) / whole) / curve
    assert level - 1 <= found.ede <= level + 2


def test_the_panel_and_the_rules_read_the_same() -> None:
    """Where a rule limits a measure, its reading is the panel's whole number."""
    city, plan = town(), town_plan()
    panel = fairness(city, plan)
    for period in city.planned:
        row = _row(panel, "cases", "", period)
        cvar = CvarLimit(id="c", metres=1, per_cent=TAIL).readings(city, plan).table
        ede = EdeLimit(id="e", metres=1, aversion=AVERSION).readings(city, plan).table
        mean = EdeLimit(id="m", metres=1, aversion=0).readings(city, plan).table
        readings = [t.xs(period, level="period")["actual"].item() for t in (cvar, ede, mean)]
        assert readings == [row.shown()[name] for name in ("cvar", "ede", "mean")]


def test_wards_add_up_to_the_city() -> None:
    """Weights and weighted means of the wards give the city's, today's year included."""
    city, plan = town(), town_plan()
    panel = fairness(city, plan)
    for period in (city.today, *city.planned):
        whole = _row(panel, "cases", "", period)
        wards = [_row(panel, "cases", ward, period) for ward in ("A", "B")]
        assert sum(r.weight for r in wards) == whole.weight > 0
        assert sum(r.weight * r.mean for r in wards) == whole.weight * whole.mean
        assert max(r.worst for r in wards) == whole.worst


def test_equal_ways_have_no_inequality() -> None:
    """Where all go equally far, Gini is 0 and mean, worst, EDE and CVaR are that way."""
    city, plan = town(), town_plan()
    level = replace(city, travel=city.travel.assign(metres=1234))
    for row in fairness(level, plan):
        shown = row.shown()
        assert shown == {**dict.fromkeys(MEASURES, 1234), "gini": 0}


def test_unserved_ways_are_told() -> None:
    """A way without a counter is counted as unserved, and does not shorten the mean."""
    city, plan = town(), town_plan()
    short = plan.without_assignment("D1", "registration", 2017)
    row = _row(fairness(city, short), "cases", "", 2017)
    assert row.unserved == int(city.demand["D1", "registration", 2017]) > 0
    full = _row(fairness(city, plan), "cases", "", 2017)
    metres = plan.served(city).set_index(["district", "service", "period"])["metres"]
    lost = row.unserved * int(metres["D1", "registration", 2017])
    assert row.mean * (row.weight - row.unserved) == full.mean * full.weight - lost


def test_json_is_plain() -> None:
    """A row as JSON holds whole numbers and texts only, its fractions exactly."""
    row = fairness(town(), town_plan())[0]
    data = row.to_json()
    assert Fraction(data["exact"]["gini"]) == row.gini
    kept = {k: v for k, v in data.items() if k != "exact"}
    assert all(type(v) in (int, str) for v in kept.values())
