"""`optimizer compare`: two stored plans side by side, in words and as JSON."""

import json

import pytest

from tests.cli.conftest import optimizer


@pytest.fixture(scope="session")
def dearer(city, solved, tmp_path_factory):
    """The west ward solved again from the stored plan with another wage and a smaller crew."""
    folder = tmp_path_factory.mktemp("dearer") / "dearer"
    sets = ["--set", "assumptions.wage=8000000", "--set", "assumptions.crew_plain_branch=4"]
    run = optimizer(
        "solve", city, *sets, "--start", solved[0], "--out", folder, "--time-limit", 6, cwd=city
    )
    assert run.returncode == 0, run.stderr
    return folder


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_comparison_fits_and_names_the_changes(city, solved, dearer, lang):
    """Both languages: headline, scenario, cost and ways within 100 columns; code 0."""
    from rich.cells import cell_len

    run = optimizer("compare", solved[0], dearer, "--instance", city, "--lang", lang, cwd=city)
    assert run.returncode == 0, run.stderr
    assert "[wage]" in run.stdout and "[modes.crew]" in run.stdout
    assert "7,000,000" in run.stdout and "8,000,000" in run.stdout
    words = {"en": ("Cost over all", "Gini"), "ja": ("計画期間の費用", "ジニ係数")}
    assert all(word in run.stdout for word in words[lang])
    assert max(map(cell_len, run.stdout.splitlines())) <= 100
    assert "--attribute" in run.stderr


def test_ordered_shares_add_up(city, solved, dearer):
    """In JSON the shares of two changes add up to the difference of the plans; one solve is made."""
    run = optimizer(
        *("compare", solved[0], dearer, "--instance", city, "--attribute", "ordered"),
        *("--time-limit", 5, "--json"),
        cwd=city,
    )
    assert run.returncode == 0, run.stderr
    (found,) = json.loads(run.stdout)["data"]["comparisons"]
    before, after = (side["values"]["staff_cost"] for side in found["values"])
    shares = found["attribution"]
    assert shares["solves"] == 1 and len(shares["shares"]) == 2
    assert sum(share["attained"] for share in shares["shares"]) == after - before
    assert all(s["least"] <= s["attained"] <= s["most"] for s in shares["shares"])


def test_the_same_plan_and_bad_usage(city, solved):
    """A plan equals itself; one solution alone is bad usage."""
    run = optimizer("compare", solved[0], solved[0], "--instance", city, cwd=city)
    assert run.returncode == 0 and "decide the same" in run.stdout
    assert optimizer("compare", solved[0], "--instance", city, cwd=city).returncode == 2
