"""The page of a plan as text: what it must say, whether it changes, how large it is."""

import re
import time

import pytest

from optimizer.audit.stored import verify_folder
from optimizer.files.areas import read_areas
from optimizer.files.solution_folder import manifest_data
from optimizer.report.page.html import html_report
from tests.cli.conftest import optimizer
from tests.conftest import KUMAMOTO

BASE = KUMAMOTO.parents[1] / "solutions" / "kumamoto-2015" / "base"
SECONDS, BYTES = 3, 1_000_000
"""What the issue allows the page of Kumamoto."""


def made() -> tuple[str, float]:
    """Return the page of the committed base plan and the seconds of making it."""
    stored, areas = verify_folder(KUMAMOTO, BASE), read_areas(KUMAMOTO)
    start = time.process_time()
    page = html_report(stored.audit, stored.outcome, areas=areas, manifest=manifest_data(BASE))
    return page, time.process_time() - start


@pytest.fixture(scope="module")
def page() -> str:
    """The page of the committed base plan."""
    return made()[0]


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> str:
    """The page of the committed base plan as the command line writes it."""
    out = tmp_path_factory.mktemp("page")
    run = optimizer("report", BASE, "--instance", KUMAMOTO, "--html", "--out", out, cwd=out)
    assert run.returncode == 0, run.stderr
    return (out / "report.html").read_text("utf-8")


def test_the_command_draws_areas_and_tells_provenance(written):
    """`report` hands the page the districts' areas, called schematic, and all that made the plan."""
    manifest = manifest_data(BASE)
    assert len(re.findall(r'<path class="district"', written)) == 94
    assert "模式図" in written and "Schematic areas" in written
    table = written.partition('id="table-provenance"')[2].partition("</table>")[0]
    for told in (*manifest["inputs"].values(), *manifest["versions"].values(), manifest["command"]):
        assert told in table


def test_the_same_plan_gives_the_same_page(page):
    """Neither the hour nor the machine is in the page, but for what the manifest says."""
    assert made()[0] == page


def test_the_page_is_small_and_soon_written():
    """The page of Kumamoto stays below 1 MB and takes less than 3 seconds of one core."""
    text, seconds = made()
    assert len(text.encode()) < BYTES and seconds < SECONDS
