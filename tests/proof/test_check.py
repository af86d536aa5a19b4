"""The checker against brute force on tiny programs, and against files made to trick it."""

import gzip
import json

import pytest

from optimizer.proof.check import UNPACKED, Refused, check
from optimizer.proof.make import packed
from tests.proof.programs import GOOD, brute, packed_proof, random_rows

SEEDS = range(40)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_proof_closes_on_the_optimum_that_brute_force_finds(seed: int) -> None:
    """On programs whose plans can all be tried, the checked bound is the optimum, stage by stage."""
    text = random_rows(seed)
    plans = brute(text)
    checked = check(packed_proof(text, plans[0][2] if plans else None))
    if not plans:
        assert [stage.bound for stage in checked.stages] == [None]
        return
    cost, travel, _ = plans[0]
    assert [stage.bound for stage in checked.stages] == [cost, travel]
    assert checked.stages[1].held == [('["cost"]', cost)]


def test_there_are_programs_with_and_without_plans() -> None:
    """The random programs put both claims to the test."""
    assert {bool(brute(random_rows(seed))) for seed in SEEDS} == {True, False}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_plan_that_is_not_the_best_is_not_called_so(seed: int) -> None:
    """The proof of a worse plan bounds by at most the optimum, whatever plan it was given."""
    text = random_rows(seed)
    plans = brute(text)
    if not plans:
        pytest.skip("no plan to begin from")
    stage = check(packed_proof(text, plans[-1][2])).stages[0]
    assert stage.bound <= plans[0][0] <= stage.value


def test_a_proof_made_by_hand_is_accepted() -> None:
    """What the documentation tells in words is what the checker takes."""
    (stage,) = check(packed(GOOD)).stages
    assert (stage.bound, stage.value, stage.leaves) == (4, 4, 2)


def _written(text: str) -> bytes:
    return gzip.compress(text.encode(), mtime=0)


def _with(old: str, new: str) -> bytes:
    text = json.dumps(GOOD)
    assert old in text
    return _written(text.replace(old, new, 1))


TRAPS = {
    "nothing": b"",
    "not gzip": b"{}",
    "cut short": packed(GOOD)[:-9],
    "something follows": packed(GOOD) + b"x",
    "two members": packed(GOOD) + packed(GOOD),
    "not JSON": _written("{"),
    "a deep nest": _written("[" * 100_000),
    "NaN": _with('"proof": 1', '"proof": NaN'),
    "a float": _with('"proof": 1', '"proof": 1.0'),
    "true for 1": _with('"proof": 1', '"proof": true'),
    "a key twice": _with('"proof": 1', '"proof": 1, "proof": 1'),
    "a key more": _with('"proof": 1', '"proof": 1, "extra": 1'),
    "another form": _with('"proof": 1', '"proof": 2'),
    "a huge number": _with('"proof": 1', '"proof": ' + "9" * 5000),
    "no stage": packed({**GOOD, "stages": []}),
    "stages that are none": packed({**GOOD, "stages": 5}),
    "full-width digits": packed({**GOOD, "rows": GOOD["rows"].replace("int ", "int \uff11", 1)}),
    "underscored digits": packed({**GOOD, "rows": GOOD["rows"].replace("0:", "0:1_", 1)}),
    "a continuous column": packed({**GOOD, "rows": GOOD["rows"].replace("int ", "real ", 1)}),
    "rows of no form": packed({**GOOD, "rows": "\n"}),
    "a plan too short": packed({**GOOD, "plan": []}),
    "a plan of no numbers": packed({**GOOD, "plan": "0"}),
    "not UTF-8": gzip.compress(b"\xff\xfe{}"),
}


@pytest.mark.parametrize("trap", TRAPS)
def test_a_trap_is_refused_in_words(trap: str) -> None:
    """What is no proof is refused with a reason in both languages, never with another error."""
    with pytest.raises(Refused) as refused:
        check(TRAPS[trap])
    assert len(refused.value.args) == 2 and all(refused.value.args)


def test_a_file_that_unpacks_to_too_much_is_refused() -> None:
    """A few hundred kilobytes that unpack to more than the limit are not unpacked whole."""
    with pytest.raises(Refused, match=str(UNPACKED)):
        check(gzip.compress(bytes(UNPACKED + 1), 9))


@pytest.mark.parametrize(
    "tree",
    [
        [],
        [[]],
        [[-1]],
        [[1, 0]],
        [[1, 99, 1]],
        [["row"]],
        [["row", 0, 1, 1, 1], [1]],
        [["row", 0, 1, 0, 0]],
        [["row", [], 1, 1, 2], [1], [1]],
        [["place", 0, 1, 1, 2], [1], [1]],
        [["column", 99, 1, 1, 2], [1], [1]],
        [["column", 0, 1, 1, 5], [1], [1]],
        [["column", 0, True, 1, 2], [1], [1]],
        [[1], [1]],
        [{"scale": 1}],
        [None],
        {},
        None,
        "x",
    ],
)
def test_a_tree_that_does_not_cover_the_space_is_refused(tree: object) -> None:
    """Nodes that are missing, shared, hanging or of no form are refused, not skipped."""
    stage = {**GOOD["stages"][0], "tree": tree, "bound": -(10**6)}
    with pytest.raises(Refused):
        check(packed({**GOOD, "stages": [stage]}))
