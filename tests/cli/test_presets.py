"""`solve --preset` as a person meets it, and the examples of its page."""

import json
import re
import shlex
from pathlib import Path

import pytest

from tests.cli.test_cli import optimizer
from tests.conftest import KUMAMOTO
from tests.importers.files import write_matrix

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "presets.md"


@pytest.fixture(scope="module")
def towns(tmp_path_factory) -> Path:
    """Three towns on a line at 0, 30 and 100; the one in the middle counts ten times."""
    ways = [["0", "1.5", "5"], ["1.5", "0", "3.5"], ["5", "3.5", "0"]]
    names = ["west", "middle", "east"]
    return write_matrix(
        tmp_path_factory.mktemp("towns") / "towns.csv", names, names, ways, [1, 10, 2]
    )


@pytest.fixture(scope="module")
def solved(towns):
    """The best two sites, solved without --out: the folder is named after file and preset."""
    return optimizer("solve", towns, "--preset", "p-median", "-p", 2, "--gap", 0, cwd=towns.parent)


def test_the_outcome_tells_what_proved_it(solved, towns):
    """No engine ran: the bound is that of the location method, in words and in outcome.json."""
    assert "the location method claims that nothing is better" in solved.stdout
    folder = towns.parent / "solutions/towns-p-median-p2/base"
    stage = json.loads((folder / "outcome.json").read_text("utf-8"))["stages"][0]
    assert stage["method"] == "location"
    ask = ["solve", towns, "--preset", "p-median", "-p", 2, "--gap", 0, "--lang", "ja"]
    shown = optimizer(*ask, "--out", towns.parent / "ja", cwd=towns.parent)
    assert "最適(立地専用解法による" in shown.stdout


def test_value_sites_and_readings_are_printed_in_the_files_unit(solved, towns):
    """West goes to the middle, 1.5 times 1: the value has the decimals of the file."""
    assert solved.returncode == 0, solved.stderr
    assert "cost 1.5; optimal" in solved.stdout
    assert "2 of 3 sites open: east, middle" in solved.stdout
    assert "Constraint report" in solved.stdout and "assigned_once" in solved.stdout
    assert (towns.parent / "solutions/towns-p-median-p2/base/plan/modes.csv").is_file()


def test_verify_takes_preset_and_numbers_from_the_manifest(solved, towns):
    """A stored solution is checked against its file; another file or another p is found out."""
    place = towns.parent / "solutions" / "towns-p-median-p2" / "base"
    assert solved.returncode == 0
    good = optimizer("verify", towns, place, "--json", cwd=towns.parent)
    assert good.returncode == 0 and json.loads(good.stdout)["data"]["values"] == {"travel": 15}
    other = towns.with_name("other.csv")
    other.write_text(towns.read_text().replace("1.5", "1.4"), encoding="utf-8")
    assert optimizer("verify", other, place, cwd=towns.parent).returncode == 1
    manifest = json.loads((place / "manifest.json").read_text())
    assert manifest["problem"] == {"preset": "p-median", "format": "matrix", "p": 2}
    assert manifest["inputs"].keys() == {"towns.csv"}


def test_show_prints_the_stored_solution_again(solved, towns):
    """`show` finds the preset in the manifest too."""
    place = towns.parent / "solutions" / "towns-p-median-p2" / "base"
    shown = optimizer("show", place, "--instance", towns, "--lang", "ja", cwd=towns.parent)
    assert shown.returncode == 0 and "費用 1.5" in shown.stdout and "開設する候補地" in shown.stdout


def test_json_has_value_and_bound_as_exact_texts(towns, tmp_path):
    """A machine reads the value in the file's unit and how many integers make one unit."""
    run = optimizer(
        "solve", towns, "--preset", "p-median", "-p", 1, "--gap", 0, "--json", "--out", tmp_path / "x",
        cwd=tmp_path,
    )  # fmt: skip
    problem = json.loads(run.stdout)["data"]["problem"]
    # the middle: 1.5 x 1 + 3.5 x 2
    assert problem == {
        "preset": "p-median", "unit": "cost", "value": "8.5", "bound": "8.5",
        "per_unit": 10, "open": ["middle"],
    }  # fmt: skip


def test_what_cannot_be_covered_is_infeasible(tmp_path):
    """A customer further than --metres from every site leaves no plan: code 3, nothing stored."""
    path = write_matrix(tmp_path / "far.csv", ["s"], ["near", "far"], [[3], [5]])
    run = optimizer("solve", path, "--preset", "lscp", "--metres", 4, cwd=tmp_path)
    assert run.returncode == 3 and not list(tmp_path.rglob("*.json"))
    run = optimizer("solve", path, "--preset", "lscp", "--metres", 5, "--gap", 0, cwd=tmp_path)
    assert run.returncode == 0 and "open sites 1; optimal" in run.stdout


def test_numbers_are_checked_against_the_file_and_each_other(towns, tmp_path):
    """More sites than there are, or fewer at most than at least, are told before solving."""
    run = optimizer("solve", towns, "--preset", "p-median", "-p", 4, cwd=tmp_path)
    assert run.returncode == 2 and "1 to 3" in run.stderr
    less = ["--set", "constraint.sites.most=1"]
    run = optimizer("solve", towns, "--preset", "p-median", "-p", 2, *less, cwd=tmp_path)
    assert run.returncode == 2 and "constraint.sites.least" in run.stderr


BAD = {
    "unknown preset": (["--preset", "p-medium"], "one of: p-median"),
    "unknown format": (
        ["--preset", "p-median", "-p", "1", "--format", "xls"],
        "one of: orlib-pmed",
    ),
    "distance that is none": (["--preset", "lscp", "--metres", "far"], "e.g. 3000"),
    "no preset": (["-p", "2"], "add --preset"),
    "no preset, no option": ([], "--preset"),
    "parts of nothing": (["--preset", "cflp", "--parts", "0"], "parts"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_options_are_code_2(towns, tmp_path, name):
    """Every wrong name or number is told with the remedy, and nothing is written."""
    options, words = BAD[name]
    run = optimizer("solve", towns, *options, cwd=tmp_path)
    assert run.returncode == 2 and words in run.stderr
    assert "Traceback" not in run.stderr and list(tmp_path.iterdir()) == []


def test_a_city_takes_no_preset(tmp_path):
    """The constraints of a city stand in its instance.toml."""
    run = optimizer("solve", KUMAMOTO, "--preset", "p-median", "-p", 3, "--json", cwd=tmp_path)
    assert run.returncode == 2
    assert "instance.toml" in json.loads(run.stdout)["error"]["hint"]


EXAMPLES = re.findall(r"^\$ optimizer (solve .*)\n(.*)$", PAGE.read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize(("command", "said"), EXAMPLES)
def test_examples_of_the_page_run(tmp_path, command, said):
    """Every command on docs/presets.md gives the line that stands under it."""
    run = optimizer(*shlex.split(command), "--out", tmp_path / "x", cwd=ROOT)
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines()[1].strip() == said


def test_every_preset_has_an_example():
    """No preset and no format is left out of the page."""
    from optimizer.files.presets import presets
    from optimizer.importers.problem import FORMATS

    page = PAGE.read_text("utf-8")
    shown = " ".join(command for command, _ in EXAMPLES)
    assert all(f"--preset {name}" in shown and f"## {name}\n" in page for name in presets())
    assert all(f"`{name}`" in page for name in FORMATS)
