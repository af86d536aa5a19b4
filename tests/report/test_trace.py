"""The policy trace: nothing of the policy and no constraint is left out, readings are the plan's."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from optimizer.audit.stored import verify_folder
from optimizer.audit.verify import verify
from optimizer.base.words import LANGUAGES
from optimizer.cli.actions.trace import command
from optimizer.files.instance_folder import read_instance
from optimizer.files.solution_folder import read_plan
from optimizer.report.page.trace_page import trace_page
from optimizer.report.trace import Trace, margin_text, summary, tables, trace
from tests.cli.conftest import optimizer
from tests.conftest import KUMAMOTO

ROOT = KUMAMOTO.parents[1]
BASE = ROOT / "solutions" / "kumamoto-2015" / "base"
PAGE = Path("docs") / "policy-trace.md"


@pytest.fixture(scope="module")
def base() -> Trace:
    """The trace of the committed base solution."""
    return trace(verify_folder(KUMAMOTO, BASE).audit)


def changed(*changes: str) -> Trace:
    """Return the trace of the base plan measured against a changed instance."""
    instance = read_instance(KUMAMOTO, changes)
    return trace(verify(instance, read_plan(BASE, instance)))


def test_the_committed_page_is_fresh(base: Trace) -> None:
    """docs/policy-trace.md is exactly what the command in its first lines writes."""
    told = command(KUMAMOTO.relative_to(ROOT), BASE.relative_to(ROOT), PAGE)
    assert (ROOT / PAGE).read_text(encoding="utf-8") == trace_page(base, told)


def test_every_sentence_has_a_constraint_or_a_reason(base: Trace) -> None:
    """All sentences are there in their order; one without a constraint says why, in both languages."""
    assert [t.sentence.id for t in base.sentences] == list(base.instance.policy)
    for traced in base.sentences:
        assert bool(traced.entries) != (traced.why is not None)
        assert traced.why is None or (traced.why.en and traced.why.ja)
        assert all(traced.sentence.id in m.entry.source for m in traced.entries)


def test_every_constraint_is_traced(base: Trace) -> None:
    """Each entry of the instance stands under its sentences, or among those that have none."""
    assert {m.entry.id for m in base.entries} == {e.id for e in base.instance.entries}
    for measured in base.entries:
        under = [t.sentence.id for t in base.sentences if measured in t.entries]
        assert sorted(under) == sorted(measured.entry.source)
        assert (measured in base.unasked) == (not under)


def test_a_rule_without_a_constraint_is_a_gap(base: Trace) -> None:
    """Dropping the only entry of a rule makes the sentence a gap, which every form tells."""
    found = changed("drop plaza")
    assert set(found.gaps) - set(base.gaps) == {"P34"}
    assert "P34" in summary(found, "en")[-1] and "P34" in summary(found, "ja")[-1]
    left = next(table for table in tables(found, "ja") if table.id == "uncovered")
    assert ["P34", "規定"] in [list(row[:2]) for row in left.rows]
    (row,) = [line for line in trace_page(found, "").splitlines() if line.startswith("| P34 |")]
    assert "対応する制約がまだない" in row and "no constraint expresses" in row


def test_a_broken_rule_is_told_with_its_worst_place() -> None:
    """Violations are counted, and the tightest reading is the one furthest beyond its limit."""
    found = changed("set constraint.pace.changes=2")
    (pace,) = [m for m in found.entries if m.entry.id == "pace"]
    assert pace.violations > 0 and pace.margin is not None and pace.margin < 0
    assert margin_text(pace, "en") == f"{pace.margin} changes"
    assert "at most 2" in pace.tightest.en and "上限2" in pace.tightest.ja
    assert f"{pace.violations} broken, least margin {pace.margin} changes" in trace_page(found, "")


def test_a_sentence_that_several_constraints_express_names_them_all(base: Trace) -> None:
    """P36 is expressed by two entries; each stands there once."""
    (traced,) = [t for t in base.sentences if t.sentence.id == "P36"]
    assert {"no_worse", "plausible"} <= {m.entry.id for m in traced.entries}
    assert len(traced.entries) == len({m.entry.id for m in traced.entries})


def test_the_page_does_not_depend_on_order(base: Trace) -> None:
    """The page is the same when sentences are read from another mapping of the same content."""
    copy = replace(base.instance, policy=dict(base.instance.policy.items()))
    again = trace(verify(copy, read_plan(BASE, copy)))
    assert trace_page(again, "x") == trace_page(base, "x")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_command_prints_and_writes(lang: str, tmp_path: Path) -> None:
    """`trace` prints three tables in the language, --page writes the file whatever the language."""
    shown = optimizer("trace", KUMAMOTO, BASE, "--lang", lang, cwd=tmp_path)
    title = {"en": "Sentences that no constraint covers", "ja": "制約のない方針の文"}[lang]
    assert title in shown.stdout and "P29" in shown.stdout
    page = tmp_path / "page.md"
    wrote = optimizer("trace", KUMAMOTO, BASE, "--page", page, "--lang", lang, cwd=tmp_path)
    assert wrote.returncode == shown.returncode
    assert title not in wrote.stdout
    assert "## Sentences that no constraint covers" in page.read_text(encoding="utf-8")


def test_the_json_holds_the_trace(base: Trace, tmp_path: Path) -> None:
    """--json has every sentence with its constraints, every constraint with its reading in words."""
    run = optimizer("trace", KUMAMOTO, BASE, "--json", cwd=tmp_path)
    data = json.loads(run.stdout)["data"]
    assert [s["id"] for s in data["sentences"]] == list(base.instance.policy)
    entries = {e["id"]: e for e in data["constraints"]}
    assert "five_km" in next(s for s in data["sentences"] if s["id"] == "P29")["constraints"]
    assert entries["five_km"]["violations"] == 0 and entries["five_km"]["checked"] > 0
    assert entries["five_km"]["tightest_en"] and entries["five_km"]["tightest_ja"]
    assert data["rules_without_constraint"] == list(base.gaps)
    assert bool(data["findings"]) == (run.returncode == 1)
