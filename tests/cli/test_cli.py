"""The command line as a person or a script meets it: exit codes, files, languages, JSON."""

import json
import os
import re
import signal
import subprocess
from dataclasses import fields

import pytest

from optimizer.solver.engines.capability import ENGINES, engine
from tests.cli.conftest import COMMAND, optimizer
from tests.conftest import KUMAMOTO


def test_solve_prints_and_stores_everything(solved):
    """`solve` ends with 0, prints every part, and stores plan, costs, readings, report, manifest."""
    folder, run = solved
    assert run.returncode == 0, run.stderr
    for title in (
        "Counters, year by year",
        "Staff (persons)",
        "Cost (million yen)",
        "Constraint report",
    ):
        assert title in run.stdout
    assert "no plan has less" in run.stdout
    files = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    wanted = {"costs.csv", "readings.csv", "outcome.json", "report.html", "manifest.json"}
    wanted |= {f"plan/{n}.csv" for n in ("modes", "assignments", "staff", "community_staff")}
    assert wanted <= files
    assert not [p for p in folder.parent.iterdir() if p.name.startswith(".")]


def test_tables_fit_a_hundred_columns(solved):
    """No printed line is wider than 100 columns, full-width characters counted twice."""
    from rich.cells import cell_len

    _, run = solved
    assert max(cell_len(line) for line in run.stdout.splitlines()[:-1]) <= 100


def test_verify_accepts_and_show_repeats(city, solved):
    """`verify` accepts the stored plan without finding; `show` prints it again in Japanese."""
    folder, _ = solved
    run = optimizer("verify", city, folder, "--json", cwd=city)
    assert run.returncode == 0
    data = json.loads(run.stdout)
    assert data["ok"] and data["schema"] == "optimizer/1" and data["data"]["findings"] == []
    shown = optimizer("show", folder, "--instance", city, "--lang", "ja", cwd=city)
    assert shown.returncode == 0 and "窓口の年度別の形態" in shown.stdout


def test_existing_solution_is_not_replaced_without_force(city, solved):
    """`--out` on an existing folder is refused before anything is solved."""
    folder, _ = solved
    before = (folder / "manifest.json").read_bytes()
    run = optimizer("solve", city, "--out", folder, cwd=city)
    assert run.returncode == 2 and "--force" in run.stderr
    assert (folder / "manifest.json").read_bytes() == before


