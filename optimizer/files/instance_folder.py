"""A folder with instance.toml, policy.toml and CSV tables -> Instance."""

import hashlib
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from optimizer.base.errors import InputError, Problem, refuse
from optimizer.base.words import Text
from optimizer.city.city import Sentence
from optimizer.files.assembled import assembled
from optimizer.files.changes import Change, Changes, apply, read_changes
from optimizer.files.columns import OPTIONAL, TABLES
from optimizer.files.cross_checks import cross_check, reach_problems, size_problems
from optimizer.files.entries import read_spec
from optimizer.files.links import with_missing_ways
from optimizer.files.schema import InstanceSpec, PolicySpec
from optimizer.files.table_changes import edited, table_edits
from optimizer.files.tables import Lines, checked_table, read_lines
from optimizer.files.text_files import read_text
from optimizer.model.instance import Instance


def read_instance(folder: Path, changes: Changes = ()) -> Instance:
    """Return the instance in `folder` with `changes` made to its instance.toml.

    Raises InputError with every fault found in every file.
    """
    changes = read_changes(changes)
    if not folder.is_dir():
        raise refuse(
            Text("no such instance folder", "インスタンスのフォルダがない"),
            Text("give a folder with an instance.toml", "instance.toml のあるフォルダを指定する"),
            file=str(folder),
        )
    spec = read_spec(
        InstanceSpec, apply(read_toml(folder / "instance.toml"), changes), "instance.toml"
    )
    problems: list[Problem] = []
    tables, faults = _tables(folder, spec, changes)
    problems += faults
    policy: dict[str, Sentence] = {}
    try:
        policy = _policy(folder / "policy.toml")
    except InputError as error:
        problems += error.problems
    problems += cross_check(spec, tables, policy)
    if problems:
        raise InputError(problems)
    instance = assembled(spec, tables, policy, _texts(changes), fingerprint(folder, changes))
    problems = [*size_problems(instance), *reach_problems(instance)]
    for entry in instance.entries:
        problems += entry.problems(instance)
    for objective in instance.objectives:
        problems += objective.problems(instance)
    if problems:
        raise InputError(problems)
    return instance


def _tables(
    folder: Path, spec: InstanceSpec, changes: Iterable[Change]
) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """Return every table that can be read, changed, and what is wrong with the others."""
    problems: list[Problem] = []
    rows: dict[str, Lines] = {}
    tables: dict[str, pd.DataFrame] = {}
    edits = table_edits(changes)
    for file in TABLES:
        if file in OPTIONAL and not (folder / file).exists():
            continue
        try:
            rows[file] = read_lines(folder / file)
        except InputError as error:
            problems += error.problems
    if not problems:
        rows = edited(rows, edits)
    for file, lines in rows.items():
        try:
            tables[file] = checked_table(folder / file, lines, *TABLES[file])
        except InputError as error:
            problems += error.problems
    grown = any(e.verb == "add" and e.file in ("points.csv", "districts.csv") for e in edits)
    if grown and not problems:
        tables["travel.csv"] = with_missing_ways(tables, spec)
    return tables, problems


def input_files(folder: Path) -> list[Path]:
    """Return the files that make up the instance in `folder`, sorted by name."""
    there = [name for name in TABLES if name not in OPTIONAL or (folder / name).exists()]
    return [folder / name for name in sorted(["instance.toml", "policy.toml", *there])]


def fingerprint(folder: Path, changes: Changes = ()) -> str:
    """Return the SHA-256 over the names and bytes of the input files and the changes."""
    digest = hashlib.sha256()
    for path in input_files(folder):
        content = path.read_bytes()
        digest.update(f"{path.name}\0{len(content)}\0".encode() + content)
    for change in _texts(read_changes(changes)):
        digest.update(f"{change}\0".encode())
    return digest.hexdigest()


def _texts(changes: Iterable[Change]) -> tuple[str, ...]:
    return tuple(change.text for change in changes)


def _policy(path: Path) -> dict[str, Sentence]:
    spec = read_spec(PolicySpec, read_toml(path), "policy.toml")
    sentences = [
        Sentence(
            s.id,
            s.section,
            Text(s.en, s.ja),
            s.kind,
            Text(s.why_en, s.why_ja) if s.why_en else None,
        )
        for s in spec.sentence
    ]
    if len({s.id for s in sentences}) < len(sentences):
        raise refuse(
            Text("a sentence id repeats", "文の番号が重複している"),
            Text("number the sentences P01, P02, ...", "P01, P02, … と番号を付ける"),
            file="policy.toml",
        )
    return {s.id: s for s in sentences}


def read_toml(path: Path) -> dict[str, Any]:
    """Return the tables of a TOML file. Raises InputError where it is not valid."""
    try:
        return tomllib.loads(read_text(path))
    except ValueError as error:
        message = Text(f"not valid TOML: {error}", f"TOMLとして読めない: {error}")
        remedy = Text("correct that line", "その行を直す")
        raise InputError([Problem(message, remedy, path.name)]) from None
    except RecursionError:
        message = Text("not valid TOML: nested too deeply", "TOMLとして読めない: 入れ子が深すぎる")
        remedy = Text("write flat tables", "入れ子のない表にする")
        raise InputError([Problem(message, remedy, path.name)]) from None
