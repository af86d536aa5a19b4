"""`optimizer prove`: a proof of a stored plan, checked, rebuilt, and refused where it is altered."""

import gzip
import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len

from optimizer.constraints import registry
from optimizer.proof import check
from tests.cli.conftest import optimizer
from tests.proof.vipr import checked


@pytest.fixture(scope="session")
def proved(city, solved, tmp_path_factory):
    """The solution of the west ward with a proof, and what was printed."""
    folder = Path(shutil.copytree(solved[0], tmp_path_factory.mktemp("proved") / "base"))
    run = optimizer("prove", city, folder, "--time-limit", 6, cwd=city)
    assert run.returncode == 0, run.stderr
    return folder, run


@pytest.fixture
def stored(proved, tmp_path) -> Path:
    return Path(shutil.copytree(proved[0], tmp_path / "base"))


def _content(folder: Path) -> dict[str, object]:
    return json.loads(gzip.decompress((folder / "proof.json.gz").read_bytes()))


def _write(folder: Path, proof: dict[str, object]) -> None:
    (folder / "proof.json.gz").write_bytes(gzip.compress(json.dumps(proof).encode()))


def test_a_plan_is_proved_checked_and_rebuilt(city, proved):
    """The three ways of asking give the same numbers; only rebuilt rows say that no plan can."""
    folder, made = proved
    checked = optimizer("prove", city, folder, "--check", cwd=city)
    rebuilt = optimizer("prove", city, folder, "--check", "--rebuild", cwd=city)
    assert (checked.returncode, rebuilt.returncode) == (0, 0)
    assert rebuilt.stdout == made.stdout
    assert "no plan can have less" in rebuilt.stdout and "rows rebuilt" in rebuilt.stdout
    assert "no plan of these rows has less" in checked.stdout
    assert "no plan can" not in checked.stdout and "rebuilt" not in checked.stdout
    verified = optimizer("verify", city, folder, cwd=city)
    assert verified.returncode == 0, verified.stdout


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_what_is_told_fits(city, stored, lang):
    """No line is longer than 100 columns, in either language."""
    run = optimizer("prove", city, stored, "--check", "--rebuild", "--lang", lang, cwd=city)
    assert max(map(cell_len, run.stdout.splitlines())) <= 100
    assert {"en": "no plan can have less than", "ja": "計画はあり得ない"}[lang] in run.stdout


def test_the_proof_is_told_as_data(city, stored):
    """The JSON form has value and bound of every stage, and what later ones assume."""
    run = optimizer("prove", city, stored, "--check", "--json", cwd=city)
    data = json.loads(run.stdout)["data"]
    cost, travel = data["stages"]
    assert data["confirmed"] and not data["rows_rebuilt"]
    assert cost["objective"] == "staff_cost" and cost["bound"] <= cost["value"]
    assert travel["held"] == {"staff_cost": cost["value"]}


def test_a_proof_with_a_better_bound_is_refused(city, stored):
    """A bound that the leaves do not prove is a finding, code 1, in both languages."""
    proof = _content(stored)
    proof["stages"][0]["bound"] += 10**12
    _write(stored, proof)
    run = optimizer("prove", city, stored, "--check", "--json", cwd=city)
    data = json.loads(run.stdout)["data"]
    assert run.returncode == 1 and not data["confirmed"]
    assert data["findings"][0]["message_en"] and data["findings"][0]["message_ja"]


def test_rows_that_say_too_much_pass_the_check_and_not_the_rebuild(city, stored):
    """cost >= incumbent as a row proves the plan optimal; only rows made anew find it out."""
    proof = _content(stored)
    value = proof["stages"][0]["value"]
    objective = next(x for x in proof["rows"].split("\n") if x.startswith("objective"))
    _, offset, terms, _ = objective.split(" ", 3)
    count = proof["rows"].count("\nrow ")
    proof["rows"] += f'row {value - int(offset)} - {terms} ["too tight"]\n'
    proof["stages"] = [{"bound": value, "value": value, "held": [], "tree": [[1, count, 1]]}]
    _write(stored, proof)
    passed = optimizer("prove", city, stored, "--check", cwd=city)
    assert passed.returncode == 0 and "no plan of these rows" in passed.stdout
    caught = optimizer("prove", city, stored, "--check", "--rebuild", cwd=city)
    assert caught.returncode == 1 and "too tight" in caught.stdout


def test_a_proof_of_another_instance_is_refused(city, stored, tmp_path):
    """A proof is bound to the bytes of the files it was made from."""
    other = Path(shutil.copytree(city, tmp_path / "other"))
    file = other / "districts.csv"
    file.write_bytes(file.read_bytes() + b"\n")
    run = optimizer("prove", other, stored, "--check", cwd=city)
    assert run.returncode == 1 and "districts.csv" in run.stdout


