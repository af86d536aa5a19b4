"""Which language to speak: --lang, then OPTIMIZER_LANG, then the locale. Known before parsing,
so that help texts follow it too.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from typing import Literal


def detect(arguments: Sequence[str], environment: Mapping[str, str]) -> Literal["en", "ja"]:
    """Return "ja" or "en" for these command-line arguments and environment variables."""
    wanted = environment.get("OPTIMIZER_LANG", "")
    for number, argument in enumerate(arguments):
        if argument.startswith("--lang="):
            wanted = argument.removeprefix("--lang=")
        elif argument == "--lang" and number + 1 < len(arguments):
            wanted = arguments[number + 1]
    if not wanted:
        names = (environment.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
        wanted = next((name for name in names if name), "")
    return "ja" if wanted.lower().startswith("ja") else "en"


LANG: Literal["en", "ja"] = detect(sys.argv[1:], os.environ)


def say(en: str, ja: str) -> str:
    """Return the text in the language of this run."""
    return ja if LANG == "ja" else en