def test_another_engine_is_named_in_the_outcome_and_refuses_what_it_cannot(city, tmp_path):
    """`--engine` decides who solves; the outcome says who did; an unsupported setting is code 6."""
    run = optimizer(
        "solve", city, "--out", tmp_path / "x", "--engine", "cp-sat", "--threads", 2,
        "--time-limit", 15, cwd=city,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert json.loads((tmp_path / "x" / "outcome.json").read_text())["engine"] == "CP-SAT"
    run = optimizer("solve", city, "--out", tmp_path / "y", "--threads", 2, cwd=city)
    assert run.returncode == 6 and "HiGHS does not take a number of threads" in run.stderr
    assert not (tmp_path / "y").exists()


def test_infeasible_is_code_3_in_both_languages(city, tmp_path):
    """A rule that cannot hold gives code 3 and a sentence, and writes nothing."""
    for lang, words in (("en", "no plan can satisfy"), ("ja", "満たす計画はない")):
        run = optimizer(
            "solve", city, "--out", tmp_path / "x", "--lang", lang,
            "--set", "constraint.store_free.metres=0", cwd=city,
        )  # fmt: skip
        assert run.returncode == 3 and words in run.stderr
        assert not (tmp_path / "x").exists()


def test_a_gap_that_the_user_set_must_be_proved(city, tmp_path):
    """With --gap and too little time the code is 4, and the plan is stored all the same."""
    run = optimizer(
        "solve", city, "--out", tmp_path / "x", "--time-limit", 8, "--gap", "0%", cwd=city
    )
    assert run.returncode in (0, 4)
    proved = json.loads((tmp_path / "x" / "outcome.json").read_text())["stages"][0]["gap"]
    assert (run.returncode == 0) == (float(proved) == 0)


def test_bad_input_is_code_2_with_place_and_remedy(city, tmp_path):
    """Bad options, paths and values name what is wrong; JSON has the same in both languages."""
    assert optimizer("solve", cwd=city).returncode == 2
    assert optimizer("solve", city, "--gap", "wide", cwd=city).returncode == 2
    run = optimizer("validate", city, "--set", "constraint.pace.changes=-1", "--json", cwd=city)
    assert run.returncode == 2
    error = json.loads(run.stdout)["error"]
    assert error["code"] == "input" and "constraint.pace.changes" in error["where"]
    assert error["message_en"] and error["message_ja"]
    assert optimizer("validate", city, "--drop", "nothing", cwd=city).returncode == 2


@pytest.mark.skipif(os.name != "posix", reason="signals are tested on POSIX")
def test_ctrl_c_keeps_the_plan_so_far(tmp_path):
    """The first Ctrl-C ends the solve; the plan found so far is checked and stored; code 130."""
    folder = tmp_path / "stopped"
    process = subprocess.Popen(
        [*COMMAND, "solve", str(KUMAMOTO), "--out", str(folder),
         "--time-limit", "90", "--gap", "0%"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
    )  # fmt: skip
    for line in process.stderr:
        if re.search(r"best [0-9]", line):
            break
    process.send_signal(signal.SIGINT)
    _out, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert (folder / "manifest.json").exists()
    assert optimizer("verify", KUMAMOTO, folder, cwd=tmp_path).returncode == 0


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_every_command_helps_in_both_languages(lang, tmp_path):
    """--help works everywhere and speaks the language asked for."""
    for command in ("solve", "validate", "verify", "show", "constraints", "travel", "doctor"):
        run = optimizer(command, "--help", cwd=tmp_path, OPTIMIZER_LANG=lang)
        assert run.returncode == 0
        assert ("フォルダ" in run.stdout or "制約" in run.stdout or "実行環境" in run.stdout) == (
            lang == "ja"
        )


def test_doctor_and_rule_book(tmp_path):
    """`doctor` finds the engines sound; the rule book lists every constraint with its parameters."""
    run = optimizer("doctor", "--json", cwd=tmp_path)
    assert run.returncode == 0
    engines = {c["engine"]: c for c in json.loads(run.stdout)["data"] if "engine" in c}
    assert set(ENGINES) <= set(engines)
    for key, check in engines.items():
        assert check["ok"] and check["version"], check
        assert all(check["can"][f] == getattr(engine(key), f) for f in check["can"])
        assert len(check["can"]) == len(fields(engine(key))) - 3  # name, adapter, solver
    rules = json.loads(optimizer("constraints", "--json", cwd=tmp_path).stdout)["data"]
    assert rules["yearly_pace"]["parameters"]["changes"]["required"]
    assert rules["yearly_pace"]["origin"] == "optimizer"
    assert optimizer("constraints", "nonsense", cwd=tmp_path).returncode == 2


def test_saboteurs_are_tried_and_told_in_both_languages(tmp_path):
    """`constraints --counterexamples` names each plan, what caught it, and a kill rate of 100 %."""
    run = optimizer("constraints", "--counterexamples", "--json", cwd=tmp_path)
    data = json.loads(run.stdout)["data"]
    assert (run.returncode, data["kill_rate_percent"]) == (0, 100)
    assert data["killed"] == data["tried"] == len(data["counterexamples"]) >= 3 * 18
    for lang, words in (("en", "(100 %)"), ("ja", "捕えた")):
        run = optimizer(
            "constraints", "one_mode", "--counterexamples", "--lang", lang, cwd=tmp_path
        )
        assert run.returncode == 0 and words in run.stdout and "unknown mode" in run.stdout


def test_the_old_name_of_the_option_still_works(tmp_path):
    """`--saboteurs` does what `--counterexamples` does."""
    new, old = (
        optimizer("constraints", "one_mode", option, cwd=tmp_path)
        for option in ("--counterexamples", "--saboteurs")
    )
    assert new.returncode == old.returncode == 0
    assert new.stdout == old.stdout and "(100 %)" in old.stdout


def test_documentation_pages_are_fresh():
    """docs/constraints/ is exactly what the rule book generates, whatever plug-ins are installed."""
    from optimizer.constraints import OURS, origins, registry
    from optimizer.report.rule_book import documentation

    place = KUMAMOTO.parents[1] / "docs" / "constraints"
    pages = documentation({n: rule for n, rule in registry().items() if origins()[n] == OURS})
    assert {p.name: p.read_text(encoding="utf-8") for p in place.iterdir()} == pages
