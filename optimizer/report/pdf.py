"""HTML as PDF, by WeasyPrint: a library that draws the page's print style without a browser.

Chosen over a browser found on the machine because an extra can declare it (`pip install
optimizer[pdf]`), because it runs no script, and because it is told here to fetch nothing.
"""

from typing import Any

from optimizer.errors import refuse
from optimizer.words import Text


def pdf(html: str) -> bytes:
    """Return `html` as PDF. Raises InputError where WeasyPrint or what it rests on is missing."""
    try:
        from weasyprint import HTML
    except (ImportError, OSError) as error:  # OSError: Pango, a system library, is not there
        raise refuse(
            Text(f"PDF needs WeasyPrint ({error})", f"PDFにはWeasyPrintが要る({error})"),
            Text(
                "pip install 'optimizer[pdf]' (and Pango from the system), or print report.html",
                "pip install 'optimizer[pdf]'(及びPango)、又は report.html を印刷する",
            ),
            column="--pdf",
        ) from None
    return bytes(HTML(string=html, url_fetcher=_fetch_nothing).write_pdf())


def _fetch_nothing(url: str, *_: Any, **__: Any) -> dict[str, Any]:
    raise ValueError(f"the report is self-contained and asks for nothing, not {url}")