def test_bad_input_is_told(city, stored, tmp_path):
    """Code 2 without a proof to check, and where options do not go together."""
    (stored / "proof.json.gz").unlink()
    assert optimizer("prove", city, stored, "--check", cwd=city).returncode == 2
    assert optimizer("prove", city, stored, "--rebuild", cwd=city).returncode == 2
    assert optimizer("prove", city, tmp_path / "none", cwd=city).returncode == 2


def test_an_altered_plan_is_not_proved(city, stored):
    """What `verify` finds is told first; nothing is proved about a plan that is not the stored one."""
    staff = stored / "plan" / "staff.csv"
    staff.write_text(staff.read_text() + "\n")
    before = (stored / "proof.json.gz").read_bytes()
    run = optimizer("prove", city, stored, "--time-limit", 2, cwd=city)
    assert run.returncode == 1 and "staff.csv" in run.stdout
    assert (stored / "proof.json.gz").read_bytes() == before


def test_that_there_is_no_plan_is_proved_for_what_clashes(city, tmp_path):
    """The proof is about the entries of the conflict alone, and bound to the files and changes."""
    out = tmp_path / "none.json.gz"
    asked = ("--set", "constraint.store_free.metres=100", "--out", out, "--lang", "en")
    made = optimizer("prove", city, *asked, cwd=city)
    assert made.returncode == 0, made.stderr
    assert "there is no plan" in made.stdout and "store_free" in made.stdout
    proof = json.loads(gzip.decompress(out.read_bytes()))
    assert proof["plan"] is None and "drop pace" in proof["changes"]
    again = optimizer("prove", city, out, "--check", "--rebuild", *asked[:2], "--json", cwd=city)
    data = json.loads(again.stdout)["data"]
    assert again.returncode == 0 and data["stages"][0]["no_plan"]
    proof["changes"][0] = "set constraint.store_free.metres=3000"
    out.write_bytes(gzip.compress(json.dumps(proof).encode()))
    other = optimizer("prove", city, out, "--check", "--rebuild", cwd=city)
    assert other.returncode == 1
    feasible = optimizer("prove", city, "--out", tmp_path / "x", cwd=city)
    assert feasible.returncode == 2 and not (tmp_path / "x").exists()


def test_a_proof_goes_to_other_checkers(city, stored, tmp_path):
    """One certificate for each stage, with the bounds that were checked."""
    out = tmp_path / "base.vipr"
    run = optimizer("prove", city, stored, "--export", "vipr", "--out", out, cwd=city)
    assert run.returncode == 0, run.stderr
    for stage, file in zip(_content(stored)["stages"], ("base.vipr", "base-2.vipr"), strict=True):
        low, high = checked((tmp_path / file).read_text())
        assert high - low == stage["value"] - stage["bound"]
    assert optimizer("prove", city, stored, "--export", "vipr", cwd=city).returncode == 2


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_proof_is_of_the_case_that_was_asked_for(city, tmp_path, lang):
    """That other changes leave no plan says nothing of the instance as it stands; what a proof is about
    is told whole, by the command and by the checker that stands alone.
    """
    out, change = tmp_path / "none.json.gz", "constraint.store_free.metres=100"
    optimizer("prove", city, "--set", change, "--out", out, cwd=city)
    of = {"en": "of another case: kumamoto-2015 (with set ", "ja": "別の場合の証明: kumamoto-2015"}
    for asked in ((), ("--set", "constraint.store_free.metres=200"), ("--drop", "pace")):
        for more in ((), ("--rebuild",)):
            run = optimizer("prove", city, out, "--check", *more, *asked, "--lang", lang, cwd=city)
            assert run.returncode == 1 and of[lang] in run.stdout
            assert {"en": "there is no plan", "ja": "計画はあり得ない"}[lang] not in run.stdout
    run = optimizer("prove", city, out, "--check", "--rebuild", "--set", change, "--lang", lang, cwd=city)  # fmt: skip
    told = " ".join(run.stdout.split())
    assert run.returncode == 0 and f"set {change}" in told and "store_free" in told
    files = [*city.glob("*.toml"), *city.glob("*.csv")]
    alone = [sys.executable, Path(check.__file__), out]
    for more, code in (
        ((), 0), (files, 1), (("--of", "elsewhere"), 1), (("--of", "kumamoto-2015"), 1),
        ((*files, "--of", "kumamoto-2015", f"set {change}"), 0),
    ):  # fmt: skip
        run = subprocess.run([*map(str, (*alone, *more))], capture_output=True, text=True)
        assert run.returncode == code, run.stderr
        assert f"set {change}" in run.stdout + run.stderr


def test_a_proof_without_what_others_rest_on_is_refused():
    """A rule that says what counts as near cannot be left out: the others would be other rules."""
    from optimizer.cli.actions.prove import needed

    rule = registry()["within_ward"]
    instance = rule.examples().instance
    entry = rule.examples().entry
    needed(replace(instance, entries=(entry,)), ["pace"])
    with pytest.raises(check.Refused, match="of another case"):
        needed(replace(instance, entries=(entry,)), [entry.id])
