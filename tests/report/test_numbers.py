"""Figures against today: what falling demand, the stores and the reorganisation each do."""

import pandas as pd
import pytest

from optimizer.audit.verify import verify
from optimizer.city.baseline import baseline, network
from optimizer.city.ledger import ledger
from optimizer.files.solution_folder import read_plan
from optimizer.report.numbers import against_today
from tests.conftest import KUMAMOTO

BASE = KUMAMOTO.parents[1] / "solutions" / "kumamoto-2015" / "base"


@pytest.fixture(scope="module")
def audit(kumamoto):
    """The audit of the committed base plan."""
    return verify(kumamoto, read_plan(BASE, kumamoto))


def test_the_three_parts_add_up_to_the_difference(audit):
    """Demand, stores and reorganisation together are the plan's cost less today's, yen by yen."""
    split = against_today(audit)
    start = int(ledger(audit.instance, baseline(audit.instance)).sum())
    plan = audit.costs.groupby(level="period").sum()
    assert list(split.index) == ["demand", "stores", "reorganisation"]
    assert [int(n) for n in split.sum()] == [int(plan[t]) - start for t in audit.instance.planned]


def test_demand_alone_leaves_every_counter_as_it_is(audit):
    """Worked out apart, demand alone is today's network, no store, under the demand of the year."""
    instance = audit.instance
    yen = []
    for period in (instance.today, *instance.planned):
        demand = instance.demand.xs(period, level="period").reset_index()
        table = demand[demand["cases"] > 0].merge(
            instance.travel["metres"].reset_index(), on="district"
        )
        mode = table["point"].map(instance.points["mode_today"])
        can = pd.Series(list(zip(mode, table["service"], strict=True))).isin(instance.serves)
        table = table[can.to_numpy() & ~instance.outside_ward(table)]
        table = table.sort_values(["metres", "point"]).drop_duplicates(["district", "service"])
        work = (table["cases"] * table["service"].map(instance.services["minutes"])).groupby(
            table["point"]
        )
        persons = -(-work.sum() // instance.person_minutes)
        modes = instance.modes.loc[instance.points["mode_today"]].set_index(instance.points.index)
        persons = persons.reindex(modes.index, fill_value=0).clip(lower=modes["crew"])
        yen.append(int((persons * instance.wage + modes["running_cost"]).sum()))
    assert [n - yen[0] for n in yen[1:]] == list(against_today(audit).loc["demand"])
    assert [round((n - yen[0]) / 1e6) for n in yen[1:]] == [-42, -70, -77, -84]


def test_stores_that_the_plan_leaves_closed_save_nothing(audit):
    """The line of the stores follows the stores of the plan, not a hope that they open."""
    plan = audit.plan
    for point in audit.instance.points.index[audit.instance.points["kind"] == "store"]:
        for period in audit.instance.planned:
            plan = plan.with_mode(point, period, "closed")
    assert not against_today(verify(audit.instance, plan)).loc["stores"].any()


def test_a_plan_that_changes_nothing_is_no_reorganisation(kumamoto):
    """Today's counters with the nearest people and the fewest staff differ by demand alone."""
    from optimizer.city.plan import Plan

    parts = [network(kumamoto, kumamoto.points["mode_today"], t) for t in kumamoto.planned]
    tables = ("modes", "assignments", "staff")
    plan = Plan(*(pd.concat([getattr(p, name) for p in parts]).sort_index() for name in tables))
    split = against_today(verify(kumamoto, plan))
    assert not split.loc[["stores", "reorganisation"]].any().any()
    assert (split.loc["demand"] < 0).all()
