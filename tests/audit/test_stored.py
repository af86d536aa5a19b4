"""The audit of stored solutions: every way of tampering with one is found."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from optimizer.audit.stored import _claims, verify_folder
from optimizer.audit.verify import verify
from optimizer.cli.actions.solution import solution_tables
from optimizer.constraints import registry
from optimizer.files.instance_folder import input_files, read_instance
from optimizer.files.presets import PresetOptions
from optimizer.files.seal import sealed
from optimizer.files.solution_folder import provenance, sha256, write_solution
from optimizer.importers.place import read_place
from optimizer.model.instance import Instance
from optimizer.report.tables import outcome_lines
from optimizer.solver.solve import SolveSettings, solve
from tests.conftest import KUMAMOTO
from tests.small import write_west_ward


@pytest.fixture(scope="module")
def city(tmp_path_factory) -> Path:
    """The west ward as an instance folder."""
    return write_west_ward(KUMAMOTO, tmp_path_factory.mktemp("audit") / "west")


@pytest.fixture(scope="module")
def stored(city, tmp_path_factory) -> Path:
    """A sound stored solution of the west ward."""
    instance = read_instance(city)
    solution = solve(instance, SolveSettings(time_limit=8))
    folder = tmp_path_factory.mktemp("stored") / "base"
    tables = solution_tables(verify(instance, solution.plan), solution.outcome)
    write_solution(folder, tables, provenance(instance, input_files(city), {}), force=False)
    return folder


@pytest.fixture
def copy(stored, tmp_path) -> Path:
    """A copy of the solution that a test may spoil."""
    return Path(shutil.copytree(stored, tmp_path / "copy"))


def edit(folder: Path, name: str, change) -> None:
    """Change a CSV of a solution and record its new hash, as a careful forger would."""
    path = folder / name
    table = change(pd.read_csv(path, dtype=str, keep_default_na=False))
    table.to_csv(path, index=False, lineterminator="\n")
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["outputs"][name] = sha256(path)
    (folder / "manifest.json").write_bytes(sealed(manifest))


def codes(city: Path, folder: Path) -> set[str]:
    """Return the codes of all findings."""
    return {finding.code for finding in verify_folder(city, folder).findings}


def broken(city: Path, folder: Path) -> set[str]:
    """Return the ids of all entries that are violated."""
    audit = verify_folder(city, folder).audit
    return {entry.id for entry, readings in audit.readings if len(readings.violations)}


def set_cell(column: str, value: str, **where: str):
    """Return a change that sets `column` to `value` in the rows that match."""

    def change(table: pd.DataFrame) -> pd.DataFrame:
        mask = pd.Series(True, index=table.index)
        for name, wanted in where.items():
            mask &= table[name] == wanted
        assert mask.any()
        table.loc[mask, column] = value
        return table

    return change


def test_a_sound_solution_has_no_finding(city, stored):
    """Nothing is found in what `solve` stored."""
    assert codes(city, stored) == set()


def test_closed_branch_still_serving(city, copy):
    """A branch that is closed while districts are sent to it."""
    edit(copy, "plan/modes.csv", set_cell("mode", "closed", point_id="B05", period="2020"))
    assert {"served_where_open", "legal_moves", "five_km", "no_staff_when_closed"} <= broken(
        city, copy
    )


def test_skipped_stage(city, copy):
    """A branch that closes without having been a service corner."""
    edit(copy, "plan/modes.csv", set_cell("mode", "closed", point_id="B06"))
    assert "legal_moves" in broken(city, copy)


def test_one_person_short(city, copy):
    """One person fewer than the work at the ward office needs."""
    staff = pd.read_csv(copy / "plan/staff.csv")
    persons = int(staff.query("point_id == 'W3' and period == 2018")["persons"].iloc[0])
    less = str(persons - 1)
    edit(copy, "plan/staff.csv", set_cell("persons", less, point_id="W3", period="2018"))
    found = broken(city, copy)
    assert "staff_conserved" in found
    assert {"enough_staff", "ward_office_reserve", "minimum_crew"} & found


def test_one_case_too_many(city, stored, tmp_path):
    """One case more than the staff can handle is found, and one fewer is not."""
    from dataclasses import replace

    instance: Instance = read_instance(city)
    rule = registry()["enough_staff"](id="enough_staff")
    from optimizer.files.solution_folder import read_plan

    plan = read_plan(stored, instance)
    margin = rule.check(instance, plan).table["margin"]
    point, period = margin.idxmin()
    served = plan.served(instance)
    here = served[(served["point"] == point) & (served["period"] == period)].iloc[0]
    key = (here["district"], here["service"], period)
    room = int(margin.min()) // int(instance.services["minutes"][here["service"]])
    for extra, violations in ((room, 0), (room + 1, 1)):
        demand = instance.demand.copy()
        demand.loc[key] += extra
        full = replace(instance, demand=demand)
        assert len(rule.check(full, plan).violations) == violations


def test_store_free_district_sent_to_a_store(city, copy):
    """A district without a store whose card holders are sent to one."""
    edit(
        copy,
        "plan/assignments.csv",
        set_cell("point_id", "S00", district_id="D38", service="certificate_card"),
    )
    assert {"store_free", "served_where_open"} <= broken(city, copy)


def test_one_yen_off(city, copy):
    """One yen off in the costs is found although the hash was forged too."""
    costs = pd.read_csv(copy / "costs.csv")
    row = costs[costs["yen"] > 0].iloc[0]
    more = str(int(row["yen"]) + 1)
    where = {"point_id": str(row["point_id"]), "period": str(row["period"]), "item": row["item"]}
    edit(copy, "costs.csv", set_cell("yen", more, **where))
    assert codes(city, copy) == {"number"}


def test_wrong_reading_value_and_bound(city, copy):
    """A stored reading, value or bound that the plan does not bear out is found."""
    edit(copy, "readings.csv", set_cell("actual", "0", entry="assigned_once"))
    assert "number" in codes(city, copy)
    outcome = json.loads((copy / "outcome.json").read_text())
    outcome["values"]["staff_cost"] -= 1
    (copy / "outcome.json").write_text(json.dumps(outcome))
    assert {"number", "altered"} <= codes(city, copy)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("status", "optimal"),
        ("gap", "0.000000"),
        ("value", -1),
        ("bound", 2**60),
        ("divided", 2**60),
    ],
)
def test_a_claim_that_contradicts_itself(city, copy, key, value):
    """A stage whose status, gap, value or bound does not go with the others and the plan is found."""
    outcome = json.loads((copy / "outcome.json").read_text())
    stage = outcome["stages"][-1]
    stage |= {"bound": stage["value"] - 10**6, "status": "feasible", "gap": None, key: value}
    if key != "gap":
        stage["gap"] = f"{(stage['value'] - stage['bound']) / max(abs(stage['value']), 1):.6f}"
    restored(copy, outcome)
    assert codes(city, copy) == {"contradiction" if value == 2**60 else "number"}


@pytest.mark.parametrize("status", ["infeasible", "unbounded"])
@pytest.mark.parametrize("stage", [0, 1])
def test_a_stage_without_a_plan_beside_a_plan(city, copy, status, stage):
    """That there is no plan is told to be false, by whom, in both languages; nothing of it is kept."""
    outcome = json.loads((copy / "outcome.json").read_text())
    nothing = {"value": None, "bound": None, "divided": None, "gap": None, "status": status}
    outcome["stages"][stage] |= nothing
    outcome["status"] = outcome["stages"][0]["status"]
    restored(copy, outcome)
    audited = verify_folder(city, copy)
    (found,) = [f for f in audited.findings if f.code == "contradiction"]
    assert "HiGHS claimed that there is no plan; here is one" in found.message.en
    assert "矛盾: 未証明" in found.message.ja
    assert audited.outcome.contradicted and audited.outcome.stages[stage].bound is None
    assert "not proved" in " ".join(outcome_lines(audited.audit, audited.outcome, "en"))


def restored(copy, outcome) -> None:
    """Write an outcome and seal the manifest anew."""
    (copy / "outcome.json").write_text(json.dumps(outcome))
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["outputs"]["outcome.json"] = sha256(copy / "outcome.json")
    (copy / "manifest.json").write_bytes(sealed(manifest))


def test_files_altered_added_missing(city, copy):
    """Every file that was altered, added or removed is named."""
    (copy / "report.html").write_text("all is well")
    (copy / "extra.txt").write_text("new")
    (copy / "costs.csv").unlink()
    found = {(f.code, f.message.en.split()[0]) for f in verify_folder(city, copy).findings}
    assert found >= {("altered", "report.html"), ("added", "extra.txt"), ("missing", "costs.csv")}


def test_another_instance(city, copy, tmp_path):
    """A plan does not pass for an instance whose files differ from those it was made from."""
    other = Path(shutil.copytree(city, tmp_path / "other"))
    text = (other / "instance.toml").read_text(encoding="utf-8")
    (other / "instance.toml").write_text(
        text.replace("value = 7000000", "value = 7000001"), encoding="utf-8"
    )
    assert {"input", "number"} <= codes(other, copy)


def test_a_plan_typed_by_hand(city, copy):
    """A folder with nothing but plan/ is checked as a plan."""
    for path in copy.iterdir():
        if path.name != "plan":
            path.unlink()
    assert codes(city, copy) == set()


def test_verify_runs_without_any_solver(city, stored):
    """`optimizer verify` works where pulp and ortools cannot be imported."""
    code = (
        "import sys\n"
        "class Block:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in ('ortools', 'pulp', 'highspy'):\n"
        "            raise ImportError(name)\n"
        "sys.meta_path.insert(0, Block())\n"
        "from optimizer.cli.main import main\n"
        "main()\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, "verify", str(city), str(stored)],
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr


def test_force_replaces_nothing_but_a_solution(city, tmp_path):
    """Even with force, a folder that is no stored solution – the instance, say – stays as it is."""
    from optimizer.base.errors import InputError

    victim = Path(shutil.copytree(city, tmp_path / "victim"))
    with pytest.raises(InputError):
        write_solution(victim, {"a.csv": "x"}, {}, force=True)
    assert (victim / "instance.toml").exists()


def test_a_failing_run_leaves_the_old_solution(stored, tmp_path, monkeypatch):
    """When writing fails half-way, the folder is the old one and nothing is left beside it."""
    from optimizer.base.errors import InputError
    from optimizer.files import solution_folder

    folder = Path(shutil.copytree(stored, tmp_path / "kept"))
    before = {p.name: p.read_bytes() for p in folder.rglob("*") if p.is_file()}

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(solution_folder, "sha256", full)
    with pytest.raises(InputError):
        write_solution(folder, {"a.csv": "x"}, {}, force=True)
    assert {p.name: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == before
    assert [p.name for p in tmp_path.iterdir()] == ["kept"]


@pytest.mark.parametrize("key", [
    "changes", "inputs", "outputs", "fingerprint", "format", "instance", "stages", "values",
])  # fmt: skip
@pytest.mark.parametrize("value", [5, [5], None, "x", {}])
def test_a_corrupt_manifest_or_outcome_never_ends_in_a_traceback(city, copy, key, value):
    """Whatever stands in manifest.json or outcome.json, the answer is findings or an InputError."""
    from optimizer.base.errors import InputError

    file = copy / ("outcome.json" if key in ("stages", "values") else "manifest.json")
    data = json.loads(file.read_text())
    data[key] = value
    file.write_text(json.dumps(data))
    try:
        assert verify_folder(city, copy).findings or value in ({}, [5])
    except InputError as error:
        assert error.problems


@pytest.mark.parametrize("name", registry())
def test_what_a_rule_asked_for_is_looked_at(name):
    """A table that solving writes under a rule is read by that rule, so it is never called unread."""
    from dataclasses import replace

    from optimizer.audit.stored import Looked
    from optimizer.model.build import build
    from optimizer.objectives.total_cost import TotalCost

    example = registry()[name].examples()
    instance = replace(example.instance, entries=(example.entry,), objectives=(TotalCost(),))
    model = build(instance)
    values = model.encode(example.accepted, whole=False)
    assert values is not None
    plan = model.decode(values)
    looked = Looked(plan.extra)
    verify(instance, replace(plan, extra=looked))
    assert looked.unread == set()


def test_a_table_that_nobody_reads_is_a_finding(city, copy):
    """A decision under a name that no rule knows is told, not passed over."""
    shutil.copy(copy / "plan" / "community_staff.csv", copy / "plan" / "comunity_staff.csv")
    found = {(f.code, f.file) for f in verify_folder(city, copy).findings}
    assert ("unread", "plan/comunity_staff.csv") in found


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("community_staff", "value\n1\n", "what the value is of"),
        ("community_staff", "point_id,period,value\nB05,2017,1\n", "what the value is of"),
        ("extended", "point_id,period,value\nB05,2017,1\n", "no longer hours"),
    ],
)
def test_a_decision_of_the_wrong_shape_is_refused(city, copy, file, text, words):
    """A table whose columns are not those of the decision is refused with the right columns."""
    from optimizer.base.errors import InputError

    (copy / "plan" / f"{file}.csv").write_text(text)
    with pytest.raises(InputError, match=words):
        verify_folder(city, copy)


def test_columns_of_a_plan_in_any_order(city, copy):
    """A table typed with its columns the other way round is the same plan."""
    path = copy / "plan" / "community_staff.csv"
    rows = [line.split(",") for line in path.read_text().splitlines()]
    path.write_text("".join(",".join(row[::-1]) + "\n" for row in rows))
    assert codes(city, copy) == {"altered"}


@pytest.mark.parametrize("names", [["modes"], ["modes", "staff", "assignments"]])
def test_a_plan_without_rows(city, copy, names):
    """Tables with a header and nothing else are a plan that breaks rules, not an error."""
    for name in names:
        path = copy / "plan" / f"{name}.csv"
        path.write_text(path.read_text().splitlines()[0] + "\n")
    assert "violation" in codes(city, copy)


def test_a_value_below_zero_is_no_contradiction(tmp_path):
    """What is made large is minimised as its negative: a bound that is not known says nothing of it."""
    towns = KUMAMOTO.parents[1] / "docs" / "examples" / "towns.csv"
    instance = read_place(towns, asked=PresetOptions("p-dispersion", p=3))
    solution = solve(instance, SolveSettings(gap=0))
    audit = verify(instance, solution.plan)
    assert next(iter(audit.values.values())) < 0
    folder = tmp_path / "base"
    tables = solution_tables(audit, solution.outcome)
    write_solution(folder, tables, provenance(instance, [towns], {}), force=False)
    assert _claims(audit, folder, None)[1] == []
