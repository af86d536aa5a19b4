"""What a plan was asked for stands before anything that is said of it."""

import json
import shutil
from pathlib import Path

import pytest

from optimizer.files.instance_folder import fingerprint, read_instance
from optimizer.files.seal import sealed
from tests.cli.conftest import optimizer
from tests.conftest import KUMAMOTO

DROPS = ("drop no_worse", "drop plausible", "drop steady", "drop five_km")


def resealed(solution: Path, city: Path, place: Path, *changes: str) -> Path:
    """A copy of a solution whose manifest says, sealed, that it was made under `changes`."""
    copy = Path(shutil.copytree(solution, place))
    manifest = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    manifest |= {"changes": list(changes), "fingerprint": fingerprint(city, changes)}
    (copy / "manifest.json").write_bytes(sealed(manifest))
    return copy


def test_dropped_rules_are_named_in_the_verdict(city, solved, tmp_path):
    """A sealed manifest that leaves out four rules holds under four changed rules, by name."""
    copy = resealed(solved[0], city, tmp_path / "copy", *DROPS)
    (copy / "readings.csv").unlink()  # they are of fewer rules now
    manifest = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    del manifest["outputs"]["readings.csv"]
    (copy / "manifest.json").write_bytes(sealed(manifest))
    for lang, words, out in (
        ("en", "under 4 changed rules: ", "left out"),
        ("ja", "変更した制約4件の下で", "除外"),
    ):
        run = optimizer("verify", city, copy, "--lang", lang, cwd=city)
        assert run.returncode == 0, run.stdout
        head, verdict = run.stdout[:900], "".join(run.stdout.splitlines()[-3:])
        assert words in verdict and verdict.count(out) == 4
        assert all(name.split()[1] in head for name in DROPS)
        shown = optimizer("show", copy, "--instance", city, "--lang", lang, cwd=city).stdout
        assert shown.splitlines()[:5] == run.stdout.splitlines()[:5] and words in shown
    for command in (("verify", city, copy), ("show", copy, "--instance", city)):
        data = json.loads(optimizer(*command, "--json", cwd=city).stdout)["data"]
        assert {(r["id"], r["how"]) for r in data["asked"]["rules"]} == {
            (name.split()[1], "dropped") for name in DROPS
        }
        assert data["asked"]["changes"] == list(DROPS)
        assert "under 4 changed rules" in data["verdict_en"]


def test_an_unchanged_instance_is_said_to_be_so(city, solved):
    """Nothing changed: that is said first, and the verdict has no but."""
    run = optimizer("verify", city, solved[0], cwd=city)
    assert run.stdout.startswith("asked: kumamoto-2015 as it stands\n")
    assert run.stdout.splitlines()[-1] == "every constraint holds; every number agrees"


@pytest.mark.parametrize(
    ("change", "how"),
    [
        ("set constraint.five_km.metres=6000", "loosened"),
        ("set constraint.five_km.metres=4000", "tightened"),
        ('set constraint.pace.kinds=["plaza"]', "changed"),
        ("drop pace", "dropped"),
        (
            'add constraint={ type = "open_count", id = "few", kinds = ["branch"], most = 99 }',
            "added",
        ),
        ("set assumptions.wage=8000000", None),
    ],
)
def test_how_a_rule_differs(kumamoto, change, how):
    """A limit moved the way that it widens is loosened; only rules count as rules."""
    from optimizer.audit.asked import WEAKER, asked_of

    found = asked_of(kumamoto, read_instance(KUMAMOTO, [change]), None)
    assert [rule.how for rule in found.rules] == ([] if how is None else [how])
    assert len(found.weaker) == (how in WEAKER) and len(found.differences) == 1
    for lang in ("en", "ja"):
        assert len(found.lines(lang)) == 2 and found.under(lang)


def test_what_is_expected(city, solved, tmp_path):
    """`--expect` takes the scenario itself or the instance as it stands, and refuses all else."""
    base, city = solved[0], Path(shutil.copytree(city, tmp_path / "city"))
    (city / "scenarios").mkdir(exist_ok=True)
    shutil.copy(KUMAMOTO / "scenarios" / "six-km.toml", city / "scenarios")
    six = resealed(base, city, tmp_path / "six", "set constraint.five_km.metres=6000")
    for copy, expect, sound in (
        (base, "base", True), (base, "six-km", False), (six, "six-km", True), (six, "base", False),
    ):  # fmt: skip
        run = optimizer("verify", city, copy, "--expect", expect, "--json", cwd=city)
        codes = {finding["code"] for finding in json.loads(run.stdout)["data"]["findings"]}
        assert ("expected" in codes) == (not sound), codes
        assert sound or run.returncode == 1
    run = optimizer("verify", city, base, "--expect", "nowhere", cwd=city)
    assert run.returncode == 2 and "no such scenario" in run.stderr
