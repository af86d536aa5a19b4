"""The whole command, killed at random moments and short of disk: the old solution or the new one."""

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from optimizer.audit.stored import verify_folder
from tests.cli.conftest import COMMAND, optimizer

KILLS = int(os.environ.get("KILLS", "4"))
"""How often the command is killed; each time takes as long as a solve at most."""


def test_killed_at_random_moments(city, solved, tmp_path):
    """Whenever `solve --force` is killed, the folder verifies: it is the old plan or the new one."""
    place = Path(shutil.copytree(solved[0], tmp_path / "base"))
    args = [*COMMAND, "solve", str(city), "--out", str(place), "--force", "--time-limit", "2"]
    luck, started = random.Random(3), time.monotonic()
    whole = subprocess.run(args, cwd=city, capture_output=True)
    assert whole.returncode == 0
    seconds = time.monotonic() - started
    ended = 0
    for _ in range(KILLS):
        run = subprocess.Popen(args, cwd=city, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(luck.uniform(0.3, 1.05) * seconds)
        ended += run.poll() is not None
        run.send_signal(signal.SIGKILL)
        run.wait()
        assert verify_folder(city, place).findings == ()
    assert ended < KILLS or KILLS == 0, "every run had ended before it was killed"


LATE = """
import resource, sys
from optimizer.cli.actions import solve
measure = solve.verify
def late(*plan):
    resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))
    return measure(*plan)
solve.verify = late
from optimizer.cli.main import main
main()
"""
"""The command, on a disk that is full from the moment at which the plan is found."""


def _solve(city: Path, out: Path, *program: str, **options: object) -> subprocess.CompletedProcess:
    return subprocess.run(
        [*program, "solve", str(city), "--out", str(out), "--time-limit", "3"],
        cwd=city,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        **options,
    )


@pytest.mark.skipif(os.name != "posix", reason="limits the size of files")
def test_a_disk_that_is_full_after_the_solve(city, tmp_path):
    """A plan that cannot be stored anywhere is printed; code 2, words, no traceback."""
    run = _solve(city, tmp_path / "x", sys.executable, "-c", LATE)
    assert run.returncode == 2, run.stderr
    assert "cannot be written" in run.stderr and "Traceback" not in run.stderr
    assert "# plan/modes.csv" in run.stdout and "# plan/assignments.csv" in run.stdout
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(os.name != "posix", reason="limits the size of files")
def test_a_disk_that_is_full_before_the_solve(city, tmp_path):
    """Where not even the program can be handed to the engine, that is said, with code 6."""
    full = (resource.RLIMIT_FSIZE, (500, 500))
    run = _solve(city, tmp_path / "x", *COMMAND, preexec_fn=lambda: resource.setrlimit(*full))
    assert run.returncode == 6, run.stderr
    assert "TMPDIR" in run.stderr and "Traceback" not in run.stderr
    assert not list(tmp_path.iterdir())


def test_an_instance_that_may_not_be_read(city, tmp_path):
    """A folder in the place of a table, which nobody can read, is told with its name."""
    copy = Path(shutil.copytree(city, tmp_path / "city"))
    (copy / "rooms.csv").unlink()
    (copy / "rooms.csv").mkdir()
    run = optimizer("validate", copy, cwd=tmp_path)
    assert run.returncode == 2 and "rooms.csv" in run.stderr and "Traceback" not in run.stderr
