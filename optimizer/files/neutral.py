"""Text that a spreadsheet does not take for a formula."""

STARTERS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What makes a spreadsheet program calculate a cell of a CSV file (OWASP, CSV injection)."""


def starts_formula(text: str) -> bool:
    """Return whether a spreadsheet could take `text` for a formula; full-width signs count too."""
    return text.startswith((*STARTERS, "＝", "＋", "－", "＠"))


def neutral(text: str) -> str:
    """Return `text` as it may stand in a CSV cell: behind an apostrophe where it could calculate."""
    return f"'{text}" if starts_formula(text) else text
