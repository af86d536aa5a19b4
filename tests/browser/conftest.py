"""The page of Kumamoto's base plan in a browser of the machine; skipped, saying so, without one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from optimizer.audit.stored import StoredAudit, verify_folder
from optimizer.files.areas import read_areas
from optimizer.files.solution_folder import manifest_data
from optimizer.report.page.html import html_report
from tests.browser.chromium import CHROMIUM, Browser
from tests.conftest import KUMAMOTO

BASE = KUMAMOTO.parents[1] / "solutions" / "kumamoto-2015" / "base"
WIDTHS = (1280, 390)
"""Pixels of a desk's window and of a telephone's."""


@pytest.fixture(scope="session")
def stored() -> StoredAudit:
    """The audit of the committed base plan."""
    return verify_folder(KUMAMOTO, BASE)


@pytest.fixture(scope="session")
def page(stored, tmp_path_factory) -> Path:
    """The page of the base plan as a file."""
    place = tmp_path_factory.mktemp("page") / "report.html"
    text = html_report(
        stored.audit, stored.outcome, areas=read_areas(KUMAMOTO), manifest=manifest_data(BASE)
    )
    place.write_text(text, "utf-8")
    return place


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests, its network cut."""
    if not CHROMIUM.exists():
        pytest.skip(f"no browser: {CHROMIUM} is not there (Debian package chromium)")
    with Browser() as browser:
        yield browser


@pytest.fixture
def browser(chromium, page) -> Browser:
    """The browser with the page freshly opened, 1280 pixels wide, in Japanese."""
    chromium.send("Emulation.setEmulatedMedia", media="")
    chromium.size(WIDTHS[0])
    chromium.open(page)
    return chromium
