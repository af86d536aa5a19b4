"""The report as one HTML file that asks nothing of anybody: no script, no request, both languages."""

from importlib.resources import files

from jinja2 import Environment

from optimizer.outcome import Outcome
from optimizer.report.tables import full_report
from optimizer.verifying import Audit
from optimizer.words import LANGUAGES


def html_report(audit: Audit, outcome: Outcome | None) -> str:
    """Return the report of a plan as HTML text, in both languages, everything escaped."""
    template = files("optimizer.report").joinpath("report.html").read_text("utf-8")
    page = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(template)
    reports = {lang: full_report(audit, outcome, lang) for lang in LANGUAGES}
    return page.render(reports=reports, fingerprint=audit.instance.fingerprint)
