"""How a run ends: readers that leave, Ctrl-C once and twice, bad usage, too little memory."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from optimizer.cli.ending import Patient
from tests.cli.conftest import COMMAND, optimizer

POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and pipes are tested on POSIX")

INTERRUPTS = """
import atexit, os, signal
import optimizer.solver.solve as solving
run = solving.Search.run
def interrupted(self):
    for _ in range({times}):
        os.kill(os.getpid(), signal.SIGINT)
    run(self)
solving.Search.run = interrupted
atexit.register(os.kill, os.getpid(), signal.SIGINT)
from optimizer.cli.main import main
main()
"""


def without_reader(*arguments: object, cwd: Path) -> subprocess.CompletedProcess:
    """Run the command line with a stdout that nobody reads any more."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        return subprocess.run(
            [*COMMAND, *map(str, arguments)],
            cwd=cwd,
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
        )
    finally:
        os.close(writing)


@POSIX
@pytest.mark.parametrize("options", [(), ("--json",), ("--demand",)])
def test_a_reader_that_leaves_is_no_failure(city, options):
    """`show ... | head` ends quietly with 0, however much was left to print."""
    run = without_reader("show", city, *options, cwd=city)
    assert (run.returncode, run.stderr) == (0, "")


@POSIX
def test_a_reader_that_leaves_does_not_hide_findings(city, solved, tmp_path):
    """The code of `verify` is that of its findings also where nobody reads them to the end."""
    folder = tmp_path / "hand"
    (folder / "plan").mkdir(parents=True)
    for path in (solved[0] / "plan").iterdir():
        text = path.read_text(encoding="utf-8")
        (folder / "plan" / path.name).write_text(text.replace("closed", "store"), encoding="utf-8")
    run = without_reader("verify", city, folder, cwd=city)
    assert (run.returncode, run.stderr) == (1, "")


@pytest.mark.parametrize("eager", ["line_buffering", "write_through"])
def test_what_was_written_at_once_still_is(eager):
    """A stream that does not wait (stderr, PYTHONUNBUFFERED) does not wait afterwards either."""
    under = io.BytesIO()
    stream = Patient.of(io.TextIOWrapper(under, encoding="ascii", **{eager: True}))
    stream.write("窓口\n")
    assert under.getvalue().decode() == "窓口\n"


@POSIX
@pytest.mark.parametrize("times", [1, 2, 3])
def test_ctrl_c_before_the_first_plan(city, tmp_path, times):
    """Once or several times, also while Python ends: code 130, `interrupted`, and no traceback."""
    run = subprocess.run(
        [sys.executable, "-c", INTERRUPTS.format(times=times), "solve", str(city), "--json",
         "--out", str(tmp_path / "x")],
        cwd=city, capture_output=True, text=True, encoding="utf-8", timeout=120,
    )  # fmt: skip
    assert run.returncode == 130, run.stderr
    error = json.loads(run.stdout)["error"]
    assert error["code"] == "interrupted"
    assert "time-limit" not in error["message_en"] and "中断" in error["message_ja"]
    assert "Traceback" not in run.stderr
    assert not (tmp_path / "x").exists()


def test_interrupted_is_told_in_words(city, tmp_path):
    """Without --json the person is told that it was interrupted before the first plan."""
    run = subprocess.run(
        [sys.executable, "-c", INTERRUPTS.format(times=1), "solve", str(city),
         "--out", str(tmp_path / "x"), "--lang", "en"],
        cwd=city, capture_output=True, text=True, encoding="utf-8", timeout=120,
    )  # fmt: skip
    assert run.returncode == 130 and "interrupted before the first plan" in run.stderr


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("solve", ".", "--no-such"), "--no-such"),
        (("solve",), "INSTANCE"),
        (("solve", ".", "--time-limit", "soon"), "--time-limit"),
        (("solve", ".", "--memory", "-1"), "--memory"),
        (("solve", ".", "--lang", "fr"), "--lang"),
        (("sovle", "."), "sovle"),
        (("solve", ".", "extra"), "extra"),
    ],
)
def test_bad_usage_says_what_is_wrong_in_json(arguments, named, tmp_path):
    """The JSON of a usage error names the option or argument, in both languages; stderr does too."""
    run = optimizer(*arguments, "--json", cwd=tmp_path)
    assert run.returncode == 2
    error = json.loads(run.stdout)["error"]
    assert error["code"] == "usage"
    assert named in error["message_en"] and named in error["message_ja"]
    assert named in run.stderr


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_too_little_memory_is_said(city, tmp_path, lang):
    """An engine that cannot start within --memory is an engine failure that names the option."""
    run = optimizer(
        "solve", city, "--out", tmp_path / "x", "--memory", 20, "--lang", lang, cwd=city
    )
    assert run.returncode == 6 and "--memory" in run.stderr and "20 MiB" in run.stderr
