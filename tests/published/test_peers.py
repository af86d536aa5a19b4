"""The comparison with other tools: all say the same of a tiny problem, and wrong names are refused."""

from importlib.util import find_spec

import pytest

from tests.benchmarks import peers
from tests.benchmarks.peer_models import PEERS, Job

TINY = {
    "p-median": Job("p-median", p=3, sites=8, customers=12),
    "p-center": Job("p-center", p=3, sites=8, customers=12),
    "mclp": Job("mclp", p=2, metres=2000, sites=8, customers=12),
    "lscp": Job("lscp", metres=5000, sites=8, customers=12),
}
HERE = [name for name, (needs, _) in PEERS.items() if all(map(find_spec, needs))]


@pytest.mark.parametrize("preset", TINY)
def test_peers_solve_the_same_problem(preset):
    """Every peer that is installed proves the same value; spopt, slow to import, is asked once."""
    names = HERE if preset == "p-median" else ["ours", "PuLP + CBC"]
    found = {name: peers.run_apart(name, TINY[preset], 60, 8000) for name in names}
    assert all(result.proved and not result.fault for result in found.values()), found
    assert len({result.value for result in found.values()}) == 1, found


def test_a_peer_without_memory_is_told():
    """A run that fails has no value, and says why."""
    result = peers.run_apart("ours", TINY["p-median"], 60, 60)
    assert result.value is None and not result.proved and result.fault


def test_the_page_is_written_with_the_peers_there_are(monkeypatch, tmp_path, capsys):
    """What is not installed is left out; the page has a row per peer and says which ratio is a limit."""
    monkeypatch.setattr(peers, "jobs", lambda: {"tiny": (TINY["p-median"], None)})
    monkeypatch.setattr(peers, "find_spec", lambda name: None)
    page = tmp_path / "peers.md"
    words = ["--only", "tiny", "--runs", "1", "--time-limit", "60", "--write", str(page)]
    assert peers.run(words) == 0
    told = capsys.readouterr().out
    assert "spopt + CBC is left out" in told
    assert page.read_text(encoding="utf-8").count("| random, 8 sites, 12 customers") == 1
    late = peers.Result(7, False, 60.0, 100)
    assert "| > 30.0 |" in peers.line("tiny", "spopt + CBC", late, None, 2.0)


@pytest.mark.parametrize("wrong", [["--only", "pmed0"], ["--peers", "abacus"]])
def test_unknown_names_are_refused(wrong):
    """The names that there are are listed instead."""
    with pytest.raises(SystemExit):
        peers.run(wrong)
