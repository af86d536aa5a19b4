"""Longer opening hours by hand on the town, and through the whole path in a small city."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from optimizer.audit.stored import verify_folder
from optimizer.audit.verify import verify
from optimizer.city.plan import Plan
from optimizer.constraints.enough_staff import EnoughStaff
from optimizer.constraints.extended_hours import ExtendedHours
from optimizer.constraints.hours_where_run import HoursWhereRun
from optimizer.model.build import build
from optimizer.model.example import town, town_open_longer, town_plan, town_plan_open_longer
from optimizer.model.instance import Constraint
from optimizer.report.plan_tables import hours_table
from tests.cli.conftest import optimizer
from tests.conftest import KUMAMOTO
from tests.small import write_west_ward

CITY = town_open_longer()
"""The town with 10,000 minutes a person more, beside 50,000, for 500,000 yen a counter and year."""


def passes(entry: Constraint, plan: Plan) -> bool:
    """Return the verdict on a plan of the town, after making sure that rows and check agree."""
    model = build(CITY, [entry])
    values = model.encode(plan)
    by_rows = values is not None and not model.program.broken(values)
    by_check = entry.readings(CITY, plan).violations.empty
    assert by_rows == by_check
    return bool(by_check)


def test_the_load_that_demands_longer_hours_is_a_limit() -> None:
    """B1 has 5500 cases in 2018 (its own 4000 + 1000 + 500 of D3): longer hours beyond 5499."""
    plan = town_plan_open_longer().with_extra("extended", ("B1", 2018), 0)
    assert passes(ExtendedHours(id="x", cases=5500), plan)
    assert not passes(ExtendedHours(id="x", cases=5499), plan)
    (key,) = ExtendedHours(id="x", cases=5499).readings(CITY, plan).violations.index
    assert key == ("B1", 2018)


def test_the_hours_of_a_partner_are_its_own() -> None:
    """X1 as an agency may have any number of cases; as an annex, in 2017, it needs longer hours."""
    entry = ExtendedHours(id="x", cases=5500)
    plan = town_plan_open_longer()
    for service in ("certificate_counter", "certificate_card"):
        plan = plan.with_assignment("D2", service, 2018, "X1")
    assert passes(entry, plan)  # 6000 cases at the agency
    for service in ("certificate_counter", "certificate_card"):
        plan = plan.with_assignment("D2", service, 2017, "X1")
    assert not passes(entry, plan)
    assert passes(entry, plan.with_extra("extended", ("X1", 2017), 1))
    assert ("X1", 2018) not in entry.readings(CITY, plan).table.index


def test_longer_hours_do_the_work_of_a_person() -> None:
    """W1 has 110,000 minutes of work in 2017: 3 x 50,000 will do, or 2 x 60,000, not 2 x 50,000."""
    longer = town_plan_open_longer().with_staff("W1", 2017, 2)
    assert passes(EnoughStaff(id="x"), longer)
    assert not passes(EnoughStaff(id="x"), longer.with_extra("extended", ("W1", 2017), 0))


@pytest.mark.parametrize(("point", "hours"), [("W1", 2), ("W1", -1), ("B1", 5), ("X1", 1)])
def test_hours_that_nobody_offers_are_caught(point: str, hours: int) -> None:
    """Twice longer hours would be capacity from nowhere, less than none a saving from nowhere."""
    plan = town_plan_open_longer().with_extra("extended", (point, 2018), hours)
    assert not passes(HoursWhereRun(id="x"), plan)


def test_without_the_option_nothing_is_read_of_it() -> None:
    """An instance without longer hours has no reading of them; a rule that needs them is refused."""
    assert HoursWhereRun(id="x").readings(town(), town_plan()).table.empty
    (problem,) = ExtendedHours(id="x", cases=1).problems(town())
    assert problem.column == "constraint.x" and "[extension]" in problem.remedy.ja
    assert ExtendedHours(id="x", cases=1).problems(CITY) == []


@pytest.mark.parametrize(("lang", "yes", "no"), [("en", "longer", "·"), ("ja", "延長", "–")])
def test_the_report_says_which_counters_open_longer(lang: str, yes: str, no: str) -> None:
    """One row a counter with longer hours in some year; no table where there is none."""
    rows = hours_table(verify(CITY, town_plan_open_longer()), lang).rows
    assert rows == [["B1", no, yes], ["W1", yes, yes], ["W2", yes, yes]]
    assert hours_table(verify(CITY, town_plan()), lang).rows == []
    never = replace(CITY, extension=None)
    assert hours_table(verify(never, town_plan_open_longer()), lang).rows == []


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The west ward with longer hours on offer, which counters beyond 20,000 cases must have."""
    folder = write_west_ward(KUMAMOTO, tmp_path_factory.mktemp("hours") / "west")
    text = (folder / "instance.toml").read_text(encoding="utf-8")
    text = text.replace("[staff]", "[extension]\nminutes = 6000\ncost = 300000\n\n[staff]", 1)
    text += '\n[[constraint]]\ntype = "extended_hours"\nid = "longer_hours"\ncases = 20000\n'
    (folder / "instance.toml").write_text(text, encoding="utf-8")
    return folder


def test_longer_hours_go_the_whole_path(city: Path, tmp_path: Path) -> None:
    """Solved, stored, verified, shown and paid for: the counters beyond 20,000 cases open longer."""
    folder = tmp_path / "base"
    run = optimizer("solve", city, "--out", folder, "--time-limit", 15, "--json", cwd=city)
    assert run.returncode == 0, run.stderr
    extra = json.loads(run.stdout)["data"]["extra"]
    told = {(r["point"], r["period"]) for r in extra["extended"] if r["value"]}
    with (folder / "plan" / "extended.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert told == {(r["point_id"], int(r["period"])) for r in rows if r["value"] == "1"}
    stored = verify_folder(city, folder)
    assert stored.findings == ()
    audit = stored.audit
    cases = audit.plan.served(audit.instance).groupby(["point", "period"])["cases"].sum()
    staffed = audit.plan.modes[audit.plan.modes.isin(audit.instance.city_modes)].index
    busy = set(cases[cases > 20_000].index) & set(staffed)
    assert busy and busy <= told <= set(staffed)
    hours = audit.costs.xs("hours", level="item")
    assert set(hours[hours > 0].index) == told and set(hours[hours > 0]) == {300_000}
    shown = optimizer("show", folder, "--instance", city, "--lang", "ja", cwd=city)
    assert shown.returncode == 0 and "開庁時間を延長する窓口" in shown.stdout
