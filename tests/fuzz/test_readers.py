"""Every reader, on valid input that was spoilt a little: accepted, or refused in words."""

import os
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.base.errors import InputError
from optimizer.files.instance_folder import read_instance
from tests.fuzz.readers import Reader, readers, tried
from tests.sabotage.stored import stored

SLOW = {"instance": 25, "changes": 25, "sweep": 15, "solution": 12, "plan": 12}
"""Readers that read a whole city, and how often; the others are tried `OFTEN`."""

OFTEN = int(os.environ.get("FUZZ", "60"))
NAMES = (
    "instance", "scenario", "changes", "solution", "plan", "areas", "proof", "answers", "sweep",
    "problem pmed", "problem uflp", "problem holmberg", "problem diaz", "problem pmedcap",
    "problem tsplib", "problem matrix",
)  # fmt: skip


@pytest.fixture(scope="module")
def all_readers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Reader]:
    """The readers of a small city, of its solution and of benchmark files."""
    place = tmp_path_factory.mktemp("fuzz")
    sound = stored(place)
    return readers(sound.city, sound.solution, place)


def test_every_reader_is_tried(all_readers):
    """The list of names is that of the readers, and all of them take what nobody spoilt."""
    assert set(all_readers) == set(NAMES)
    for reader in all_readers.values():
        reader.read()


@pytest.mark.parametrize("name", NAMES)
def test_spoilt_files_are_refused_in_words(all_readers, name):
    """No error but an InputError, in both languages, with place and remedy; or it is accepted."""
    said: Counter[bool] = Counter()

    @settings(max_examples=SLOW.get(name, 60) * OFTEN // 60)
    @given(st.integers(0, 2**32))
    def spoil(seed: int) -> None:
        said[bool(tried(all_readers[name], Random(f"{name} {seed}"))[1])] += 1

    spoil()
    assert said[True], "nothing that was spoilt was refused"


def test_bytes_that_are_no_text_in_a_change(all_readers, tmp_path):
    """What a shell hands over that is no UTF-8 is refused, not met as an error of encoding."""
    city = Path(all_readers["areas"].files[0]).parent
    for change in ("set assumptions.wage=\udcd5", "set points.csv[point_id=\udc80].note=x"):
        with pytest.raises(InputError) as caught:
            read_instance(city, [change])
        caught.value.problems[0].say("ja").encode()
