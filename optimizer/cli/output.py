"""What every command shares: exit codes, the JSON envelope, errors in words."""

import json
import sys
from typing import Any

from optimizer.base.errors import InputError, Problem
from optimizer.base.words import Text
from optimizer.cli.language import LANG

FINE, FINDINGS, BAD_INPUT, INFEASIBLE, UNPROVED, NO_PLAN, ENGINE, REPORT, INTERRUPTED = (
    0,
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    130,
)

SCHEMA = "optimizer/1"


def print_json(data: object = None, error: dict[str, object] | None = None) -> None:
    """Print the one JSON object of a command."""
    body: dict[str, object] = {"schema": SCHEMA, "ok": error is None}
    body["data" if error is None else "error"] = data if error is None else error
    print(json.dumps(body, ensure_ascii=False, indent=2, allow_nan=False))


def error_data(
    code: str, message: Text, where: str = "", hint: Text | None = None
) -> dict[str, object]:
    """Return the error part of the JSON object."""
    hint = hint or Text("", "")
    return {
        "code": code,
        "message_en": message.en,
        "message_ja": message.ja,
        "where": where,
        "hint": hint.say(LANG),
    }


def tell(text: str) -> None:
    """Say something to the person, on stderr."""
    print(text, file=sys.stderr)


def tell_problems(error: InputError, as_json: bool) -> None:
    """Report every problem of the input."""
    if as_json:
        first = error.problems[0]
        data = error_data("input", first.message, first.place("en"), first.remedy)
        data["problems"] = [problem_data(problem) for problem in error.problems]
        print_json(error=data)
        return
    for problem in error.problems:
        tell(problem.say(LANG))
    count = len(error.problems)
    tell(f"誤り{count}件" if LANG == "ja" else f"{count} problem(s)")


def problem_data(problem: Problem) -> dict[str, Any]:
    """Return a problem as plain data."""
    return {
        "file": problem.file,
        "row": problem.row,
        "column": problem.column,
        "value": problem.value,
        "message_en": problem.message.en,
        "message_ja": problem.message.ja,
        "remedy_en": problem.remedy.en,
        "remedy_ja": problem.remedy.ja,
    }
