"""A table of requests from the public: `id`, `ask` in the form of a query, and `text` as it was written."""

from dataclasses import dataclass, replace
from pathlib import Path

from optimizer.base.errors import InputError, Problem
from optimizer.explain.why.query_language import Query, read_query
from optimizer.files.tables import Column, checked_table, read_lines
from optimizer.model.instance import Instance

COLUMNS = (Column("id", "id"), Column("ask"), Column("text", blank=True, optional=True))


@dataclass(frozen=True)
class Request:
    """One row. text: what somebody wrote; it is carried along and never read."""

    id: str
    ask: Query
    text: str = ""


def read_requests(path: Path, instance: Instance) -> tuple[Request, ...]:
    """Return the rows of the table. Raises InputError with every fault of every row."""
    table = checked_table(path, read_lines(path, marked=True), COLUMNS, ["id"])
    requests, problems = [], list[Problem]()
    for row, cells in table.fillna("").iterrows():
        try:
            ask = read_query(instance, cells["ask"], "ask")
            requests.append(Request(cells["id"], ask, cells["text"]))
        except InputError as error:
            at = {"file": path.name, "row": row}
            problems += [replace(problem, **at) for problem in error.problems]
    if problems:
        raise InputError(problems)
    return tuple(requests)
