"""What the columns of a plan's tables are called, and which of them say what a value is of."""

from pathlib import Path

from optimizer.base.errors import refuse
from optimizer.base.words import Text
from optimizer.files.tables import Column, read_lines
from optimizer.model.instance import Instance

PERIOD = Column("period", "whole")
LABELS = {
    "district": Column("district_id", "id"),
    "point": Column("point_id", "id"),
    "room": Column("room_id", "id"),
    "service": Column("service", "id"),
    "mode": Column("mode", "id"),
    "period": PERIOD,
    "frozen": Column("frozen", "whole"),
}
DECISIONS = {"community_staff": ["room", "period"], "extended": ["point", "period"]}
"""What the labels of a decision are that a constraint asked for, where we know it."""


def labels_of(path: Path, instance: Instance | None) -> list[str]:
    """Return the labels that a table of another decision has. Raises InputError.

    instance: of which the plan must be, None: of any.
    """
    known = {column.name: label for label, column in LABELS.items()}
    header = read_lines(path, marked=True)[0][1]
    labels = [known[name] for name in dict.fromkeys(header) if name in known]
    if path.stem == "extended" and instance is not None and instance.extension is None:
        raise refuse(
            Text("this instance offers no longer hours", "開庁時間の延長のないインスタンスである"),
            Text("remove the table", "この表を除く"),
            file=f"plan/{path.name}",
        )
    wanted = DECISIONS.get(path.stem, labels)
    if sorted(labels) == sorted(wanted) and labels:
        return wanted
    columns = ", ".join(LABELS[label].name for label in wanted or LABELS)
    raise refuse(
        Text("the columns do not say what the value is of", "何の値かを示す列が正しくない"),
        Text(f"use the columns {columns} and value", f"列は {columns}, value とする"),
        file=f"plan/{path.name}",
        row=1,
    )
