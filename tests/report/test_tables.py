"""The tables of a report: names in the reader's language, states as they are, nothing idle as tightest."""

import re
from dataclasses import replace

import pandas as pd
import pytest

from optimizer.audit.verify import verify
from optimizer.files.solution_folder import read_plan
from optimizer.model.outcome import Outcome, Stage
from optimizer.model.readings import at_most
from optimizer.report.instance_tables import entries_table
from optimizer.report.plan_tables import modes_table
from optimizer.report.tables import constraint_table, decision_lines, outcome_lines
from tests.conftest import KUMAMOTO

BASE = KUMAMOTO.parents[1] / "solutions" / "kumamoto-2015" / "base"


@pytest.fixture(scope="module")
def audit(kumamoto):
    """The audit of the committed base plan."""
    return verify(kumamoto, read_plan(BASE, kumamoto))


@pytest.mark.parametrize(
    ("lang", "closed", "never"), [("ja", "廃止", "未設置"), ("en", "closed", "not open")]
)
def test_closed_and_never_opened_are_told_apart(audit, lang, closed, never):
    """A counter that was open before is closed; one that never was is not yet there."""
    rows = {row[0]: row[2:] for row in modes_table(audit, lang).rows}
    for name, cells in rows.items():
        wrong = closed if name.startswith("郵便局") else never
        assert wrong not in cells
    assert never in rows["郵便局・高橋（想定）"] and closed in rows["森都心プラザ"]
    lines = "\n".join(decision_lines(audit, lang))
    assert closed in lines and never not in lines and "廃止・未設置" not in lines


def test_the_tightest_is_no_closed_counter(audit):
    """Keys where nothing is and nothing may be are left out, unless there are only such keys."""
    rows = {row[0].split(":")[0]: row for row in constraint_table(audit, "en").rows}
    for entry in ("enough_staff", "minimum_crew"):
        assert " 0 min with" not in rows[entry][4] and ": 0 persons" not in rows[entry][4]
    assert "must be 0" in rows["no_staff_when_closed"][4]
    labels = pd.MultiIndex.from_arrays([["a", "b", "c"]], names=["point"])
    idle = at_most(pd.Series([0, 5, 0], labels), pd.Series([0, 9, 0], labels))
    assert list(idle.tightest().index) == [("b",)]
    broken = at_most(pd.Series([0, 5, 1], labels), pd.Series([0, 9, 0], labels))
    assert list(broken.tightest().index) == [("c",)]
    assert len(at_most(pd.Series([0, 0, 0], labels), 0).tightest()) == 1


def test_values_of_entries_are_in_japanese(kumamoto):
    """In Japanese the values of the entries have no English id where a Japanese name exists."""
    texts = " ".join(row[2] for row in entries_table(kumamoto, "ja").rows)
    values = re.sub(r"\[[a-z_, ]+\]|[a-z_.]+=", "", texts)
    assert not re.findall(r"[a-z_]{3,}", values)
    assert "metres=5,000m" in texts and "modes=取次" in texts and "kinds=出張所等" in texts


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "sending whole districts, not shares of them, costs at most 25,000,000 yen"),
        ("ja", "校区を分けずに一つの窓口へ割り当てることによる増加は、このうち最大25,000,000円"),
    ],
)
def test_what_whole_districts_cost_is_told(audit, lang, said):
    """The bound of divided districts stands beside the cost, and only where it is known."""
    value = audit.values["staff_cost"]
    stage = Stage(
        "staff_cost", "feasible", value, value - 20_000_000, 1, divided=value - 25_000_000
    )
    lines = outcome_lines(audit, Outcome("HiGHS", "1", (stage,)), lang)
    assert sum(said in line for line in lines) == 1
    untold = replace(stage, divided=None)
    assert not any(said[:10] in x for x in outcome_lines(audit, Outcome("", "", (untold,)), lang))
