"""What the tests of the command line share: a way to run it, a small city, a stored solution of it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import KUMAMOTO
from tests.small import write_west_ward

COMMAND = [sys.executable, "-m", "optimizer.cli.main"]


def optimizer(*arguments: object, cwd: Path, **environment: str) -> subprocess.CompletedProcess:
    """Run the command line; returns code, stdout and stderr as text."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "LC_ALL": "C.UTF-8", **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )


INTERRUPTED_WHEN_IT_TELLS = """
import os, signal
from optimizer.cli import main, output
told = output.tell
def tell(text):
    output.tell = told
    told(text)
    os.kill(os.getpid(), signal.SIGINT)
output.tell = tell
main.main()
"""


def interrupted_between_solves(*arguments: object, cwd: Path) -> subprocess.CompletedProcess:
    """Run the command line with a Ctrl-C at the first line that it tells on the way."""
    return subprocess.run(
        [sys.executable, "-c", INTERRUPTED_WHEN_IT_TELLS, *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )


@pytest.fixture(scope="session")
def city(tmp_path_factory) -> Path:
    """The west ward as an instance folder."""
    return write_west_ward(KUMAMOTO, tmp_path_factory.mktemp("city") / "west")


@pytest.fixture(scope="session")
def solved(city, tmp_path_factory) -> tuple[Path, subprocess.CompletedProcess]:
    """A solution of the west ward and what was printed."""
    folder = tmp_path_factory.mktemp("solved") / "base"
    run = optimizer("solve", city, "--out", folder, "--time-limit", 12, cwd=city)
    return folder, run
