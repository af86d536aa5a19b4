"""Killed, out of space, without permission, two at once: the old solution or the new one, whole."""

import json
import os
import resource
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from optimizer.base.errors import InputError
from optimizer.cli.actions.storing import store
from optimizer.files import exchange as exchanging
from optimizer.files.added import add_files
from optimizer.files.exchange import exchange
from optimizer.files.solution_folder import MANIFEST, sha256, write_solution

pytestmark = pytest.mark.skipif(os.name != "posix", reason="forks and kills")

OLD = {f"plan/{n}.csv": "old\n" * 50 for n in ("modes", "staff", "assignments")}
NEW = dict.fromkeys(OLD, "new\n" * 500) | {"report.html": "new" * 9000}


def state(folder: Path) -> str:
    """Return "old" or "new" if the folder is one of them to the last file, else what is wrong."""
    if not folder.exists():
        return "gone"
    recorded = json.loads((folder / MANIFEST).read_text())["outputs"]
    there = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    if there != {*recorded, MANIFEST}:
        return f"other files: {there}"
    if any(sha256(folder / name) != digest for name, digest in recorded.items()):
        return "mixed"
    return (folder / "plan/modes.csv").read_text()[:3]


def forked(work: Callable[[], object]) -> int:
    """Start `work` in a child of its own; returns its number."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    return child


def killed_at(step: int, work: Callable[[], object]) -> bool:
    """Run `work` in a child that is killed at its `step`-th call of the system; whether it was."""

    def dying() -> None:
        left = step

        def count(event: str, _: object) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        work()

    _, status = os.waitpid(forked(dying), 0)
    return os.WIFSIGNALED(status)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A stored old solution."""
    write_solution(tmp_path / "base", OLD, {"format": 1}, force=False)
    return tmp_path / "base"


WRITERS = {
    "solve --force": lambda place: write_solution(place, NEW, {"format": 1}, force=True),
    "report or prove": lambda place: add_files(place, NEW),
}


@pytest.mark.parametrize("writer", WRITERS)
def test_killed_at_every_call_of_the_system(place, writer):
    """Wherever a run is killed while it writes, the folder is the old solution or the new one."""
    seen, step = set(), 0
    while True:
        step += 1
        alive = not killed_at(step, lambda: WRITERS[writer](place))
        found = state(place)
        assert found in ("old", "new"), (step, found)
        seen.add(found)
        if alive:
            break
        if found == "new":  # the next death is again one before the exchange
            shutil.rmtree(place)
            write_solution(place, OLD, {"format": 1}, force=False)
        for rest in place.parent.glob(".*"):
            shutil.rmtree(rest)
    assert seen == {"old", "new"} and step > 20


def test_killed_at_random_moments(place):
    """The same, killed by the clock at moments that nobody chose."""
    random, seen = Random(5), set()
    for _ in range(50):
        child = forked(lambda: [WRITERS["solve --force"](place) for _ in range(100)])
        time.sleep(random.uniform(0, 0.02))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        seen.add(state(place))
        if random.random() < 0.5:
            shutil.rmtree(place)
            write_solution(place, OLD, {"format": 1}, force=False)
    assert seen <= {"old", "new"}


def test_two_runs_that_write_one_folder(place):
    """Of runs that replace the same solution at once, one is whole in the place, none is mixed."""
    texts = {n: dict.fromkeys(OLD, f"{n:03}\n" * 400) for n in range(3)}
    for _ in range(10):
        children = [
            forked(lambda n=n: write_solution(place, texts[n], {"format": 1}, force=True))
            for n in texts
        ]
        for child in children:
            os.waitpid(child, 0)
        assert state(place) in ("000", "001", "002")
        assert len({(place / name).read_text() for name in OLD}) == 1


def test_a_folder_is_exchanged_where_there_is_no_single_step(place, monkeypatch):
    """On a file system that cannot exchange names, two renames do the same."""
    monkeypatch.setattr(exchanging, "_at_once", lambda a, b: False)
    write_solution(place, NEW, {"format": 1}, force=True)
    assert state(place) == "new"
    add_files(place, OLD)
    assert (place / "plan/modes.csv").read_text() == OLD["plan/modes.csv"]
    assert [p.name for p in place.parent.iterdir()] == ["base"]


def test_an_exchange_that_fails_says_so(tmp_path):
    """A name that is not there is an error, and the other one stays."""
    (tmp_path / "a").mkdir()
    with pytest.raises(OSError):
        exchange(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "a").is_dir()


def test_a_link_to_a_solution_is_replaced_and_its_aim_kept(place, tmp_path):
    """With --force on a link, the link becomes the new solution; what it led to stays."""
    (tmp_path / "link").symlink_to(place)
    write_solution(tmp_path / "link", NEW, {"format": 1}, force=True)
    assert (state(tmp_path / "link"), state(place)) == ("new", "old")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["base", "link"]


def with_small_disk(work: Callable[[], object]) -> tuple[int, str]:
    """Run `work` where no file can be longer than 3,000 bytes; return its code and what it said."""
    read, write = os.pipe()

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))
        try:
            work()
            os.write(write, b"written")
        except InputError as error:
            os.write(write, error.problems[0].say("en").encode())
        except BaseException as error:
            os.write(write, f"traceback {error!r}".encode())

    _, status = os.waitpid(forked(limited), 0)
    os.close(write)
    with os.fdopen(read) as pipe:
        return status, pipe.read()


@pytest.mark.parametrize("writer", WRITERS)
def test_a_full_disk(place, writer):
    """Where writing fails half-way the old solution stays, nothing lies about, and it is said."""
    _, said = with_small_disk(lambda: WRITERS[writer](place))
    assert "cannot be written" in said and "check the folder" in said, said
    assert state(place) == "old"
    assert [p.name for p in place.parent.iterdir()] == ["base"]


@pytest.mark.parametrize("writer", WRITERS)
def test_a_folder_that_may_not_be_written(place, writer, monkeypatch):
    """A read-only folder is told; root ignores permissions, so the system's answer is made up."""

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkdtemp", refused)
    with pytest.raises(InputError, match="Permission denied"):
        WRITERS[writer](place)
    monkeypatch.undo()
    assert state(place) == "old"


def test_a_finished_plan_goes_elsewhere(tmp_path, monkeypatch):
    """If the place of a finished plan cannot be written any more, it is stored elsewhere, told so."""
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "elsewhere"))
    (tmp_path / "gone").write_text("a file where the folder was")
    with pytest.raises(InputError) as caught:
        store(tmp_path / "gone" / "base", NEW, {"format": 1}, force=False)
    for lang in ("en", "ja"):
        assert str(tmp_path / "elsewhere" / "optimizer-base") in caught.value.problems[0].say(lang)
    assert state(tmp_path / "elsewhere" / "optimizer-base") == "new"


def test_a_finished_plan_is_printed_at_last(tmp_path, monkeypatch, capsys):
    """If it can be stored nowhere, its tables are printed."""
    (tmp_path / "gone").write_text("")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    with pytest.raises(InputError, match="printed instead"):
        store(tmp_path / "gone" / "base", NEW, {"format": 1}, force=False)
    printed = capsys.readouterr().out
    assert printed.count("# plan/") == 3 and NEW["plan/staff.csv"] in printed
