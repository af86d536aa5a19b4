"""Every yen of a plan, worked out by hand on the example town."""

from dataclasses import replace

import pandas as pd

from optimizer.city.baseline import baseline
from optimizer.city.city import Extension
from optimizer.city.ledger import ITEMS, changed, ledger, modes_before
from optimizer.model.example import town, town_plan

LEDGER = ledger(town(), town_plan())


def test_every_cell_is_there() -> None:
    """Each point and period has each item, in whole yen."""
    assert len(LEDGER) == len(town_plan().modes) * len(ITEMS)
    assert LEDGER.index.names == ["point", "period", "item"]
    assert LEDGER.dtype == "int64"


def test_a_ward_office() -> None:
    """A ward office costs its wages and its running cost."""
    persons = town_plan().staff["W1", 2017]
    assert LEDGER["W1", 2017].to_dict() == {
        "wages": persons * 7_000_000,
        "running": 9_000_000,
        "hours": 0,
        "fees": 0,
        "moving": 0,
    }


def test_a_partner() -> None:
    """A post office costs fees per case and its running cost, and once the move into the mode."""
    # D2 goes there for both kinds of certificate: (2000 + 4000) cases x 200 yen
    costs = {"wages": 0, "running": 200_000, "hours": 0, "fees": 1_200_000}
    assert LEDGER["P2", 2017].to_dict() == {**costs, "moving": 400_000}
    assert LEDGER["P2", 2018].to_dict() == {**costs, "moving": 0}


def test_a_site_and_its_longer_hours() -> None:
    """A site costs its own sum while somebody runs it; longer hours cost theirs where chosen."""
    city = replace(
        town(), points=town().points.assign(site_cost=70), extension=Extension(3_000, 40)
    )
    chosen = pd.Series({("B2", 2018): 1}).rename_axis(["point", "period"])
    plan = town_plan().with_mode("Z1", 2018, "closed")
    plan = replace(plan, extra={**plan.extra, "extended": chosen})
    table = ledger(city, plan)
    assert table["B2", 2018, "running"] == 6_000_000 + 70
    assert table["Z1", 2018, "running"] == 0
    assert table.xs("hours", level="item").sum() == table["B2", 2018, "hours"] == 40
    persons = plan.staff["B2", 2018]
    assert plan.capacity(city)["B2", 2018] == persons * (50_000 + 3_000)
    assert plan.capacity(city)["B2", 2017] == plan.staff["B2", 2017] * 50_000


def test_a_move() -> None:
    """The cost of a move falls in the period in which the mode changes."""
    assert LEDGER["B1", 2017, "moving"] == 0
    assert LEDGER["B1", 2018, "moving"] == 2_000_000
    assert LEDGER["X1", 2018, "moving"] == 500_000


def test_years_multiply_all_but_moves() -> None:
    """A period of three years costs three times the wages, running cost and fees, moves once."""
    longer = replace(town(), periods=town().periods.assign(years=[1, 1, 3]))
    table = ledger(longer, town_plan()).unstack("item")
    once = LEDGER.unstack("item")
    late = table.index.get_level_values("period") == 2018
    for item in ("wages", "running", "fees"):
        assert table.loc[late, item].equals(once.loc[late, item] * 3)
    assert table["moving"].equals(once["moving"])
    assert table[~late].equals(once[~late])


def test_today_has_costs_but_no_moves() -> None:
    """The baseline of today can be priced too; nothing moves in it."""
    table = ledger(town(), baseline(town())).unstack("item")
    assert (table["moving"] == 0).all()
    assert table["wages"].sum() == baseline(town()).staff.sum() * town().wage


def test_modes_before() -> None:
    """Before the first planned period stands today's mode, later the plan's own."""
    plan = town_plan().with_mode("B2", 2017, "service_corner")
    before = modes_before(town(), plan)
    assert before["B2", 2017] == "general_branch"
    assert before["B2", 2018] == "service_corner"


def test_changed() -> None:
    """A change counts once, in the period in which it happens."""
    moved = changed(town(), town_plan())
    assert set(moved.index[moved]) == {("P2", 2017), ("S1", 2017), ("B1", 2018), ("X1", 2018)}
    assert isinstance(moved, pd.Series) and moved.dtype == bool
