"""`optimizer verify`, clause by clause: on whose word, how close, and every number computed anew."""

import json
import shutil
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.cli.conftest import optimizer


@pytest.fixture(scope="module")
def told(city, solved):
    """What `verify` says of a sound plan as data."""
    run = optimizer("verify", city, solved[0], "--json", cwd=city)
    assert run.returncode == 0, run.stdout
    return json.loads(run.stdout)["data"]


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_every_clause_is_told_with_its_sentence(city, solved, told, lang):
    """Every active entry has its count, its tightest readings and the policy's sentence, in 100 columns."""
    run = optimizer("verify", city, solved[0], "--lang", lang, cwd=city)
    assert run.returncode == 0
    lines = run.stdout.splitlines()
    assert max(map(cell_len, lines)) <= 100
    heads = [line for line in lines if line.startswith(("✓", "✗"))]
    assert [head.split(":")[0][2:] for head in heads] == [c["id"] for c in told["constraints"]]
    text = "".join(line.strip() for line in lines).replace(" ", "")
    limits = [c for c in told["constraints"] if c["unit"] and c["tightest"]]
    assert limits and any(c["policy"] for c in limits)
    for clause in told["constraints"]:
        for name, sentence in clause["policy"].items():
            assert f"{name}{sentence[lang]}".replace(" ", "") in text
    for clause in limits:
        for reading in clause["tightest"]:
            assert reading["text"][lang].replace(" ", "") in text


def test_the_data_hold_every_number(told, solved):
    """Costs, values and fairness in the data are those that `solve` stored, and are integers."""
    costs = (solved[0] / "costs.csv").read_text().splitlines()[1:]
    assert [row["yen"] for row in told["costs"]] == [int(line.split(",")[-1]) for line in costs]
    panel = (solved[0] / "fairness.csv").read_text().splitlines()[1:]
    assert [row["cvar"] for row in told["fairness"]] == [int(x.split(",")[-1]) for x in panel]
    for clause in told["constraints"]:
        assert clause["checked"] >= clause["binding"] and clause["violations"] == 0
        margins = [reading["margin"] for reading in clause["tightest"]]
        assert margins == sorted(margins) and all(type(margin) is int for margin in margins)


def test_a_broken_clause_is_marked(city, solved, tmp_path):
    """A plan typed by hand that breaks a rule ends with 1; the clause is marked and named."""
    hand = tmp_path / "hand"
    shutil.copytree(solved[0] / "plan", hand / "plan")
    staff = (hand / "plan" / "staff.csv").read_text().splitlines()
    place = next(n for n, line in enumerate(staff[1:], 1) if int(line.split(",")[-1]) > 1)
    staff[place] = ",".join([*staff[place].split(",")[:-1], "0"])
    (hand / "plan" / "staff.csv").write_text("\n".join(staff) + "\n")
    run = optimizer("verify", city, hand, cwd=city)
    assert run.returncode == 1
    assert any(line.startswith("✗ staff_conserved: ") for line in run.stdout.splitlines())


@pytest.mark.parametrize("how", ["a folder of tables", "a spreadsheet's UTF-8", "Windows lines"])
def test_a_plan_from_a_spreadsheet(city, solved, tmp_path, how):
    """Tables saved by a spreadsheet, with its mark at the start and its line ends, are a plan."""
    hand = Path(shutil.copytree(solved[0] / "plan", tmp_path / "hand"))
    if how != "a folder of tables":
        shutil.move(hand, tmp_path / "plan")
        hand.mkdir()
        shutil.move(tmp_path / "plan", hand / "plan")
        for path in (hand / "plan").iterdir():
            text = path.read_text()
            if how == "Windows lines":
                path.write_bytes(text.replace("\n", "\r\n").encode())
            else:
                path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    run = optimizer("verify", city, hand, cwd=city)
    assert run.returncode == 0, run.stderr + run.stdout[-500:]


def test_other_versions_are_told_and_are_no_finding(city, solved, tmp_path):
    """A plan made with another version of a package is verified all the same, and it is said."""
    from optimizer.files.seal import sealed

    copy = Path(shutil.copytree(solved[0], tmp_path / "copy"))
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["versions"]["pandas"] = "1.0.0"
    (copy / "manifest.json").write_bytes(sealed(manifest))
    run = optimizer("verify", city, copy, cwd=city)
    assert run.returncode == 0 and "made with pandas 1.0.0" in run.stdout


def test_a_folder_that_lost_its_manifest(city, solved, tmp_path):
    """Published numbers without a manifest are a finding, and are compared all the same."""
    copy = Path(shutil.copytree(solved[0], tmp_path / "copy"))
    (copy / "manifest.json").unlink()
    costs = (copy / "costs.csv").read_text()
    (copy / "costs.csv").write_text(costs[:-2] + ("1" if costs[-2] != "1" else "2") + "\n")
    run = optimizer("verify", city, copy, "--json", cwd=city)
    codes = {f["code"] for f in json.loads(run.stdout)["data"]["findings"]}
    assert run.returncode == 1 and codes == {"missing", "number"}
