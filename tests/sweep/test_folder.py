"""Cases on disk: what is handed on is what was stored, and nothing that its own plan refutes."""

import json
from dataclasses import replace

import pytest

from optimizer.audit.verify import verify
from optimizer.files.seal import sealed
from optimizer.files.solution_folder import manifest_data, sha256
from optimizer.model.example import town, town_plan
from optimizer.model.outcome import Outcome, Stage
from optimizer.objectives.staff_cost import StaffCost
from optimizer.solver.solve import SolveSettings
from optimizer.sweep.cases import Case
from optimizer.sweep.folder import CaseFolder
from optimizer.sweep.sweep import Solved
from tests.tiny import with_entries

CITY = replace(with_entries(town()), fingerprint="x", objectives=(StaffCost(),))
VALUE = verify(CITY, town_plan()).values["staff_cost"]
CLAIM = Outcome("X", "1", (Stage("staff_cost", "optimal", VALUE, VALUE, 1.0),))


@pytest.fixture
def store(tmp_path) -> CaseFolder:
    """A folder with one case, kept as `key`."""
    found = CaseFolder(tmp_path, (), SolveSettings())
    found.put("key", Case("a", ()), CITY, Solved(town_plan(), CLAIM, 1.0, False))
    return found


def test_what_was_stored_is_handed_on(store):
    """The plan and the claim come back; nothing under another key, or of another instance."""
    assert store.get("key", CITY).outcome == CLAIM
    assert store.get("other", CITY) is None
    assert store.get("key", replace(CITY, fingerprint="y")) is None


@pytest.mark.parametrize(
    "lie",
    [
        {"status": "infeasible", "value": None, "bound": None, "gap": None},
        {"bound": VALUE + 1},
        {"divided": VALUE + 1},
    ],
)
def test_what_the_plan_refutes_is_solved_anew(store, lie):
    """A sealed outcome that its own plan shows to be false is no answer."""
    folder = store.folder("key")
    outcome = json.loads((folder / "outcome.json").read_text())
    outcome["stages"][0] |= lie
    (folder / "outcome.json").write_text(json.dumps(outcome))
    manifest = manifest_data(folder)
    manifest["outputs"]["outcome.json"] = sha256(folder / "outcome.json")
    (folder / "manifest.json").write_bytes(sealed(manifest))
    assert store.get("key", CITY) is None


def test_a_broken_seal_is_solved_anew(store):
    """So is what somebody wrote into without sealing it."""
    manifest = store.folder("key") / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"case": "a"', '"case": "b"'))
    assert store.get("key", CITY) is None
