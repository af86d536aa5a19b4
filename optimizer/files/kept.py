"""Answers kept beside a solution: `<solution>.<what>*.json`, each about one question on one plan.

{"question": {"instance": fingerprint, "plan": SHA-256 of its tables, ...}, "answers": [...]}
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from optimizer.base.errors import InputError, refuse
from optimizer.base.words import Text
from optimizer.city.plan import Plan
from optimizer.files.json_files import read_json
from optimizer.files.solution_folder import plan_tables, write_text
from optimizer.model.instance import Instance


def question(instance: Instance, plan: Plan) -> dict[str, Any]:
    """Return what answers are about: the instance and the plan."""
    text = "\0".join(f"{name}\0{table}" for name, table in sorted(plan_tables(plan).items()))
    return {
        "instance": instance.fingerprint,
        "plan": hashlib.sha256(text.encode()).hexdigest(),
    }


@dataclass(frozen=True)
class Kept:
    """One file of answers. question: with what they were asked. ours: about this very plan."""

    file: str
    question: Mapping[str, Any]
    rows: tuple[Mapping[str, Any], ...]
    ours: bool


def kept(solution: Path, what: str, asked: Mapping[str, Any]) -> tuple[Kept, ...]:
    """Return the files `<solution>.<what>*.json`, sorted by name.

    asked: as `question` returns it. Raises InputError where a file is no file of answers.
    """
    folder = solution.resolve()
    begin = f"{folder.name}.{what}"
    found = []
    for path in sorted(folder.parent.iterdir()):
        if not (path.name.startswith(begin) and path.suffix == ".json"):
            continue
        try:
            data = read_json(path)
            about, rows = dict(data["question"]), tuple(map(dict, data["answers"]))
        except (ValueError, KeyError, TypeError):
            raise refuse(
                Text("no file of answers", "答えのファイルでない"),
                Text("remove it, or restore it", "削除するか元に戻す"),
                file=path.name,
            ) from None
        ours = all(about.get(key) == value for key, value in asked.items())
        found.append(Kept(path.name, about, rows, ours))
    return tuple(found)


class Notebook:
    """A file of answers to one question, rewritten after every solve, so that a run can go on.

    rows: the answers of an earlier run. Raises InputError if the file is about another question,
    unless `force` says that it may be replaced.
    """

    def __init__(self, place: Path, question: dict[str, Any], force: bool) -> None:
        self.place, self.question = place, question
        self.rows: list[dict[str, Any]] = []
        if not place.exists():
            return
        try:
            data = read_json(place)
            same = data["question"] == question
            self.rows = list(data["answers"]) if same else []
        except (InputError, KeyError, TypeError):
            same = False
        if not same and not force:
            raise refuse(
                Text("holds answers to another question", "別の問いの答えが入っている"),
                Text("give another --keep, or --force", "--keep を変えるか --force を付ける"),
                file=str(place),
            )

    def write(self, rows: list[dict[str, Any]]) -> None:
        """Replace the answers in the file."""
        data = {"question": self.question, "answers": rows}
        write_text(self.place, json.dumps(data, ensure_ascii=False, indent=1) + "\n")
