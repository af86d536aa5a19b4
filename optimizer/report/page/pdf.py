"""HTML as PDF: printed by a Chromium that is on the machine, else drawn by WeasyPrint.

A browser prints the page as people see it, within seconds. Where there is none, the extra
`optimizer[pdf]` draws it from Python; of a whole city's tables that takes minutes. Neither
fetches anything.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from optimizer.base.errors import refuse
from optimizer.base.words import Text

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PATIENCE = 120
"""Seconds a browser may take."""


def pdf(html: str) -> bytes:
    """Return `html` as PDF. Raises InputError where there is neither a browser nor WeasyPrint."""
    for name in BROWSERS:
        browser = shutil.which(name)
        made = _printed(html, browser) if browser else None
        if made is not None:
            return made
    return _drawn(html)


def _printed(html: str, browser: str) -> bytes | None:
    """Return what `browser` prints of `html`, None where it fails."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        page, target = Path(place) / "report.html", Path(place) / "report.pdf"
        page.write_text(html, encoding="utf-8")
        # The sandbox of Chromium refuses to run as root; the page runs no script of others.
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        command = [
            browser,
            "--headless",
            "--disable-gpu",
            *(["--no-sandbox"] if root else []),
            f"--user-data-dir={place}/profile",
            "--no-pdf-header-footer",
            f"--print-to-pdf={target}",
            page.as_uri(),
        ]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
            return target.read_bytes()
        except (OSError, subprocess.SubprocessError):
            return None


def _drawn(html: str) -> bytes:
    """Return `html` as WeasyPrint draws it. Raises InputError where it or Pango is missing."""
    try:
        from weasyprint import HTML
    except (ImportError, OSError) as error:  # OSError: Pango, a system library, is not there
        raise refuse(
            Text(
                f"PDF needs Chromium or WeasyPrint ({error})",
                f"PDFにはChromium又はWeasyPrintが要る({error})",
            ),
            Text(
                "install Chromium, or pip install 'optimizer[pdf]', or print report.html yourself",
                "Chromiumを入れるか、pip install 'optimizer[pdf]'、又は report.html を印刷する",
            ),
            column="--pdf",
        ) from None
    return bytes(HTML(string=html, url_fetcher=_fetch_nothing).write_pdf())


def _fetch_nothing(url: str, *_: Any, **__: Any) -> dict[str, Any]:
    raise ValueError(f"the report is self-contained and asks for nothing, not {url}")
