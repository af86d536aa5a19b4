"""Certificates for an unrelated checker: accepted where they hold, rejected where a number is wrong."""

import re
from random import Random

import pytest

from optimizer.proof.check import Refused, check
from optimizer.proof.make import packed
from optimizer.proof.vipr import certificate
from tests.proof.programs import GOOD, brute, packed_proof, random_rows
from tests.proof.vipr import RejectedError, checked

SEEDS = range(40)


def test_a_proof_made_by_hand() -> None:
    """The certificate of the proof in the documentation claims the same."""
    assert checked(certificate(packed(GOOD))) == (4, 4)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_certificate_claims_what_the_proof_claims(seed: int) -> None:
    """On random programs, of every stage; of one without a plan that there is none."""
    text = random_rows(seed)
    plans = brute(text)
    proof = packed_proof(text, plans[0][2] if plans else None)
    for number, stage in enumerate(check(proof).stages):
        found = checked(certificate(proof, number))
        offset = int(text.split("objective ")[number + 1].split(" ")[0])
        if stage.bound is None:
            assert found == (None, None)
        else:
            assert found == (stage.bound - offset, stage.value - offset)


def test_a_wrong_number_is_rejected() -> None:
    """Of certificates with one number altered, those that claim more than holds are all rejected."""
    random, rejected, tried = Random(1), 0, 0
    for seed in SEEDS:
        text = random_rows(seed)
        plans = brute(text)
        good = certificate(packed_proof(text, plans[0][2] if plans else None))
        offset = int(text.split("objective ")[1].split(" ")[0])
        begin = good.index("RTP")
        for _ in range(12):
            numbers = list(re.finditer(r"(?<= )-?[0-9]+(?=[ \n])", good[begin:]))
            at = random.choice(numbers)
            wrong = str(int(at[0]) + random.choice([-2, -1, 1, 2, 50]))
            bad = good[: begin + at.start()] + wrong + good[begin + at.end() :]
            tried += 1
            try:
                low, high = checked(bad)
            except (RejectedError, IndexError, ValueError, KeyError):
                rejected += 1
                continue
            if plans:  # what is still accepted is true
                assert low is None or low <= plans[0][0] - offset
                assert high is None or high >= plans[0][0] - offset
    assert rejected > tried / 3


def test_what_is_no_proof_has_no_certificate() -> None:
    """A claim that the leaves do not prove is refused before anything is written."""
    stage = {**GOOD["stages"][0], "bound": 5}
    with pytest.raises(Refused):
        certificate(packed({**GOOD, "stages": [stage]}))
